"""Energy of a month: its figure, its days, and the daily table of the appendix."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from forecast.reports.document import (
    Buckets,
    Chart,
    Column,
    Kpi,
    Level,
    Row,
    Series,
    Style,
    Table,
    figure,
)
from forecast.reports.facts.loads import MonthLoad
from forecast.reports.sections.compared import Earlier, changes
from forecast.reports.text import Text, number, same
from loadstone.domain.price_book import PriceBook
from loadstone.domain.prices import PERIODS

PERIOD_NAMES: Mapping[str, Text] = {
    "sharp": Text("sharp", "尖"),
    "peak": Text("peak", "峰"),
    "flat": Text("flat", "平"),
    "valley": Text("valley", "谷"),
    "deep_valley": Text("deep valley", "深谷"),
}
_WEEKDAYS = (
    Text("Mon", "周一"), Text("Tue", "周二"), Text("Wed", "周三"), Text("Thu", "周四"),
    Text("Fri", "周五"), Text("Sat", "周六"), Text("Sun", "周日"),
)  # fmt: skip


def energy_kpi(load: MonthLoad, earlier: Earlier) -> Kpi:
    """Energy of the month, and how much a day."""
    total = load.total_kwh
    days = len(load.start_s) * load.step_s / 86400
    note = None
    if total is not None and days:
        a_day = number(total / days)
        note = Text(f"{a_day} kWh a day", f"日均 {a_day} kWh")
    return Kpi(
        name=Text("Energy", "用电量"), value=figure(total), unit="kWh", digits=0, note=note,
        changes=changes(total, earlier.previous.energy_kwh, earlier.year_before.energy_kwh),
        estimated=load.estimated_kwh > 0,
    )  # fmt: skip


def daily_chart(load: MonthLoad, book: PriceBook) -> Chart:
    """Energy by day, on top of each other by tariff period; else measured and estimated."""
    days = load.day_places()
    series = _by_period(load, book) if book.on(load.month.days[-1]) else _by_quality(load)
    known = [day for day in days.values() if np.isfinite(load.known_kwh[day]).any()]
    mean = sum(float(np.nansum(load.known_kwh[day])) for day in known) / max(1, len(known))
    return Chart(
        name="daily",
        title=Text("How much energy did each day take?", "每天用了多少电？"),
        unit="kWh",
        axis=Buckets(names=tuple(same(str(day.day)) for day in days)),
        series=series,
        levels=(Level(name=Text("mean", "日均"), style="baseline", value=figure(mean) or 0.0),),
        stacked=True,
        says=Text(
            f"Energy of each day of {load.month.name.en}; {number(mean)} kWh in the mean.",
            f"{load.month.name.zh}逐日电量，日均 {number(mean)} kWh。",
        ),
    )


def _by_period(load: MonthLoad, book: PriceBook) -> tuple[Series, ...]:
    period = book.series(load.start_s).period
    found = []
    for place, name in enumerate(PERIODS):
        inside = (period == place) & np.isfinite(load.known_kwh)
        if inside.any():
            values = _daily(load, inside)
            found.append(Series(name=PERIOD_NAMES[name], style=_style(name), values=values))
    without = (period < 0) & np.isfinite(load.known_kwh)
    if without.any():
        name_of_none = Text("without a price", "无电价")
        found.append(Series(name=name_of_none, style="unknown", values=_daily(load, without)))
    return tuple(found)


def _style(name: str) -> Style:
    styles: dict[str, Style] = {
        "sharp": "sharp", "peak": "peak", "flat": "flat", "valley": "valley",
        "deep_valley": "deep_valley",
    }  # fmt: skip
    return styles[name]


def _by_quality(load: MonthLoad) -> tuple[Series, ...]:
    known = np.isfinite(load.known_kwh)
    measured = Series(
        name=Text("measured", "实测"), style="plain",
        values=_daily(load, known & ~load.estimated),
    )  # fmt: skip
    if not (known & load.estimated).any():
        return (measured,)
    guessed = _daily(load, known & load.estimated)
    return (measured, Series(name=Text("estimated", "估算"), style="estimated", values=guessed))


def _daily(load: MonthLoad, inside: np.ndarray) -> tuple[float | None, ...]:
    return tuple(
        figure(float(load.known_kwh[day][inside[day]].sum()))
        if np.isfinite(load.known_kwh[day]).any()
        else None
        for day in load.day_places().values()
    )


def daily_table(
    load: MonthLoad,
    book: PriceBook,
    quality: Mapping[str, tuple[float | None, float | None]],
    factors: Mapping[str, float | None],
) -> Table:
    """A row a day: energy, highest demand and when, power factor, how much is measured, cost."""
    price = book.on(load.month.days[-1])
    priced = book.series(load.start_s).price_per_kwh
    rows = []
    for day, places in load.day_places().items():
        known = load.known_kwh[places]
        total = float(np.nansum(known)) if np.isfinite(known).any() else None
        peak, at = _peak_of(load, places)
        measured = quality.get(day.isoformat(), (None, None))[0]
        cells: list[float | str | Text | None] = [
            day.isoformat(), _WEEKDAYS[day.weekday()], figure(total), figure(peak), at,
            factors.get(day.isoformat()), measured,
        ]  # fmt: skip
        if price is not None:
            cost = known * priced[places]
            cells.append(figure(float(np.nansum(cost)), 2) if np.isfinite(cost).any() else None)
        guessed = bool(load.estimated[places].any())
        rows.append(Row(cells=tuple(cells), estimated=_guessed(len(cells)) if guessed else ()))
    return Table(
        name="daily",
        title=None,
        columns=_daily_columns(None if price is None else price.currency),
        rows=(*rows, _total(load, rows, priced=price is not None)),
    )


def _guessed(cells: int) -> tuple[int, ...]:
    return (2, 7) if cells > 7 else (2,)


def _peak_of(load: MonthLoad, places: np.ndarray) -> tuple[float | None, str | None]:
    energy = load.energy_kwh[places]
    if not np.isfinite(energy).any():
        return None, None
    at = int(places[int(np.nanargmax(energy))])
    return float(load.power_kw[at]), f"{load.local_start(at):%H:%M}"


def _total(load: MonthLoad, rows: list[Row], *, priced: bool) -> Row:
    cells: list[float | str | Text | None] = [
        Text("Total", "合计"), "", figure(load.total_kwh), figure(load.peak_kw), "", "", "",
    ]  # fmt: skip
    if priced:
        costs = [row.cells[7] for row in rows]
        cells.append(figure(sum(cost for cost in costs if isinstance(cost, float)), 2))
    guessed = load.estimated_kwh > 0
    return Row(cells=tuple(cells), estimated=_guessed(len(cells)) if guessed else (), strong=True)


def _daily_columns(currency: str | None) -> tuple[Column, ...]:
    columns = (
        Column(name=Text("Date", "日期"), kind="day"),
        Column(name=Text("Day", "星期"), kind="text"),
        Column(name=Text("Energy", "电量"), unit="kWh"),
        Column(name=Text("Highest demand", "最大需量"), unit="kW", digits=1),
        Column(name=Text("At", "时刻"), kind="text"),
        Column(name=Text("Power factor", "功率因数"), digits=3),
        Column(name=Text("Measured", "实测"), unit="%", digits=1),
    )
    if currency is None:
        return columns
    return (*columns, Column(name=Text("Energy cost", "电度电费"), unit=currency, digits=2))
