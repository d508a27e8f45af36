"""Every query of every board, as Grafana sends it, asked by a customer's own login.

On PostgreSQL and on TimescaleDB, with the simulator's data: each gives the columns that its panel
goes by, in order of time, something to see, and nothing of anybody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from dashboards.generate import all_boards
from tests.contract.boards.conftest import Seen
from tests.support.grafana import (
    Asked,
    UnknownNameError,
    panel_queries,
    variable_queries,
    with_macros,
    with_variables,
)

NAMES = sorted(all_boards())
SPANS = {"h": timedelta(hours=1), "d": timedelta(days=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    columns: list[str]
    rows: list[tuple[Any, ...]]


def instant(written: str, now: datetime) -> datetime:
    """`now-7d` as an instant."""
    amount = written.removeprefix("now").removesuffix("/M")
    return now + int(amount[:-1]) * SPANS[amount[-1]] if amount else now


def window(board: Mapping[str, Any], now: datetime) -> tuple[datetime, datetime]:
    written = board["time"]
    return instant(written["from"], now), instant(written["to"], now)


def ask(
    seen: Seen, sql: str, values: Mapping[str, object], start: datetime, end: datetime
) -> Answer:
    filled = with_macros(
        with_variables(sql, values), start, end, timescaledb=seen.timescaledb
    ).encode()
    cursor = seen.login.execute(filled)
    assert cursor.description is not None
    return Answer(columns=[column.name for column in cursor.description], rows=cursor.fetchall())


def choices(seen: Seen, board: Mapping[str, Any]) -> dict[str, object]:
    """The first of each list, as a board that was just opened has them."""
    values: dict[str, object] = {"ds": "loadstone"}
    for name, sql in variable_queries(board):
        answer = ask(seen, sql, values, *window(board, seen.now))
        assert answer.rows, name
        no_foreign_row(seen, answer)
        values[name] = answer.rows[0][-1]
    return values


def no_foreign_row(seen: Seen, answer: Answer) -> None:
    for at, column in enumerate(answer.columns):
        values = {row[at] for row in answer.rows}
        kind = column.removesuffix("_id")
        assert not values & seen.world.foreign.get(kind, set()), column
        told = " ".join(value for value in values if isinstance(value, str))
        assert not [code for code in seen.world.foreign_codes if code in told], column


def names_used(panel: Mapping[str, Any]) -> set[str]:
    """The columns that a panel's options go by."""
    matched = {
        override["matcher"]["options"]
        for override in panel["fieldConfig"]["overrides"]
        if override["matcher"]["id"] == "byName"
    }
    below = {
        str(wanted["value"])
        for override in panel["fieldConfig"]["overrides"]
        for wanted in override["properties"]
        if wanted["id"] == "custom.fillBelowTo"
    }
    x_field = panel.get("options", {}).get("xField")
    return matched | below | ({x_field} if x_field else set())


def in_order_of_time(asked: Asked, answer: Answer) -> None:
    assert answer.columns[0] == "time", asked.where
    times = [row[0] for row in answer.rows]
    assert times == sorted(times), asked.where
    assert all(isinstance(value, datetime | int | float | Decimal) for value in times), asked.where


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_query_answers_with_what_its_panel_goes_by(seen, name, language) -> None:
    board = all_boards()[name].build(language)
    values = choices(seen, board)
    columns: dict[int, set[str]] = {}
    for asked in panel_queries(board):
        answer = ask(seen, asked.sql, values, *window(board, seen.now))
        no_foreign_row(seen, answer)
        if asked.shape == "annotation":
            assert answer.columns == ["time", "timeend", "text", "tags"], asked.where
            in_order_of_time(asked, answer)
            continue
        assert asked.panel is not None
        columns.setdefault(asked.panel["id"], set()).update(answer.columns)
        if asked.shape == "time_series" or asked.panel["type"] == "state-timeline":
            in_order_of_time(asked, answer)
        shown = [value for row in answer.rows for value in row if not isinstance(value, datetime)]
        assert any(value is not None for value in shown), f"{asked.where}: nothing to see"
    for panel in board["panels"]:
        if panel["type"] != "text":
            assert names_used(panel) <= columns[panel["id"]], panel["title"]


