"""Like with like: how far a period has come, and as much of those it is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from api.pages.calendar import day_start, floor_to, local_day
from api.pages.period import Period
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.overview import Window, window_energies
from loadstone.storage.screens.statistics import ScopeMeter, Term

_HOUR_S = 3600
_COMPARABLE_RATIO = 0.9
SIDES = ("now", "previous", "year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A side of a comparison: [start, end), of which a script or a sentence can tell the end."""

    start: datetime
    end: datetime


def stretches(period: Period, zone: str, now: datetime) -> dict[str, Stretch]:
    """The period as far as it has come, by full hours, and as much of the two others."""
    start, end = period.bounds(zone)
    until = min(end, max(start, floor_to(now, _HOUR_S)))
    found = {"now": Stretch(start=start, end=until)}
    for name, other in others(period).items():
        if other is None:
            continue
        begin, whole_end = other.bounds(zone)
        same = whole_end if until == end else _as_far(until, period, other, zone)
        found[name] = Stretch(start=begin, end=min(same, whole_end))
    return found


def others(period: Period) -> dict[str, Period | None]:
    """The two periods that every sum is compared with."""
    return {
        "previous": replace(period, compare="previous").reference(),
        "year": replace(period, compare="year").reference(),
    }


def _as_far(until: datetime, period: Period, other: Period, zone: str) -> datetime:
    """As many days and hours of the clock into the other period."""
    today = local_day(until, zone)
    day: date = other.first + (today - period.first)
    return day_start(day, zone) + (until - day_start(today, zone))


def _pieces(stretch: Stretch, zone: str) -> list[Stretch]:
    """The same cut where coarser summaries can answer: days, whole months, days, hours."""
    edges = {stretch.start, stretch.end}
    first, last = local_day(stretch.start, zone), local_day(stretch.end, zone)
    month_after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    first_month = first if first.day == 1 else month_after
    for day in (first_month, last.replace(day=1), last):
        at = day_start(day, zone)
        if stretch.start < at < stretch.end:
            edges.add(at)
    ordered = sorted(edges)
    return [Stretch(start=a, end=z) for a, z in pairwise(ordered)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Energy of the same meters on both sides; None where too few of them are known on both."""

    now_kwh: float | None
    then_kwh: float | None


UNKNOWN = Compared(now_kwh=None, then_kwh=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Energy of a part, how much of the time is known, and the two comparisons."""

    now_kwh: float | None
    known_ratio: float
    previous: Compared = UNKNOWN
    year: Compared = UNKNOWN


def compared_sums(
    connection: Connection, meters: Sequence[ScopeMeter], terms: Sequence[Term],
    period: Period, now: datetime,
) -> dict[int, Sums]:  # fmt: skip
    """The sums of every part, each meter in its own zone, in one query."""
    wanted = {term.meter_id for term in terms}
    lengths_s: dict[str, dict[str, float]] = {}
    windows: list[Window] = []
    for zone in sorted({meter.zone for meter in meters if meter.meter_id in wanted}):
        ids = [m.meter_id for m in meters if m.zone == zone and m.meter_id in wanted]
        for side, stretch in stretches(period, zone, now).items():
            for number, piece in enumerate(_pieces(stretch, zone)):
                name = f"{side}:{zone}:{number}"
                windows.append(
                    Window(name=name, zone=zone, meters=ids, start=piece.start, end=piece.end)
                )
                of_side = lengths_s.setdefault(f"{side}:{zone}", {})
                of_side[name] = (piece.end - piece.start).total_seconds()
    energies = window_energies(connection, windows)
    zones = {meter.meter_id: meter.zone for meter in meters}

    def total(side: str, meter_id: int) -> tuple[float | None, float]:
        names = lengths_s.get(f"{side}:{zones[meter_id]}", {})
        rows = [(energies.get((name, meter_id)), length_s) for name, length_s in names.items()]
        known = [row.energy_kwh for row, _ in rows if row and row.energy_kwh is not None]
        whole_s = sum(names.values())
        ratio = sum(row.known_ratio * s for row, s in rows if row) / whole_s if whole_s else 0.0
        return (sum(known) if known else None), ratio

    totals = {(side, m): total(side, m) for side in SIDES for m in wanted}
    heard = {m for m in wanted if any(totals[side, m][0] is not None for side in SIDES)}
    there = [term for term in terms if term.meter_id in heard]
    return {
        part: _sums([term for term in there if term.part == part], totals)
        for part in sorted({term.part for term in terms})
    }


_Totals = Mapping[tuple[str, int], tuple[float | None, float]]


def _sums(terms: Sequence[Term], totals: _Totals) -> Sums:
    now = [(term.factor, *totals["now", term.meter_id]) for term in terms]
    values = [factor * value_kwh for factor, value_kwh, _ in now if value_kwh is not None]
    ratios = [ratio for factor, value_kwh, ratio in now if factor > 0 and value_kwh is not None]
    return Sums(
        now_kwh=sum(values) if values else None,
        known_ratio=sum(ratios) / len(ratios) if ratios else 0.0,
        previous=_compared(terms, totals, "previous"),
        year=_compared(terms, totals, "year"),
    )


def _compared(terms: Sequence[Term], totals: _Totals, side: str) -> Compared:
    """Meters that are known on both sides, where they are nearly all of the energy.

    What is left of a meter above its sub-meters is fair only where each of them is known.
    """

    def is_known(term: Term) -> bool:
        ratios = (totals["now", term.meter_id][1], totals[side, term.meter_id][1])
        return min(ratios) >= _COMPARABLE_RATIO

    def total(name: str, of: Sequence[Term]) -> float:
        return sum(term.factor * (totals[name, term.meter_id][0] or 0.0) for term in of)

    known = [term for term in terms if is_known(term)]
    if len(known) < len(terms) and any(term.factor < 0 for term in terms):
        return UNKNOWN
    whole_kwh, now_kwh = total("now", terms), total("now", known)
    if not known or now_kwh < _COMPARABLE_RATIO * whole_kwh:
        return UNKNOWN
    return Compared(now_kwh=now_kwh, then_kwh=total(side, known))
