"""Energy statistics: a portfolio, a customer or a site, over time and cut into parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response

from api.context import Context
from api.pages.calendar import day_start, local_day
from api.pages.charts import Chart
from api.pages.crumbs import Crumb, site_href
from api.pages.energy_buckets import (
    MOST_SHIFT_METER_DAYS,
    Buckets,
    Grain,
    Step,
    bucketed,
    grains,
    labels,
    so_far,
    usual_grain,
)
from api.pages.energy_charts import Look, compared_bars, parts_shown, stacked_bars
from api.pages.energy_rows import RankRow, key_figures, rank_rows
from api.pages.energy_scope import CutBy, Part, Scope, cut, read_scope, whole
from api.pages.energy_shifts import read_shifts, shift_chart, shift_name
from api.pages.energy_windows import Sums, compared_sums, stretches
from api.pages.figures import Figure
from api.pages.frame import Frame, PageFrame
from api.pages.period import Period, PeriodQuery, PeriodWanted
from api.pages.period_picker import Choice, period_picker, period_text
from loadstone.domain.shift_plan import SHIFTS, ShiftPlan
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.statistics import Term
from loadstone.storage.shift_plans import shift_plans

router = APIRouter(include_in_schema=False)
PATH = "/energy"
_WHOLE = -1
Id = Annotated[int | None, Query(ge=1, lt=2**31)]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyWanted:
    """What the address asks for."""

    period: PeriodWanted
    customer: int | None
    site: int | None
    by: CutBy | None
    step: Grain | None


def energy_wanted(
    period: PeriodQuery, customer: Id = None, site: Id = None,
    by: Literal["", "customer", "site", "category", "equipment"] = "",
    step: Literal["", "hour", "day", "week", "month", "year", "shift"] = "",
) -> EnergyWanted:  # fmt: skip
    """The parameters of the page, of its fragment and of its files."""
    return EnergyWanted(
        period=period, customer=customer, site=site, by=by or None, step=step or None
    )


EnergyQuery = Annotated[EnergyWanted, Depends(energy_wanted)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The scope, the period in its calendar, and how both are cut."""

    scope: Scope
    period: Period
    by: CutBy
    grain: Grain
    now: datetime

    def query(self, **other: str) -> dict[str, str]:
        """The parameters that lead here again, some of them changed."""
        usual_by, usual_step = self.scope.cuts[0], usual_grain(self.period)
        mine = {
            **self.period.query(), **self.scope.query(),
            "by": "" if self.by == usual_by else self.by,
            "step": "" if self.grain == usual_step else self.grain,
        }  # fmt: skip
        return {name: value for name, value in {**mine, **other}.items() if value}

    def href(self, path: str = PATH, **other: str) -> str:
        """An address of the same subject."""
        return f"{path}?{urlencode(self.query(**other))}"


def read_subject(
    connection: Connection, frame: Frame, wanted: EnergyWanted, now: datetime
) -> Subject:
    """Everything that the address says, checked against what the viewer sees."""
    scope = read_scope(connection, wanted.customer, wanted.site)
    period = wanted.period.of(local_day(now, scope.zone), otherwise="month")
    by = wanted.by if wanted.by in scope.cuts else scope.cuts[0]
    grain = wanted.step if wanted.step in grains(period) else usual_grain(period)
    return Subject(scope=scope, period=period, by=by, grain=grain, now=now)


