"""Checked interval energies, and the cumulative registers that integrate them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from simulator.interval_clock import Instants, shown
from simulator.interval_file import IntervalRows
from simulator.replay_errors import IntervalFileError

Duplicates = Literal["refuse", "last", "sum"]
Floats = NDArray[np.float64]

HOUR_MS = 3_600_000
ENERGY_KWH: dict[str, float] = {"Wh": 1e-3, "kWh": 1.0, "MWh": 1e3}
POWER_KW: dict[str, float] = {"W": 1e-3, "kW": 1.0, "MW": 1e3}
UNITS = (*ENERGY_KWH, *POWER_KW)
MOST_DECLARED_HOLES = 1000
_DIGITS = 6  # kWh: a thousandth of what the server stores, and no drift: rounded after the sum


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyRules:
    """What values are, and which are let through; `scale` multiplies every value."""

    unit: str
    scale: float = 1.0
    duplicates: Duplicates = "refuse"
    allow_export: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IntervalSeries:
    """Energies (kWh, export negative) of intervals [start, start + step), none missing, in order.

    What lies between two intervals that do not touch is a hole: nothing is known there.
    """

    start_ms: Instants
    energy_kwh: Floats
    step_ms: int
    repeated: int = 0

    @property
    def span_ms(self) -> tuple[int, int]:
        """From the first interval's start to the last one's end."""
        return int(self.start_ms[0]), int(self.start_ms[-1]) + self.step_ms

    @property
    def power_kw(self) -> Floats:
        """Mean power of each interval."""
        power: Floats = self.energy_kwh * (HOUR_MS / self.step_ms)
        return power

    @property
    def holes(self) -> int:
        """How many stretches inside the span have no data."""
        return int((np.diff(self.start_ms) > self.step_ms).sum())


def to_series(
    rows: IntervalRows, start_ms: Instants, step_ms: int, rules: EnergyRules
) -> IntervalSeries:
    """Energies in order of time; NaN becomes a hole. Raises IntervalFileError naming the row."""
    known = ~np.isnan(rows.value)
    row, start, value = rows.row[known], start_ms[known], rows.value[known]
    if not len(row):
        raise IntervalFileError("no row has a value")
    order = np.argsort(start, kind="stable")
    row, start, value = row[order], start[order], value[order]
    start, value, row, repeated = _once(start, value, row, rules.duplicates)
    _check_apart(start, row, step_ms)
    negative = np.flatnonzero(value < 0)
    if len(negative) and not rules.allow_export:
        at = int(negative[0])
        raise IntervalFileError(
            f"row {row[at]} is negative: {value[at]:g}. With --allow-export such values are "
            "counted on the export register"
        )
    return IntervalSeries(
        start_ms=start,
        energy_kwh=value * _kwh_per_unit(rules, step_ms),
        step_ms=step_ms,
        repeated=repeated,
    )


def cut(series: IntervalSeries, from_ms: int | None, to_ms: int | None) -> IntervalSeries:
    """Only the intervals that lie in [from, to)."""
    inside = np.full(len(series.start_ms), fill_value=True)
    if from_ms is not None:
        inside &= series.start_ms >= from_ms
    if to_ms is not None:
        inside &= series.start_ms + series.step_ms <= to_ms
    if not inside.any():
        first, last = series.span_ms
        raise IntervalFileError(
            f"nothing between --from and --to: the file has {shown(first)} to {shown(last)}"
        )
    return IntervalSeries(
        start_ms=series.start_ms[inside],
        energy_kwh=series.energy_kwh[inside],
        step_ms=series.step_ms,
        repeated=series.repeated,
    )


def shift(series: IntervalSeries, days: int) -> IntervalSeries:
    """The same intervals `days` x 24 hours later."""
    return IntervalSeries(
        start_ms=series.start_ms + days * 24 * HOUR_MS,
        energy_kwh=series.energy_kwh,
        step_ms=series.step_ms,
        repeated=series.repeated,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegisterPoints:
    """What the meter shows at each instant, (n,): mean power of the interval that begins there.

    `power_kw` is NaN where a run of intervals ends. `epoch` counts the holes before the instant.
    """

    ts_ms: Instants
    power_kw: Floats
    import_kwh: Floats
    export_kwh: Floats
    epoch: Instants


def register_points(series: IntervalSeries) -> RegisterPoints:
    """The registers at both ends of every interval, and at none inside a hole."""
    start, energy = series.start_ms, series.energy_kwh
    ends_run = np.append(np.diff(start) > series.step_ms, True)
    after = np.flatnonzero(ends_run) + 1
    ts = np.insert(start, after, start[ends_run] + series.step_ms)
    power = np.insert(np.round(series.power_kw, _DIGITS), after, np.nan)
    run = np.cumsum(np.append(0, ends_run[:-1]))
    epoch = np.insert(run, after, run[ends_run])
    if series.holes > MOST_DECLARED_HOLES:
        epoch = np.zeros_like(epoch)
    return RegisterPoints(
        ts_ms=ts,
        power_kw=power,
        import_kwh=_register(np.maximum(energy, 0.0), after),
        export_kwh=_register(np.maximum(-energy, 0.0), after),
        epoch=epoch,
    )


def energy_by_day(
    series: IntervalSeries, zone_name: str, *, export: bool = False
) -> tuple[list[datetime], Floats]:
    """Starts of the local days from first to last, and the energy (kWh) of each.

    An interval across midnight is divided by time.
    """
    zone = ZoneInfo(zone_name)
    first, last = series.span_ms
    begin = datetime.fromtimestamp(first / 1000, zone).date()
    end = datetime.fromtimestamp((last - 1) / 1000, zone).date()
    days = [begin + timedelta(days=at) for at in range((end - begin).days + 2)]
    edges = [datetime(d.year, d.month, d.day, tzinfo=zone).astimezone(UTC) for d in days]
    amount = np.maximum(-series.energy_kwh if export else series.energy_kwh, 0.0)
    total = np.cumsum(amount)
    knots = np.ravel([series.start_ms, series.start_ms + series.step_ms], order="F")
    levels = np.ravel([total - amount, total], order="F")
    at_edges = np.interp([edge.timestamp() * 1000 for edge in edges], knots, levels)
    return edges[:-1], np.diff(at_edges)


def _register(amounts: Floats, after: NDArray[np.intp]) -> Floats:
    total = np.cumsum(amounts)
    before = np.append(0.0, total[:-1])
    register: Floats = np.round(np.insert(before, after, total[after - 1]), _DIGITS)
    return register


def _kwh_per_unit(rules: EnergyRules, step_ms: int) -> float:
    if rules.unit in ENERGY_KWH:
        return ENERGY_KWH[rules.unit] * rules.scale
    return POWER_KW[rules.unit] * rules.scale * step_ms / HOUR_MS


def _once(
    start: Instants, value: Floats, row: Instants, rule: Duplicates
) -> tuple[Instants, Floats, Instants, int]:
    """Each start once: equal repetitions count once, contradicting ones by the rule."""
    begins = np.append(True, np.diff(start) > 0)
    repeated = int(len(start) - begins.sum())
    if not repeated:
        return start, value, row, 0
    group = np.cumsum(begins) - 1
    first = np.flatnonzero(begins)
    if rule == "sum":
        totals: Floats = np.bincount(group, weights=value).astype(np.float64)
        return start[first], totals, row[first], repeated
    differs = np.flatnonzero(value != value[first][group])
    if len(differs) and rule == "refuse":
        at = int(differs[0])
        one = int(first[group[at]])
        raise IntervalFileError(
            f"rows {row[one]} and {row[at]} contradict each other: both begin at "
            f"{shown(int(start[at]))} and say {value[one]:g} and {value[at]:g}. Use --duplicates "
            "last or sum (or the file has several series: see --series-column)"
        )
    last = np.append(first[1:], len(start)) - 1
    return start[last], value[last], row[last], repeated


def _check_apart(start: Instants, row: Instants, step_ms: int) -> None:
    close = np.flatnonzero(np.diff(start) < step_ms)
    if len(close):
        at = int(close[0])
        raise IntervalFileError(
            f"row {row[at + 1]} begins {(start[at + 1] - start[at]) // 1000} s after row "
            f"{row[at]}, inside its interval of {step_ms // 1000} s; give the right --step"
        )
