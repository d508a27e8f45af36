"""How long reports take, warm: reading and composing, and each file.

    python -m benchmarks.reports --demo demo.json --customer KA-005 --month 2026-10

Reads a database that is there and writes nothing to it. A first round that warms caches up is not
counted; the figures are medians of the others, in seconds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

from forecast.reports.archive import REPORTS
from forecast.reports.render import rendered
from forecast.reports.render.imprint import without_archive
from forecast.reports.report import FORMATS, Asked
from loadstone.clock import utc_now
from loadstone.storage.codes import customer_id_of
from loadstone.storage.pool import connect

LIMIT_S = 1.0  # the monthly PDF, warm


def timed(work: Callable[[], object]) -> tuple[float, object]:
    begun_s = perf_counter()
    done = work()
    return perf_counter() - begun_s, done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--database-url")
    where.add_argument("--demo", type=Path, help="demo.json of a running demo")
    parser.add_argument("--customer", required=True, help="code")
    parser.add_argument("--month", required=True, help="as 2026-10")
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    url = given.database_url or json.loads(given.demo.read_text())["database_url"]
    with connect(url) as connection:
        connection.execute("SET TRANSACTION READ ONLY")
        connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        customer_id = customer_id_of(connection, given.customer)
        print(f"{'report':22} {'make':>7} {'html':>7} {'pdf':>7} {'xlsx':>7}  pdf in all")
        for name, report in REPORTS.items():
            of_one = report.scope == "customer"
            rounds: dict[str, list[float]] = {part: [] for part in ("make", *FORMATS)}
            for at in range(given.rounds + 1):
                asked = Asked(
                    customer_id=customer_id if of_one else None, site_id=None,
                    month=date.fromisoformat(f"{given.month}-01"),
                    as_known_at=utc_now().replace(microsecond=0),
                )  # fmt: skip
                taken = {}
                taken["make"], document = timed(lambda a=asked, r=report: r.make(connection, a))
                imprint = without_archive(document)
                for form in FORMATS:
                    taken[form], _ = timed(
                        lambda d=document, i=imprint, f=form: rendered(d, i, f, "zh")
                    )
                for part, seconds in taken.items():
                    if at:
                        rounds[part].append(seconds)
            mid = {part: median(found) for part, found in rounds.items()}
            whole = mid["make"] + mid["pdf"]
            mark = "" if name != "monthly_energy" else f"  (limit {LIMIT_S:.0f})"
            print(
                f"{name:22} {mid['make']:7.3f} {mid['html']:7.3f} {mid['pdf']:7.3f} "
                f"{mid['xlsx']:7.3f}  {whole:7.3f}{mark}"
            )


if __name__ == "__main__":
    main()
