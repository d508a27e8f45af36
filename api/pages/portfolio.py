"""The portfolio's numbers by site: asked once, added up by customer and in total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api.pages.calendar import QUARTER_S, day_bounds, day_start, floor_to, local_day, month_before
from api.pages.freshness import stale_after_s
from api.pages.slots import Hole, holes, on_grid, total
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.gateways import GatewayView, gateways
from loadstone.storage.screens.overview import (
    Curve,
    LatestLoad,
    MonthPeak,
    Window,
    WindowEnergy,
    latest_loads,
    month_peaks,
    recent_curves,
    window_energies,
)
from loadstone.storage.screens.places import Place, places
from loadstone.storage.screens.quarantine import RefusalCount, refusal_counts

_SLOTS_A_DAY = 96
_COMPARABLE_RATIO = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two energies in kWh that may be compared, or None where one of them is not known well."""

    now_kwh: float | None
    before_kwh: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNow:
    """One site at this moment; `load_kw` is None unless all its main meters are current."""

    place: Place
    at: datetime | None
    load_kw: float | None
    last_kw: float | None
    curve: list[float | None]
    holes_today: list[Hole]
    complete_pct: float | None
    peak: MonthPeak | None
    today_kwh: float | None
    month_kwh: float | None
    day_pair: Pair
    month_pair: Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """All that the overview shows, before words."""

    now: datetime
    sites: list[SiteNow]
    gateways: list[GatewayView]
    refusals: list[RefusalCount]
    compared_until: datetime


def read_portfolio(connection: Connection, customer_id: int | None, now: datetime) -> Portfolio:
    """Ask for everything in seven queries, whatever the number of sites."""
    found = places(connection, customer_id)
    mains = [meter for place in found for meter in place.main_ids]
    start, until = _curve_start(found, now), floor_to(now, QUARTER_S) + timedelta(minutes=15)
    hour = floor_to(now, 3600)
    latest = {row.meter_id: row for row in latest_loads(connection, mains)}
    curves = recent_curves(connection, mains, start, until)
    energies = window_energies(connection, _windows(found, now, hour))
    peaks = month_peaks(connection, mains, now)
    grid = range(int(start.timestamp()), int(until.timestamp()), QUARTER_S)
    return Portfolio(
        now=now,
        sites=[_site_now(p, now, grid, latest, curves, energies, peaks) for p in found],
        gateways=gateways(connection, customer_id=customer_id),
        refusals=refusal_counts(connection, customer_id, now - timedelta(days=1)),
        compared_until=hour,
    )


def _curve_start(found: Sequence[Place], now: datetime) -> datetime:
    begins = [day_bounds(local_day(now, zone), zone)[0] for zone in {p.zone for p in found}]
    return floor_to(min([now - timedelta(hours=24), *begins]), QUARTER_S)


def _windows(found: Sequence[Place], now: datetime, hour: datetime) -> list[Window]:
    """Whole days and whole hours only, so that coarse summaries can answer."""
    windows = []
    for zone in sorted({place.zone for place in found}):
        meters = [meter for place in found if place.zone == zone for meter in place.main_ids]
        today = local_day(now, zone)
        first = today.replace(day=1)
        before = month_before(first)
        same_days = min(before + (today - first), first)
        begin, end = day_bounds(today, zone)
        yesterday = day_start(today - timedelta(days=1), zone)
        spans = {
            "today": (begin, end),
            "today_so_far": (begin, hour),
            "yesterday_so_far": (yesterday, yesterday + (hour - begin)),
            "month": (day_start(first, zone), end),
            "month_full_days": (day_start(first, zone), begin),
            "month_before": (day_start(before, zone), day_start(same_days, zone)),
        }
        windows += [
            Window(name=name, zone=zone, meters=meters, start=a, end=z)
            for name, (a, z) in spans.items()
        ]
    return windows


Energies = Mapping[tuple[str, int], WindowEnergy]


def _sum_kwh(energies: Energies, name: str, meters: Sequence[int]) -> float | None:
    rows = [energies.get((name, meter)) for meter in meters]
    known = [row.energy_kwh for row in rows if row and row.energy_kwh is not None]
    return sum(known) if known and len(known) == len(meters) else None


def _pair(energies: Energies, now: str, before: str, meters: Sequence[int]) -> Pair:
    """Both sums, if of every meter nearly all of both windows is known."""
    rows = [energies.get((name, meter)) for name in (now, before) for meter in meters]
    if not meters or any(row is None or row.known_ratio < _COMPARABLE_RATIO for row in rows):
        return Pair(now_kwh=None, before_kwh=None)
    return Pair(
        now_kwh=_sum_kwh(energies, now, meters), before_kwh=_sum_kwh(energies, before, meters)
    )


def _site_now(
    place: Place, now: datetime, grid: range, latest: Mapping[int, LatestLoad],
    curves: Mapping[int, Curve], energies: Energies, peaks: Mapping[int, MonthPeak],
) -> SiteNow:  # fmt: skip
    mains = place.main_ids
    rows = [latest[meter] for meter in mains if meter in latest]
    complete_rows = bool(mains) and len(rows) == len(mains)
    at = min((row.ts for row in rows), default=None) if complete_rows else None
    powers = [row.power_kw for row in rows if row.power_kw is not None]
    last_kw = sum(powers) if complete_rows and len(powers) == len(mains) else None
    fresh = at is not None and now - at <= timedelta(seconds=stale_after_s(place.interval_s))
    empty = Curve(meter_id=0, starts_s=[], powers_kw=[])
    curve = total([on_grid(curves.get(m, empty), grid, place.interval_s) for m in mains])
    begin_s = int(day_bounds(local_day(now, place.zone), place.zone)[0].timestamp())
    today_grid = range(begin_s, grid.stop, QUARTER_S)
    today = curve[len(curve) - len(today_grid) :] if curve else []
    if not rows:  # it never reported: what is not in service yet has no gaps
        today = []
    ended = [value for start, value in zip(today_grid, today, strict=False)
             if start + QUARTER_S <= now.timestamp()]  # fmt: skip
    return SiteNow(
        place=place,
        at=at,
        load_kw=last_kw if fresh else None,
        last_kw=last_kw,
        curve=curve[-_SLOTS_A_DAY:],
        holes_today=holes(today, today_grid, int(now.timestamp())) if today else [],
        complete_pct=100 * sum(v is not None for v in ended) / len(ended) if ended else None,
        peak=peaks.get(place.site_id),
        today_kwh=_sum_kwh(energies, "today", mains),
        month_kwh=_sum_kwh(energies, "month", mains),
        day_pair=_pair(energies, "today_so_far", "yesterday_so_far", mains),
        month_pair=_pair(energies, "month_full_days", "month_before", mains),
    )


def instant_of(epoch_s: int) -> datetime:
    """Epoch seconds as an instant."""
    return datetime.fromtimestamp(epoch_s, UTC)
