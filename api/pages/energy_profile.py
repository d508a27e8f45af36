"""How a load runs: over the hours of the week, by its duration, and by quarter hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from api.context import Context
from api.fast_json import FastJson
from api.pages.calendar import QUARTER_S, floor_to
from api.pages.energy import EnergyQuery, Subject, read_subject
from api.pages.energy_charts import Look, duration_chart, load_chart
from api.pages.frame import Frame, PageFrame
from api.pages.heat import HeatMap, shaded
from api.pages.period_picker import period_text
from api.pages.portfolio import instant_of
from api.pages.slots import holes
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.places import place
from loadstone.storage.screens.statistics import SummedLoads, summed_loads

router = APIRouter(include_in_schema=False)
_HOUR_S = 3600
_QUARTERS_UP_TO_DAYS = 400
_HOLES_SHOWN_FROM_S = 3600


@router.get("/energy/profile")
def profile(frame: PageFrame, context: Context, wanted: EnergyQuery) -> Response:
    """A part of the energy page, fetched after it since it reads every hour."""
    with context.reading(frame.reader) as connection:
        subject = read_subject(connection, frame, wanted, context.now())
        step_s = QUARTER_S if _by_quarters(subject) else _HOUR_S
        loads = _loads(connection, subject, step_s)
        contract_kw = _contract_kw(connection, frame, subject)
    period, zone = subject.period, subject.scope.zone
    look = Look(
        frame=frame, zone=zone, period_name=period_text(frame, period),
        file=f"energy-{period.first}-{period.last}",
    )  # fmt: skip
    start, end = period.bounds(zone)
    curve = None
    if _by_quarters(subject) and loads.starts_s:
        query = subject.query(by="", step="")
        start_s, end_s = int(start.timestamp()), int(end.timestamp())
        curve = load_chart(look, start_s, end_s, query, contract_kw)
    if not loads.starts_s:
        return frame.page("energy_profile.html", is_empty=True)
    return frame.page(
        "energy_profile.html", curve=curve, is_empty=False,
        duration=duration_chart(look, loads.powers_kw, step_s, contract_kw),
        heat=_weekly_heat(frame, loads, start, min(end, subject.now), zone),
    )  # fmt: skip


@router.get("/energy/load.json")
def load_columns(frame: PageFrame, context: Context, wanted: EnergyQuery) -> Response:
    """Quarter hours of the period as one column, and its holes, for the chart's script."""
    with context.reading(frame.reader) as connection:
        subject = read_subject(connection, frame, wanted, context.now())
        loads = _loads(connection, subject, QUARTER_S)
    zone = subject.scope.zone
    start, end = subject.period.bounds(zone)
    grid = range(int(start.timestamp()), int(end.timestamp()), QUARTER_S)
    values: list[float | None] = [None] * len(grid)
    for start_s, power_kw in zip(loads.starts_s, loads.powers_kw, strict=True):
        at = (start_s - grid.start) // QUARTER_S
        if 0 <= at < len(grid):
            values[at] = round(power_kw, 1)
    return FastJson(
        {
            "x": {"t0_s": grid.start, "step_s": QUARTER_S, "n": len(grid)},
            "series": [values],
            "holes": _hole_list(frame, values, grid, subject.now, zone),
        }
    )


def _hole_list(
    frame: Frame, values: Sequence[float | None], grid: range, now: datetime, zone: str
) -> list[dict[str, object]]:  # fmt: skip
    def words(at_s: int) -> str:
        return frame.f.instant(instant_of(at_s), zone, now)

    return [
        {"from_s": hole.start_s, "to_s": hole.end_s,
         "text": frame.t("gap.plain", start=words(hole.start_s), end=words(hole.end_s))}
        for hole in holes(values, grid, int(floor_to(now, QUARTER_S).timestamp()))
        if hole.end_s - hole.start_s >= _HOLES_SHOWN_FROM_S
    ]  # fmt: skip


def _by_quarters(subject: Subject) -> bool:
    """One site's quarter hours can be read for a year; of many sites hours are enough."""
    return subject.scope.site_id is not None and subject.period.days <= _QUARTERS_UP_TO_DAYS


def _loads(connection: Connection, subject: Subject, step_s: int) -> SummedLoads:
    start, end = subject.period.bounds(subject.scope.zone)
    meters = subject.scope.main_ids_in_service
    whole = subject.scope.site_id is not None
    return summed_loads(connection, meters, start, min(end, subject.now), step_s, all_of_them=whole)


def _contract_kw(connection: Connection, frame: Frame, subject: Subject) -> float | None:
    if subject.scope.site_id is None or frame.viewer is None:
        return None
    here = place(connection, subject.scope.site_id, frame.viewer.customer_id)
    return here.contract_demand_kw if here else None


def _weekly_heat(
    frame: Frame, loads: SummedLoads, start: datetime, end: datetime, zone: str
) -> HeatMap:  # fmt: skip
    """Means by weekday and hour of the clock; hours that have not been yet are left empty."""
    sums: dict[tuple[int, int], list[float]] = {}
    info = ZoneInfo(zone)
    for start_s, power_kw in zip(loads.starts_s, loads.powers_kw, strict=True):
        local = datetime.fromtimestamp(start_s, info)
        sums.setdefault((local.weekday(), local.hour), []).append(power_kw)
    means = {
        (day, hour): sum(found) / len(found) if (found := sums.get((day, hour))) else None
        for day in range(7)
        for hour in range(24)
    }
    hours = int(min((end - start).total_seconds(), 8 * 86_400) // _HOUR_S) + 1
    times = [datetime.fromtimestamp(start.timestamp() + at * _HOUR_S, info) for at in range(hours)]
    been = {(local.weekday(), local.hour) for local in times if local < end}
    names = [(frame.t(f"weekday.{day}"), frame.t(f"weekday.short_{day}")) for day in range(7)]
    return shaded(
        frame, "week", frame.t("energy.heat"), frame.t("energy.heat_unit"), names, means,
        is_future=lambda day, hour: (day, hour) not in been,
    )  # fmt: skip
