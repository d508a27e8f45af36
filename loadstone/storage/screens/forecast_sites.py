"""The portfolio's forecasts site by site: tomorrow's peak, the month, and why a simpler model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastSite:
    """A site that is, or could be, forecast; `subject_id` is 0 where it never was."""

    subject_id: int
    site_id: int
    code: str
    site_en: str
    site_zh: str
    zone: str
    country: str | None
    subdivision: str | None
    customer_id: int
    customer_en: str
    customer_zh: str
    tier: str
    manager: str | None


_SITES = """
SELECT coalesce(f.subject_id, 0) AS subject_id, s.site_id, s.code, s.name_en AS site_en,
    s.name_zh AS site_zh, s.zone, s.country, s.subdivision, c.customer_id,
    c.name_en AS customer_en, c.name_zh AS customer_zh, c.tier, c.manager
FROM visible.site s JOIN visible.customer c USING (customer_id)
LEFT JOIN visible.forecast_subject f ON f.site_id = s.site_id
WHERE s.retired_at IS NULL AND (%(customer)s::int IS NULL OR c.customer_id = %(customer)s)
ORDER BY c.code, s.code
"""


def forecast_sites(connection: psycopg.Connection, customer_id: int | None) -> list[ForecastSite]:
    """Every site in service, of one customer or of all that are seen."""
    cursor = connection.cursor(row_factory=class_row(ForecastSite))
    return cursor.execute(_SITES, {"customer": customer_id}).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDay:
    """What stands of one coming day of a site; `peak_kw` has eleven quantiles, None if refused."""

    subject_id: int
    target_day: date
    issued_at: datetime
    model: str
    reason: str
    reasons: list[Any]
    peak_kw: list[float] | None
    energy_kwh: list[float] | None
    contract_demand_kw: float | None
    exceeds_ratio: float | None


_NEXT = """
SELECT DISTINCT ON (subject_id, target_day) subject_id, target_day, issued_at, model, reason,
    reasons, peak_kw::float8[], energy_kwh::float8[], contract_demand_kw, exceeds_ratio
FROM read.forecast_issue
WHERE subject_id = ANY (%(subjects)s) AND target_day BETWEEN %(first)s AND %(last)s
    AND kind IN ('day_ahead', 'week_ahead')
ORDER BY subject_id, target_day, issued_at DESC, kind
"""


def next_days(
    connection: psycopg.Connection, subjects: Sequence[int], first_day: date, last_day: date
) -> list[NextDay]:
    """The newest word on each day from `first_day` to `last_day`, by subject and day."""
    cursor = connection.cursor(row_factory=class_row(NextDay))
    wanted = {"subjects": list(subjects), "first": first_day, "last": last_day}
    return cursor.execute(_NEXT, wanted).fetchall()