@router.get("/energy")
def energy(frame: PageFrame, context: Context, wanted: EnergyQuery) -> Response:
    """The page: key figures, bars over time, the ranking; the profile comes after it."""
    with context.reading(frame.reader) as connection:
        subject = read_subject(connection, frame, wanted, context.now())
        parts, terms = cut(frame.t, subject.scope, subject.by)
        main = [Term(part=_WHOLE, meter_id=t.meter_id, factor=1) for t in whole(subject.scope)]
        sums = compared_sums(
            connection, subject.scope.meters, [*terms, *main], subject.period, subject.now
        )
        chart, rows, estimated_kwh = _cut_up(connection, frame, subject, parts, terms, sums)
    total = sums.get(_WHOLE, Sums(now_kwh=None, known_ratio=0.0))
    unit = frame.f.energy_scale(total.now_kwh or 0)[1]
    picker = period_picker(
        frame, subject.period, PATH,
        kept={k: v for k, v in subject.query().items() if k in {"customer", "site", "by"}},
        kinds=("today", "yesterday", "7d", "month", "year", "custom"),
    )  # fmt: skip
    return frame.page(
        "energy.html", section="energy", subject=subject, way=_way(frame, subject),
        heading=_heading(frame, subject), picker=picker, chart=chart, unit=unit,
        rows=rows if total.now_kwh is not None else [],
        figures=_figures(frame, subject, total, estimated_kwh),
        cuts=[Choice(label=frame.t(f"energy.by_{one}"), href=subject.href(by=one),
                     is_chosen=one == subject.by) for one in subject.scope.cuts],
        steps=[Choice(label=frame.t(f"energy.step_{one}"), href=subject.href(step=one),
                      is_chosen=one == subject.grain) for one in grains(subject.period)],
        fair=_fair(frame, subject), profile_href=subject.href("/energy/profile"),
        live_href=site_href(subject.scope.site_id) if subject.scope.site_id else None,
    )  # fmt: skip


def _cut_up(
    connection: Connection, frame: Frame, subject: Subject, parts: list[Part], terms: list[Term],
    sums: Mapping[int, Sums],
) -> tuple[Chart | None, list[RankRow], float]:  # fmt: skip
    """The chart over time, the ranking that goes with it, and the estimated part in kWh."""
    scope, period = subject.scope, subject.period
    look = Look(
        frame=frame, zone=scope.zone, period_name=period_text(frame, period),
        file=f"energy-{period.first}-{period.last}",
    )  # fmt: skip
    csv_href = subject.href("/energy.csv")
    if subject.grain == "shift":
        return _by_shift(connection, look, subject, csv_href)
    step: Step = subject.grain
    known = {number: one.now_kwh or 0.0 for number, one in sums.items()}
    colours: dict[int, str] = {}
    if period.compare == "none":
        buckets = bucketed(connection, scope.meters, terms, period, step, subject.now)
        names = labels(frame, buckets, step, period)
        now_at = so_far(buckets, subject.now, scope.zone)
        chart = stacked_bars(look, buckets, names, parts, known, now_at, csv_href)
        rests = {part.number for part in parts if part.is_rest}
        for at, numbers in enumerate(parts_shown(parts, known), start=1):
            colours |= {n: "missing" if n in rests else f"group-{at}" for n in numbers}
        guessed = sum(c.estimated_kwh for cells in buckets.cells.values() for c in cells if c)
    else:
        chart, guessed = _against(connection, look, subject, step, csv_href)
    scale, _, digits = frame.f.energy_scale(known.get(_WHOLE, 0.0))
    rows = rank_rows(
        frame, parts, sums, colours, scale, digits,
        lambda part: subject.href(**{"customer": "", "site": "", "by": "", **part.scope})
        if part.scope and part.scope != scope.query() else "",
    )  # fmt: skip
    return chart, rows, guessed


def _against(
    connection: Connection, look: Look, subject: Subject, step: Step, csv_href: str
) -> tuple[Chart, float]:
    """The whole, with another period's bars beside."""
    scope, period, now = subject.scope, subject.period, subject.now
    buckets = bucketed(connection, scope.meters, whole(scope), period, step, now)
    reference = period.reference()
    other: Buckets | None = None
    if reference is not None:
        other = bucketed(connection, scope.meters, whole(scope), reference, step, now)
    texts = (look.period_name, period_text(look.frame, reference) if reference else "")
    names = labels(look.frame, buckets, step, period)
    now_at = so_far(buckets, now, scope.zone)
    chart = compared_bars(look, buckets, other, names, texts, now_at, csv_href)
    return chart, sum(c.estimated_kwh for cells in buckets.cells.values() for c in cells if c)


