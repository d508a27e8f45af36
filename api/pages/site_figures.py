"""The four numbers at the top of a site's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.pages.attention import percent_of
from api.pages.calendar import local_day
from api.pages.frame import Frame
from api.pages.freshness import stale_after_s
from api.pages.overview_rows import level_of
from api.pages.site_day import SiteDay
from loadstone.storage.screens.places import Place
from loadstone.storage.screens.site import EnergySpan, MeterView


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadNow:
    """The main meters' newest sum; `is_current` says whether it may be called the load now."""

    at: datetime | None
    power_kw: float | None
    is_current: bool


def load_now(
    readings: Sequence[tuple[datetime | None, float | None]], interval_s: int, now: datetime
) -> LoadNow:
    """From (time, power) of every main meter: as old as the oldest, unknown if one is."""
    times = [at for at, _ in readings]
    powers = [power for _, power in readings if power is not None]
    known = [at for at in times if at is not None]
    if not readings or len(known) < len(times):
        return LoadNow(at=None, power_kw=None, is_current=False)
    power_kw = sum(powers) if len(powers) == len(readings) else None
    fresh = now - min(known) <= timedelta(seconds=stale_after_s(interval_s))
    return LoadNow(at=min(known), power_kw=power_kw, is_current=fresh)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadWords:
    """The load now in words, the same on the page and in its live updates."""

    load: str
    contract: str
    contract_pct: float | None
    level: str
    headroom: str


def load_words(frame: Frame, place: Place, load: LoadNow) -> LoadWords:
    """Load, share of the contract demand and what is left of it."""
    contract_kw = place.contract_demand_kw
    shown = load.power_kw if load.is_current else None
    percent = percent_of(shown, contract_kw)
    left = contract_kw - shown if contract_kw and shown is not None else None
    note = frame.t("site.no_contract")
    if contract_kw:
        note = frame.t("site.of_contract", percent=frame.f.percent(percent))
    return LoadWords(
        load=frame.f.power(load.power_kw), contract=note, contract_pct=percent,
        level=level_of(percent), headroom=frame.f.power(left),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFigures:
    """Everything that the four figures show, in words."""

    at: datetime | None
    is_current: bool
    now: LoadWords
    peak: str
    peak_note: str
    peak_level: str
    headroom_note: str
    energy: tuple[str, str]
    energy_note: str


def site_figures(
    frame: Frame, place: Place, day: SiteDay, meters: Sequence[MeterView],
    energies: Sequence[EnergySpan], reference: tuple[Sequence[EnergySpan], datetime], now: datetime,
) -> SiteFigures:  # fmt: skip
    """Load now, peak, headroom and energy of the chosen day."""
    mains = [meter for meter in meters if meter.meter_id in place.main_ids]
    load = load_now([(m.ts, m.power_kw) for m in mains], place.interval_s, now)
    peak, contract_kw = day.peak, place.contract_demand_kw
    note = frame.t("site.no_contract")
    if contract_kw:
        least = frame.f.power(contract_kw - peak[1]) if peak else frame.f.power(None)
        note = frame.t("site.headroom_now", contract=frame.f.power(contract_kw), least=least)
    return SiteFigures(
        at=load.at,
        is_current=load.is_current,
        now=load_words(frame, place, load),
        peak=frame.f.power(peak[1] if peak else None),
        peak_note=frame.t("site.peak_at", time=frame.f.clock(peak[0], place.zone))
        if peak else frame.t("site.no_peak"),
        peak_level=level_of(percent_of(peak[1], contract_kw)) if peak else "unknown",
        headroom_note=note,
        energy=frame.f.energy(sum_kwh(energies, place.main_ids)),
        energy_note=_against_week(frame, place, day, energies, reference, now),
    )  # fmt: skip


def sum_kwh(spans: Sequence[EnergySpan], meters: Sequence[int]) -> float | None:
    """The sum over these meters, None where one of them is not known."""
    known = [s.energy_kwh for s in spans if s.meter_id in meters and s.energy_kwh is not None]
    return sum(known) if known and len(known) >= len(meters) else None


def _against_week(
    frame: Frame, place: Place, day: SiteDay, energies: Sequence[EnergySpan],
    reference: tuple[Sequence[EnergySpan], datetime], now: datetime,
) -> str:  # fmt: skip
    before, until = reference
    whole_day = until >= day.end
    mine = sum_kwh(energies, place.main_ids) if whole_day else day.energy_until(until)
    known = all(span.measured_ratio + span.estimated_ratio > 0.99 for span in before)
    then = sum_kwh(before, place.main_ids) if known else None
    if mine is None or not then:
        return frame.t("overview.against_none")
    change = frame.f.change(mine, then)
    that_day = day.day - timedelta(days=7)
    if whole_day or day.day != local_day(now, place.zone):
        return frame.t("site.against_week_day", change=change,
                       day=frame.f.day(that_day, weekday=True))  # fmt: skip
    weekday = frame.f.day(that_day, weekday=True)
    return frame.t("site.against_week", change=change, weekday=weekday,
                   time=frame.f.clock(until, place.zone))  # fmt: skip
