"""What was judged of measures: only added to, so that it stays known what was said when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

Connection = psycopg.Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVerification:
    """A judgement to keep; `result` as forecast.savings.record writes it."""

    measure_id: int
    known_at: datetime
    made_by: str
    baseline_from: date
    baseline_to: date
    reporting_from: date
    reporting_to: date
    verdict: str
    saved_kwh: float
    low_kwh: float
    high_kwh: float
    saved_money: Decimal | None
    low_money: Decimal | None
    high_money: Decimal | None
    currency: str | None
    weather_source: str | None
    result: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationRow(NewVerification):
    """A judgement as it is kept."""

    verification_id: int
    site_id: int
    customer_id: int


_COLUMNS = """
verification_id, measure_id, site_id, customer_id, known_at, made_by, baseline_from, baseline_to,
reporting_from, reporting_to, verdict, saved_kwh, low_kwh, high_kwh, saved_money, low_money,
high_money, currency, weather_source, result
"""
_NEWEST = f"""
SELECT DISTINCT ON (measure_id) {_COLUMNS} FROM visible.saving_verification
WHERE measure_id = ANY (%s) AND known_at <= %s
ORDER BY measure_id, known_at DESC, verification_id DESC
"""  # noqa: S608 - the columns are ours


def newest_verifications(
    connection: Connection, measure_ids: Sequence[int], as_of: datetime
) -> dict[int, VerificationRow]:
    """The newest judgement of each measure as it stood at an instant, where there was one."""
    cursor = connection.cursor(row_factory=class_row(VerificationRow))
    rows = cursor.execute(_NEWEST, [list(measure_ids), as_of])
    return {row.measure_id: row for row in rows}


_OF = f"""
SELECT {_COLUMNS} FROM visible.saving_verification WHERE measure_id = %s
ORDER BY known_at DESC, verification_id DESC LIMIT %s
"""  # noqa: S608 - as above


def verifications_of(
    connection: Connection, measure_id: int, most: int = 50
) -> list[VerificationRow]:
    """Judgements of a measure, newest first."""
    cursor = connection.cursor(row_factory=class_row(VerificationRow))
    return cursor.execute(_OF, [measure_id, most]).fetchall()


_PUT = """
INSERT INTO core.saving_verification (measure_id, known_at, made_by, baseline_from, baseline_to,
    reporting_from, reporting_to, verdict, saved_kwh, low_kwh, high_kwh, saved_money, low_money,
    high_money, currency, weather_source, result)
VALUES (%(measure_id)s, %(known_at)s, %(made_by)s, %(baseline_from)s, %(baseline_to)s,
    %(reporting_from)s, %(reporting_to)s, %(verdict)s, %(saved_kwh)s, %(low_kwh)s, %(high_kwh)s,
    %(saved_money)s, %(low_money)s, %(high_money)s, %(currency)s, %(weather_source)s, %(result)s)
RETURNING verification_id
"""


def add_verification(connection: Connection, told: NewVerification) -> int:
    """Keep a judgement; returns its id."""
    row = connection.execute(_PUT, {**asdict(told), "result": Jsonb(told.result)}).fetchone()
    assert row is not None  # noqa: S101 - RETURNING always gives the row
    return int(row[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedSavings:
    """What is proven of a customer's measures in one currency; None where there is no price."""

    customer_id: int
    currency: str | None
    measures: int
    saved_kwh: float
    saved_money: Decimal | None


_SUMS = """
SELECT customer_id, currency, count(*)::int AS measures, sum(saved_kwh) AS saved_kwh,
    sum(saved_money) AS saved_money
FROM (
    SELECT DISTINCT ON (v.measure_id) v.customer_id, v.currency, v.verdict, v.saved_kwh,
        v.saved_money
    FROM visible.saving_verification v JOIN visible.saving_measure m USING (measure_id)
    WHERE v.known_at <= %(as_of)s AND m.status <> 'rejected'
        AND (%(customers)s::int[] IS NULL OR v.customer_id = ANY (%(customers)s))
    ORDER BY v.measure_id, v.known_at DESC, v.verification_id DESC
) newest WHERE verdict = 'proven' GROUP BY 1, 2 ORDER BY 1, 2
"""


def verified_savings(
    connection: Connection, as_of: datetime, customer_ids: Sequence[int] | None = None
) -> list[VerifiedSavings]:
    """Sums by customer and currency of each measure's newest judgement, where that is `proven`."""
    values = {"as_of": as_of, "customers": None if customer_ids is None else list(customer_ids)}
    cursor = connection.cursor(row_factory=class_row(VerifiedSavings))
    return cursor.execute(_SUMS, values).fetchall()
