"""The known past made whole: gaps filled from like days, bursts capped, loads made relative."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.batch import LoadBatch
from forecast.quantiles import BoolArray, FloatArray, IntArray

_KINDS: Final = 4
_LIKE_DAYS: Final = 4
_BURST_RATIO: Final = 1.12
_BURST_BELIEVED_AFTER_DAYS: Final = 6
_YEAR_DAYS: Final = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """C customers, D days, S slots, single precision; loads relative to the mean absolute load."""

    known: BoolArray
    """[C, D, S]: measured before the issue."""
    load: FloatArray
    """[C, D, S], zero where not known."""
    filled: FloatArray
    """[C, D, S]: no gaps, bursts capped; rows after the last whole day serve early slots only."""
    scale_kw: FloatArray
    """[C]."""
    weekday: IntArray
    """[C, D], as all below."""
    off: BoolArray
    holiday: BoolArray
    near: BoolArray
    alike: IntArray
    """[C, D, 3]."""
    countries: tuple[str | None, ...]
    season: FloatArray
    """[D]: angle of the day in the year."""
    months: IntArray
    """[D, 2]: month and day."""
    temperature: FloatArray | None
    """[C, D, S], no gaps."""
    first_known: IntArray
    """[C]: the first day with a measurement."""
    lead: int
    slot: int
    """Slots of the day of issue that are known."""

    @property
    def last_whole(self) -> int:
        """Index of the last day that is known to its end."""
        return int(self.load.shape[1]) - self.lead - 2

    @property
    def early(self) -> BoolArray:
        """[S]: slots that the day of issue knows."""
        return np.arange(self.load.shape[2]) < self.slot


def past_of(batch: LoadBatch) -> Past:
    """Everything the experts may know of the batch; nothing at or after the issue enters."""
    raw = batch.known_load()
    known = np.isfinite(raw)
    weekday, off, holiday, near, alike = _stacked(batch)
    kind = np.where(holiday, 3, np.where(weekday == 5, 1, np.where(weekday == 6, 2, 0)))
    filled = _capped(_filled(raw, kind))
    count = np.maximum(known.sum((1, 2)), 1)
    scale = np.nansum(np.abs(raw), (1, 2)) / count
    scale = np.where(scale > 0, scale, 1.0)
    dates = np.datetime64(batch.first_day) + np.arange(raw.shape[1])
    of_year = (dates - dates.astype("datetime64[Y]")).astype(np.int64)
    month = dates.astype("datetime64[M]")
    months = np.stack([month.astype(np.int64) % 12 + 1, (dates - month).astype(np.int64) + 1], 1)
    any_known: BoolArray = np.any(known, axis=2)
    return Past(
        known=known,
        load=(np.where(known, raw, 0.0) / scale[:, None, None]).astype(np.float32),
        filled=(filled / scale[:, None, None]).astype(np.float32),
        scale_kw=scale,
        weekday=weekday,
        off=off,
        holiday=holiday,
        near=near,
        alike=alike,
        countries=tuple(one.country for one in batch.calendars),
        season=(of_year + 1) * (2 * np.pi / 365.25),
        months=months,
        temperature=_temperature(batch.temperature_c),
        first_known=np.where(np.any(any_known, axis=1), any_known.argmax(1), raw.shape[1]),
        lead=batch.lead_days,
        slot=batch.origin_slot,
    )


def _stacked(
    batch: LoadBatch,
) -> tuple[IntArray, BoolArray, BoolArray, BoolArray, IntArray]:
    calendars = batch.calendars
    return (
        np.stack([one.weekday for one in calendars]),
        np.stack([one.off for one in calendars]),
        np.stack([one.holiday for one in calendars]),
        np.stack([one.near for one in calendars]),
        np.stack([one.alike for one in calendars]),
    )


def _filled(raw: FloatArray, kind: IntArray) -> FloatArray:
    """Gaps take the mean of the last four days of their kind, else the slot's overall mean."""
    customers, days, slots = raw.shape
    out = raw.copy()
    have = np.isfinite(raw)
    count = have.sum(1)
    total = np.where(have, raw, 0.0).sum(1)
    overall = total.sum(1, keepdims=True) / np.maximum(count.sum(1, keepdims=True), 1)
    usual = np.where(count > 0, total / np.maximum(count, 1), overall)
    recent = np.zeros((customers, _KINDS, _LIKE_DAYS, slots))
    seen = np.zeros((customers, _KINDS), dtype=np.int64)
    row = np.arange(customers)
    whole: BoolArray = np.all(have, axis=2)
    for day in range(days):
        of = kind[:, day]
        if not whole[:, day].all():
            number = np.minimum(seen[row, of], _LIKE_DAYS)[:, None]
            like = recent[row, of].sum(1) / np.maximum(number, 1)
            guess = np.where(number > 0, like, usual)
            out[:, day] = np.where(have[:, day], out[:, day], guess)
        recent[row, of, seen[row, of] % _LIKE_DAYS] = out[:, day]
        seen[row, of] += 1
    return out


def _capped(load: FloatArray) -> FloatArray:
    """A burst above all of the year before is believed once it is a week old."""
    days = load.shape[1]
    top = load.max(2)
    out = load.copy()
    for day in range(28, days):
        start, end = max(0, day - _YEAR_DAYS - _BURST_BELIEVED_AFTER_DAYS), day
        end -= _BURST_BELIEVED_AFTER_DAYS
        if not end - start > 20:
            continue
        if not (top[:, day] > _BURST_RATIO * top[:, start:end].max(1) * 0.9).any():
            continue
        usual = np.partition(top[:, start:end], -3, axis=1)[:, -3:].mean(1)
        limit = np.where(usual > 0, _BURST_RATIO * usual, np.inf)
        out[:, day] = np.minimum(load[:, day], limit[:, None])
    return out


def _temperature(measured: FloatArray | None) -> FloatArray | None:
    """Gaps of up to 36 hours are bridged, longer ones take the mean; None if nothing is known."""
    if measured is None or not np.isfinite(measured).any():
        return None
    customers, days, slots = measured.shape
    flat = np.array(measured, dtype=np.float64).reshape(customers, -1)
    place = np.arange(flat.shape[1])
    for row in flat:
        have = np.isfinite(row)
        if have.all():
            continue
        if not have.any():
            row[:] = 0.0
            continue
        at = place[have]
        after = np.searchsorted(at, place)
        gap = np.minimum(
            place - at[np.maximum(after - 1, 0)], np.abs(at[np.minimum(after, len(at) - 1)] - place)
        )
        bridged = np.interp(place, at, row[have])
        row[:] = np.where(np.abs(gap) <= 1.5 * slots, bridged, row[have].mean())
    return flat.reshape(customers, days, slots).astype(np.float32)
