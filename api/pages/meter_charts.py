"""A meter's curves over a period: power, voltages, currents, power factor, frequency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.pages.calendar import QUARTER_S
from api.pages.charts import Chart, HoleSpan, LegendItem, Level, Series, TimeAxis
from api.pages.frame import Frame
from loadstone.storage.screens.meter import MeterIdentity
from loadstone.storage.screens.meter_curves import MOST_RAW_S, CurvePoint

_DAY_S = 86_400


def curve_step_s(start: datetime, end: datetime, interval_s: int) -> int:
    """How long one point is, so that a screen's worth of them fills the period."""
    span_s = (end - start).total_seconds()
    if span_s <= 2 * _DAY_S:
        return max(120, interval_s)
    if span_s <= 8 * _DAY_S:
        return max(900, interval_s)
    return 3600 if span_s <= 95 * _DAY_S else 6 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterCharts:
    """Makes the charts of one meter; all cursors move together."""

    frame: Frame
    meter: MeterIdentity
    zone: str
    start: datetime
    end: datetime
    step_s: int
    points: Sequence[CurvePoint]
    now: datetime
    holes: Sequence[HoleSpan]
    limits: tuple[float, float, str] | None

    def all(self) -> list[Chart]:
        """The five; frequency is left out where it is not kept that long."""
        charts = [self._power(), self._voltage(), self._current(), self._factor()]
        if (self.end - self.start).total_seconds() <= MOST_RAW_S:
            charts.append(self._frequency())
        return charts

    def _power(self) -> Chart:
        t = self.frame.t
        return self._chart(
            "power", t("meter.chart_power"), "kW, kvar",
            [self._series("active_kw", t("value.p"), "load", 2, unit="kW", width=2.0),
             self._series("reactive_kvar", t("value.q"), "forecast", 2, unit="kvar")],
            [("line load", t("value.p")), ("line reactive", t("value.q"))], data_unit="", tall=True,
        )  # fmt: skip

    def _voltage(self) -> Chart:
        t, across = self.frame.t, self.meter.wiring == "3P3W"
        names = [t(f"phase.{p}") for p in (("ab", "bc", "ca") if across else "abc")]
        unit, levels = "V", []
        if self.limits:
            low, high = (self.frame.f.number(limit) for limit in self.limits[:2])
            unit = t("site.voltage_unit", low=low, high=high, rule=self.limits[2])
            levels = [
                Level(value=v, colour="limit", dash=True, text=f"{self.frame.f.number(v)} V")
                for v in self.limits[:2]
            ]
        return self._chart(
            "voltage", t("site.voltage"), unit, self._three("voltage_{}_v", names),
            [(f"line phase-{p}", n) for p, n in zip("abc", names, strict=True)], data_unit="V",
            levels=levels, from_zero=False,
        )  # fmt: skip

    def _current(self) -> Chart:
        t = self.frame.t
        names = [t(f"phase.{p}") for p in "abc"]
        return self._chart(
            "current", t("site.current"), "A", self._three("current_{}_a", names),
            [(f"line phase-{p}", n) for p, n in zip("abc", names, strict=True)], data_unit="A",
        )  # fmt: skip

    def _factor(self) -> Chart:
        t = self.frame.t
        return self._chart(
            "factor", t("site.factor"), t("meter.factor_unit"),
            [self._series("power_factor_ratio", t("value.pf"), "load", 3)],
            [("line load", t("value.pf")), ("line warning", t("site.factor_limit"))], data_unit="",
            levels=[Level(value=0.9, colour="warn", dash=True)], from_zero=False, least=0.85,
            most=1.0, digits=3,
        )  # fmt: skip

    def _frequency(self) -> Chart:
        t = self.frame.t
        return self._chart(
            "frequency", t("meter.chart_frequency"), t("meter.frequency_unit"),
            [self._series("frequency_hz", t("value.hz"), "load", 3)],
            [("line load", t("value.hz")), ("line warning", "49.8–50.2 Hz")], data_unit="Hz",
            levels=[Level(value=v, colour="warn", dash=True) for v in (49.8, 50.2)],
            from_zero=False, least=49.75, most=50.25, digits=2,
        )  # fmt: skip

    def _three(self, field: str, names: Sequence[str]) -> list[Series]:
        return [
            self._series(field.format(p), name, f"phase-{p}", 1)
            for p, name in zip("abc", names, strict=True)
        ]

    def _series(
        self, field: str, label: str, colour: str, digits: int, *, unit: str | None = None,
        width: float = 1.6,
    ) -> Series:  # fmt: skip
        values: list[float | None] = [None] * self._n
        first = int(self.start.timestamp())
        # A slower reading holds until the next one; a longer silence is a gap.
        held = -(-max(QUARTER_S, 2 * self.meter.interval_s) // self.step_s)
        last: int | None = None
        for point in self.points:
            value = getattr(point, field)
            at = (point.start_s - first) // self.step_s
            if value is None or not 0 <= at < self._n:
                continue
            values[at] = round(value, digits)
            if last is not None and 1 < at - last <= held:
                values[last + 1 : at] = [values[last]] * (at - last - 1)
            last = at
        return Series(
            label=label, colour=colour, values=values, digits=digits, unit=unit, width=width
        )

    @property
    def _n(self) -> int:
        return -int(-(self.end - self.start).total_seconds() // self.step_s)

    def _chart(
        self, key: str, title: str, unit: str, series: Sequence[Series],
        legend: Sequence[tuple[str, str]], *, data_unit: str, levels: Sequence[Level] = (),
        from_zero: bool = True, least: float | None = None, most: float | None = None,
        tall: bool = False, digits: int = 1,
    ) -> Chart:  # fmt: skip
        return Chart(
            key=key, title=title, unit=unit, data_unit=data_unit, digits=digits,
            description=self.frame.t("meter.chart_of", meter=self.meter.code),
            axis=TimeAxis(t0_s=int(self.start.timestamp()), step_s=self.step_s, n=self._n),
            series=series, zone=self.zone, levels=levels, from_zero=from_zero, least=least,
            most=most, tall=tall, sync="meter", holes=self.holes, tells_reasons=False,
            now_s=int(self.now.timestamp()), now_text=self.frame.t("series.now"),
            legend=[LegendItem(mark=mark, text=text) for mark, text in legend],
            file=f"{self.meter.code}-{key}",
        )  # fmt: skip
