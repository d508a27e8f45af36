"""Virtual meters: who they are, their terms, and their energy and load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import errors
from psycopg.rows import class_row

from loadstone.storage.portfolio import as_id
from loadstone.storage.series import EnergyRow, LoadRow, UnknownZoneError


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualMeterRow:
    """A virtual meter and whose it is; `zone` is its site's, or its customer's if there is one."""

    virtual_meter_id: int
    code: str
    customer_id: int
    site_id: int | None
    name_en: str
    name_zh: str
    zone: str | None
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """A meter that counts `term_factor` times in [valid_from, valid_to); None: no bound."""

    meter_id: int
    code: str
    term_factor: float
    valid_from: datetime | None
    valid_to: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTerm:
    """A term as it is to be."""

    meter_id: int
    term_factor: float
    valid_from: datetime | None
    valid_to: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVirtualMeter:
    """A virtual meter as it is to be."""

    code: str
    customer_id: int
    site_id: int | None
    name_en: str
    name_zh: str
    terms: Sequence[NewTerm]


_SELECT = """
SELECT v.virtual_meter_id, v.code, v.customer_id, v.site_id, v.name_en, v.name_zh,
    (SELECT min(s.zone) FROM visible.site s WHERE s.customer_id = v.customer_id
        AND (v.site_id IS NULL OR s.site_id = v.site_id) HAVING count(DISTINCT s.zone) = 1) AS zone,
    v.changed_by, v.changed_at
FROM visible.virtual_meter v
WHERE (%(only)s::int IS NULL OR v.customer_id = %(only)s)
"""
_PAGE = _SELECT + "AND v.virtual_meter_id > %(after)s ORDER BY v.virtual_meter_id LIMIT %(most)s"
_ONE = (
    _SELECT
    + "AND (v.virtual_meter_id = %(id)s::int OR v.code = %(code)s) "
    + "ORDER BY coalesce(v.virtual_meter_id = %(id)s, false) DESC LIMIT 1"
)


def list_virtual_meters(
    connection: psycopg.Connection, only_customer_id: int | None, *, after: int, most: int
) -> list[VirtualMeterRow]:
    """Virtual meters by id, beginning behind `after`."""
    values = {"only": only_customer_id, "after": after, "most": most}
    return (
        connection.cursor(row_factory=class_row(VirtualMeterRow)).execute(_PAGE, values).fetchall()
    )


def find_virtual_meter(
    connection: psycopg.Connection, only_customer_id: int | None, reference: str
) -> VirtualMeterRow | None:
    """One virtual meter; None where there is none in the scope."""
    values = {"only": only_customer_id, "id": as_id(reference), "code": reference}
    return (
        connection.cursor(row_factory=class_row(VirtualMeterRow)).execute(_ONE, values).fetchone()
    )


_TERMS = """
SELECT t.meter_id, m.code, t.term_factor, nullif(t.valid_from, '-infinity') AS valid_from,
    nullif(t.valid_to, 'infinity') AS valid_to
FROM visible.virtual_term t JOIN visible.meter m USING (meter_id)
WHERE t.virtual_meter_id = %s ORDER BY m.code, t.valid_from
"""


def terms_of(connection: psycopg.Connection, virtual_meter_id: int) -> list[TermRow]:
    """What a virtual meter is made of."""
    cursor = connection.cursor(row_factory=class_row(TermRow))
    return cursor.execute(_TERMS, [virtual_meter_id]).fetchall()


_PUT = """
INSERT INTO core.virtual_meter AS v (code, customer_id, site_id, name_en, name_zh, changed_by)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (code) DO UPDATE SET name_en = excluded.name_en, name_zh = excluded.name_zh,
    changed_by = excluded.changed_by, changed_at = now()
RETURNING v.virtual_meter_id
"""
_TAKEN = "SELECT EXISTS (SELECT FROM core.virtual_meter WHERE code = %s)"


def virtual_code_taken(connection: psycopg.Connection, code: str) -> bool:
    """Whether any virtual meter has this code, seen or not: codes are unique over all customers."""
    row = connection.execute(_TAKEN, [code]).fetchone()
    return bool(row and row[0])


_CLEAR = "DELETE FROM core.virtual_term WHERE virtual_meter_id = %s"
_PUT_TERM = """
INSERT INTO core.virtual_term (virtual_meter_id, meter_id, term_factor, valid_from, valid_to)
VALUES (%s, %s, %s, coalesce(%s::timestamptz, '-infinity'), coalesce(%s::timestamptz, 'infinity'))
"""


def put_virtual_meter(
    connection: psycopg.Connection, wanted: NewVirtualMeter, changed_by: str
) -> int:
    """Make a virtual meter, or replace the names and terms of the one with this code."""
    row = connection.execute(
        _PUT,
        [wanted.code, wanted.customer_id, wanted.site_id, wanted.name_en, wanted.name_zh,
         changed_by],
    ).fetchone()  # fmt: skip
    if row is None:
        raise LookupError("the virtual meter was not written")
    virtual_meter_id = int(row[0])
    connection.execute(_CLEAR, [virtual_meter_id])
    with connection.cursor() as cursor:
        cursor.executemany(
            _PUT_TERM,
            [
                (virtual_meter_id, t.meter_id, t.term_factor, t.valid_from, t.valid_to)
                for t in wanted.terms
            ],
        )
    return virtual_meter_id


_ENERGY = """
SELECT virtual_meter_id AS meter_id, start_at, end_at, energy_kwh AS value, measured_ratio,
    estimated_ratio, quality
FROM read.virtual_energy(%s::int[], %s, %s, %s::interval, %s, %s)
"""


def virtual_energy_of(
    connection: psycopg.Connection,
    virtual_meter_id: int,
    start: datetime,
    end: datetime,
    step: str,
    zone: str,
    register: str,
) -> list[EnergyRow]:
    """Energy of a virtual meter by interval of [start, end); raises UnknownZoneError."""
    values = [[virtual_meter_id], start, end, step, zone, register]
    try:
        cursor = connection.cursor(row_factory=class_row(EnergyRow))
        return cursor.execute(_ENERGY, values).fetchall()
    except errors.InvalidParameterValue as error:
        raise UnknownZoneError(zone) from error


_LOAD = """
SELECT virtual_meter_id AS meter_id, start_at, end_at, power_kw, estimated_kw, power_min_kw,
    power_max_kw, samples, quality
FROM read.virtual_load(%s::int[], %s, %s, %s::interval, %s)
"""


def virtual_load_of(
    connection: psycopg.Connection,
    virtual_meter_id: int,
    start: datetime,
    end: datetime,
    step: str,
    zone: str,
) -> list[LoadRow]:
    """Load of a virtual meter by interval of [start, end); raises UnknownZoneError."""
    try:
        cursor = connection.cursor(row_factory=class_row(LoadRow))
        return cursor.execute(_LOAD, [[virtual_meter_id], start, end, step, zone]).fetchall()
    except errors.InvalidParameterValue as error:
        raise UnknownZoneError(zone) from error
