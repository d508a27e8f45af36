"""Opportunities as asked for and as answered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from api.list_parameters import Paging
from api.models.fields import Answer, Instant, NameEn, NameZh, Zone
from api.models.registry_bodies import Body, Change, PlainText
from api.parameters import IdParameter
from loadstone.storage.opportunities import Status

Level = Literal["low", "medium", "high"]
Code = Annotated[
    str,
    Field(
        pattern=r"^[a-z_]{1,40}$", description="Its kind.", examples=["off_hours_base"],
    ),
]  # fmt: skip
_Money = Annotated[
    Decimal | None,
    Field(description="A year, in `currency`; null: no price is known.", examples=["38247.97"]),
]
_Owner = Annotated[PlainText, Field(max_length=80, examples=["Chen Bo"])]
_ORDERS = [
    f"{sign}{field}"
    for field in ("money", "energy_kwh", "opportunity_id", "first_found_at", "code", "status")
    for sign in ("", "-")
]


def _lines(text: str) -> str:
    if not all(line.isprintable() for line in text.splitlines()):
        raise ValueError("must hold printable characters only")
    return text


_Note = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_lines)]


class OpportunityAnswer(Answer):
    """What could be saved at a site, in a year like the weeks that were looked at.

    Findings of one site may be added: each counts what those before it left over.
    """

    opportunity_id: int
    site_id: int
    site_code: str
    site_en: NameEn
    site_zh: NameZh
    zone: Zone
    customer_id: int
    customer_code: str
    customer_en: NameEn
    customer_zh: NameZh
    meter_id: Annotated[int | None, Field(description="The sub-meter it is seen at.")]
    meter_code: str | None
    meter_en: str | None
    meter_zh: str | None
    code: Code
    params: Annotated[
        dict[str, Any], Field(description="Figures behind it, by names that end in their unit.")
    ]
    evidence: Annotated[
        dict[str, Any], Field(description="A chart: axis, unit, x, series, levels.")
    ]
    energy_kwh: float
    energy_low_kwh: float
    energy_high_kwh: float
    demand_kw: float
    money: _Money
    low_money: _Money
    high_money: _Money
    currency: str | None
    confidence: Level
    effort: Level
    status: Status
    owner: str | None
    note: str | None
    measure_id: Annotated[int | None, Field(description="The measure that it became.")]
    first_found_at: Instant
    last_found_at: Instant
    gone_at: Annotated[Instant | None, Field(description="Since when it is not found any more.")]
    changed_at: Instant


def _order(given: str) -> str:
    if given not in _ORDERS:
        raise ValueError("must be one of " + ", ".join(_ORDERS))
    return given


class OpportunitiesWanted(Paging):
    """Which opportunities."""

    sort: Annotated[str, AfterValidator(_order), Field(json_schema_extra={"enum": _ORDERS})] = (
        Field("-money", description="Field to sort by, `-` before it for descending.")
    )
    customer_id: IdParameter | None = None
    site_id: IdParameter | None = None
    code: Annotated[str | None, Field(pattern=r"^[a-z_]{1,40}$", description="Kind.")] = None
    status: Status | None = None
    gone: Annotated[
        bool | None, Field(description="Only what is not found any more, or only what is.")
    ] = None


class OpportunityChange(Change):
    """What somebody makes of it; it becomes a measure by a request of its own."""

    status: Literal["new", "accepted", "proposed", "rejected", "done"] = Field(
        default_factory=lambda: "new"
    )
    owner: _Owner | None = None
    note: _Note | None = None


class MeasureFromOpportunity(Body):
    """What is to be done of it, and when."""

    what: Annotated[PlainText, Field(examples=["Chillers start at 07:00 instead of 04:00"])]
    planned_on: Annotated[date | None, Field(examples=["2026-12-01"])] = None
    owner: _Owner | None = None
