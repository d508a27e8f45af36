"""Measures and their savings: the interval before the figure, and the verdict before both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from forecast.reports.document import (
    Block,
    Buckets,
    Chart,
    Column,
    Row,
    Series,
    Statement,
    Table,
    figure,
)
from forecast.reports.facts.savings import Judged
from forecast.reports.text import Text, number, same
from forecast.savings.result import SavingsResult

_VERDICTS: Final[Mapping[str, Text]] = {
    "proven": Text("proven", "已证实"),
    "not_proven": Text("not proven", "未证实"),
}
_STATUSES: Final[Mapping[str, Text]] = {
    "proposed": Text("proposed", "已提出"),
    "planned": Text("planned", "已计划"),
    "implemented": Text("implemented", "已实施"),
    "verified": Text("verified", "已核证"),
    "rejected": Text("rejected", "已否决"),
}
_DOUBTS: Final[Mapping[str, Text]] = {
    "placebo_includes_zero": Text(
        "years in which nothing was done vary as much", "未采取措施的年份也有同等波动"
    ),
    "fsu_above_limit": Text(
        "the uncertainty of Guideline 14 is above 50 %", "按 ASHRAE Guideline 14 不确定度超过 50 %"
    ),
    "no_saving": Text("nothing was saved", "未节约"),
    "data_insufficient": Text("the data do not suffice", "数据不足"),
}
_METHODS: Final[Mapping[str, Text]] = {
    "daily_change_point": Text("daily change-point model", "逐日变点模型"),
    "hourly_towt": Text("hourly time-of-week and temperature model", "逐时周时段-温度模型"),
    "daily_calendar": Text("daily calendar model", "逐日日历模型"),
    "hourly_calendar": Text("hourly calendar model", "逐时日历模型"),
}
NO_MEASURES = Text("No measure is on this customer's record.", "该客户没有登记的节能措施。")
METHOD = Text(
    "Avoided energy by IPMVP: the adjusted baseline less what was used, with option C (the whole "
    "premises) or B (the measure's own sub-meters). GB/T 28750 calls the adjusted baseline "
    "校准能耗 and gives the saving the other sign. "
    "The interval holds the true saving in 9 of 10 cases, "
    "judged by years and comparable customers in which nothing was done.",
    "按 IPMVP 计算避免能耗：校准能耗减去报告期能耗，采用 C 方案（整体计量）或 B 方案（分项计量）。"
    "GB/T 28750 的节能量 = 报告期能耗 − 校准能耗，符号相反。区间以九成概率包含真实节能量，"
    "依据为未采取措施的年份及可比客户。",
)


def measures_table(judged: Sequence[Judged], currency: str) -> Table:
    """One line a measure: the saving, its interval, the verdict and the money."""
    return Table(
        name="measures",
        title=None,
        columns=(
            Column(name=Text("Measure", "措施"), kind="text"),
            Column(name=Text("State", "状态"), kind="text"),
            Column(name=Text("Saved", "节能量"), unit="kWh"),
            Column(name=Text("9 of 10 cases", "九成区间"), kind="text", unit="kWh"),
            Column(name=Text("Saved", "节能率"), unit="%", digits=1),
            Column(name=Text("Verdict", "结论"), kind="text"),
            Column(name=Text("Money", "金额"), unit=currency, digits=2),
        ),
        rows=tuple(_row(one) for one in judged),
    )


def _row(one: Judged) -> Row:
    state = _STATUSES.get(one.measure.status, same(one.measure.status))
    found, result = one.verification, one.result
    if found is None or result is None:
        waiting = Text("not verified yet", "尚未核证")
        return Row(cells=(one.measure.what, state, None, None, None, waiting, None))
    amount = None if found.saved_money is None else figure(float(found.saved_money), 2)
    return Row(
        cells=(
            one.measure.what,
            state,
            figure(found.saved_kwh),
            f"{number(found.low_kwh)} – {number(found.high_kwh)}",
            figure(result.savings_pct, 2),
            _VERDICTS.get(found.verdict, same(found.verdict)),
            amount,
        )
    )


def measure_blocks(one: Judged) -> tuple[Block, ...]:
    """What speaks for and against one measure's saving."""
    result = one.result
    if result is None:
        return ()
    return (_chart(one, result), _verdict(result), *_adjustments(result), _statistics(result))


