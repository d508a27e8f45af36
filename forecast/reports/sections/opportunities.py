"""What could be done next, ranked by money, with its range; added up with "up to" only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from forecast.reports.document import Column, Row, Statement, Table, figure
from forecast.reports.sections.colophon import money
from forecast.reports.text import Text, number, same
from loadstone.storage.opportunities import OpportunityRow

_NAMES: Final[Mapping[str, Text]] = {
    "off_hours_base": Text("Lower the load outside working hours", "降低非工作时段基础负荷"),
    "weekend_run_on": Text("Switch off at weekends", "周末停运"),
    "early_start": Text("Start later", "推迟开机"),
    "late_stop": Text("Stop earlier", "提前停机"),
    "coincident_peaks": Text("Keep peaks from coinciding", "错开同时高峰"),
    "load_shift": Text("Shift load to cheaper hours", "负荷移至低价时段"),
    "contract_demand": Text("Fit the contract demand", "优化合同需量"),
    "power_factor": Text("Improve the power factor", "改善功率因数"),
    "transformer_capacity": Text("Fit the transformers' capacity", "优化变压器容量"),
    "phase_balance": Text("Balance the phases", "平衡三相负荷"),
    "voltage": Text("Lower the voltage", "降低电压"),
    "pv_self_use": Text("Use more of the own solar power", "提高光伏自用率"),
}
_LEVELS: Final[Mapping[str, Text]] = {
    "low": Text("low", "低"),
    "medium": Text("medium", "中"),
    "high": Text("high", "高"),
}
_NONE = Text("The finder named nothing for these premises.", "未发现节能机会。")


def opportunity_blocks(found: Sequence[OpportunityRow]) -> tuple[Table | Statement, ...]:
    """The table, and what all of it together may come to."""
    if not found:
        return (Statement(text=_NONE),)
    return (_table(found), *_together(found))


def _table(found: Sequence[OpportunityRow]) -> Table:
    currency = next((one.currency for one in found if one.currency), "")
    rows = tuple(
        Row(
            cells=(
                _NAMES.get(one.code, same(one.code.replace("_", " "))),
                _where(one),
                figure(one.energy_kwh),
                figure(one.demand_kw),
                _amount(one),
                _range(one),
                _LEVELS.get(one.confidence, same(one.confidence)),
                _LEVELS.get(one.effort, same(one.effort)),
            )
        )
        for one in found
    )
    return Table(
        name="opportunities",
        title=Text("What could be saved, a year", "节能机会（按年）"),
        columns=(
            Column(name=Text("What", "措施"), kind="text"),
            Column(name=Text("Where", "位置"), kind="text"),
            Column(name=Text("Energy", "电量"), unit="kWh"),
            Column(name=Text("Demand", "需量"), unit="kW"),
            Column(name=Text("Money", "金额"), unit=currency),
            Column(name=Text("Range", "区间"), kind="text", unit=currency),
            Column(name=Text("Confidence", "可信度"), kind="text"),
            Column(name=Text("Effort", "难度"), kind="text"),
        ),
        rows=rows,
        note=_NOTE,
    )


_NOTE = Text(
    "Each is reckoned on the load that those before it leave over.",
    "各项按前项实施后的剩余负荷计算。",
)


def _where(one: OpportunityRow) -> Text:
    if one.meter_en is not None and one.meter_zh is not None:
        return Text(one.meter_en, one.meter_zh)
    return Text(one.site_en, one.site_zh)


def _amount(one: OpportunityRow) -> float | None:
    return None if one.money is None else figure(float(one.money), 2)


def _range(one: OpportunityRow) -> str | None:
    if one.low_money is None or one.high_money is None:
        return None
    return f"{number(float(one.low_money))} – {number(float(one.high_money))}"


def _together(found: Sequence[OpportunityRow]) -> tuple[Statement, ...]:
    sums = [one.money for one in found if one.money is not None]
    currencies = {one.currency for one in found if one.money is not None}
    if not sums or len(currencies) != 1:
        return ()
    amount = money(sum(sums), str(currencies.pop()))
    text = Text(f"Together up to {amount.en} a year.", f"合计每年最多可节约 {amount.zh}。")
    return (Statement(text=text, tone="good"),)
