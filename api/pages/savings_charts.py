"""Charts of one judged measure: used against expected by day, and what it has added up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate

from api.pages.calendar import day_start
from api.pages.charts import Chart, LegendItem, Series, TimeAxis
from api.pages.frame import Frame
from forecast.savings.result import SavingsResult

DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsCharts:
    """Both charts of one judgement, by the site's days."""

    frame: Frame
    result: SavingsResult
    zone: str
    code: str

    def daily(self) -> Chart:
        """Used and expected, day by day; days that were not judged are gaps."""
        t, f = self.frame.t, self.frame.f
        used = self._by_day(self.result.curve.actual_kwh)
        expected = self._by_day(self.result.curve.baseline_kwh)
        description = t(
            "savings.chart_description", used=" ".join(f.energy(self.result.observed_kwh)),
            expected=" ".join(f.energy(self.result.baseline_kwh)),
            first=f.day(self.result.reporting_from, year=True),
            last=f.day(self.result.reporting_to - timedelta(days=1), year=True),
        )  # fmt: skip
        series = [
            Series(label=t("savings.actual"), colour="load", values=used, width=2),
            Series(label=t("savings.baseline"), colour="forecast", values=expected, width=1.6,
                   dash=[6, 4]),
        ]  # fmt: skip
        legend = [
            LegendItem(mark="line load", text=t("savings.actual")),
            LegendItem(mark="line expected", text=t("savings.baseline")),
        ]
        return self._chart("savings-daily", "savings.chart", series, legend, description)

    def cumulative(self) -> Chart:
        """What was saved up to each day, and where the truth lies with 90 %."""
        t, told = self.frame.t, self.result
        curve = told.curve
        expected = list(accumulate(curve.baseline_kwh))
        saved = [e - u for e, u in zip(expected, accumulate(curve.actual_kwh), strict=True)]
        low = [one * told.interval.low_pct / 100 for one in expected]
        high = [one * told.interval.high_pct / 100 for one in expected]
        series = [
            Series(label=t("savings.cumulative_saved"), colour="load", width=2,
                   values=self._by_day(saved)),
            Series(label=t("savings.cumulative_band"), colour="forecast", width=0,
                   fill="forecast-band", values=self._by_day(high), low=self._by_day(low)),
        ]  # fmt: skip
        legend = [
            LegendItem(mark="line load", text=t("savings.cumulative_saved")),
            LegendItem(mark="box band-80", text=t("savings.cumulative_band")),
        ]
        text = t("savings.interval", low=self._kwh(low), high=self._kwh(high))
        return self._chart("savings-sum", "savings.cumulative", series, legend, text)

    def _kwh(self, values: list[float]) -> str:
        return " ".join(self.frame.f.energy(values[-1] if values else None))

    def _by_day(self, values: list[float] | tuple[float, ...]) -> list[float | None]:
        first = self.result.reporting_from.toordinal()
        days = self.result.reporting_to.toordinal() - first
        told: list[float | None] = [None] * days
        for day, value in zip(self.result.curve.days, values, strict=True):
            told[day.toordinal() - first] = round(value, 1)
        return told

    def _chart(
        self, key: str, title: str, series: list[Series], legend: list[LegendItem], text: str
    ) -> Chart:
        t, told = self.frame.t, self.result
        start = day_start(told.reporting_from, self.zone)
        days = (told.reporting_to - told.reporting_from).days
        return Chart(
            key=key, title=t(title), unit=t(f"{title}_unit"), data_unit="kWh", digits=0,
            description=text, zone=self.zone, series=series, legend=legend,
            axis=TimeAxis(t0_s=int(start.timestamp()), step_s=DAY_S, n=days),
            file=f"{self.code}-{key}", from_zero=key == "savings-daily", tall=True,
        )  # fmt: skip
