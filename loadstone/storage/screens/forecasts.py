"""What was forecast, for screens and the API: issues, their curves, what stood at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg
from psycopg.rows import class_row

_KINDS = ("day_ahead", "week_ahead", "today")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRow:
    """Who is forecast: a site, or all of a customer's sites together (site_id None)."""

    subject_id: int
    customer_id: int
    site_id: int | None


_SUBJECTS = """
SELECT subject_id, customer_id, site_id FROM visible.forecast_subject
WHERE (%(site)s::int IS NULL OR site_id = %(site)s)
    AND (%(customer)s::int IS NULL OR customer_id = %(customer)s)
ORDER BY site_id NULLS FIRST
"""


def subjects_of(
    connection: psycopg.Connection, *, site_id: int | None = None, customer_id: int | None = None
) -> list[SubjectRow]:
    """Who is forecast of a site, of a customer (itself before its sites), or all."""
    cursor = connection.cursor(row_factory=class_row(SubjectRow))
    wanted = {"site": site_id, "customer": customer_id}
    return cursor.execute(_SUBJECTS, wanted).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow:
    """One forecast of one local day as it was said; `peak_kw`, `energy_kwh`: eleven quantiles.

    The model `refused` has neither, and its reasons say why.
    """

    forecast_id: int
    subject_id: int
    customer_id: int
    site_id: int | None
    kind: str
    target_day: date
    issued_at: datetime
    reckoned_at: datetime
    replayed: bool
    lead_days: int
    zone: str
    starts_at: datetime
    ends_at: datetime
    interval_s: int
    model: str
    reason: str
    reasons: list[Any]
    inputs: dict[str, Any]
    weights: dict[str, float]
    peak_kw: list[float] | None
    energy_kwh: list[float] | None
    contract_demand_kw: float | None
    exceeds_ratio: float | None
    error_correlation_ratio: float | None


_COLUMNS = """forecast_id, subject_id, customer_id, site_id, kind, target_day, issued_at,
    reckoned_at, replayed, lead_days, zone, starts_at, ends_at, interval_s, model, reason, reasons,
    inputs, weights, peak_kw::float8[], energy_kwh::float8[], contract_demand_kw, exceeds_ratio,
    error_correlation_ratio"""
_NEWEST = f"""
SELECT DISTINCT ON (subject_id, target_day, kind) {_COLUMNS} FROM read.forecast_issue
WHERE subject_id = ANY (%(subjects)s) AND target_day BETWEEN %(first)s AND %(last)s
    AND kind = ANY (%(kinds)s) AND issued_at <= coalesce(%(as_of)s, 'infinity'::timestamptz)
ORDER BY subject_id, target_day, kind, issued_at DESC
"""  # noqa: S608 - constants


def newest_issues(
    connection: psycopg.Connection, subjects: Sequence[int], first_day: date, last_day: date,
    *, kinds: Sequence[str] = _KINDS, as_of: datetime | None = None,
) -> list[IssueRow]:  # fmt: skip
    """The newest issue of each subject, day and kind that stood at `as_of`, by day."""
    cursor = connection.cursor(row_factory=class_row(IssueRow))
    wanted = {"subjects": list(subjects), "first": first_day, "last": last_day,
              "kinds": list(kinds), "as_of": as_of}  # fmt: skip
    return cursor.execute(_NEWEST, wanted).fetchall()


_PAST = f"""
SELECT {_COLUMNS} FROM read.forecast_issue
WHERE subject_id = ANY (%(subjects)s)
    AND target_day BETWEEN coalesce(%(first)s, '-infinity'::date)
        AND coalesce(%(last)s, 'infinity'::date)
    AND kind = ANY (%(kinds)s) AND issued_at <= coalesce(%(as_of)s, 'infinity'::timestamptz)
    AND forecast_id < coalesce(%(before)s, 9223372036854775807)
ORDER BY forecast_id DESC LIMIT %(most)s
"""  # noqa: S608 - constants


