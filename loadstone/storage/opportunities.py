"""Opportunities: what the finder saw, brought up to date, and what people make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, get_args

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from loadstone.storage.keyset import PagedQuery, Part, SortColumn

Connection = psycopg.Connection
Status = Literal["new", "accepted", "proposed", "measure", "rejected", "done"]
STATUSES: tuple[Status, ...] = get_args(Status)
OPEN: tuple[Status, ...] = ("new", "accepted", "proposed")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOpportunity:
    """What the finder says of a site; `params` and `evidence` are kept as JSON."""

    meter_id: int | None
    code: str
    params: Mapping[str, Any]
    evidence: Mapping[str, Any]
    energy_kwh: float
    energy_low_kwh: float
    energy_high_kwh: float
    demand_kw: float
    money: Decimal | None
    low_money: Decimal | None
    high_money: Decimal | None
    currency: str | None
    confidence: str
    effort: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityRow:
    """One opportunity and whose it is; energy and money are of a year."""

    opportunity_id: int
    site_id: int
    site_code: str
    site_en: str
    site_zh: str
    zone: str
    customer_id: int
    customer_code: str
    customer_en: str
    customer_zh: str
    meter_id: int | None
    meter_code: str | None
    meter_en: str | None
    meter_zh: str | None
    code: str
    params: dict[str, Any]
    evidence: dict[str, Any]
    energy_kwh: float
    energy_low_kwh: float
    energy_high_kwh: float
    demand_kw: float
    money: Decimal | None
    low_money: Decimal | None
    high_money: Decimal | None
    currency: str | None
    confidence: str
    effort: str
    status: str
    owner: str | None
    note: str | None
    measure_id: int | None
    first_found_at: datetime
    last_found_at: datetime
    gone_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityFilter:
    """Which opportunities are wanted; None does not narrow."""

    customer_id: int | None = None
    site_id: int | None = None
    code: str | None = None
    statuses: Sequence[str] | None = None
    gone: bool | None = None


_SELECT = """
SELECT o.opportunity_id, o.site_id, s.code AS site_code, s.name_en AS site_en, s.name_zh AS site_zh,
    s.zone, s.customer_id, c.code AS customer_code, c.name_en AS customer_en,
    c.name_zh AS customer_zh, o.meter_id, m.code AS meter_code, m.name_en AS meter_en,
    m.name_zh AS meter_zh, o.code, o.params, o.evidence, o.energy_kwh, o.energy_low_kwh,
    o.energy_high_kwh, o.demand_kw, o.money, o.low_money, o.high_money, o.currency, o.confidence,
    o.effort, o.status, o.owner, o.note, o.measure_id, o.first_found_at, o.last_found_at, o.gone_at,
    o.changed_at
