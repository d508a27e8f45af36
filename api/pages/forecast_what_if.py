"""The what-if part of a forecast page: the form as it was filled in, and what it would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from api.pages.forecast_query import FormError, WhatIfWanted
from api.pages.frame import Frame
from api.what_if import OverlapError, Tried, try_out
from api.what_if_reads import WarmthRead, read_warmth
from forecast.quantiles import MEDIAN, FloatArray
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.forecast_sites import forecast_sites
from loadstone.storage.screens.forecasts import SlotRow
from loadstone.storage.screens.places import Place

_SAME = 5e-4
"""What rounds to no change in the first decimal of a percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One quantity before and after."""

    name: str
    before: str
    after: str
    change: str
    better: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfPart:
    """What the page says of it; `refusal` instead of a result where the form cannot be read."""

    wanted: WhatIfWanted
    tried: Tried | None
    slots: list[SlotRow]
    rows: list[ChangeRow]
    notes: list[str]
    refusal: str


def what_if_part(
    connection: Connection, frame: Frame, place: Place, wanted: WhatIfWanted,
    slots: list[SlotRow], correlation_ratio: float | None, today: date, now: datetime,
) -> WhatIfPart:  # fmt: skip
    """Reckon what is asked on the intervals that are still to come."""
    ahead = [slot for slot in slots if slot.start_at >= now]
    nothing = WhatIfPart(wanted=wanted, tried=None, slots=ahead, rows=[], notes=[], refusal="")
    if not wanted.is_asked or not ahead:
        return nothing
    try:
        shift, warmer_k = wanted.parsed()
        warmth = None
        if warmer_k:
            site = next(
                one for one in forecast_sites(connection, place.customer_id)
                if one.site_id == place.site_id
            )  # fmt: skip
            warmth = read_warmth(connection, site, place.main_ids, ahead, warmer_k, today, now)
        tried = try_out(
            ahead, place.zone, shift=shift, warmer=warmth.warmer if warmth else None,
            contract_kw=place.contract_demand_kw, correlation_ratio=correlation_ratio,
        )  # fmt: skip
    except FormError as error:
        text = frame.t("fc.whatif_refused", field=frame.t(error.field),
                       rule=frame.t(error.rule).rstrip(".。"))  # fmt: skip
        return _refused(nothing, text)
    except OverlapError:
        return _refused(nothing, frame.t("fc.whatif_overlap"))
    notes = _shift_notes(frame, tried, shift.power_kw if shift else 0.0)
    if warmth is not None:
        notes += _warmth_notes(frame, warmth)
    return WhatIfPart(
        wanted=wanted, tried=tried, slots=ahead, rows=_rows(frame, tried), notes=notes, refusal=""
    )


def _refused(part: WhatIfPart, text: str) -> WhatIfPart:
    return WhatIfPart(
        wanted=part.wanted, tried=None, slots=part.slots, rows=[], notes=[], refusal=text
    )


def _rows(frame: Frame, tried: Tried) -> list[ChangeRow]:
    t, f = frame.t, frame.f
    before, after = tried.before, tried.after
    peaks = float(before.peak.peak_kw[MEDIAN]), float(after.peak.peak_kw[MEDIAN])
    energies = before.energy_kwh, after.energy_kwh
    rows = [
        ChangeRow(name=t("fc.whatif_peak"), before=f"{f.power(peaks[0])} kW",
                  after=f"{f.power(peaks[1])} kW", change=f.change(peaks[1], peaks[0]),
                  better=_better(*peaks)),
        ChangeRow(name=t("fc.whatif_energy"), before=" ".join(f.energy(energies[0])),
                  after=" ".join(f.energy(energies[1])), change=f.change(energies[1], energies[0]),
                  better=_better(*energies)),
    ]  # fmt: skip
    chances = before.peak.exceeds_ratio, after.peak.exceeds_ratio
    if chances[0] is not None and chances[1] is not None:
        gap = round(100 * (chances[1] - chances[0]))
        sign = "+" if gap > 0 else "±" if gap == 0 else ""
        rows.append(
            ChangeRow(name=t("fc.whatif_chance"), before=f.percent(100 * chances[0]),
                      after=f.percent(100 * chances[1]),
                      change=t("fc.whatif_points", n=sign + f.number(gap)),
                      better=_better(chances[0], chances[1]))
        )  # fmt: skip
    return rows


def _better(before: float, after: float) -> bool | None:
    return None if abs(after - before) <= _SAME * max(abs(before), 1.0) else after < before


def _shift_notes(frame: Frame, tried: Tried, power_kw: float) -> list[str]:
    if not power_kw:
        return []
    t, f = frame.t, frame.f
    energy, unit = f.energy(tried.moved_kwh)
    notes = [t("fc.whatif_moved", energy=energy, unit=unit)]
    taken = tried.after.mean_kw - tried.before.mean_kw
    asked_less = (taken < 0) & (taken > -power_kw + 1e-6)
    if bool(np.any(asked_less)):
        notes.append(t("fc.whatif_less"))
    if tried.unplaced_kwh > 0:
        energy, unit = f.energy(tried.unplaced_kwh)
        notes.append(t("fc.whatif_unplaced", energy=energy, unit=unit))
    return notes


def _warmth_notes(frame: Frame, warmth: WarmthRead) -> list[str]:
    t, f, response = frame.t, frame.f, warmth.response
    if response is None:
        return [t("fc.whatif_no_weather")]
    notes = [
        t(
            "fc.whatif_response", days=f.number(response.days),
            percent=f.percent(100 * response.explained_ratio),
            cooling=_slope(frame, response.cooling_kw_per_k),
            heating=_slope(frame, response.heating_kw_per_k),
            cooling_base=f.number(response.cooling_base_c),
            heating_base=f.number(response.heating_base_c),
        )
    ]  # fmt: skip
    if warmth.warmer is None:
        notes.append(t("fc.whatif_no_foreseen"))
    elif warmth.foreseen_ratio < 0.999:
        notes.append(t("fc.whatif_some_foreseen", percent=f.percent(100 * warmth.foreseen_ratio)))
    return notes


def _slope(frame: Frame, slopes: FloatArray) -> str:
    if not slopes.any():
        return frame.t("fc.whatif_per_k_none")
    low, high = float(slopes.min()), float(slopes.max())
    return frame.t("fc.whatif_per_k", low=frame.f.number(low, 1), high=frame.f.number(high, 1))
