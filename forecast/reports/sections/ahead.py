"""The days to come: the forecast with its band against the contract, and how far to trust it."""

from __future__ import annotations

from forecast.reports.document import (
    Chart,
    Column,
    Level,
    Row,
    Series,
    Statement,
    Table,
    Times,
    figure,
)
from forecast.reports.facts.ahead import Ahead
from forecast.reports.facts.months import local
from forecast.reports.text import Text, number
from loadstone.storage.report_reads import ForecastHour, MonthOutlook

NO_FORECAST = Text(
    "No forecast of the days to come was made for these premises yet.", "尚无未来负荷预测。"
)
_LOW, _MIDDLE, _HIGH = 1, 5, 9


def forecast_blocks(
    ahead: Ahead | None, contract_demand_kw: float | None
) -> tuple[Chart | Statement, ...]:
    """The next seven days as a chart; a sentence where nothing is forecast."""
    if ahead is None or not ahead.hours:
        return (Statement(text=NO_FORECAST),)
    return (_chart(ahead, contract_demand_kw), _highest(ahead.hours, contract_demand_kw))


def _chart(ahead: Ahead, contract_demand_kw: float | None) -> Chart:
    start_s = int(ahead.hours[0].start_at.timestamp())
    count = (int(ahead.hours[-1].start_at.timestamp()) - start_s) // 3600 + 1
    means: list[float | None] = [None] * count
    lows, highs = list(means), list(means)
    for hour in ahead.hours:
        at = (int(hour.start_at.timestamp()) - start_s) // 3600
        means[at] = figure(hour.mean_kw, 2)
        lows[at], highs[at] = figure(hour.low_kw, 2), figure(hour.high_kw, 2)
    levels: tuple[Level, ...] = ()
    if contract_demand_kw is not None:
        name = Text("contract demand", "合同需量")
        levels = (Level(name=name, style="contract", value=contract_demand_kw),)
    top = number(max(hour.mean_kw for hour in ahead.hours))
    return Chart(
        name="ahead",
        title=Text("What load is to be expected in the next seven days?", "未来七天负荷将有多高？"),
        unit="kW",
        axis=Times(start_s=start_s, step_s=3600, count=count),
        series=(
            Series(name=Text("forecast", "预测"), style="forecast", values=tuple(means)),
            Series(
                name=Text("in 8 of 10 cases", "八成概率范围"), style="band",
                values=tuple(highs), low=tuple(lows),
            ),
        ),
        levels=levels,
        says=Text(
            f"Hourly forecast of seven days; its highest hour is {top} kW.",
            f"未来七天逐时预测，最高小时 {top} kW。",
        ),
    )  # fmt: skip


def _highest(hours: list[ForecastHour], contract_demand_kw: float | None) -> Statement:
    top = max(hours, key=lambda hour: hour.mean_kw)
    upper = top.high_kw if top.high_kw is not None else top.mean_kw
    text = Text(
        f"The highest hour is expected at {number(top.mean_kw)} kW; one in ten times above "
        f"{number(upper)} kW.",
        f"预计最高小时负荷 {number(top.mean_kw)} kW，有一成可能超过 {number(upper)} kW。",
    )
    is_tight = contract_demand_kw is not None and upper > contract_demand_kw
    return Statement(text=text, tone="warning" if is_tight else "plain")


def hours_table(ahead: Ahead, zone: str) -> Table:
    """The forecast by local day: highest hour, when, and energy."""
    days: dict[str, list[ForecastHour]] = {}
    for hour in ahead.hours:
        day = local(int(hour.start_at.timestamp()), zone).date().isoformat()
        days.setdefault(day, []).append(hour)
    rows = []
    for day, hours in days.items():
        top = max(hours, key=lambda hour: hour.mean_kw)
        at = local(int(top.start_at.timestamp()), zone)
        rows.append(
            Row(
                cells=(
                    day, float(len(hours)), figure(sum(hour.mean_kw for hour in hours)),
                    figure(top.mean_kw, 1), figure(top.low_kw, 1), figure(top.high_kw, 1),
                    f"{at:%H:%M}",
                )
            )
        )  # fmt: skip
    return Table(
        name="forecast",
        title=Text("Day by day", "逐日预测"),
        columns=(
            Column(name=Text("Date", "日期"), kind="day"),
            Column(name=Text("Hours", "小时数"), unit="h"),
            Column(name=Text("Energy", "电量"), unit="kWh"),
            Column(name=Text("Highest hour", "最高小时"), unit="kW", digits=1),
            Column(name=Text("9 of 10 above", "九成高于"), unit="kW", digits=1),
            Column(name=Text("1 of 10 above", "一成高于"), unit="kW", digits=1),
            Column(name=Text("At", "时刻"), kind="text"),
        ),
        rows=tuple(rows),
    )


def outlook_statement(ahead: Ahead | None, contract_demand_kw: float | None) -> Statement:
    """How the running month is likely to end."""
    outlook = ahead.outlook if ahead else None
    if ahead is None or outlook is None or not outlook.energy_kwh:
        nothing = Text("Nothing is foreseen of the running month yet.", "尚无本月预测。")
        return Statement(text=nothing)
    text = Text(
        "{month} is likely to end at {energy} kWh (8 of 10 cases: {low} to {high}){peak}.",
        "{month}预计用电 {energy} kWh（八成概率 {low} 至 {high}）{peak}。",
    ).filled(
        month=ahead.running.name, peak=_peak(outlook, contract_demand_kw),
        energy=number(outlook.energy_kwh[_MIDDLE]), low=number(outlook.energy_kwh[_LOW]),
        high=number(outlook.energy_kwh[_HIGH]),
    )  # fmt: skip
    risk = outlook.exceeds_ratio or 0.0
    return Statement(text=text, tone="warning" if risk >= 0.1 else "plain")


def _peak(outlook: MonthOutlook, contract_demand_kw: float | None) -> Text:
    if not outlook.peak_kw:
        return Text("", "")
    top = number(outlook.peak_kw[_MIDDLE])
    said = Text(f", with a highest demand of {top} kW", f"，最大需量 {top} kW")
    if outlook.exceeds_ratio is None or contract_demand_kw is None:
        return said
    risk = number(100 * outlook.exceeds_ratio)
    return Text(
        f"{said.en} and a chance of {risk} % to pass the contract",
        f"{said.zh}，超合同需量的可能性 {risk} %",
    )


def accuracy_statement(ahead: Ahead | None) -> Statement:
    """How good the forecasts of the reported month were, by what was measured."""
    found = ahead.accuracy if ahead else None
    if found is None or not found.days or found.wape_pct is None:
        none = Text("No forecast of the reported month was scored.", "报告月份没有可评的预测。")
        return Statement(text=none)
    text = Text(
        "Of {days} days forecast on the day before, the hours were {wape} % off in the mean (of "
        "the load); the band for 8 of 10 cases held {covered} % of them.",
        "共评 {days} 天的日前预测，逐时平均偏差 {wape} %（相对负荷），八成区间包含 {covered} %。",
    ).filled(
        days=str(found.days), wape=number(found.wape_pct, 1),
        covered=number(found.coverage_80_pct, 1),
    )  # fmt: skip
    return Statement(text=text, tone="method")
