"""Customers' own calendars as the API speaks of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.models.fields import Answer, Instant

EntryKind = Literal["shutdown", "working", "event"]
_KIND = (
    "`shutdown`: days off, whatever the weekday; `working`: worked, whatever the weekday; "
    "`event`: unlike other days, alike among entries of one name."
)
_Name = Annotated[str, Field(min_length=1, max_length=80, examples=["Summer shutdown"])]
_Kind = Annotated[EntryKind, Field(description=_KIND, examples=["shutdown"])]


class ProductionDay(Answer):
    """A span of local days in a customer's calendar, both ends included."""

    production_day_id: Annotated[int, Field(examples=[12])]
    customer_id: int
    site_id: Annotated[int | None, Field(description="null: all of the customer's sites.")]
    name: _Name
    kind: _Kind
    first_day: Annotated[date, Field(examples=["2026-08-03"])]
    last_day: Annotated[date, Field(examples=["2026-08-14"])]
    note: str | None
    entered_by: str
    entered_at: Instant
    withdrawn_by: Annotated[str | None, Field(description="null: it stands.")]
    withdrawn_at: Instant | None


class ProductionDayBody(BaseModel):
    """An entry as it is to be."""

    model_config = ConfigDict(extra="forbid")

    name: _Name
    kind: _Kind
    first_day: Annotated[date, Field(examples=["2026-08-03"])]
    last_day: Annotated[date, Field(examples=["2026-08-14"])]
    note: Annotated[str | None, Field(max_length=500)] = None


class NewProductionDayBody(ProductionDayBody):
    """A new entry, of a customer as a whole or of one of its sites."""

    customer_id: Annotated[int, Field(ge=1, le=2**31 - 1)]
    site_id: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None


class PublishedYears(Answer):
    """Whether the public holidays of the years that forecasts reach are known."""

    site_id: int
    code: str
    country: Annotated[str | None, Field(description="ISO 3166; null: no calendar is known.")]
    subdivision: str | None
    unpublished_years: Annotated[
        list[int],
        Field(description="Years without an official plan yet: statutory days only are counted."),
    ]


class ProductionCalendar(Answer):
    """All entries of a customer that stand, by their first day, and what is not published."""

    customer_id: int
    data: list[ProductionDay]
    public: list[PublishedYears]
