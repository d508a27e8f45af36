"""Made-up energy whose truth is known: weather, weekdays, a measure, drift."""

from __future__ import annotations

from datetime import date

import numpy as np

from forecast.savings.rows import EnergyRows, kinds_of

FIRST = date(2022, 1, 1).toordinal()


def warm_days(days: int, *, seed: int = 1) -> np.ndarray:
    """Mean temperature of days from 1 January 2022 on, in °C."""
    day = np.arange(days)
    scatter = np.random.default_rng(seed).normal(0, 2.5, days)
    return 14.0 - 11.0 * np.cos(2 * np.pi * (day - 20) / 365.25) + scatter


def daily(
    days: int, *, seed: int = 1, scatter_ratio: float = 0.03, factor: np.ndarray | float = 1.0
) -> EnergyRows:
    """A place of 1000 kWh a workday, heated below 12 °C and cooled above 20 °C."""
    warm = warm_days(days, seed=seed)
    day = np.arange(FIRST, FIRST + days)
    kind = kinds_of(day)
    level = np.where(kind >= 5, 600.0, 1000.0)
    use = level + 12.0 * np.maximum(12 - warm, 0) + 30.0 * np.maximum(warm - 20, 0)
    noise = np.random.default_rng(seed + 100).normal(1.0, scatter_ratio, days)
    return EnergyRows(
        hourly=False,
        day=day,
        hour=np.zeros(days, dtype=np.int64),
        day_kind=kind,
        energy_kwh=use * noise * factor,
        temperature_c=warm,
    )


def hourly(days: int, *, seed: int = 1, scatter_ratio: float = 0.05) -> EnergyRows:
    """The same place by the hour: busy from 8 to 18 on workdays, weather all day long."""
    warm = np.repeat(warm_days(days, seed=seed), 24)
    hour = np.tile(np.arange(24), days)
    warm = warm + 4.0 * np.sin(2 * np.pi * (hour - 9) / 24)
    day = np.repeat(np.arange(FIRST, FIRST + days), 24)
    kind = kinds_of(day)
    busy = (kind < 5) & (hour >= 8) & (hour < 18)
    use = np.where(busy, 70.0, 25.0) + 0.5 * np.maximum(12 - warm, 0)
    use = use + np.where(busy, 2.0, 0.8) * np.maximum(warm - 20, 0)
    noise = np.random.default_rng(seed + 100).normal(1.0, scatter_ratio, len(use))
    return EnergyRows(
        hourly=True,
        day=day,
        hour=hour,
        day_kind=kind,
        energy_kwh=use * noise,
        temperature_c=warm,
    )


def split(rows: EnergyRows, days: int) -> tuple[EnergyRows, EnergyRows]:
    """The first so many days, and the rest."""
    edge = int(rows.day[0]) + days
    return rows.only(rows.day < edge), rows.only(rows.day >= edge)
