"""Prices of customers as asked for and as answered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from api.models.fields import Answer
from api.models.registry_bodies import Body
from loadstone.domain.prices import Basis

_Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):(00|15|30|45)$", examples=["18:00"])]
_End = Annotated[
    str,
    Field(
        pattern=r"^(([01][0-9]|2[0-3]):(00|15|30|45)|24:00)$",
        description="Its end; before its beginning: on the next day.",
        examples=["20:00"],
    ),
]
_Months = Annotated[
    list[Annotated[int, Field(ge=1, le=12)]],
    Field(max_length=12, description="In which it counts; none: in all.", examples=[[7, 8]]),
]
_Named = Annotated[
    Literal["sharp", "peak", "valley", "deep_valley"],
    Field(description="What no window covers is flat."),
]
_PerKwh = Annotated[
    Decimal | None,
    Field(ge=0, lt=1_000_000, max_digits=12, decimal_places=6, examples=["0.848961"],
          description="Money by kWh; null: as flat."),
]  # fmt: skip
_Flat = Annotated[
    Decimal,
    Field(ge=0, lt=1_000_000, max_digits=12, decimal_places=6, examples=["0.651886"],
          description="Money by kWh."),
]  # fmt: skip
_Charge = Annotated[
    Decimal | None, Field(ge=0, lt=1_000_000, max_digits=12, decimal_places=4, examples=["42"])
]
_Basis = Annotated[
    Basis | None,
    Field(description="What the monthly charge is for: highest demand, contract or capacity."),
]
_Standard = Annotated[
    Literal["0.80", "0.85", "0.90"] | None,
    Field(description="The power factor from which on none is charged; null: none is."),
]


class PriceWindowAnswer(Answer):
    """When a period counts, by the clock of the site."""

    period: _Named
    begins: _Clock
    ends: _End
    months: _Months


class PriceAnswer(Answer):
    """What counts from a local day on; money is in `currency`."""

    valid_from: date
    currency: str
    flat_per_kwh: _Flat
    sharp_per_kwh: _PerKwh
    peak_per_kwh: _PerKwh
    valley_per_kwh: _PerKwh
    deep_valley_per_kwh: _PerKwh
    windows: list[PriceWindowAnswer]
    basis: _Basis
    demand_per_kw_month: _Charge
    capacity_per_kva_month: _Charge
    feed_in_per_kwh: _PerKwh
    power_factor_standard_ratio: _Standard


class PricesAnswer(Answer):
    """A customer's prices, oldest first."""

    customer_id: int
    prices: list[PriceAnswer]


class PriceWindowBody(Body):
    """When a period is to count."""

    period: _Named
    begins: _Clock
    ends: _End
    months: _Months = Field(default_factory=list)


class PriceBody(Body):
    """What is to count from a local day on."""

    valid_from: Annotated[date, Field(examples=["2026-01-01"])]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["CNY"])] = "CNY"
    flat_per_kwh: _Flat
    sharp_per_kwh: _PerKwh = None
    peak_per_kwh: _PerKwh = None
    valley_per_kwh: _PerKwh = None
    deep_valley_per_kwh: _PerKwh = None
    windows: Annotated[list[PriceWindowBody], Field(max_length=40)] = Field(default_factory=list)
    basis: _Basis = None
    demand_per_kw_month: _Charge = None
    capacity_per_kva_month: _Charge = None
    feed_in_per_kwh: _PerKwh = None
    power_factor_standard_ratio: _Standard = None


class PricesBody(Body):
    """A customer's prices as they are to be, all of them."""

    prices: Annotated[list[PriceBody], Field(max_length=100)]
