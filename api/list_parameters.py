"""Query parameters of lists: which rows, in which order, from where."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from api.errors import refused
from api.models.fields import Tier
from api.paging import part_of
from api.parameters import (
    CodeParameter,
    IdParameter,
    InstantParameter,
    Parameters,
    ZoneParameter,
)
from loadstone.storage.keyset import Part


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must hold no NUL character")
    return text


TextParameter = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_no_nul)]
Retired = Annotated[
    bool | None, Field(description="Only what was retired, or only what is in use.")
]


def _orders(fields: tuple[str, ...]) -> list[str]:
    return [f"{sign}{field}" for field in fields for sign in ("", "-")]


class _SortedBy:
    """Accepts one of these fields, `-` before it for descending."""

    def __init__(self, *fields: str) -> None:
        self.orders = _orders(fields)

    def __call__(self, given: str) -> str:
        if given not in self.orders:
            raise ValueError("must be one of " + ", ".join(self.orders))
        return given

    def schema(self) -> WithJsonSchema:
        return WithJsonSchema({"type": "string", "enum": self.orders})


_CUSTOMER_SORT = _SortedBy("customer_id", "code", "name_en", "tier", "contract_demand_kw")
_SITE_SORT = _SortedBy("site_id", "code", "name_en", "customer_id")
_EQUIPMENT_SORT = _SortedBy("equipment_id", "code", "name_en", "category", "site_id")
_GATEWAY_SORT = _SortedBy("gateway_id", "code", "site_id", "last_message_at")
_METER_SORT = _SortedBy("meter_id", "code", "name_en", "site_id")
_EVENT_SORT = _SortedBy("event_id", "at")
_SORT = "Field to sort by, `-` before it for descending; equal rows by id."


class Paging(Parameters):
    """How much of a list, beginning where."""

    limit: int = Field(100, ge=1, le=1000, description="Rows in this part.")
    cursor: str | None = Field(
        None,
        min_length=1,
        max_length=2000,
        description="`next_cursor` of the part before; with the same `sort`.",
    )

    def part(self, sort: str) -> Part:
        """The part that is asked for, in this order."""
        return part_of(sort, self.cursor, self.limit)


class CustomersWanted(Paging):
    """Which customers."""

    sort: Annotated[str, AfterValidator(_CUSTOMER_SORT), _CUSTOMER_SORT.schema()] = Field(
        "customer_id", description=_SORT
    )
    kind: TextParameter | None = None
    tier: Tier | None = None
    region: TextParameter | None = None
    retired: Retired = None
    q: TextParameter | None = Field(None, description="Part of the code or of a name.")


class SitesWanted(Paging):
    """Which sites."""

    sort: Annotated[str, AfterValidator(_SITE_SORT), _SITE_SORT.schema()] = Field(
        "site_id", description=_SORT
    )
    customer_id: IdParameter | None = None
    zone: ZoneParameter | None = None
    retired: Retired = None
    q: TextParameter | None = Field(None, description="Part of the code or of a name.")


class EquipmentWanted(Paging):
    """Which equipment."""

    sort: Annotated[str, AfterValidator(_EQUIPMENT_SORT), _EQUIPMENT_SORT.schema()] = Field(
        "equipment_id", description=_SORT
    )
    site_id: IdParameter | None = None
    customer_id: IdParameter | None = None
    category: TextParameter | None = None
    retired: Retired = None
    q: TextParameter | None = Field(None, description="Part of the code or of a name.")


class GatewaysWanted(Paging):
    """Which gateways."""

    sort: Annotated[str, AfterValidator(_GATEWAY_SORT), _GATEWAY_SORT.schema()] = Field(
        "gateway_id", description=_SORT
    )
    site_id: IdParameter | None = None
    customer_id: IdParameter | None = None
    online: bool | None = None
    retired: Retired = None
    q: TextParameter | None = Field(None, description="Part of the code or of the model.")


class LatestWanted(Paging):
    """Whose latest values."""

    site_id: IdParameter | None = None
    customer_id: IdParameter | None = None


class MetersWanted(Paging):
    """Which meters."""

    sort: Annotated[str, AfterValidator(_METER_SORT), _METER_SORT.schema()] = Field(
        "meter_id", description=_SORT
    )
    site_id: IdParameter | None = None
    customer_id: IdParameter | None = None
    role: Literal["main", "sub"] | None = None
    gateway: CodeParameter | None = Field(None, description="Code of the gateway that speaks now.")
    equipment_id: IdParameter | None = None
    category: TextParameter | None = Field(None, description="Of the equipment that it feeds.")
    retired: Retired = None
    q: TextParameter | None = Field(None, description="Part of the code, a name or the serial.")


class QuarantineWanted(Paging):
    """Which refusals."""

    severity: Literal["refused", "flagged"] | None = None
    gateway: CodeParameter | None = Field(None, description="Code of the gateway.")
    code: CodeParameter | None = Field(None, description="Kind of reason.")


class EventsWanted(Paging):
    """Which events."""

    sort: Annotated[str, AfterValidator(_EVENT_SORT), _EVENT_SORT.schema()] = Field(
        "-event_id", description=_SORT
    )
    source: Literal["gateway", "ledger"] = Field(
        "gateway", description="What gateways told, or what was decided of registers."
    )
    customer_id: IdParameter | None = None
    site_id: IdParameter | None = None
    meter_id: IdParameter | None = None
    gateway: CodeParameter | None = Field(None, description="Code of the gateway.")
    kind: TextParameter | None = None
    from_: InstantParameter | None = Field(None, alias="from", description="First instant.")
    to: InstantParameter | None = Field(None, description="First instant that is not part of it.")

    def bounds(self) -> tuple[datetime | None, datetime | None]:
        """[from, to), each without a bound where it is not given."""
        if self.from_ and self.to and self.from_ >= self.to:
            raise refused("from", self.from_.isoformat(), "must be before `to`")
        return self.from_, self.to
