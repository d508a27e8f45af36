"""The curve of a forecast page: measured, forecast with its bands, what was said, what if."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.pages.calendar import QUARTER_S
from api.pages.charts import BucketAxis, Chart, HoleSpan, LegendItem, Level, Series, TimeAxis
from api.pages.forecast_bands import P90, Column, forecast_bands, on_grid
from api.pages.forecast_reads import ForecastReads
from api.pages.frame import Frame
from api.pages.site_day import SiteDay
from api.what_if import Tried
from forecast.quantiles import MEDIAN
from loadstone.storage.screens.forecasts import SlotRow
from loadstone.storage.screens.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastCharts:
    """Makes the charts of one site and the days shown."""

    frame: Frame
    place: Place
    reads: ForecastReads
    days: Sequence[SiteDay]
    now: datetime

    @property
    def grid(self) -> range:
        """Starts of the quarter hours shown, epoch s."""
        return range(int(self.reads.start.timestamp()), int(self.reads.end.timestamp()), QUARTER_S)

    def curve(self, said: int, tried: Tried | None, ahead: Sequence[SlotRow]) -> Chart:
        """The hero: bands behind, measured on top; `tried` is of the slots `ahead`."""
        t, slots = self.frame.t, self.reads.slots
        measured = [value for day in self.days for value in day.load_kw]
        series = [
            Series(label=t("series.load"), colour="load", values=_rounded(measured), width=2.3,
                   optional=True),
        ]  # fmt: skip
        legend = [LegendItem(mark="line load", text=t("series.load"))]
        if tried is not None:
            values = on_grid(ahead, list(tried.after.mean_kw), self.grid)
            series.append(
                Series(label=t("fc.whatif_series"), colour="what-if", values=values, width=2,
                       dash=[6, 3], optional=True)
            )  # fmt: skip
            legend.append(LegendItem(mark="line what-if", text=t("fc.whatif_series")))
        if slots:
            bands, names = forecast_bands(self.frame, slots, self.grid)
            series += bands
            legend += names
        if said and self.reads.said_before:
            name = said_name(self.frame, said)
            values = on_grid(
                self.reads.said_before, [s.mean_kw for s in self.reads.said_before], self.grid
            )
            series.insert(2, Series(label=name, colour="compare", values=values, width=1.4,
                                    dash=[3, 3], optional=True))  # fmt: skip
            legend.append(LegendItem(mark="line said", text=name))
        return self._chart(series, legend)

    def _chart(self, series: Sequence[Series], legend: list[LegendItem]) -> Chart:
        t, f, place, reads = self.frame.t, self.frame.f, self.place, self.reads
        levels, more = contract_levels(self.frame, place.contract_demand_kw)
        holes = [
            HoleSpan(from_s=hole.start_s, to_s=hole.end_s, text=t("series.missing"))
            for day in self.days for hole in day.holes
        ]  # fmt: skip
        if holes:
            more.append(LegendItem(mark="hatch", text=t("series.missing")))
        highest = max([slot.mean_kw for slot in reads.slots], default=None)
        grid = self.grid
        return Chart(
            key="forecast", title=t("fc.chart_day" if levels else "fc.chart_plain"),
            unit=t("fc.chart_unit", minutes=QUARTER_S // 60), data_unit="kW",
            description=t("fc.chart_words", peak=f.power(highest)),
            axis=TimeAxis(t0_s=grid.start, step_s=grid.step, n=len(grid)), series=series,
            zone=place.zone, tall=True, levels=levels, holes=holes, tells_reasons=False,
            now_s=int(self.now.timestamp()), now_text=t("series.now"), legend=[*legend, *more],
            file=f"forecast-{place.site_id}-{reads.first_day}", ahead=True,
            csv_href=f"/sites/{place.site_id}/forecast.csv"
            f"?first={reads.first_day}&last={reads.last_day}",
        )  # fmt: skip

    def month(self) -> Chart:
        """A bar a day: the measured peak, and where none is yet the middle of the forecast one."""
        t, f, reads = self.frame.t, self.frame.f, self.reads
        today = self.now
        peaks = {one.target_day: one.peak_kw for one in reads.issues if one.peak_kw is not None}
        measured: Column = [day.peak[1] if day.peak else None for day in self.days]
        running = [at for at, day in enumerate(self.days) if day.start <= today < day.end]
        ended = [day.end <= today for day in self.days]
        ahead: Column = []
        high: Column = []
        for day, over, known in zip(self.days, ended, measured, strict=True):
            found = None if over else peaks.get(day.day)
            floor = known or 0.0
            ahead.append(None if found is None else round(max(found[MEDIAN], floor), 1))
            high.append(None if found is None else round(max(found[P90], floor), 1))
        shown = [value if over else None for value, over in zip(measured, ended, strict=True)]
        levels, more = contract_levels(self.frame, self.place.contract_demand_kw)
        missing = [at for at, (v, over) in enumerate(zip(shown, ended, strict=True))
                   if v is None and over]  # fmt: skip
        series = [
            Series(label=t("fc.measured_peak"), colour="load", style="bar",
                   values=_rounded(shown), missing=missing),
            Series(label=t("fc.forecast_peak"), colour="forecast", style="bar", values=ahead,
                   pale=running),
            Series(label=t("fc.p90"), colour="forecast", values=high, width=1.6, dash=[4, 3],
                   optional=True),
        ]  # fmt: skip
        legend = [
            LegendItem(mark="box measured", text=t("fc.measured_peak")),
            LegendItem(mark="box forecast", text=t("fc.forecast_peak")),
            LegendItem(mark="line p90", text=t("fc.p90")),
            *more,
        ]
        landing = reads.month.peak_kw[MEDIAN] if reads.month and reads.month.peak_kw else None
        if landing is not None:
            text = t("fc.month_peak_level", value=f.power(landing))
            levels.append(Level(value=landing, colour="forecast", dash=True))
            legend.append(LegendItem(mark="line landing", text=text))
        return Chart(
            key="month", title=t("fc.chart_month"),
            unit=t("fc.chart_month_unit", minutes=QUARTER_S // 60), data_unit="kW",
            description=t("fc.view_month"), stacked=True, tall=True, levels=levels, legend=legend,
            axis=BucketAxis(labels=[str(day.day.day) for day in self.days],
                            names=[f.day(day.day, weekday=True) for day in self.days]),
            series=series, zone=self.place.zone, file=f"month-{self.place.site_id}",
        )  # fmt: skip


def contract_levels(
    frame: Frame, contract_kw: float | None
) -> tuple[list[Level], list[LegendItem]]:
    """Contract demand and its warning, and what they are called."""
    if not contract_kw:
        return [], []
    t = frame.t
    text = f"{t('series.contract')} {frame.f.power(contract_kw)} kW"
    levels = [
        Level(value=contract_kw, colour="limit", text=text),
        Level(value=contract_kw * 0.9, colour="warn", dash=True, text=t("series.warning")),
    ]
    return levels, [
        LegendItem(mark="line limit", text=t("series.contract")),
        LegendItem(mark="line warning", text=t("series.warning")),
    ]


def said_name(frame: Frame, said: int) -> str:
    """The overlay's name."""
    return frame.t("fc.said_series_one") if said == 1 else frame.t("fc.said_series", n=said)


def _rounded(values: Sequence[float | None]) -> Column:
    return [None if value is None else round(value, 1) for value in values]
