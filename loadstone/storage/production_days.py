"""Customers' own calendars, of which is known what stood in them when a forecast was issued.

Entries are made and withdrawn, never changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import psycopg
from psycopg.rows import class_row

Connection = psycopg.Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionDayRow:
    """An entry; `site_id` None: for all of the customer's sites. Both days are included."""

    production_day_id: int
    customer_id: int
    site_id: int | None
    name: str
    kind: str
    first_day: date
    last_day: date
    note: str | None
    entered_by: str
    entered_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProductionDay:
    """An entry as it is to be; `kind` is shutdown, working or event."""

    customer_id: int
    site_id: int | None
    name: str
    kind: str
    first_day: date
    last_day: date
    note: str | None = None


_SELECT = """
SELECT production_day_id, customer_id, site_id, name, kind, first_day, last_day, note, entered_by,
    entered_at, withdrawn_by, withdrawn_at
FROM visible.production_day
"""
_LIST = (
    _SELECT
    + """
WHERE (%(customer)s::int IS NULL OR customer_id = %(customer)s)
    AND (%(site)s::int IS NULL OR site_id = %(site)s OR site_id IS NULL)
    AND (%(withdrawn)s OR withdrawn_at IS NULL)
ORDER BY first_day, production_day_id
"""
)


def production_days(
    connection: Connection,
    *,
    customer_id: int | None = None,
    site_id: int | None = None,
    withdrawn: bool = False,
) -> list[ProductionDayRow]:
    """Entries that the viewer sees, by first day; with `withdrawn` also those no longer in force.

    With a site its own and those of its whole customer: give the customer then too.
    """
    values = {"customer": customer_id, "site": site_id, "withdrawn": withdrawn}
    cursor = connection.cursor(row_factory=class_row(ProductionDayRow))
    return cursor.execute(_LIST, values).fetchall()


_ONE = _SELECT + "WHERE production_day_id = %s"


def production_day(connection: Connection, production_day_id: int) -> ProductionDayRow | None:
    """One entry that the viewer sees, withdrawn or not."""
    cursor = connection.cursor(row_factory=class_row(ProductionDayRow))
    return cursor.execute(_ONE, [production_day_id]).fetchone()


_PUT = """
INSERT INTO core.production_day
    (customer_id, site_id, name, kind, first_day, last_day, note, entered_by, entered_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING production_day_id
"""


def put_production_day(
    connection: Connection, entry: NewProductionDay, who: str, at: datetime
) -> int:
    """Make an entry; returns its id."""
    values = [
        entry.customer_id, entry.site_id, entry.name, entry.kind, entry.first_day, entry.last_day,
        entry.note, who, at,
    ]  # fmt: skip
    row = connection.execute(_PUT, values).fetchone()
    assert row is not None  # noqa: S101 - RETURNING always gives the row
    return int(row[0])


_WITHDRAW = """
UPDATE core.production_day SET withdrawn_by = %s, withdrawn_at = %s
WHERE production_day_id = %s AND withdrawn_at IS NULL
"""


def withdraw_production_day(
    connection: Connection, production_day_id: int, who: str, at: datetime
) -> bool:
    """Take an entry out of force; whether it was in force."""
    return connection.execute(_WITHDRAW, [who, at, production_day_id]).rowcount == 1


def change_production_day(
    connection: Connection,
    production_day_id: int,
    entry: NewProductionDay,
    who: str,
    at: datetime,
) -> int | None:
    """Withdraw an entry and make this one in its place; its new id, None where it was not there."""
    if not withdraw_production_day(connection, production_day_id, who, at):
        return None
    return put_production_day(connection, entry, who, at)


_KNOWN = """
SELECT production_day_id, customer_id, site_id, name, kind, first_day, last_day, note, entered_by,
    entered_at, withdrawn_by, withdrawn_at
FROM core.production_day
WHERE customer_id = ANY (%s) AND entered_at <= %s
    AND (withdrawn_at IS NULL OR withdrawn_at > %s)
ORDER BY customer_id, first_day, production_day_id
"""


def production_days_known(
    connection: Connection, customer_ids: Sequence[int], as_of: datetime
) -> list[ProductionDayRow]:
    """What stood in these customers' calendars at an instant, whatever was changed since."""
    cursor = connection.cursor(row_factory=class_row(ProductionDayRow))
    return cursor.execute(_KNOWN, [list(customer_ids), as_of, as_of]).fetchall()
