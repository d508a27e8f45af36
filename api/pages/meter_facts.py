"""What a meter is: its plate, its transformers, its gateway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.pages.frame import Frame
from loadstone.storage.screens.meter import MeterIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A name and a value, with a link where there is more of it."""

    name: str
    value: str
    href: str = ""
    note: str = ""


def meter_facts(frame: Frame, meter: MeterIdentity, zone: str, now: datetime) -> list[Fact]:
    """All of it; what is not registered is a dash, so that one sees what to fill in."""
    t, f = frame.t, frame.f
    none = f.number(None)
    category = meter.category or ("incomer" if meter.role == "main" else "other")
    feeds = frame.t.name(meter, "equipment") if meter.equipment_en else ""
    ct_ratio = _ratio(meter.ct_primary_a, meter.ct_secondary_a)
    pt_ratio = _ratio(meter.pt_primary_v, meter.pt_secondary_v)
    facts = [
        Fact(name=t("meter.code"), value=meter.code),
        Fact(name=t("meter.serial"), value=meter.serial or none),
        Fact(name=t("meter.role"), value=t(f"meter.role_{meter.role}"),
             note=t("meter.children", n=meter.children) if meter.children else ""),
        Fact(name=t("meter.feeds"), value=feeds or t.known(f"category.{category}", category)),
        Fact(name=t("meter.wiring"), value=t(f"wiring.{meter.wiring}")),
        Fact(name=t("meter.nominal"), value=_with(f.number(meter.nominal_voltage_v), "V")),
        Fact(name=t("meter.ct"), value=_pair(frame, meter.ct_primary_a, meter.ct_secondary_a, "A"),
             note=f"× {ct_ratio:g}" if ct_ratio else ""),
        Fact(name=t("meter.pt"), value=_pair(frame, meter.pt_primary_v, meter.pt_secondary_v, "V"),
             note=f"× {pt_ratio:g}" if pt_ratio else ""),
        Fact(name=t("meter.modulus"), value=_with(f.number(meter.register_modulus_kwh), "kWh")),
        Fact(name=t("meter.interval"), value=f"{meter.interval_s} s",
             note=t(f"meter.source_{meter.energy_source}")),
        Fact(name=t("quality.gateway"), value=meter.gateway_code or none,
             href=f"/gateways/{meter.gateway_id}" if meter.gateway_id else "",
             note=" ".join(p for p in (meter.gateway_model, meter.gateway_firmware) if p)),
        Fact(name=t("meter.channel"), value=meter.channel or none,
             note=t("meter.since", time=f.instant(meter.connected_since, zone, now))
             if meter.connected_since else ""),
    ]  # fmt: skip
    if meter.parent_meter_id is not None:
        facts.insert(3, Fact(name=t("meter.parent"), value=meter.parent_code or "",
                             href=f"/meters/{meter.parent_meter_id}"))  # fmt: skip
    if meter.retired_at:
        when = f.instant(meter.retired_at, zone, now)
        facts.append(Fact(name=t("meter.retired"), value=when))
    return facts


def _ratio(primary: float | None, secondary: float | None) -> float | None:
    return primary / secondary if primary and secondary else None


def _with(value: str, unit: str) -> str:
    return value if value == "—" else f"{value} {unit}"


def _pair(frame: Frame, primary: float | None, secondary: float | None, unit: str) -> str:
    if not primary or not secondary:
        return frame.f.number(None)
    return f"{frame.f.number(primary)} / {frame.f.number(secondary)} {unit}"