def past_issues(
    connection: psycopg.Connection, subjects: Sequence[int], *, first_day: date | None,
    last_day: date | None, kinds: Sequence[str] = _KINDS, as_of: datetime | None = None,
    before: int | None = None, most: int = 100,
) -> list[IssueRow]:  # fmt: skip
    """Everything that was said of these days, the last stored first, of ids below `before`."""
    cursor = connection.cursor(row_factory=class_row(IssueRow))
    wanted = {"subjects": list(subjects), "first": first_day, "last": last_day,
              "kinds": list(kinds), "as_of": as_of, "before": before, "most": most}  # fmt: skip
    return cursor.execute(_PAST, wanted).fetchall()


_ONE = f"SELECT {_COLUMNS} FROM read.forecast_issue WHERE forecast_id = %s"  # noqa: S608 - constants


def find_issue(connection: psycopg.Connection, forecast_id: int) -> IssueRow | None:
    """One issue; None where there is none in the scope."""
    cursor = connection.cursor(row_factory=class_row(IssueRow))
    return cursor.execute(_ONE, [forecast_id]).fetchone()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRow:
    """One interval as it was forecast; the quantiles' names are their levels in percent."""

    start_at: datetime
    end_at: datetime
    forecast_id: int
    subject_id: int
    kind: str
    issued_at: datetime
    lead_days: int
    model: str
    mean_kw: float
    p025_kw: float
    p10_kw: float
    p20_kw: float
    p30_kw: float
    p40_kw: float
    p50_kw: float
    p60_kw: float
    p70_kw: float
    p80_kw: float
    p90_kw: float
    p975_kw: float

    @property
    def quantiles_kw(self) -> tuple[float, ...]:
        """All eleven, rising."""
        return (self.p025_kw, self.p10_kw, self.p20_kw, self.p30_kw, self.p40_kw, self.p50_kw,
                self.p60_kw, self.p70_kw, self.p80_kw, self.p90_kw, self.p975_kw)  # fmt: skip


_VALUES = """start_at, end_at, forecast_id, subject_id, kind, issued_at, lead_days, model, mean_kw,
    p025_kw, p10_kw, p20_kw, p30_kw, p40_kw, p50_kw, p60_kw, p70_kw, p80_kw, p90_kw, p975_kw"""
_AS_OF = f"""
SELECT {_VALUES} FROM read.forecast_as_of(%s, %s, %s, coalesce(%s, 'infinity'::timestamptz))
ORDER BY subject_id, start_at
"""  # noqa: S608 - constants


def slots_as_of(
    connection: psycopg.Connection, subjects: Sequence[int], start: datetime, end: datetime,
    as_of: datetime | None,
) -> list[SlotRow]:  # fmt: skip
    """What stood of [start, end) at `as_of`: today's update, else day ahead, else week ahead."""
    cursor = connection.cursor(row_factory=class_row(SlotRow))
    return cursor.execute(_AS_OF, [list(subjects), start, end, as_of]).fetchall()


_LOADS = """
SELECT s.site_id, coalesce(t.kw, d.kw)::float8
FROM visible.site s JOIN visible.forecast_subject u USING (site_id)
LEFT JOIN LATERAL (
    SELECT f.mean_kw[1 + floor(extract(epoch FROM %(at)s - f.starts_at) / f.interval_s)::int] AS kw
    FROM visible.forecast f
    WHERE f.subject_id = u.subject_id AND f.kind = 'today' AND f.issued_at <= %(at)s
        AND f.target_day = (%(at)s AT TIME ZONE s.zone)::date
    ORDER BY f.issued_at DESC LIMIT 1) t ON true
LEFT JOIN LATERAL (
    SELECT f.mean_kw[1 + floor(extract(epoch FROM %(at)s - f.starts_at) / f.interval_s)::int] AS kw
    FROM visible.forecast f
    WHERE f.subject_id = u.subject_id AND f.kind = 'day_ahead' AND f.issued_at <= %(at)s
        AND f.target_day = (%(at)s AT TIME ZONE s.zone)::date
    ORDER BY f.issued_at DESC LIMIT 1) d ON true
WHERE s.site_id = ANY (%(sites)s) AND coalesce(t.kw, d.kw) IS NOT NULL
"""


