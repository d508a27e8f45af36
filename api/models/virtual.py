"""Virtual meters, the balance of a meter and a customer's sums, as answered and as asked for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.models.fields import Answer, EndAt, Instant, NameEn, NameZh, Quality, RegisterName, StartAt
from api.models.series import (
    EnergyInterval,
    EnergyTotal,
    LoadPoint,
    Series,
    SiteEnergyInterval,
    SiteLoadPoint,
)
from api.parameters import CodeParameter, IdParameter, InstantParameter

_TermFactor = Annotated[
    float,
    Field(description="1 adds the meter, -1 takes it away, 0.5 counts half.", examples=[-1.0]),
]


class VirtualTerm(Answer):
    """A meter that counts so many times in [valid_from, valid_to)."""

    meter_id: Annotated[int, Field(examples=[21])]
    code: Annotated[str, Field(examples=["MTR-001"])]
    term_factor: _TermFactor
    valid_from: Annotated[Instant | None, Field(description="null: since ever.")]
    valid_to: Annotated[Instant | None, Field(description="null: until further notice.")]


class VirtualMeter(Answer):
    """A meter that is reckoned from others."""

    virtual_meter_id: int
    code: str
    customer_id: int
    site_id: Annotated[int | None, Field(description="null: of the customer as a whole.")]
    name_en: NameEn
    name_zh: NameZh
    terms: list[VirtualTerm]
    changed_by: str
    changed_at: Instant


class TermBody(BaseModel):
    """A term as it is to be."""

    model_config = ConfigDict(extra="forbid")

    meter_id: IdParameter
    term_factor: Annotated[_TermFactor, Field(ge=-1e6, le=1e6)] = 1.0
    valid_from: InstantParameter | None = None
    valid_to: InstantParameter | None = None


class VirtualMeterBody(BaseModel):
    """What a virtual meter is to be; all its terms, not only new ones."""

    model_config = ConfigDict(extra="forbid")

    name_en: Annotated[NameEn, Field(min_length=1, max_length=200)]
    name_zh: Annotated[NameZh, Field(min_length=1, max_length=200)]
    terms: Annotated[list[TermBody], Field(min_length=1, max_length=200)]


class NewVirtualMeterBody(VirtualMeterBody):
    """A new virtual meter, of a site or of a customer as a whole."""

    code: CodeParameter
    site_id: IdParameter | None = None
    customer_id: IdParameter | None = None


class VirtualEnergy(Series):
    """Energy of a virtual meter by interval."""

    virtual_meter_id: int
    code: str
    register_name: Annotated[RegisterName, Field(alias="register", examples=["imp"])]
    unit: Literal["kWh", "kvarh"]
    data: list[EnergyInterval]
    total: EnergyTotal


class VirtualLoad(Series):
    """The load curve of a virtual meter; extremes are not known of a sum."""

    virtual_meter_id: int
    code: str
    data: list[LoadPoint]


class CustomerEnergy(Series):
    """Energy of a customer by interval: the sum of the main meters of all its sites."""

    customer_id: int
    code: str
    register_name: Annotated[RegisterName, Field(alias="register", examples=["imp"])]
    unit: Literal["kWh", "kvarh"]
    meters: Annotated[list[str], Field(description="The main meters.", examples=[["MTR-001"]])]
    data: list[SiteEnergyInterval]
    total: EnergyTotal


class CustomerLoad(Series):
    """The load curve of a customer."""

    customer_id: int
    code: str
    meters: Annotated[list[str], Field(description="The main meters.", examples=[["MTR-001"]])]
    data: list[SiteLoadPoint]


class BalanceInterval(Answer):
    """One interval of a balance; nothing is `unaccounted` for where one of them is missing."""

    start_at: StartAt
    end_at: EndAt
    energy_kwh: Annotated[float | None, Field(description="The meter's own.")] = None
    children_energy_kwh: Annotated[
        float | None, Field(description="Sum of the sub-meters that are known.")
    ] = None
    unaccounted_energy_kwh: Annotated[
        float | None, Field(description="The meter's own less its sub-meters'.", examples=[12.5])
    ] = None
    reactive_energy_kvarh: float | None = None
    children_reactive_energy_kvarh: float | None = None
    unaccounted_reactive_energy_kvarh: float | None = None
    unaccounted_ratio: Annotated[
        float | None, Field(description="Of the meter's own energy.", examples=[0.03])
    ]
    children: Annotated[int, Field(description="Sub-meters that count in this interval.")]
    missing_children: Annotated[list[str], Field(examples=[["MTR-003"]])]
    known_ratio: Annotated[
        float, Field(description="The least known share of the interval among them all.")
    ]
    quality: Quality


class Balance(Series):
    """A meter against its sub-meters."""

    meter_id: int
    code: str
    register_name: Annotated[RegisterName, Field(alias="register", examples=["imp"])]
    unit: Literal["kWh", "kvarh"]
    children: Annotated[list[str], Field(description="The sub-meters.")]
    data: list[BalanceInterval]
