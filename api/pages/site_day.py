"""One day of one site in quarter hours: the site's sum, its holes and why they are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.pages.calendar import QUARTER_S, day_bounds
from api.pages.frame import Frame
from api.pages.portfolio import instant_of
from api.pages.slots import Hole, holes, total
from loadstone.storage.screens.gateways import GatewayView
from loadstone.storage.screens.places import Place
from loadstone.storage.screens.site import LoadPoint, MeterView


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDay:
    """Quarter hours of a local day: `load_kw` measured, `estimated_kw` where only known in sum."""

    day: date
    start: datetime
    end: datetime
    grid: range
    load_kw: list[float | None]
    estimated_kw: list[float | None]
    partly_estimated: list[bool]
    holes: list[Hole]
    by_meter: Mapping[int, list[float | None]]

    @property
    def peak(self) -> tuple[datetime, float] | None:
        """Start and mean power of the highest measured quarter hour."""
        known = [(v, s) for s, v in zip(self.grid, self.load_kw, strict=True) if v is not None]
        if not known:
            return None
        power_kw, start_s = max(known, key=lambda pair: pair[0])
        return instant_of(start_s), power_kw

    def energy_until(self, until: datetime) -> float | None:
        """Energy (kWh) from the day's start to a full quarter hour; None where one is not known."""
        count = int((until - self.start) / timedelta(seconds=QUARTER_S))
        pairs = list(zip(self.load_kw, self.estimated_kw, strict=True))[:count]
        known = [load if load is not None else estimate for load, estimate in pairs]
        if not known or any(value is None for value in known):
            return None
        return sum(value or 0 for value in known) * QUARTER_S / 3600


def site_day(
    day: date, place: Place, points: Sequence[LoadPoint], now: datetime
) -> SiteDay:  # fmt: skip
    """The day from read.load's points of all of the site's meters."""
    start, end = day_bounds(day, place.zone)
    grid = range(int(start.timestamp()), int(end.timestamp()), QUARTER_S)
    measured: dict[int, list[float | None]] = {}
    guessed: dict[int, list[float | None]] = {}
    partly = [False] * len(grid)
    for point in points:
        at = (int(point.start_at.timestamp()) - grid.start) // QUARTER_S
        measured.setdefault(point.meter_id, [None] * len(grid))[at] = point.power_kw
        filled = point.power_kw if point.power_kw is not None else point.estimated_kw
        guessed.setdefault(point.meter_id, [None] * len(grid))[at] = filled
        if point.meter_id in place.main_ids and point.quality == "estimated":
            partly[at] = True
    empty: list[float | None] = [None] * len(grid)
    load = total([measured.get(m, empty) for m in place.main_ids]) or empty
    filled_kw = total([guessed.get(m, empty) for m in place.main_ids]) or empty
    estimated = [f if v is None else None for v, f in zip(load, filled_kw, strict=True)]
    return SiteDay(
        day=day, start=start, end=end, grid=grid, load_kw=load, estimated_kw=estimated,
        partly_estimated=partly, holes=holes(load, grid, int(now.timestamp())), by_meter=measured,
    )  # fmt: skip


def hole_texts(
    frame: Frame, day: SiteDay, place: Place, meters: Sequence[MeterView],
    gateways: Sequence[GatewayView],
) -> list[str]:  # fmt: skip
    """For each hole of the day: from when to when, and who was silent."""
    return [_hole_text(frame, hole, day, place, meters, gateways) for hole in day.holes]


def _hole_text(
    frame: Frame, hole: Hole, day: SiteDay, place: Place, meters: Sequence[MeterView],
    gateways: Sequence[GatewayView],
) -> str:  # fmt: skip
    silent = {meter for meter in day.by_meter if _silent(day.by_meter[meter], day.grid, hole)}
    main = next((m for m in place.main_ids if m in silent), None)
    gateway = next((g for g in gateways if main in g.meter_ids), None)
    code = next((m.code for m in meters if m.meter_id == main), "")
    whole = gateway is not None and all(m in silent for m in gateway.meter_ids if m in day.by_meter)
    key = ("gap.gateway" if whole else "gap.meter") + ("_open" if hole.open_end else "")
    return frame.t(
        key,
        start=frame.f.clock(instant_of(hole.start_s), place.zone),
        end=frame.f.clock(instant_of(hole.end_s), place.zone),
        gateway=gateway.code if gateway else "",
        meter=code,
    )


def _silent(values: Sequence[float | None], grid: range, hole: Hole) -> bool:
    return all(
        value is None
        for start, value in zip(grid, values, strict=True)
        if hole.start_s <= start < hole.end_s
    )