@pytest.mark.parametrize("days", [40, 1200])
@pytest.mark.parametrize("name", NAMES)
def test_long_ranges_answer_too_and_with_few_points(seen, name, days) -> None:
    board = all_boards()[name].build("en")
    values = choices(seen, board)
    start = seen.now - timedelta(days=days)
    for asked in panel_queries(board):
        answer = ask(seen, asked.sql, values, start, seen.now)
        no_foreign_row(seen, answer)
        assert len(answer.rows) <= 9000, asked.where


_READ = """
SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_user_tables
WHERE relid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'core.reading'::regclass)
"""


def rows_of_readings(seen: Seen) -> int:
    """How many rows of readings the server has looked at so far, whoever asked."""
    seen.login.execute("SELECT pg_stat_force_next_flush()")
    with psycopg.connect(seen.url) as owner:
        row = owner.execute(_READ).fetchone()
    assert row is not None
    return int(row[0])


def test_long_ranges_read_summaries_and_never_readings(seen) -> None:
    before = rows_of_readings(seen)
    for board in all_boards().values():
        built = board.build("en")
        values = choices(seen, built)
        for asked in panel_queries(built):
            ask(seen, asked.sql, values, seen.now - timedelta(days=400), seen.now)
    assert rows_of_readings(seen) == before
    # The counter counts: a day of a meter's curve is read from readings.
    ask(seen, "SELECT * FROM read.meter_curve(ARRAY[${m}], $__timeFrom(), $__timeTo())",
        {"m": seen.world.mains[0]}, seen.now - timedelta(days=1), seen.now)  # fmt: skip
    assert rows_of_readings(seen) > before


@pytest.mark.parametrize("name", NAMES)
def test_choosing_what_is_another_customers_shows_nothing(seen, name) -> None:
    board = all_boards()[name].build("en")
    foreign = {kind: min(ids) for kind, ids in seen.world.foreign.items()}
    values = {**choices(seen, board), **foreign}
    for asked in panel_queries(board):
        if not any(f"${{{kind}:raw}}" in asked.sql for kind in foreign):
            continue
        answer = ask(seen, asked.sql, values, *window(board, seen.now))
        no_foreign_row(seen, answer)
        told = [
            value
            for row in answer.rows
            for value in row
            if value and not isinstance(value, datetime | date | str)
        ]
        assert told == [], asked.where


def test_the_queries_of_the_annotations_mark_something(seen) -> None:
    board = all_boards()["site-live"].build("en")
    values = choices(seen, board)
    start = seen.now - timedelta(days=2)
    found = {
        asked.where.split(": ")[1]: len(ask(seen, asked.sql, values, start, seen.now).rows)
        for asked in panel_queries(board)
        if asked.shape == "annotation"
    }
    assert set(found) == {"Outages", "Above contract", "Gateway events"}
    assert all(found.values()), found


def test_macros_are_filled_in_as_grafana_does() -> None:
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    group = "SELECT $__timeGroup(ts,'15m'), x WHERE $__timeFilter(ts)"
    assert with_macros(group, start, end, timescaledb=True) == (
        "SELECT time_bucket('900.000s',ts) AS \"time\", x "
        "WHERE ts BETWEEN '2026-03-01T00:00:00Z' AND '2026-03-02T00:00:00Z'"
    )
    plain = with_macros("$__timeGroup(ts, '1h') AS t", start, end, timescaledb=False)
    assert plain == "floor(extract(epoch from ts)/3600)*3600 AS t"
    with pytest.raises(UnknownNameError):
        with_macros("$__timeEpoch(ts)", start, end, timescaledb=False)
    with pytest.raises(UnknownNameError):
        with_variables("${nobody:raw}", {"site": 1})
    assert with_variables("${z:sqlstring} $res", {"z": "a'b", "res": "15m"}) == "'a''b' 15m"
