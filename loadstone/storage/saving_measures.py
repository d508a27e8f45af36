"""Measures that should save energy: who owns them, since when, and what was promised of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

import psycopg
from psycopg.rows import class_row

Connection = psycopg.Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """A measure at a site; `meter_ids` empty: its boundary is the site's main meters."""

    measure_id: int
    customer_id: int
    site_id: int
    what: str
    status: str
    option: str
    meter_ids: list[int]
    planned_on: date | None
    implemented_on: date | None
    baseline_from: date | None
    expected_kwh: float | None
    owner: str | None
    note: str | None
    opportunity_id: int | None
    made_by: str
    made_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePlan:
    """What people say of a measure."""

    what: str
    status: str = "proposed"
    option: str = "C"
    meter_ids: tuple[int, ...] = ()
    planned_on: date | None = None
    implemented_on: date | None = None
    baseline_from: date | None = None
    expected_kwh: float | None = None
    owner: str | None = None
    note: str | None = None


_COLUMNS = """
measure_id, customer_id, site_id, what, status, option, meter_ids, planned_on, implemented_on,
baseline_from, expected_kwh, owner, note, opportunity_id, made_by, made_at, changed_at
"""
_LIST = f"""
SELECT {_COLUMNS} FROM visible.saving_measure
WHERE (%(customer)s::int IS NULL OR customer_id = %(customer)s)
    AND (%(site)s::int IS NULL OR site_id = %(site)s)
    AND (%(statuses)s::text[] IS NULL OR status = ANY (%(statuses)s)) AND measure_id > %(after)s
ORDER BY measure_id LIMIT %(most)s
"""  # noqa: S608 - the columns are ours


def list_measures(
    connection: Connection,
    *,
    customer_id: int | None = None,
    site_id: int | None = None,
    statuses: tuple[str, ...] | None = None,
    after: int = 0,
    most: int = 1000,
) -> list[MeasureRow]:
    """Measures that the viewer sees, by id."""
    values = {
        "customer": customer_id, "site": site_id, "after": after, "most": most,
        "statuses": None if statuses is None else list(statuses),
    }  # fmt: skip
    return connection.cursor(row_factory=class_row(MeasureRow)).execute(_LIST, values).fetchall()


_ONE = f"SELECT {_COLUMNS} FROM visible.saving_measure WHERE measure_id = %s"  # noqa: S608 - as above


def measure(connection: Connection, measure_id: int) -> MeasureRow | None:
    """One measure that the viewer sees."""
    cursor = connection.cursor(row_factory=class_row(MeasureRow))
    return cursor.execute(_ONE, [measure_id]).fetchone()


_PUT = """
INSERT INTO core.saving_measure (site_id, what, status, option, meter_ids, planned_on,
    implemented_on, baseline_from, expected_kwh, owner, note, opportunity_id, made_by, made_at,
    changed_at)
VALUES (%(site_id)s, %(what)s, %(status)s, %(option)s, %(meter_ids)s, %(planned_on)s,
    %(implemented_on)s, %(baseline_from)s, %(expected_kwh)s, %(owner)s, %(note)s,
    %(opportunity_id)s, %(who)s, %(at)s, %(at)s)
RETURNING measure_id
"""


def put_measure(
    connection: Connection,
    site_id: int,
    plan: MeasurePlan,
    *,
    who: str,
    at: datetime,
    opportunity_id: int | None = None,
) -> int:
    """Make a measure; returns its id."""
    values = {
        **asdict(plan), "meter_ids": list(plan.meter_ids), "site_id": site_id, "who": who,
        "at": at, "opportunity_id": opportunity_id,
    }  # fmt: skip
    row = connection.execute(_PUT, values).fetchone()
    assert row is not None  # noqa: S101 - RETURNING always gives the row
    return int(row[0])


_CHANGE = """
UPDATE core.saving_measure SET (what, status, option, meter_ids, planned_on, implemented_on,
    baseline_from, expected_kwh, owner, note, changed_at)
= (%(what)s, %(status)s, %(option)s, %(meter_ids)s, %(planned_on)s, %(implemented_on)s,
    %(baseline_from)s, %(expected_kwh)s, %(owner)s, %(note)s, %(at)s)
WHERE measure_id = %(measure_id)s
"""


def change_measure(
    connection: Connection, measure_id: int, plan: MeasurePlan, at: datetime
) -> bool:
    """Put this in the place of what was said of the measure; whether it is there."""
    values = {
        **asdict(plan), "meter_ids": list(plan.meter_ids), "measure_id": measure_id, "at": at,
    }  # fmt: skip
    return connection.execute(_CHANGE, values).rowcount == 1


_STATUS = "UPDATE core.saving_measure SET status = %s, changed_at = %s WHERE measure_id = %s"


def set_measure_status(connection: Connection, measure_id: int, status: str, at: datetime) -> None:
    """Move a measure on."""
    connection.execute(_STATUS, [status, at, measure_id])
