"""The four curves of a site's day: its load against the contract demand, and its phases."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.pages.charts import Chart, HoleSpan, LegendItem, Level, Series, TimeAxis, Values
from api.pages.forecast_bands import forecast_bands
from api.pages.frame import Frame
from api.pages.site_day import SiteDay
from loadstone.storage.screens.forecasts import SlotRow
from loadstone.storage.screens.meter import MeterIdentity
from loadstone.storage.screens.places import Place
from loadstone.storage.screens.site import MeterView, PhasePoint

_FIELDS = {
    "voltage": ("voltage_a_v", "voltage_b_v", "voltage_c_v"),
    "current": ("current_a_a", "current_b_a", "current_c_a"),
    "factor": ("power_factor_ratio",),
}
_GOOD_FACTOR = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCharts:
    """Makes the charts of one day of one site."""

    frame: Frame
    place: Place
    day: SiteDay
    reasons: Sequence[str]
    now: datetime

    def load(self, other: SiteDay | None, peak: str, foreseen: Sequence[SlotRow] = ()) -> Chart:
        """The site's quarter hours, with another day's and what was forecast behind them."""
        t, day, contract_kw = self.frame.t, self.day, self.place.contract_demand_kw
        legend = [LegendItem(mark="line load", text=f"{t('series.load')}, {self._day_name(day)}")]
        rings = [at for at, partly in enumerate(day.partly_estimated) if partly]
        series = [
            Series(
                label=t("series.load"), colour="load", fill="load-fill",
                values=_rounded(day.load_kw, 1), width=2.3, rings=rings,
            ),
            Series(
                label=t("series.estimated"), colour="load", values=_joined(day), width=1.8,
                dash=[2, 4], optional=True,
            ),
        ]  # fmt: skip
        if other:
            values = _rounded(_same_length(other.load_kw, len(day.grid)), 1)
            name = self._day_name(other)
            series.append(
                Series(label=name, colour="compare", values=values, width=1.3, optional=True)
            )
            legend.append(LegendItem(mark="line compare", text=name))
        if foreseen:
            bands, names = forecast_bands(self.frame, foreseen, day.grid)
            series += bands
            legend += names
        if rings or any(value is not None for value in day.estimated_kw):
            legend.append(LegendItem(mark="line estimated", text=t("series.estimated")))
        levels = []
        if contract_kw:
            text = f"{t('series.contract')} {self.frame.f.power(contract_kw)} kW"
            levels = [
                Level(value=contract_kw, colour="limit", text=text),
                Level(value=contract_kw * 0.9, colour="warn", dash=True, text=t("series.warning")),
            ]
            legend += [
                LegendItem(mark="line limit", text=t("series.contract")),
                LegendItem(mark="line warning", text=t("series.warning")),
            ]
        if self.reasons:
            legend.append(LegendItem(mark="hatch", text=t("series.missing")))
        words = f"{self._day_name(day)}, {t('site.peak_day')} {peak} kW. "
        return self._chart(
            "load", t("site.load") if contract_kw else t("site.load_plain"), t("site.load_unit"),
            series, legend, levels=levels, description=words + ". ".join(self.reasons), tall=True,
            data_unit="kW", ahead=bool(foreseen),
        )  # fmt: skip

    def phases(self, meter: MeterView | None, points: Sequence[PhasePoint]) -> list[Chart]:
        """Voltages, currents and power factor of one meter."""
        t, by_start = self.frame.t, {int(point.start_at.timestamp()): point for point in points}

        def values(field: str, digits: int) -> list[float | None]:
            return _rounded([_value(by_start.get(s), field) for s in self.day.grid], digits)

        def three(kind: str, names: Sequence[str]) -> list[Series]:
            return [
                Series(label=t(name), colour=f"phase-{p}", values=values(field, 1))
                for p, name, field in zip("abc", names, _FIELDS[kind], strict=True)
            ]

        def marks(names: Sequence[str]) -> list[LegendItem]:
            return [
                LegendItem(mark=f"line phase-{p}", text=t(name))
                for p, name in zip("abc", names, strict=True)
            ]

        across = meter is not None and meter.wiring == "3P3W"
        plain = ["phase.a", "phase.b", "phase.c"]
        lines = ["phase.ab", "phase.bc", "phase.ca"] if across else plain
        limits = voltage_limits(meter) if meter else None
        unit = t("site.voltage_plain")
        levels = []
        if limits:
            low, high = (self.frame.f.number(limit) for limit in limits[:2])
            unit = t("site.voltage_unit", low=low, high=high, rule=limits[2])
            levels = [
                Level(value=v, colour="limit", dash=True, text=f"{self.frame.f.number(v)} V")
                for v in limits[:2]
            ]
        factor = Series(label=t("site.factor_unit"), colour="load", values=values(
            "power_factor_ratio", 3), digits=3, unit="")  # fmt: skip
        of_meter = t("site.of_meter", meter=meter.code if meter else "")
        good = Level(value=_GOOD_FACTOR, colour="warn", dash=True)
        return [
            self._chart("voltage", t("site.voltage"), unit, three("voltage", lines), marks(lines),
                        levels=levels, data_unit="V", from_zero=False),
            self._chart("current", t("site.current"), t("site.current_unit"),
                        three("current", plain), marks(plain), data_unit="A"),
            self._chart("factor", t("site.factor"), t("site.factor_unit"), [factor],
                        [LegendItem(mark="line load", text=of_meter),
                         LegendItem(mark="line warning", text=t("site.factor_limit"))],
                        levels=[good], data_unit="", from_zero=False, least=0.85, most=1.0),
        ]  # fmt: skip

    def _day_name(self, day: SiteDay) -> str:
        return self.frame.f.day(day.day, weekday=True)

    def _chart(
        self, key: str, title: str, unit: str, series: Sequence[Series],
        legend: Sequence[LegendItem], *, data_unit: str, description: str = "",
        levels: Sequence[Level] = (), tall: bool = False, from_zero: bool = True,
        least: float | None = None, most: float | None = None, ahead: bool = False,
    ) -> Chart:  # fmt: skip
        day, place = self.day, self.place
        holes = [
            HoleSpan(from_s=hole.start_s, to_s=hole.end_s, text=text)
            for hole, text in zip(day.holes, self.reasons, strict=True)
        ]
        return Chart(
            key=key, title=title, unit=unit, data_unit=data_unit,
            description=description or self._day_name(day),
            axis=TimeAxis(t0_s=day.grid.start, step_s=day.grid.step, n=len(day.grid)),
            series=series, zone=place.zone, tall=tall, levels=levels, holes=holes,
            tells_reasons=tall, from_zero=from_zero, least=least, most=most,
            now_s=int(self.now.timestamp()), now_text=self.frame.t("series.now") if tall else "",
            sync="day", legend=legend, file=f"site-{place.site_id}-{key}-{day.day}",
            csv_href=f"/sites/{place.site_id}/day.csv?day={day.day}", always=True, ahead=ahead,
        )  # fmt: skip


def voltage_limits(meter: MeterView | MeterIdentity) -> tuple[float, float, str] | None:
    """Lowest and highest voltage that the supplier owes, and the rule in short (GB/T 12325).

    Three-phase supply ±7 %; single-phase +7 / −10 %. Phase to neutral, except on three wires.
    """
    if meter.nominal_voltage_v is None:
        return None
    if meter.wiring == "1P2W":
        return meter.nominal_voltage_v * 0.9, meter.nominal_voltage_v * 1.07, "+7 / −10 %"
    nominal_v = meter.nominal_voltage_v
    if meter.wiring == "3P4W":
        nominal_v /= math.sqrt(3)
    return nominal_v * 0.93, nominal_v * 1.07, "±7 %"


def _joined(day: SiteDay) -> Values:
    """The estimated stretches, with the measured values at their ends so that they meet."""
    measured, guessed = _rounded(day.load_kw, 1), _rounded(day.estimated_kw, 1)
    beside = [None, *guessed[:-1]], [*guessed[1:], None]
    return [
        value if value is not None else load if (left, right) != (None, None) else None
        for value, load, left, right in zip(guessed, measured, *beside, strict=True)
    ]


def _value(point: PhasePoint | None, field: str) -> float | None:
    value: float | None = None if point is None else getattr(point, field)
    return value


def _rounded(values: Sequence[float | None], digits: int) -> list[float | None]:
    return [None if value is None else round(value, digits) for value in values]


def _same_length(values: Sequence[float | None], count: int) -> list[float | None]:
    """Another day cut or filled to this day's number of quarters (days of 23 and 25 hours)."""
    return [*values[:count], *([None] * (count - len(values)))]
