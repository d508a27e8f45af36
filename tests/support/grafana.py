"""What Grafana does to a board's SQL before a server sees it.

Macros as in grafana/grafana, pkg/tsdb/grafana-postgresql-datasource/sqleng and macros.go: arguments
hold no `)`, an unknown `$word(` is an error, `$__timeGroup` is UTC buckets by either expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_MACRO = re.compile(r"\$([_a-zA-Z0-9]+)\(([^\)]*)\)")
_VARIABLE = re.compile(r"\$\{(\w+)(?::(\w+))?\}|\$(?!__)(\w+)(?!\w*\()")
_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


class UnknownNameError(ValueError):
    """A macro or variable that Grafana would not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One query of a board: where it stands, and what for."""

    where: str
    sql: str
    shape: str
    panel: Mapping[str, Any] | None = None


def seconds_of(written: str) -> float:
    """Seconds of `15m` or `'1h'`."""
    match = re.fullmatch(r"'?(\d+)([smhdw])'?", written.strip())
    if not match:
        raise UnknownNameError(f"not an interval: {written}")
    return int(match[1]) * _UNITS_S[match[2]]


def with_variables(sql: str, values: Mapping[str, object]) -> str:
    """The text with the board's variables filled in, as the browser sends it."""

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[3]
        if name not in values:
            raise UnknownNameError(f"unknown variable {match[0]}")
        if match[2] == "sqlstring":
            return "'" + str(values[name]).replace("'", "''") + "'"
        return str(values[name])

    return _VARIABLE.sub(value, sql)


def with_macros(sql: str, start: datetime, end: datetime, *, timescaledb: bool) -> str:
    """The text with Grafana's macros filled in, for a data source with TimescaleDB on or off."""
    since, until = (f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for at in (start, end))

    def macro(match: re.Match[str]) -> str:
        name, arguments = match[1], [part.strip() for part in match[2].split(",")]
        if name == "__timeFrom":
            return f"'{since}'"
        if name == "__timeTo":
            return f"'{until}'"
        if name == "__timeFilter":
            return f"{arguments[0]} BETWEEN '{since}' AND '{until}'"
        if name == "__time":
            return f'{arguments[0]} AS "time"'
        if name in ("__timeGroup", "__timeGroupAlias"):
            step_s = seconds_of(arguments[1])
            alias = name.endswith("Alias") or sql[match.end() : match.end() + 1] == ","
            bucket = (
                f"time_bucket('{step_s:.3f}s',{arguments[0]})"
                if timescaledb
                else f"floor(extract(epoch from {arguments[0]})/{step_s:g})*{step_s:g}"
            )
            return bucket + (' AS "time"' if alias else "")
        raise UnknownNameError(f"unknown macro ${name}")

    return _MACRO.sub(macro, sql)


def panel_queries(board: Mapping[str, Any]) -> Iterator[Asked]:
    """The queries of a board's panels and annotations."""
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            where = f"{board['uid']}: {panel['title']} {target['refId']}"
            yield Asked(where=where, sql=target["rawSql"], shape=target["format"], panel=panel)
    for mark in board["annotations"].get("list", []):
        where = f"{board['uid']}: {mark['name']}"
        yield Asked(where=where, sql=mark["target"]["rawSql"], shape="annotation")


def variable_queries(board: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and queries of a board's variables, in the order in which Grafana asks them."""
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["name"], variable["query"]
