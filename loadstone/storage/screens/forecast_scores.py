"""How good forecasts were, for screens and the API: cards of subjects and of the portfolio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasRow:
    """Forecast minus measured of one lead, and the error beside it, in percent of the load."""

    lead_days: int
    bias_pct: float | None
    wape_pct: float | None
    days: int


_BIAS = """
SELECT lead_days, 100 * sum(bias_sum_kw) / nullif(sum(measured_sum_kw), 0) AS bias_pct,
    100 * sum(error_sum_kw) / nullif(sum(measured_sum_kw), 0) AS wape_pct,
    count(DISTINCT target_day) AS days
FROM visible.forecast_score
WHERE subject_id = ANY (%(subjects)s) AND target_day BETWEEN %(first)s AND %(last)s
    AND (kind = 'week_ahead' OR kind = 'day_ahead' AND lead_days NOT IN (
        SELECT lead_days FROM visible.forecast_score
        WHERE subject_id = ANY (%(subjects)s) AND target_day BETWEEN %(first)s AND %(last)s
            AND kind = 'week_ahead'))
GROUP BY 1 ORDER BY 1
"""


def bias_by_lead(
    connection: psycopg.Connection, subjects: Sequence[int], first_day: date, last_day: date
) -> list[BiasRow]:
    """Bias and error by how many days before they were said: of week ahead, else of day ahead."""
    cursor = connection.cursor(row_factory=class_row(BiasRow))
    wanted = {"subjects": list(subjects), "first": first_day, "last": last_day}
    return cursor.execute(_BIAS, wanted).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioCard:
    """The mean card of all sites that are seen, each counting once."""

    sites: int
    slots: int
    wape_pct: float | None
    mase_ratio: float | None
    pinball_pct: float | None
    coverage_80_pct: float | None
    coverage_95_pct: float | None
    bias_pct: float | None
    special_wape_pct: float | None
    peak_error_pct: float | None
    peak_shift_h: float | None
    skill_ratio: float | None
    worse_than_naive: int


_PORTFOLIO = "SELECT * FROM read.forecast_portfolio(%s, %s, %s, %s)"


def portfolio_card(
    connection: psycopg.Connection, first_day: date, last_day: date, kind: str, lead_days: int
) -> PortfolioCard:
    """All sites that the viewer sees, over these days and this lead."""
    cursor = connection.cursor(row_factory=class_row(PortfolioCard))
    found = cursor.execute(_PORTFOLIO, [first_day, last_day, kind, lead_days]).fetchone()
    if found is None:
        raise LookupError("read.forecast_portfolio has one row")
    return found