def _by_shift(
    connection: Connection, look: Look, subject: Subject, csv_href: str
) -> tuple[Chart | None, list[RankRow], float]:
    scope, frame = subject.scope, look.frame
    if len(scope.mains) * subject.period.days > MOST_SHIFT_METER_DAYS:
        return None, [], 0.0
    plans = shift_plans(connection, sorted({meter.site_id for meter in scope.mains}))
    shifts = read_shifts(connection, scope, plans, subject.period, subject.now)
    one = one_plan(plans)
    parts = [
        Part(number=n, label=shift_name(frame, one, n), note="", scope={}, is_rest=False)
        for n in range(1, SHIFTS + 1)
    ]
    total = sum(sums.now_kwh or 0 for sums in shifts.sums.values())
    scale, _, digits = frame.f.energy_scale(total)
    colours = {part.number: f"group-{part.number}" for part in parts}
    rows = rank_rows(frame, parts, shifts.sums, colours, scale, digits, lambda _: "")
    guessed = sum(row.estimated_kwh for row in shifts.by_day.values())
    return shift_chart(look, shifts, one, csv_href), rows, guessed


def one_plan(plans: Mapping[int, ShiftPlan]) -> ShiftPlan | None:
    """The plan where all sites have the same."""
    different = set(plans.values())
    return different.pop() if len(different) == 1 else None


def _figures(
    frame: Frame, subject: Subject, total: Sums, estimated_kwh: float
) -> list[Figure]:  # fmt: skip
    zone = subject.scope.zone
    mine = stretches(subject.period, zone, subject.now)["now"]
    hours = (mine.end - mine.start).total_seconds() / 3600
    until = frame.t("energy.whole_period")
    if mine.end < subject.period.bounds(zone)[1]:
        until = frame.t("energy.until", time=frame.f.instant(mine.end, zone, subject.now))
    return key_figures(frame, total, hours, estimated_kwh, until)


def _fair(frame: Frame, subject: Subject) -> str:
    """With which stretches the changes compare, in words."""
    zone, now = subject.scope.zone, subject.now
    sides = stretches(subject.period, zone, now)

    def words(side: str) -> str:
        found = sides.get(side)
        if found is None:
            return frame.f.number(None)
        first, last = local_day(found.start, zone), local_day(found.end, zone)
        start = frame.f.day(first, year=True)
        if found.end == day_start(last, zone) and last > first:
            whole_days = last - timedelta(days=1)
            return (
                start if whole_days == first else f"{start} – {frame.f.day(whole_days, year=True)}"
            )
        end = frame.f.instant(found.end, zone, now) if first != last else frame.f.clock(
            found.end, zone)  # fmt: skip
        return f"{start} – {end}"

    return frame.t("energy.fair_note", previous=words("previous"), year=words("year"))


def _way(frame: Frame, subject: Subject) -> list[Crumb]:
    """All, then the customer above a site; each keeps the period."""
    scope, viewer = subject.scope, frame.viewer
    if scope.customer_id is None and scope.site_id is None:
        return []
    everything = frame.t("energy.all" if viewer and viewer.is_staff else "energy.mine")
    none = {"customer": "", "site": "", "by": ""}
    way = [Crumb(label=everything, href=subject.href(**none))]
    if scope.site_id is not None and scope.meters:
        of_customer = {**none, "customer": str(scope.customer_id)}
        name = frame.t.name(scope.meters[0], "customer")
        way.append(Crumb(label=name, href=subject.href(**of_customer)))
    return way


def _heading(frame: Frame, subject: Subject) -> str:
    scope = subject.scope
    if scope.site_id is not None and scope.meters:
        return frame.t.name(scope.meters[0], "site")
    if scope.customer_id is not None and scope.meters:
        return frame.t.name(scope.meters[0], "customer")
    return frame.t("energy.title")
