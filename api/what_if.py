"""What a change would do to a forecast: the curve again, its peak, energy and chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np

from forecast.exceedance import PeakChance, paths_of, peak_chance
from forecast.load_shift import LoadShift, by_clock, shifted
from forecast.quantiles import FloatArray, IntArray
from forecast.temperature_response import TemperatureResponse, response_change, widened
from loadstone.storage.screens.forecasts import SlotRow

Window = tuple[int, int]
"""Minutes of the local day: [begins, ends)."""


class OverlapError(ValueError):
    """Load is to go into hours that it is taken from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftAsked:
    """So many kW out of a window, into another or not used."""

    power_kw: float
    out_of: Window
    into: Window | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Warmer:
    """So many kelvin warmer than foreseen (`temperature_c` [N]), by a response."""

    warmer_k: float
    response: TemperatureResponse
    temperature_c: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two courses: [N] and [N, 11], with the highest of all its slots."""

    mean_kw: FloatArray
    quantiles_kw: FloatArray
    energy_kwh: float
    peak: PeakChance


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The forecast as it stands, and as it would be."""

    before: Side
    after: Side
    moved_kwh: float
    unplaced_kwh: float


def try_out(
    slots: Sequence[SlotRow], zone: str, *, shift: ShiftAsked | None, warmer: Warmer | None,
    contract_kw: float | None, correlation_ratio: float | None, signed: bool = False,
) -> Tried:  # fmt: skip
    """Both courses by the same paths, so that what differs is the change and not luck.

    Raises OverlapError. Slots without a foreseen temperature stay as they are.
    """
    mean = np.array([slot.mean_kw for slot in slots])
    band = np.array([slot.quantiles_kw for slot in slots])
    interval_s = (slots[0].end_at - slots[0].start_at).total_seconds()
    minute, day, hour = clock_of(slots, zone)
    paths = paths_of(band, interval_s, correlation_ratio)
    before = _side(mean, band, paths, interval_s, contract_kw)
    if warmer is not None:
        change, error = response_change(
            warmer.response, warmer.temperature_c, hour, warmer.warmer_k
        )
        change, error = np.nan_to_num(change), np.nan_to_num(error)
        band = widened(band, error) + change[:, None]
        mean = mean + change
        paths = paths_of(band, interval_s, correlation_ratio)
    moved = unplaced = 0.0
    if shift is not None:
        try:
            asked = LoadShift(
                power_kw=shift.power_kw, out_of=by_clock(*shift.out_of, minute),
                into=None if shift.into is None else by_clock(*shift.into, minute),
            )  # fmt: skip
        except ValueError as error:
            raise OverlapError(str(error)) from error
        found = shifted(mean, day, asked, interval_s, signed)
        moved, unplaced = found.moved_kwh, found.left_kwh
        mean, band = mean + found.change_kw, band + found.change_kw[:, None]
        paths = paths + found.change_kw
    if not signed:
        mean, band, paths = np.maximum(mean, 0), np.maximum(band, 0), np.maximum(paths, 0)
    after = _side(mean, band, paths, interval_s, contract_kw)
    return Tried(before=before, after=after, moved_kwh=moved, unplaced_kwh=unplaced)


def clock_of(slots: Sequence[SlotRow], zone: str) -> tuple[IntArray, IntArray, FloatArray]:
    """Of each slot's start by the local clock: minute of the day, number of the day, hour."""
    local = [slot.start_at.astimezone(ZoneInfo(zone)) for slot in slots]
    minute = np.array([at.hour * 60 + at.minute for at in local], dtype=np.int64)
    first = local[0].date() if local else date.min
    day = np.array([(at.date() - first).days for at in local], dtype=np.int64)
    return minute, day, minute / 60


def _side(
    mean: FloatArray, band: FloatArray, paths: FloatArray, interval_s: float,
    contract_kw: float | None,
) -> Side:  # fmt: skip
    return Side(
        mean_kw=mean, quantiles_kw=band, energy_kwh=float(mean.sum()) * interval_s / 3600,
        peak=peak_chance(paths, contract_kw, floor_kw=-np.inf),
    )  # fmt: skip