def _chart(one: Judged, result: SavingsResult) -> Chart:
    weeks = _weekly(result)
    return Chart(
        name=f"measure_{one.measure.measure_id}",
        title=Text("Used, beside what would have been used", "实际用电与校准能耗"),
        unit="kWh",
        axis=Buckets(names=tuple(same(week) for week, _, _ in weeks)),
        series=(
            Series(
                name=Text("used", "实际"), style="plain",
                values=tuple(figure(used) for _, used, _ in weeks),
            ),
            Series(
                name=Text("without the measure", "校准能耗"), style="baseline",
                values=tuple(figure(baseline) for _, _, baseline in weeks),
            ),
        ),
        says=Text(
            f"By week: {number(result.observed_kwh)} kWh used beside "
            f"{number(result.baseline_kwh)} kWh without the measure.",
            f"逐周：实际 {number(result.observed_kwh)} kWh，"
            f"校准能耗 {number(result.baseline_kwh)} kWh。",
        ),
    )  # fmt: skip


def _weekly(result: SavingsResult) -> list[tuple[str, float, float]]:
    curve = result.curve
    weeks: dict[int, tuple[str, float, float]] = {}
    for day, used, baseline in zip(curve.days, curve.actual_kwh, curve.baseline_kwh, strict=True):
        number_of = (day - result.reporting_from).days // 7
        first, so_far, expected = weeks.get(number_of, (f"{day:%m-%d}", 0.0, 0.0))
        weeks[number_of] = (first, so_far + used, expected + baseline)
    return [weeks[at] for at in sorted(weeks)]


def _verdict(result: SavingsResult) -> Statement:
    said = Text(
        "{verdict}: {saved} kWh ({pct} %), in 9 of 10 cases {low} to {high} %.",
        "{verdict}：{saved} kWh（{pct} %），九成概率在 {low} % 至 {high} % 之间。",
    ).filled(
        verdict=_VERDICTS[result.verdict.value], saved=number(result.savings_kwh),
        pct=number(result.savings_pct, 1), low=number(result.interval.low_pct, 1),
        high=number(result.interval.high_pct, 1),
    )  # fmt: skip
    doubts = [_DOUBTS.get(doubt.value, same(doubt.value)) for doubt in result.doubts]
    if doubts:
        en, zh = "; ".join(d.en for d in doubts), "；".join(d.zh for d in doubts)
        said = Text(f"{said.en} Against it: {en}.", f"{said.zh}存疑：{zh}。")
    return Statement(text=said, tone="good" if result.verdict.value == "proven" else "warning")


def _adjustments(result: SavingsResult) -> tuple[Statement, ...]:
    said = []
    if result.non_routine_kwh:
        kwh = number(result.non_routine_kwh)
        said.append(Text(f"Non-routine adjustments: {kwh} kWh.", f"非常规调整：{kwh} kWh。"))
    if result.comparison is not None:
        other, customers = number(result.comparison.savings_pct, 1), result.comparison.customers
        said.append(
            Text(
                f"Beside {customers} comparable customers: {other} %.",
                f"对照 {customers} 个可比客户：{other} %。",
            )
        )
    if result.normalised is not None:
        usual = number(result.normalised.savings_kwh)
        said.append(
            Text(f"In a year of usual weather: {usual} kWh.", f"常年气象条件下：{usual} kWh。")
        )
    if not said:
        return ()
    return (Statement(text=Text(" ".join(s.en for s in said), "".join(s.zh for s in said))),)


def _statistics(result: SavingsResult) -> Statement:
    found = result.statistics
    text = Text(
        "Baseline {start} to {end}, {method}, option {option}; CVRMSE {cv} %, NMBE {nmbe} %, "
        "R² {r2}, FSU {fsu} % at 68 %.",
        "基期 {start} 至 {end}，{method}，{option} 方案；CVRMSE {cv} %，NMBE {nmbe} %，"
        "R² {r2}，FSU {fsu} %（68 % 置信度）。",
    ).filled(
        start=str(result.baseline_from), end=str(result.baseline_to),
        method=_METHODS.get(result.method.value, same(result.method.value)),
        option=result.option.value, cv=number(100 * found.cvrmse_ratio, 1),
        nmbe=number(100 * found.nmbe_ratio, 2), r2=number(found.r2, 2),
        fsu=number(100 * found.fsu_68_ratio, 1),
    )  # fmt: skip
    return Statement(text=text, tone="method")
