"""What if load were moved: so many kW out of some hours, into others or not used at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.quantiles import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadShift:
    """Up to `power_kw` less in the slots of `out_of`; the energy goes to those of `into`."""

    power_kw: float
    out_of: BoolArray
    """[N]."""
    into: BoolArray | None
    """[N]; None: the load is not used later."""

    def __post_init__(self) -> None:
        if not self.power_kw > 0:
            raise ValueError(f"{self.power_kw} kW cannot be moved")
        if self.into is not None and bool((self.out_of & self.into).any()):
            raise ValueError("load is moved into the slots that it is taken from")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftedLoad:
    """The forecast with the load moved."""

    change_kw: FloatArray
    """[N]: what is added to each slot."""
    moved_kwh: float
    """Taken from where it was; less than asked where less load was expected there."""
    left_kwh: float
    """Of it, what found no slot of the same day to go to and so is not used."""


def shifted(
    mean_kw: FloatArray,
    day: IntArray,
    shift: LoadShift,
    interval_s: float,
    signed: bool = False,
) -> ShiftedLoad:
    """The change of each slot; energy stays within its local day and is spread there evenly.

    `mean_kw` [N] is what was expected, `day` [N] numbers the local days. A pure consumer gives up
    no more than it was expected to use; who feeds into the grid (`signed`) may give up all of it.
    NaN slots, such as those that are over, are left alone.
    """
    known = np.isfinite(mean_kw)
    out = shift.out_of & known
    most = np.full(len(mean_kw), shift.power_kw)
    if not signed:
        most = np.minimum(most, np.maximum(np.nan_to_num(mean_kw), 0.0))
    change = np.where(out, -most, 0.0)
    hours = interval_s / 3600
    moved = -float(change.sum()) * hours
    left = 0.0
    for one in np.unique(day):
        taken = -float(change[(day == one) & out].sum())
        if shift.into is None or not taken > 0:
            continue
        places = shift.into & known & (day == one)
        if places.any():
            change[places] += taken / int(places.sum())
        else:
            left += taken * hours
    return ShiftedLoad(change_kw=change, moved_kwh=moved, left_kwh=left)


def by_clock(start_min: int, end_min: int, minute: IntArray) -> BoolArray:
    """[N]: slots whose local minute of the day lies in [start, end), across midnight too."""
    if start_min == end_min:
        raise ValueError("a window that ends where it begins")
    if start_min < end_min:
        return np.asarray((minute >= start_min) & (minute < end_min))
    return np.asarray((minute >= start_min) | (minute < end_min))
