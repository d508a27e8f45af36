"""Synthetic premises for forecast tests: a workday shape, weekends, weather and noise."""

from __future__ import annotations

from datetime import date

import numpy as np

from forecast.batch import LoadBatch
from forecast.calendars.day_kinds import day_kinds

MONDAY = date(2023, 1, 2)


def load_kw(customers: int, days: int, slots: int = 24, seed: int = 1) -> np.ndarray:
    """[C, D, S]: 100 kW by day on workdays, 40 otherwise, 3 % noise; day 0 is a Monday."""
    rng = np.random.default_rng(seed)
    hour = np.arange(slots) * 24 / slots
    busy = 40 + 60 * ((hour >= 7) & (hour < 18))
    shape = np.where((np.arange(days) % 7 < 5)[:, None], busy[None], 40.0)
    size = 1 + np.arange(customers)[:, None, None]
    return size * shape[None] * rng.normal(1.0, 0.03, (customers, days, slots))


def batch_of(
    load: np.ndarray,
    *,
    country: str | None = "GB",
    lead: int = 1,
    signed: bool = False,
    temperature: bool = False,
    peers: np.ndarray | None = None,
    slot: int | None = None,
) -> LoadBatch:
    """The load as a batch issued at 08:00, its last day asked for."""
    customers, days, slots = load.shape
    warmth = np.broadcast_to((12 + 8 * np.sin(np.arange(days) / 58.0))[None, :, None], load.shape)
    return LoadBatch(
        first_day=MONDAY,
        load_kw=load,
        temperature_c=warmth if temperature else None,
        calendars=(day_kinds(MONDAY, days, country),) * customers,
        lead_days=lead,
        origin_slot=slots // 3 if slot is None else slot,
        signed=np.full(customers, signed),
        peer_shape=peers,
    )
