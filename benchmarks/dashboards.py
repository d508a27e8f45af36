"""Times every query of every board as a dashboard's login; says which are over their budget.

`python benchmarks/dashboards.py POSTGRES_URL [--days N]`: an address that may make databases. A
portfolio of the simulator is made in one and dropped afterwards. Budgets are for a quiet machine.
"""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg

from dashboards.generate import all_boards
from loadstone.clock import utc_now
from loadstone.storage.backend import probe_backend
from loadstone.storage.dashboard_roles import give_role
from loadstone.storage.migrate import migrate
from tests.contract.boards.conftest import login_url
from tests.contract.boards.test_queries import window
from tests.contract.storage.conftest import fresh_database
from tests.support.board_world import fill
from tests.support.grafana import (
    panel_queries,
    variable_queries,
    with_macros,
    with_variables,
)

BUDGET_MS = {"as it opens": 300, "40 days": 600, "400 days": 1200, "1200 days": 1500}
RUNS = 3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--days", type=int, default=120)
    given = parser.parse_args()
    now = utc_now().replace(microsecond=0)
    with fresh_database(given.url) as url:
        migrate(url)
        world = fill(url, now, days=given.days)
        with psycopg.connect(url) as owner:
            role = give_role(owner, world.customer_id, now)
            timescaledb = probe_backend(owner).has_hypertables
        with psycopg.connect(login_url(url, role), autocommit=True) as login:
            return time_boards(login, now, timescaledb)


def time_boards(login: psycopg.Connection, now, timescaledb: bool) -> int:
    took: dict[str, list[tuple[float, str]]] = {stretch: [] for stretch in BUDGET_MS}
    for board in all_boards().values():
        content = board.build("en")
        values: dict[str, object] = {"ds": "x"}
        start, end = window(content, now)
        for name, sql in variable_queries(content):
            filled = with_macros(with_variables(sql, values), start, end, timescaledb=timescaledb)
            values[name] = login.execute(filled.encode()).fetchall()[0][-1]
        for stretch in BUDGET_MS:
            if stretch != "as it opens":
                start, end = now - timedelta(days=int(stretch.split()[0])), now
            for asked in panel_queries(content):
                filled = with_macros(
                    with_variables(asked.sql, values), start, end, timescaledb=timescaledb
                ).encode()
                took[stretch].append((duration_ms(login, filled), asked.where))
    return report(took)


def duration_ms(login: psycopg.Connection, sql: bytes) -> float:
    runs = []
    for _ in range(RUNS):
        begun = perf_counter()
        login.execute(sql).fetchall()
        runs.append((perf_counter() - begun) * 1000)
    return median(runs)


def report(took: dict[str, list[tuple[float, str]]]) -> int:
    over = 0
    for stretch, all_of_it in took.items():
        times = [duration for duration, _ in all_of_it]
        slow = sorted((one for one in all_of_it if one[0] > BUDGET_MS[stretch]), reverse=True)
        over += len(slow)
        print(
            f"{stretch}: {len(times)} queries, median {median(times):.0f} ms, "
            f"longest {max(times):.0f} ms ({max(all_of_it)[1]}), budget {BUDGET_MS[stretch]} ms"
        )
        for duration, where in slow:
            print(f"    over: {duration:.0f} ms {where}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