FROM visible.opportunity o JOIN visible.site s USING (site_id)
JOIN visible.customer c ON c.customer_id = s.customer_id
LEFT JOIN visible.meter m ON m.meter_id = o.meter_id
"""
_WHERE = """
WHERE (%(only)s::int IS NULL OR s.customer_id = %(only)s)
AND (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
AND (%(site_id)s::int IS NULL OR o.site_id = %(site_id)s)
AND (%(code)s::text IS NULL OR o.code = %(code)s)
AND (%(statuses)s::text[] IS NULL OR o.status = ANY (%(statuses)s))
AND (%(gone)s::bool IS NULL OR (o.gone_at IS NOT NULL) = %(gone)s)
"""
_PAGE = PagedQuery(
    OpportunityRow,
    _SELECT + _WHERE,
    "o.opportunity_id",
    {
        "money": SortColumn(expression="coalesce(o.money, 0)", type="numeric"),
        "energy_kwh": SortColumn(expression="o.energy_kwh", type="float8"),
        "opportunity_id": SortColumn(expression="o.opportunity_id", type="bigint"),
        "first_found_at": SortColumn(expression="o.first_found_at", type="timestamptz"),
        "code": SortColumn(expression="o.code"),
        "status": SortColumn(expression="o.status"),
    },
)
_ONE = (
    _SELECT
    + "WHERE o.opportunity_id = %(id)s AND (%(only)s::int IS NULL OR s.customer_id = %(only)s)"
)


def list_opportunities(
    connection: Connection, only_customer_id: int | None, wanted: OpportunityFilter, part: Part
) -> list[OpportunityRow]:
    """A part of the opportunities that the viewer sees."""
    values = asdict(wanted)
    values["statuses"] = None if wanted.statuses is None else list(wanted.statuses)
    return _PAGE.rows(connection, part, {"only": only_customer_id, **values})


def biggest_opportunities(
    connection: Connection, wanted: OpportunityFilter | None = None, *, most: int = 5
) -> list[OpportunityRow]:
    """Those worth most that are still open and still found."""
    asked = wanted or OpportunityFilter(statuses=OPEN, gone=False)
    part = Part(most=most, field="money", descending=True)
    return list_opportunities(connection, None, asked, part)


def find_opportunity(
    connection: Connection, only_customer_id: int | None, opportunity_id: int
) -> OpportunityRow | None:
    """One opportunity; None where the viewer sees none of this id."""
    cursor = connection.cursor(row_factory=class_row(OpportunityRow))
    values = {"id": opportunity_id, "only": only_customer_id}
    return cursor.execute(_ONE, values).fetchone()


# What became a measure keeps the numbers that it was decided on.
_STORE = """
INSERT INTO core.opportunity AS o (site_id, meter_id, code, params, evidence, energy_kwh,
    energy_low_kwh, energy_high_kwh, demand_kw, money, low_money, high_money, currency, confidence,
    effort, first_found_at, last_found_at)
VALUES (%(site_id)s, %(meter_id)s, %(code)s, %(params)s, %(evidence)s, %(energy_kwh)s,
    %(energy_low_kwh)s, %(energy_high_kwh)s, %(demand_kw)s, round(%(money)s::numeric, 2),
    round(%(low_money)s::numeric, 2), round(%(high_money)s::numeric, 2), %(currency)s,
    %(confidence)s, %(effort)s, %(at)s, %(at)s)
ON CONFLICT (site_id, meter_id, code) DO UPDATE SET
    (params, evidence, energy_kwh, energy_low_kwh, energy_high_kwh, demand_kw, money, low_money,
        high_money, currency, confidence, effort)
    = (SELECT k.params, k.evidence, k.energy_kwh, k.energy_low_kwh, k.energy_high_kwh, k.demand_kw,
        k.money, k.low_money, k.high_money, k.currency, k.confidence, k.effort
        FROM (SELECT (CASE WHEN o.status IN ('measure', 'done') THEN o ELSE excluded END).*) k),
    last_found_at = excluded.last_found_at, gone_at = NULL
"""
_GONE = """
UPDATE core.opportunity SET gone_at = %(at)s
WHERE site_id = %(site_id)s AND last_found_at < %(at)s AND gone_at IS NULL
"""
_SEARCHED = """
INSERT INTO core.opportunity_search (site_id, searched_at, days)
VALUES (%(site_id)s, %(at)s, %(days)s)
ON CONFLICT (site_id) DO UPDATE SET searched_at = excluded.searched_at, days = excluded.days
"""


def store_search(
    connection: Connection, site_id: int, found: Sequence[FoundOpportunity], days: int, at: datetime
) -> None:
    """Bring a site's opportunities up to date with what a search of `days` days found.

    With too few days to say anything (0) nothing is said to be gone.
    """
    for each in found:
        values = {**asdict(each), "site_id": site_id, "at": at}
        values |= {"params": Jsonb(each.params), "evidence": Jsonb(each.evidence)}
        connection.execute(_STORE, values)
    if days:
        connection.execute(_GONE, {"site_id": site_id, "at": at})
    connection.execute(_SEARCHED, {"site_id": site_id, "at": at, "days": days})


_DUE = """
SELECT s.site_id FROM core.site s LEFT JOIN core.opportunity_search q USING (site_id)
WHERE s.retired_at IS NULL AND EXISTS (SELECT FROM core.meter m WHERE m.site_id = s.site_id
    AND m.retired_at IS NULL)
AND (q.searched_at IS NULL
    OR q.searched_at < CASE WHEN q.days > 0 THEN %(searched)s ELSE %(tried)s END::timestamptz)
ORDER BY q.searched_at NULLS FIRST, s.site_id LIMIT %(most)s
"""


def sites_to_search(
    connection: Connection, *, searched_before: datetime, tried_before: datetime, most: int
) -> list[int]:
    """Sites last searched before this, or tried in vain before that; the longest ago first."""
    values = {"searched": searched_before, "tried": tried_before, "most": most}
    return [int(row[0]) for row in connection.execute(_DUE, values)]


def forget_searches(connection: Connection) -> None:
    """Have every site searched anew: much has come to the history at once."""
    connection.execute("DELETE FROM core.opportunity_search")


_CHANGE = """
UPDATE core.opportunity SET status = %(status)s, owner = %(owner)s, note = %(note)s,
    measure_id = coalesce(%(measure_id)s, measure_id), changed_at = %(at)s
WHERE opportunity_id = %(id)s
"""


def change_opportunity(
    connection: Connection,
    opportunity_id: int,
    *,
    status: str,
    owner: str | None,
    note: str | None,
    at: datetime,
    measure_id: int | None = None,
) -> None:
    """Put what somebody makes of it."""
    values = {
        "id": opportunity_id, "status": status, "owner": owner, "note": note, "at": at,
        "measure_id": measure_id,
    }  # fmt: skip
    connection.execute(_CHANGE, values)
