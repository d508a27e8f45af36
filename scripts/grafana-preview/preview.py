"""Draws boards with Grafana's own components: `make grafana-preview ARGS="--customer KA-005"`.

Asks the database of LOADSTONE_DATABASE_URL what each panel asks, and takes a picture of the page
that `build.mjs` made. To look at, not to judge by: what lives in Grafana itself is a table here.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

import psycopg  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from dashboards.generate import all_boards  # noqa: E402
from dashboards.words import LANGUAGES, Language  # noqa: E402
from loadstone.clock import utc_now  # noqa: E402
from tests.support.grafana import (  # noqa: E402
    Asked,
    panel_queries,
    variable_queries,
    with_macros,
    with_variables,
)

_SPANS = {"h": timedelta(hours=1), "d": timedelta(days=1)}


def instant(written: str, now: datetime, *, is_end: bool) -> datetime:
    """`now-7d` as an instant; `now/M` is the month's beginning, or its end."""
    if written == "now/M":
        first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return (first + timedelta(days=32)).replace(day=1) if is_end else first
    amount = written.removeprefix("now")
    return now + int(amount[:-1]) * _SPANS[amount[-1]] if amount else now


def plain(value: object) -> object:
    """A value as the page takes it: instants as ms, numbers as numbers."""
    if isinstance(value, datetime):
        return value.timestamp() * 1000
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def kind_of(values: list[object]) -> str:
    """What the page calls a column."""
    found = next((value for value in values if value is not None), None)
    if isinstance(found, datetime):
        return "time"
    return "number" if isinstance(found, int | float | Decimal) else "string"


def answer_of(connection: psycopg.Connection, asked: Asked, filled: str) -> dict[str, Any]:
    """The rows of one query, with the names and types of its columns."""
    cursor = connection.execute(filled.encode())
    rows = cursor.fetchall()
    columns = [column.name for column in cursor.description or ()]
    types = [kind_of([row[at] for row in rows]) for at in range(len(columns))]
    shown = [[plain(value) for value in row] for row in rows]
    return {"ref": asked.where.rsplit(" ", 1)[1], "columns": columns, "types": types, "rows": shown}


def page_of(
    connection: psycopg.Connection, name: str, language: Language, code: str | None
) -> dict[str, Any]:
    """What the page is given for one board."""
    board = all_boards()[name].build(language)
    now = utc_now()
    start = instant(board["time"]["from"], now, is_end=False)
    end = instant(board["time"]["to"], now, is_end=True)
    values: dict[str, object] = {"ds": "x"}
    for variable, sql in variable_queries(board):
        filled = with_macros(with_variables(sql, values), start, end, timescaledb=False)
        values[variable] = connection.execute(filled.encode()).fetchall()[0][-1]
        if variable == "customer" and code:
            row = connection.execute(
                "SELECT customer_id FROM visible.customer WHERE code = %s", [code]
            ).fetchone()
            values[variable] = row[0] if row else sys.exit(f"no customer {code}")
    answers: dict[int, list[dict[str, Any]]] = {}
    for asked in panel_queries(board):
        if asked.panel is not None:
            filled = with_macros(with_variables(asked.sql, values), start, end, timescaledb=False)
            answers.setdefault(asked.panel["id"], []).append(answer_of(connection, asked, filled))
    return {"board": board, "answers": answers, "from": plain(start), "to": plain(end)}


def main() -> None:
    """Take a picture of each board named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--board", action="append", choices=sorted(all_boards()))
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    parser.add_argument("--customer")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    given = parser.parse_args()
    url = os.environ.get("LOADSTONE_DATABASE_URL")
    if url is None:
        sys.exit("LOADSTONE_DATABASE_URL is not set; that of a running demo is in its demo.json")
    given.out.mkdir(parents=True, exist_ok=True)
    with (
        psycopg.connect(url, autocommit=True) as connection,
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as folder,
    ):
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        for name in given.board or ["site-live", "overview"]:
            wanted = page_of(connection, name, given.language, given.customer) | {
                "dark": given.dark
            }
            page_file = Path(folder) / "page.html"
            data = json.dumps(wanted).replace("<", "\\u003c")
            script = given.bundle.read_text(encoding="utf-8").replace("</script", "<\\/script")
            page_file.write_text(
                '<meta charset="utf-8"><div id="board"></div>'
                f"<script>window.PREVIEW={data}</script><script>{script}</script>",
                encoding="utf-8",
            )
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            page.on("pageerror", lambda error: print(f"page: {error}"))
            page.goto(page_file.as_uri())
            page.wait_for_timeout(2500)
            target = given.out / f"grafana-{name}-{given.language}.png"
            page.screenshot(path=target, full_page=True)
            print(target)
        browser.close()


if __name__ == "__main__":
    main()
