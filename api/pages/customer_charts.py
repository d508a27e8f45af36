"""A customer's energy by day, its usual working day and weekend, and how long which load lasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from api.pages.calendar import QUARTER_S
from api.pages.charts import BucketAxis, Chart, LegendItem, Level, Series
from api.pages.energy_charts import Look, duration_chart
from api.pages.frame import Frame
from api.pages.period import Period
from api.pages.period_picker import period_text
from loadstone.storage.screens.site import LoadPoint
from loadstone.storage.series import EnergyRow


def load_curve(points: Sequence[LoadPoint], mains: Sequence[int]) -> list[tuple[datetime, float]]:
    """Summed power by start, of the intervals in which every main meter was measured."""
    sums: dict[datetime, list[float]] = {}
    for point in points:
        if point.power_kw is not None:
            sums.setdefault(point.start_at, []).append(point.power_kw)
    return [(at, sum(v)) for at, v in sorted(sums.items()) if len(v) == len(mains)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCharts:
    """Makes the three charts of one customer and period."""

    frame: Frame
    zone: str
    code: str
    period: Period
    reference: Period | None
    meters: int
    contract_kw: float | None
    step_s: int

    def energy(
        self, spans: Sequence[EnergyRow], other: Sequence[EnergyRow], *, by_month: bool
    ) -> Chart:
        """Bars by day (or month); the period of comparison as a line at the same positions."""
        t, f = self.frame.t, self.frame.f
        sums = self._sums(spans)
        starts = [at.astimezone(ZoneInfo(self.zone)).date() for at in sums]
        labels = [f.month(day) if by_month else str(day.day) for day in starts]
        names = [f.month(day) if by_month else f.day(day, weekday=True) for day in starts]
        values = [energy for energy, _ in sums.values()]
        today = self.period.today
        started = [day <= today for day in starts]
        running = [at for at, day in enumerate(starts) if day == today and not by_month]
        series = [
            Series(
                label=period_text(self.frame, self.period), colour="load", style="bar",
                values=values, estimated=[part for _, part in sums.values()], pale=running,
                missing=[at for at, value in enumerate(values) if value is None and started[at]],
                digits=0,
            )
        ]  # fmt: skip
        legend = [LegendItem(mark="box measured", text=period_text(self.frame, self.period))]
        if any(part for _, part in sums.values()):
            legend.append(LegendItem(mark="box estimated", text=t("series.estimated")))
        if self.reference:
            name = period_text(self.frame, self.reference)
            before = [energy for energy, _ in self._sums(other).values()][: len(values)]
            before += [None] * (len(values) - len(before))
            series.append(
                Series(label=name, colour="compare", values=before, width=2, digits=0,
                       optional=True)
            )  # fmt: skip
            legend.append(LegendItem(mark="line compare", text=name))
        return Chart(
            key="energy", title=t("customer.energy"),
            unit=t("customer.energy_by_month" if by_month else "customer.energy_by_day"),
            data_unit="kWh", digits=0, description=period_text(self.frame, self.period),
            axis=BucketAxis(labels=labels, names=names), series=series, zone=self.zone, tall=True,
            legend=legend, file=f"{self.code}-energy",
        )  # fmt: skip

    def profile(self, curve: Sequence[tuple[datetime, float]]) -> Chart:
        """Mean load by clock time: of working days, and of Saturdays and Sundays."""
        t, zone = self.frame.t, ZoneInfo(self.zone)
        slots = 86_400 // self.step_s
        sums: dict[bool, list[list[float]]] = {
            kind: [[] for _ in range(slots)] for kind in (False, True)
        }
        for at, power in curve:
            local = at.astimezone(zone)
            slot = (local.hour * 3600 + local.minute * 60) // self.step_s
            sums[local.weekday() >= 5][slot].append(power)
        clocks = [
            f"{slot * self.step_s // 3600:02d}:{slot * self.step_s % 3600 // 60:02d}"
            for slot in range(slots)
        ]
        kinds = ((False, "weekday", "load", None), (True, "weekend", "forecast", [6, 4]))
        series = [
            Series(
                label=t(f"customer.{name}"), colour=colour, dash=dash, width=2,
                values=[_mean(of) for of in sums[kind]],
            )
            for kind, name, colour, dash in kinds
        ]  # fmt: skip
        return Chart(
            key="profile", title=t("customer.profile"), unit=t("customer.profile_unit"),
            data_unit="kW", description=period_text(self.frame, self.period),
            axis=BucketAxis(labels=clocks, names=clocks), series=series, zone=self.zone,
            legend=[LegendItem(mark="line load", text=t("customer.weekday")),
                    LegendItem(mark="line reactive", text=t("customer.weekend"))],
            levels=self._contract(), file=f"{self.code}-profile",
        )  # fmt: skip

    def duration(self, curve: Sequence[tuple[datetime, float]]) -> Chart:
        """Loads from the highest to the lowest over the hours for which they were reached."""
        name = period_text(self.frame, self.period)
        look = Look(frame=self.frame, zone=self.zone, period_name=name, file=self.code)
        return duration_chart(look, [power for _, power in curve], self.step_s, self.contract_kw)

    def _contract(self) -> list[Level]:
        if not self.contract_kw:
            return []
        text = f"{self.frame.t('series.contract')} {self.frame.f.power(self.contract_kw)} kW"
        return [Level(value=self.contract_kw, colour="limit", text=text)]

    def _sums(self, rows: Sequence[EnergyRow]) -> Mapping[datetime, tuple[float | None, float]]:
        """Energy and its estimated part (kWh) by bucket; unknown where one meter's is."""
        grouped: dict[datetime, list[EnergyRow]] = {}
        for row in rows:
            grouped.setdefault(row.start_at, []).append(row)
        found: dict[datetime, tuple[float | None, float]] = {}
        for at, members in sorted(grouped.items()):
            known = [row.value for row in members if row.value is not None]
            estimated = sum(
                (row.value or 0) * row.estimated_ratio / (row.measured_ratio + row.estimated_ratio)
                for row in members if row.estimated_ratio > 0
            )  # fmt: skip
            whole = len(known) >= self.meters and bool(known)
            found[at] = (sum(known), estimated) if whole else (None, 0.0)
        return found


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 1) if values else None


def curve_step_s(period: Period) -> int:
    """Quarter hours of up to two months, hours of more."""
    return QUARTER_S if period.days <= 62 else 3600
