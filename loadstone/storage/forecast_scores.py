"""How forecasts turned out: sums a day, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime

import psycopg
from psycopg.rows import class_row

Connection = psycopg.Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class DayScore:
    """One forecast against what came; sums run over the measured intervals, in kW."""

    subject_id: int
    kind: str
    target_day: date
    lead_days: int
    forecast_id: int
    issued_at: datetime
    replayed: bool
    model: str
    scored_at: datetime
    slots: int
    special: bool
    measured_sum_kw: float
    error_sum_kw: float
    bias_sum_kw: float
    pinball_sum_kw: float
    inside_80: int
    inside_95: int
    skill_slots: int
    skill_error_sum_kw: float
    naive_day_sum_kw: float
    naive_week_sum_kw: float
    week_change_kw: float | None
    peak_kw: float | None
    peak_error_kw: float | None
    peak_shift_h: float | None


_NAMES = tuple(field.name for field in fields(DayScore))
_KEY = ("subject_id", "kind", "target_day", "lead_days")
_PUT = f"""
INSERT INTO core.forecast_score ({", ".join(_NAMES)}) VALUES ({", ".join(["%s"] * len(_NAMES))})
ON CONFLICT ({", ".join(_KEY)}) DO UPDATE
SET {", ".join(f"{name} = excluded.{name}" for name in _NAMES if name not in _KEY)}
"""  # noqa: S608 - names of columns from a dataclass


def put_scores(connection: Connection, scores: Sequence[DayScore]) -> None:
    """Store them; a day that was scored before is scored anew, for data may have come late."""
    with connection.cursor() as cursor:
        cursor.executemany(_PUT, [astuple(one) for one in scores])


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCard:
    """A subject's figures over some days; None where nothing is known of it."""

    subject_id: int
    days: int
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


_CARDS = "SELECT * FROM read.forecast_card(%s, %s, %s, %s, %s) ORDER BY subject_id"


def forecast_cards(
    connection: Connection,
    subject_ids: Sequence[int],
    first_day: date,
    last_day: date,
    kind: str = "day_ahead",
    lead_days: int = 1,
) -> dict[int, StoredCard]:
    """Each subject's card over these target days, both included."""
    cursor = connection.cursor(row_factory=class_row(StoredCard))
    rows = cursor.execute(_CARDS, [list(subject_ids), first_day, last_day, kind, lead_days])
    return {row.subject_id: row for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSkill:
    """What the product's own model came to lately, whether it spoke or was only tried."""

    subject_id: int
    days: int
    skill_ratio: float | None
    coverage_80_pct: float | None
    coverage_95_pct: float | None


# Days scored after the issue were not known at it: a replay must not see them. A day's measured
# load is whole at the end of that local day, so only days before the issue's own count.
_SKILL = """
SELECT subject_id, count(DISTINCT target_day) AS days,
    1 - sum(skill_error_sum_kw) / nullif(least(sum(naive_day_sum_kw), sum(naive_week_sum_kw)), 0)
        AS skill_ratio,
    100 * sum(inside_80)::float8 / nullif(sum(slots), 0) AS coverage_80_pct,
    100 * sum(inside_95)::float8 / nullif(sum(slots), 0) AS coverage_95_pct
FROM (
    SELECT DISTINCT ON (subject_id, target_day) * FROM core.forecast_score
    WHERE subject_id = ANY (%s) AND target_day BETWEEN %s AND %s AND lead_days = 1
        AND model = %s AND kind IN ('day_ahead', 'trial')
    ORDER BY subject_id, target_day, kind
) c GROUP BY subject_id
"""


def model_skills(
    connection: Connection, subject_ids: Sequence[int], first_day: date, last_day: date, model: str
) -> dict[int, ModelSkill]:
    """The skill of a model a day ahead over these days, trials included."""
    cursor = connection.cursor(row_factory=class_row(ModelSkill))
    rows = cursor.execute(_SKILL, [list(subject_ids), first_day, last_day, model])
    return {row.subject_id: row for row in rows}


_UNSCORED = """
SELECT min(f.target_day) FROM core.forecast f
WHERE f.subject_id = ANY (%(subjects)s) AND f.kind = ANY (%(kinds)s)
    AND f.model <> 'refused' AND f.target_day BETWEEN %(first)s AND %(last)s
    AND NOT EXISTS (SELECT FROM core.forecast_score s WHERE s.subject_id = f.subject_id
        AND s.kind = f.kind AND s.target_day = f.target_day AND s.lead_days = f.lead_days)
"""


def first_unscored_day(
    connection: Connection,
    subject_ids: Sequence[int],
    kinds: Sequence[str],
    days: tuple[date, date],
) -> date | None:
    """The earliest of these days with a forecast that was not scored yet."""
    values = {
        "subjects": list(subject_ids), "kinds": list(kinds), "first": days[0], "last": days[1],
    }  # fmt: skip
    row = connection.execute(_UNSCORED, values).fetchone()
    return None if row is None else row[0]
