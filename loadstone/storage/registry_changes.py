"""Making, changing and retiring rows of the registry, where a code that is taken is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import psycopg
from psycopg import errors, sql
from psycopg.rows import class_row

Kind = Literal["customer", "site", "equipment", "gateway", "meter"]


class CodeTakenError(Exception):
    """Another row of this kind has the code."""


class StillInUseError(Exception):
    """What is to be retired still has `what` in use: `codes`, some of them."""

    def __init__(self, what: str, codes: list[str]) -> None:
        super().__init__(f"{what} in use: {', '.join(codes)}")
        self.what = what
        self.codes = codes


def make_row(connection: psycopg.Connection, kind: Kind, values: Mapping[str, Any]) -> int:
    """Make a row; returns its id, raises CodeTakenError."""
    statement = sql.SQL(
        "INSERT INTO core.{table} ({names}) VALUES ({marks}) RETURNING {key}"
    ).format(
        table=sql.Identifier(kind),
        names=sql.SQL(", ").join(map(sql.Identifier, values)),
        marks=sql.SQL(", ").join(sql.Placeholder() * len(values)),
        key=sql.Identifier(f"{kind}_id"),
    )
    try:
        row = connection.execute(statement, list(values.values())).fetchone()
    except errors.UniqueViolation as error:
        raise CodeTakenError from error
    assert row is not None  # noqa: S101 - RETURNING always gives the row
    return int(row[0])


def change_row(
    connection: psycopg.Connection, kind: Kind, row_id: int, values: Mapping[str, Any]
) -> None:
    """Change some columns of a row; raises CodeTakenError."""
    if not values:
        return
    statement = sql.SQL("UPDATE core.{table} SET {changes} WHERE {key} = {mark}").format(
        table=sql.Identifier(kind),
        changes=sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder()) for name in values
        ),
        key=sql.Identifier(f"{kind}_id"),
        mark=sql.Placeholder(),
    )
    try:
        connection.execute(statement, [*values.values(), row_id])
    except errors.UniqueViolation as error:
        raise CodeTakenError from error


_LOCKS: Mapping[Kind, str] = {
    kind: f"SELECT FROM core.{kind} WHERE {kind}_id = %s FOR UPDATE"
    for kind in ("customer", "site", "equipment", "gateway", "meter")
}


def lock_row(connection: psycopg.Connection, kind: Kind, row_id: int) -> None:
    """Let nobody else change a row until this transaction ends."""
    connection.execute(_LOCKS[kind].encode(), [row_id])


_IN_USE: Mapping[Kind, tuple[tuple[str, str], ...]] = {
    "customer": (
        ("sites", "SELECT code FROM core.site WHERE customer_id = %s AND retired_at IS NULL"),
    ),
    "site": (
        ("meters", "SELECT code FROM core.meter WHERE site_id = %s AND retired_at IS NULL"),
        ("gateways", "SELECT code FROM core.gateway WHERE site_id = %s AND retired_at IS NULL"),
    ),
    "equipment": (
        ("meters", "SELECT code FROM core.meter WHERE equipment_id = %s AND retired_at IS NULL"),
    ),
    "gateway": (),
    "meter": (
        (
            "sub-meters",
            "SELECT code FROM core.meter WHERE parent_meter_id = %s AND retired_at IS NULL",
        ),
    ),
}
_RETIRED_ENDS: Mapping[Kind, str] = {
    "gateway": "UPDATE core.meter_channel SET valid_to = %(at)s "
    "WHERE gateway_id = %(id)s AND valid_from < %(at)s AND valid_to > %(at)s",
    "meter": "UPDATE core.meter_channel SET valid_to = %(at)s "
    "WHERE meter_id = %(id)s AND valid_from < %(at)s AND valid_to > %(at)s",
}


def retire_row(connection: psycopg.Connection, kind: Kind, row_id: int, at: datetime) -> None:
    """Take out of use, keeping history; a gateway or meter is no longer heard from then on.

    Raises StillInUseError where something in use depends on it.
    """
    for what, query in _IN_USE[kind]:
        codes = [str(row[0]) for row in connection.execute((query + " LIMIT 5").encode(), [row_id])]
        if codes:
            raise StillInUseError(what, codes)
    ends = _RETIRED_ENDS.get(kind)
    if ends is not None:
        connection.execute(ends.encode(), {"at": at, "id": row_id})
    change_row(connection, kind, row_id, {"retired_at": at})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """What a gateway calls a meter, in [valid_from, valid_to); None: no bound."""

    gateway_id: int
    gateway_code: str
    channel: str
    meter_id: int
    valid_from: datetime | None
    valid_to: datetime | None


_CHANNELS = """
SELECT k.gateway_id, g.code AS gateway_code, k.channel, k.meter_id,
    nullif(k.valid_from, '-infinity') AS valid_from, nullif(k.valid_to, 'infinity') AS valid_to
FROM visible.meter_channel k JOIN visible.gateway g USING (gateway_id)
WHERE k.meter_id = %s ORDER BY k.valid_from DESC, k.gateway_id, k.channel
"""


def channels_of(connection: psycopg.Connection, meter_id: int) -> list[ChannelRow]:
    """Through which gateways a meter was and is heard, the newest first."""
    cursor = connection.cursor(row_factory=class_row(ChannelRow))
    return cursor.execute(_CHANNELS, [meter_id]).fetchall()


_SPOKEN = """
SELECT m.code FROM core.meter_channel k JOIN core.meter m USING (meter_id)
WHERE k.gateway_id = %(gateway_id)s AND k.channel = %(channel)s AND k.meter_id <> %(meter_id)s
    AND k.valid_to > coalesce(%(at)s, '-infinity'::timestamptz)
    AND (%(at)s::timestamptz IS NULL OR k.valid_from >= %(at)s)
LIMIT 1
"""
_END_OTHERS = """
UPDATE core.meter_channel SET valid_to = %(at)s
WHERE meter_id = %(meter_id)s AND valid_from < %(at)s AND valid_to > %(at)s
"""


def channel_taken_by(
    connection: psycopg.Connection,
    gateway_id: int,
    channel: str,
    meter_id: int,
    at: datetime | None,
) -> str | None:
    """The code of another meter that would lose this channel from an instant on (None: ever)."""
    values = {"gateway_id": gateway_id, "channel": channel, "meter_id": meter_id, "at": at}
    row = connection.execute(_SPOKEN, values).fetchone()
    return None if row is None else str(row[0])


def end_channels(connection: psycopg.Connection, meter_id: int, at: datetime) -> None:
    """Let a meter be heard through no gateway from an instant on."""
    connection.execute(_END_OTHERS, {"meter_id": meter_id, "at": at})
