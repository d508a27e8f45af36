"""Energy by shift: each site by its own plan, brought together by the number of the shift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from api.pages.calendar import floor_to
from api.pages.charts import BucketAxis, Chart, LegendItem, Series
from api.pages.energy_charts import Look
from api.pages.energy_scope import Scope
from api.pages.energy_windows import UNKNOWN, Compared, Sums, others
from api.pages.frame import Frame
from api.pages.period import Period
from loadstone.domain.shift_plan import SHIFTS, ShiftPlan
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.statistics import ShiftEnergy, shift_energies

_NUMBERS = range(1, SHIFTS + 1)
_DAYS_AS_BARS = 62


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftDays:
    """Energy by (local day, shift), and the sums of the shifts beside those they compare with."""

    by_day: dict[tuple[date, int], ShiftEnergy]
    sums: dict[int, Sums]


def read_shifts(
    connection: Connection, scope: Scope, plans: Mapping[int, ShiftPlan], period: Period,
    now: datetime,
) -> ShiftDays:  # fmt: skip
    """The shift days of the period: each runs from its first shift's begin to the next one's."""
    sides: dict[str, dict[tuple[date, int], ShiftEnergy]] = {}
    until = floor_to(now, 3600)
    for side, other in {"now": period, **others(period)}.items():
        sides[side] = {}
        if other is None:
            continue
        for zone, plan, meters in _crews(scope, plans):
            start, end = _shift_bounds(other, plan, zone)
            if side == "now":
                end = min(end, until)
            elif period.is_running:
                mine = _shift_bounds(period, plan, zone)[0]
                end = min(end, start + max(until - mine, timedelta()))
            if start < end:
                rows = shift_energies(connection, meters, start, end, zone, plan.starts_min, now)
                _add(sides[side], rows, zone)
    return ShiftDays(by_day=sides["now"], sums={n: _sums(sides, n) for n in _NUMBERS})


def _crews(
    scope: Scope, plans: Mapping[int, ShiftPlan]
) -> list[tuple[str, ShiftPlan, list[int]]]:  # fmt: skip
    """Main meters by zone and plan, so that one query answers for all alike."""
    crews: dict[tuple[str, ShiftPlan], list[int]] = {}
    for meter in scope.mains:
        plan = plans[meter.site_id]
        alike = ShiftPlan(shifts=tuple(replace(shift, name=None) for shift in plan.shifts))
        crews.setdefault((meter.zone, alike), []).append(meter.meter_id)
    return [(zone, plan, meters) for (zone, plan), meters in crews.items()]


def _shift_bounds(period: Period, plan: ShiftPlan, zone: str) -> tuple[datetime, datetime]:
    def begin(day: date) -> datetime:
        clock = datetime.combine(day, datetime.min.time()) + timedelta(minutes=plan.starts_min[0])
        return clock.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)

    return begin(period.first), begin(period.last + timedelta(days=1))


def _add(
    into: dict[tuple[date, int], ShiftEnergy], rows: Sequence[ShiftEnergy], zone: str
) -> None:  # fmt: skip
    for row in rows:
        key = row.day.astimezone(ZoneInfo(zone)).date(), row.shift_no
        before = into.get(key)
        if before is None:
            into[key] = row
            continue
        values = [v for v in (before.energy_kwh, row.energy_kwh) if v is not None]
        into[key] = ShiftEnergy(
            day=row.day, shift_no=row.shift_no, energy_kwh=sum(values) if values else None,
            estimated_kwh=before.estimated_kwh + row.estimated_kwh,
            missing=before.missing + row.missing,
        )  # fmt: skip


def _sums(sides: Mapping[str, Mapping[tuple[date, int], ShiftEnergy]], number: int) -> Sums:
    def total(side: str) -> tuple[float | None, bool]:
        rows = [row for (_, no), row in sides[side].items() if no == number]
        known = [row.energy_kwh for row in rows if row.energy_kwh is not None]
        return (sum(known) if known else None), all(row.missing == 0 for row in rows)

    now_kwh, whole = total("now")

    def compared(side: str) -> Compared:
        then_kwh, fair = total(side)
        return Compared(now_kwh=now_kwh, then_kwh=then_kwh) if whole and fair else UNKNOWN

    return Sums(
        now_kwh=now_kwh, known_ratio=float(whole), previous=compared("previous"),
        year=compared("year"),
    )  # fmt: skip


def shift_name(frame: Frame, plan: ShiftPlan | None, number: int) -> str:
    """A shift by its own name, or by its number; with its hours where there is one plan."""
    if plan is None:
        return frame.t("shift.number", n=number)
    shift, length_min = plan.shifts[number - 1], plan.length_min(number)
    end_min = (shift.start_min + length_min) % 1440
    hours = f"{clock(shift.start_min)}–{clock(end_min or 1440)}"
    return f"{shift.name or frame.t('shift.number', n=number)} {hours}"


def clock(minutes: int) -> str:
    """Minutes after midnight as HH:MM; the end of the day is 24:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def shift_chart(
    look: Look, shifts: ShiftDays, plan: ShiftPlan | None, csv_href: str
) -> Chart:  # fmt: skip
    """Bars by day, or by month where there are many days, each shift a colour."""
    f, days = look.frame.f, sorted({day for day, _ in shifts.by_day})
    by_month = len(days) > _DAYS_AS_BARS
    bars = sorted({day.replace(day=1) for day in days}) if by_month else days
    values = {n: [_bar(shifts, bar, n, by_month=by_month) for bar in bars] for n in _NUMBERS}
    tops = [sum(values[n][at][0] or 0 for n in _NUMBERS) for at in range(len(bars))]
    scale, unit, digits = f.energy_scale(max([*tops, 0.0]))
    series = [
        Series(
            label=shift_name(look.frame, plan, n), colour=f"group-{n}", style="bar", digits=digits,
            values=[None if e is None else round(e / scale, digits + 2) for e, _ in values[n]],
            estimated=[round(g / scale, digits + 2) for _, g in values[n]]
            if any(g for _, g in values[n]) else None,
        )
        for n in _NUMBERS
    ]  # fmt: skip
    names = [(f.month_name(d), f.month(d)) if by_month
             else (f.day(d) if d.day == 1 or len(bars) > 31 else str(d.day),
                   f.day(d, weekday=True, year=True)) for d in bars]  # fmt: skip
    legend = [LegendItem(mark=f"box group-{n}", text=series[n - 1].label) for n in _NUMBERS]
    if any(one.estimated for one in series):
        legend.append(LegendItem(mark="box estimated", text=look.frame.t("series.estimated")))
    t = look.frame.t
    return Chart(
        key="energy", title=t("energy.by_shift"), unit=unit, data_unit=unit, digits=digits,
        description=look.period_name, zone=look.zone, series=series, legend=legend, stacked=True,
        axis=BucketAxis(labels=[short for short, _ in names], names=[name for _, name in names]),
        tall=True, csv_href=csv_href, file=f"{look.file}-shifts", note=t("shift.day_note"),
        texts={"position": t("energy.bucket")},
    )  # fmt: skip


def _bar(
    shifts: ShiftDays, bar: date, number: int, *, by_month: bool
) -> tuple[float | None, float]:  # fmt: skip
    rows = [
        row for (day, no), row in shifts.by_day.items()
        if no == number and (day.replace(day=1) if by_month else day) == bar
    ]  # fmt: skip
    known = [row.energy_kwh for row in rows if row.energy_kwh is not None]
    return (sum(known) if known else None), sum(row.estimated_kwh for row in rows)