def foreseen_loads(
    connection: psycopg.Connection, sites: Sequence[int], at: datetime
) -> dict[int, float]:
    """Mean power (kW) that was forecast for this instant, by site; without those that have none."""
    rows = connection.execute(_LOADS, {"sites": list(sites), "at": at}).fetchall()
    return {int(site): float(kw) for site, kw in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySlot(SlotRow):
    """An interval with the peak of its whole issue: what half and nine tenths stay below."""

    peak_p50_kw: float | None
    peak_p90_kw: float | None
    exceeds_ratio: float | None


_DAY = f"""
SELECT {_VALUES.replace("forecast_id", "v.forecast_id")}, i.peak_kw[6]::float8 AS peak_p50_kw,
    i.peak_kw[10]::float8 AS peak_p90_kw, i.exceeds_ratio
FROM (SELECT * FROM read.forecast_as_of(
    ARRAY(SELECT subject_id FROM visible.forecast_subject WHERE site_id = %s), %s, %s)) v
JOIN (SELECT forecast_id, peak_kw, exceeds_ratio FROM visible.forecast) i USING (forecast_id)
ORDER BY start_at
"""  # noqa: S608 - constants


def slots_of_day(
    connection: psycopg.Connection, site_id: int, start: datetime, end: datetime
) -> list[DaySlot]:
    """What stands of [start, end) of a site, in one question; empty where it is not forecast."""
    cursor = connection.cursor(row_factory=class_row(DaySlot))
    return cursor.execute(_DAY, [site_id, start, end]).fetchall()


_OF_ISSUES = f"""
SELECT {_VALUES} FROM read.forecast_slot WHERE forecast_id = ANY (%s) ORDER BY forecast_id, start_at
"""  # noqa: S608 - constants


def slots_of(connection: psycopg.Connection, forecast_ids: Sequence[int]) -> list[SlotRow]:
    """The intervals of these issues, in order of time within each."""
    cursor = connection.cursor(row_factory=class_row(SlotRow))
    return cursor.execute(_OF_ISSUES, [list(forecast_ids)]).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow:
    """Where a month was said to land; energy and peak as eleven quantiles, None if refused."""

    subject_id: int
    customer_id: int
    site_id: int | None
    month: date
    issued_at: datetime
    reckoned_at: datetime
    replayed: bool
    zone: str
    interval_s: int
    model: str
    reason: str
    reasons: list[Any]
    inputs: dict[str, Any]
    energy_kwh: list[float] | None
    peak_kw: list[float] | None
    so_far_kwh: float | None
    so_far_peak_kw: float | None
    contract_demand_kw: float | None
    exceeds_ratio: float | None


_MONTHS = """
SELECT DISTINCT ON (f.subject_id, f.month) f.subject_id, s.customer_id, s.site_id, f.month,
    f.issued_at, f.reckoned_at, f.replayed, f.zone, f.interval_s, f.model, f.reason, f.reasons,
    f.inputs, f.energy_kwh::float8[], f.peak_kw::float8[], f.so_far_kwh, f.so_far_peak_kw,
    f.contract_demand_kw, f.exceeds_ratio
FROM visible.forecast_month f JOIN visible.forecast_subject s USING (subject_id)
WHERE f.subject_id = ANY (%(subjects)s) AND f.month BETWEEN %(first)s AND %(last)s
    AND f.issued_at <= coalesce(%(as_of)s, 'infinity'::timestamptz)
ORDER BY f.subject_id, f.month, f.issued_at DESC
"""


def months_as_of(
    connection: psycopg.Connection, subjects: Sequence[int], first: date, last: date,
    as_of: datetime | None = None,
) -> list[MonthRow]:  # fmt: skip
    """The newest word on each month from `first` to `last` that stood at `as_of`."""
    cursor = connection.cursor(row_factory=class_row(MonthRow))
    wanted = {"subjects": list(subjects), "first": first, "last": last, "as_of": as_of}
    return cursor.execute(_MONTHS, wanted).fetchall()
