"""A site's fortnight in days and its week in hours, ready to be drawn as bars and cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from api.pages.calendar import local_day
from api.pages.frame import Frame
from api.pages.heat import HeatMap, shaded
from loadstone.storage.screens.places import Place
from loadstone.storage.screens.site import EnergySpan, LoadPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBar:
    """One day's energy: heights are percent of the highest bar; `value` is short text."""

    day: date
    label: str
    weekday: str
    value: str
    measured_pct: float
    estimated_pct: float
    energy_kwh: float | None
    estimated_kwh: float
    is_today: bool
    is_selected: bool
    is_weekend: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyBars:
    """Fourteen bars and the unit of their short values."""

    bars: list[DayBar]
    unit: str
    any_estimated: bool
    any_missing: bool


def daily_bars(
    frame: Frame, spans: Sequence[EnergySpan], place: Place, selected: date, now: datetime
) -> DailyBars:
    """Days summed over the main meters; a day that one of them does not know is missing."""
    today = local_day(now, place.zone)
    by_day: dict[date, list[EnergySpan]] = {}
    for span in spans:
        by_day.setdefault(local_day(span.start_at, place.zone), []).append(span)
    sums = {day: _sum(rows, len(place.main_ids)) for day, rows in sorted(by_day.items())}
    top = max([energy for energy, _ in sums.values() if energy is not None], default=0) or 1
    scale, unit = (1000.0, "MWh") if top >= 1000 else (1.0, "kWh")
    if scale == 1000.0 and frame.t.language == "zh":
        scale, unit = (10_000.0, "万kWh") if top >= 100_000 else (1000.0, "MWh")
    digits = 0 if scale == 1 or top / scale >= 100 else 1 if top / scale >= 10 else 2
    bars = [
        DayBar(
            day=day,
            label=f"{day.day}",
            weekday=frame.f.day(day, weekday=True),
            value=frame.f.number(None if energy is None else energy / scale, digits),
            measured_pct=100 * (energy - estimated) / top if energy is not None else 0,
            estimated_pct=100 * estimated / top if energy is not None else 0,
            energy_kwh=energy,
            estimated_kwh=estimated,
            is_today=day == today,
            is_selected=day == selected,
            is_weekend=day.weekday() >= 5,
        )
        for day, (energy, estimated) in sums.items()
    ]
    return DailyBars(
        bars=bars, unit=unit, any_estimated=any(bar.estimated_kwh > 0 for bar in bars),
        any_missing=any(bar.energy_kwh is None for bar in bars),
    )  # fmt: skip


def _sum(rows: Sequence[EnergySpan], meters: int) -> tuple[float | None, float]:
    """Energy and the estimated part of it, in kWh."""
    known = [row for row in rows if row.energy_kwh is not None]
    if len(known) < meters or not known:
        return None, 0.0
    estimated = sum(
        (row.energy_kwh or 0) * row.estimated_ratio / (row.measured_ratio + row.estimated_ratio)
        for row in known
        if row.estimated_ratio > 0
    )
    return sum(row.energy_kwh or 0 for row in known), estimated


def heat_map(frame: Frame, points: Sequence[LoadPoint], place: Place, now: datetime) -> HeatMap:
    """Hours by local clock; an hour that the clock skips has no cell, one it repeats the last."""
    zone = ZoneInfo(place.zone)
    by_hour: dict[datetime, list[LoadPoint]] = {}
    for point in points:
        by_hour.setdefault(point.start_at, []).append(point)
    days = sorted({at.astimezone(zone).date() for at in by_hour})
    loads_kw: dict[tuple[int, int], float | None] = {}
    future: set[tuple[int, int]] = set()
    for at, rows in sorted(by_hour.items()):
        local = at.astimezone(zone)
        key = days.index(local.date()), local.hour
        loads_kw[key] = _hour_kw(rows, len(place.main_ids))
        if at + timedelta(minutes=15) > now:
            future.add(key)
    names = [(frame.f.day(day, weekday=True), frame.f.day(day)) for day in days]
    return shaded(
        frame, "heat", frame.t("site.heat"), frame.t("site.heat_unit"), names, loads_kw,
        is_future=lambda row, hour: (row, hour) in future,
    )  # fmt: skip


def _hour_kw(rows: Sequence[LoadPoint], meters: int) -> float | None:
    known = [row.power_kw for row in rows if row.power_kw is not None]
    return sum(known) if known and len(known) == meters else None
