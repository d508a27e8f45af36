"""The data of a site's curves, as the page's script draws them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.pages.calendar import hour_ticks
from api.pages.frame import Frame
from api.pages.site_day import SiteDay
from loadstone.storage.screens.places import Place
from loadstone.storage.screens.site import MeterView, PhasePoint

_FIELDS = {
    "voltage": ("voltage_a_v", "voltage_b_v", "voltage_c_v"),
    "current": ("current_a_a", "current_b_a", "current_c_a"),
    "factor": ("power_factor_ratio",),
}


def chart_data(
    frame: Frame, place: Place, day: SiteDay, other: SiteDay | None, texts: Sequence[str],
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """The hero chart: quarter hours by position from `t0_s`, holes and ticks in site time."""
    return {
        "zone": place.zone,
        "language": frame.lang_tag,
        "t0_s": day.grid.start,
        "step_s": day.grid.step,
        "n": len(day.grid),
        "now_s": int(now.timestamp()),
        "load_kw": _rounded(day.load_kw, 1),
        "estimated_kw": _rounded(day.estimated_kw, 1),
        "partly": [at for at, partly in enumerate(day.partly_estimated) if partly],
        "compare_kw": _rounded(_same_length(other.load_kw, len(day.grid)), 1) if other else None,
        "contract_kw": place.contract_demand_kw,
        "holes": [
            {"from_s": hole.start_s, "to_s": hole.end_s, "text": text}
            for hole, text in zip(day.holes, texts, strict=True)
        ],
        "ticks": hour_ticks(day.start, day.end, place.zone, 3),
    }


def phase_data(day: SiteDay, points: Sequence[PhasePoint]) -> dict[str, Any]:
    """Voltage, current and power factor of one meter on the day's grid."""
    by_start = {int(point.start_at.timestamp()): point for point in points}
    digits = {"voltage": 1, "current": 1, "factor": 3}
    return {
        kind: [
            _rounded([_value(by_start.get(start), field) for start in day.grid], digits[kind])
            for field in fields
        ]
        for kind, fields in _FIELDS.items()
    }


def voltage_limits(meter: MeterView) -> tuple[float, float, str] | None:
    """Lowest and highest voltage that the supplier owes, and the rule in short (GB/T 12325).

    Three-phase supply ±7 %; single-phase +7 / −10 %. Phase to neutral, except on three wires.
    """
    if meter.nominal_voltage_v is None:
        return None
    if meter.wiring == "1P2W":
        return meter.nominal_voltage_v * 0.9, meter.nominal_voltage_v * 1.07, "+7 / −10 %"
    nominal_v = meter.nominal_voltage_v
    if meter.wiring == "3P4W":
        nominal_v /= math.sqrt(3)
    return nominal_v * 0.93, nominal_v * 1.07, "±7 %"


def _value(point: PhasePoint | None, field: str) -> float | None:
    value: float | None = None if point is None else getattr(point, field)
    return value


def _rounded(values: Sequence[float | None], digits: int) -> list[float | None]:
    return [None if value is None else round(value, digits) for value in values]


def _same_length(values: Sequence[float | None], count: int) -> list[float | None]:
    """Another day cut or filled to this day's number of quarters (days of 23 and 25 hours)."""
    return [*values[:count], *([None] * (count - len(values)))]
