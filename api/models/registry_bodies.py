"""The registry as it is to be: what is sent to make and to change it.

In a change, what is not sent stays; `null` empties what may be empty.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.models.fields import NameEn, NameZh, Tier
from api.parameters import CodeParameter, IdParameter, InstantParameter, ZoneParameter


def _plain(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must hold printable characters only")
    if text != text.strip():
        raise ValueError("must not begin or end with a blank")
    return text


PlainText = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain)]
_Code = Annotated[CodeParameter, Field(examples=["CUS-COLD"])]
_NameEn = Annotated[NameEn, Field(min_length=1, max_length=200), AfterValidator(_plain)]
_NameZh = Annotated[NameZh, Field(min_length=1, max_length=200), AfterValidator(_plain)]
_Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["cold_store"])]
_Kilowatt = Annotated[float, Field(gt=0, le=1e9, examples=[1200.0])]
_Ampere = Annotated[float, Field(gt=0, le=1e6, examples=[600.0])]
_Volt = Annotated[float, Field(gt=0, le=2e6, examples=[400.0])]


# What is not sent is not looked at; the schema must not call this a default.
_STAYS: Any = Field(default_factory=str)


class Body(BaseModel):
    """What is sent; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Change(Body):
    """Some fields of a thing; those that must have a value cannot be emptied."""

    def given(self) -> dict[str, object]:
        """The columns that were sent."""
        return self.model_dump(exclude_unset=True)


class _CustomerFields(Body):
    manager: PlainText | None = None
    region: PlainText | None = None
    contract_demand_kw: _Kilowatt | None = None
    transformer_kva: _Kilowatt | None = None


class NewCustomer(_CustomerFields):
    """A new key account."""

    code: _Code
    name_en: _NameEn
    name_zh: _NameZh
    kind: _Word
    tier: Tier = "N"


class CustomerChange(_CustomerFields, Change):
    """What is to be different of a customer."""

    name_en: _NameEn = _STAYS
    name_zh: _NameZh = _STAYS
    kind: _Word = _STAYS
    tier: Tier = _STAYS


_COUNTRY = "Whose public holidays it keeps, as ISO 3166 has it; null: that of its zone."
_SUBDIVISION = "Part of the country with holidays of its own, as ISO 3166-2 has it, such as BY."


class _SiteFields(Body):
    city_en: PlainText | None = None
    city_zh: PlainText | None = None
    latitude_deg: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude_deg: Annotated[float, Field(ge=-180, le=180)] | None = None
    contract_demand_kw: _Kilowatt | None = None
    country: (
        Annotated[str, Field(pattern=r"^[A-Z]{2}$", description=_COUNTRY, examples=["DE"])] | None
    ) = None
    subdivision: (
        Annotated[str, Field(pattern=r"^[A-Z0-9]{1,4}$", description=_SUBDIVISION, examples=["BY"])]
        | None
    ) = None


class NewSite(_SiteFields):
    """New premises of a customer."""

    customer_id: IdParameter
    code: _Code
    name_en: _NameEn
    name_zh: _NameZh
    zone: ZoneParameter


class SiteChange(_SiteFields, Change):
    """What is to be different of a site."""

    name_en: _NameEn = _STAYS
    name_zh: _NameZh = _STAYS
    zone: ZoneParameter = _STAYS


class NewEquipment(Body):
    """New equipment of a site."""

    site_id: IdParameter
    code: _Code
    name_en: _NameEn
    name_zh: _NameZh
    category: _Word
    rated_power_kw: _Kilowatt | None = None


class EquipmentChange(Change):
    """What is to be different of a piece of equipment."""

    name_en: _NameEn = _STAYS
    name_zh: _NameZh = _STAYS
    category: _Word = _STAYS
    rated_power_kw: _Kilowatt | None = None


class NewGateway(Body):
    """A new gateway; its code is its MQTT user name."""

    site_id: IdParameter
    # The broker's password file ends a name at a colon.
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", examples=["GW-3A7F"])]
    model: PlainText | None = None


class GatewayChange(Change):
    """What is to be different of a gateway."""

    model: PlainText | None = None


class _MeterFields(Body):
    serial: PlainText | None = None
    equipment_id: IdParameter | None = None
    parent_meter_id: IdParameter | None = None
    nominal_voltage_v: _Volt | None = None
    ct_primary_a: _Ampere | None = None
    ct_secondary_a: _Ampere | None = None
    pt_primary_v: _Volt | None = None
    pt_secondary_v: _Volt | None = None
    max_power_kw: _Kilowatt | None = None
    register_modulus_kwh: Annotated[float, Field(gt=0, le=1e12)] | None = None


_Interval = Annotated[int, Field(ge=1, le=86_400, examples=[60])]
_Role = Literal["main", "sub"]
_Wiring = Literal["3P4W", "3P3W", "1P2W"]
_Source = Literal["register", "interval"]


class NewMeter(_MeterFields):
    """A new meter of a site."""

    site_id: IdParameter
    code: _Code
    name_en: _NameEn
    name_zh: _NameZh
    role: _Role = "main"
    wiring: _Wiring = "3P4W"
    interval_s: _Interval = 60
    energy_source: _Source = "register"


class MeterChange(_MeterFields, Change):
    """What is to be different of a meter."""

    name_en: _NameEn = _STAYS
    name_zh: _NameZh = _STAYS
    role: _Role = _STAYS
    wiring: _Wiring = _STAYS
    interval_s: _Interval = _STAYS
    energy_source: _Source = _STAYS


class NewChannel(Body):
    """Which gateway speaks for a meter, by which name, from when on."""

    gateway: Annotated[str, Field(min_length=1, max_length=64, examples=["GW-3A7F"])]
    channel: Annotated[PlainText, Field(max_length=64, examples=["MTR-001"])]
    valid_from: InstantParameter | None = Field(
        None, description="From when on; null: since ever, for a meter that has no gateway yet."
    )
