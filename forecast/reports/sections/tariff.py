"""Energy and money by tariff period, and the charge for demand."""

from __future__ import annotations

from decimal import Decimal

from forecast.reports.document import Column, Kpi, Row, Statement, Table, figure
from forecast.reports.facts.money import MonthCost
from forecast.reports.sections.colophon import money, price_name
from forecast.reports.sections.compared import changes
from forecast.reports.sections.energy import PERIOD_NAMES
from forecast.reports.text import Text, number

NO_PRICE = Text(
    "No price is agreed for this customer, so nothing is said about money.",
    "该客户尚未约定电价，故不计算费用。",
)


def cost_kpi(cost: MonthCost, previous: MonthCost | None, year_before: MonthCost | None) -> Kpi:
    """What the month cost, and a kWh in the mean."""
    energy_kwh = sum(one.energy_kwh for one in cost.periods)
    note = None
    if energy_kwh:
        mean = number(float(cost.total_money) / energy_kwh, 4)
        currency = cost.price.currency
        note = Text(f"{mean} {currency} a kWh", f"均价 {mean} {currency}/kWh")
    total = float(cost.total_money)
    return Kpi(
        name=Text("Cost, before taxes", "电费（不含税费附加）"), value=figure(total, 2),
        unit=cost.price.currency, digits=0, note=note,
        changes=changes(total, _total(previous), _total(year_before)),
    )  # fmt: skip


def _total(cost: MonthCost | None) -> float | None:
    return None if cost is None else float(cost.total_money)


def tariff_blocks(cost: MonthCost | None) -> tuple[Table | Statement, ...]:
    """The split by period; a sentence where no price is agreed."""
    if cost is None:
        return (Statement(text=NO_PRICE),)
    whole_kwh = sum(one.energy_kwh for one in cost.periods) or 1.0
    rows = [
        Row(
            cells=(
                PERIOD_NAMES[one.period],
                figure(one.energy_kwh),
                figure(100 * one.energy_kwh / whole_kwh, 1),
                figure(float(cost.price.per_kwh(one.period)), 6),
                figure(float(one.energy_money), 2),
            )
        )
        for one in cost.periods
    ]
    table = Table(
        name="tariff",
        title=Text("Energy and cost by tariff period", "分时电量与电费"),
        columns=(
            Column(name=Text("Period", "时段"), kind="text"),
            Column(name=Text("Energy", "电量"), unit="kWh"),
            Column(name=Text("Share", "占比"), unit="%", digits=1),
            Column(name=Text("Price", "单价"), unit=f"{cost.price.currency}/kWh", digits=4),
            Column(name=Text("Cost", "电费"), unit=cost.price.currency, digits=2),
        ),
        rows=(*rows, *_charges(cost)),
        note=price_name(cost.price),
    )
    return (table, *_unpriced(cost))


def charge_statement(cost: MonthCost | None) -> Statement:
    """What the month's demand cost, and on what it hung."""
    if cost is None:
        return Statement(text=NO_PRICE)
    if cost.demand_money is None:
        none = Text("No charge for demand is agreed.", "未约定基本电费。")
        return Statement(text=none)
    amount = money(cost.demand_money, cost.price.currency)
    basis = price_name(cost.price)
    return Statement(
        text=Text(f"{amount.en} ({basis.en}).", f"{amount.zh}（{basis.zh}）。"),
    )


def _charges(cost: MonthCost) -> tuple[Row, ...]:
    rows = []
    if cost.demand_money is not None:
        name = Text("Demand charge", "基本电费")
        if cost.billed_demand_kw is not None:
            kw = number(cost.billed_demand_kw, 1)
            name = Text(f"Demand charge, {kw} kW", f"基本电费（{kw} kW）")
        rows.append(Row(cells=(name, "", "", "", _amount(cost.demand_money))))
    energy_kwh = sum(one.energy_kwh for one in cost.periods)
    total = (Text("Total", "合计"), figure(energy_kwh), 100.0, "", _amount(cost.total_money))
    return (*rows, Row(cells=total, strong=True))


def _amount(money: Decimal) -> float | None:
    return figure(float(money), 2)


def _unpriced(cost: MonthCost) -> tuple[Statement, ...]:
    if cost.unpriced_kwh <= 0:
        return ()
    energy = number(cost.unpriced_kwh)
    text = Text(
        f"{energy} kWh lie before the first price and are in no sum of money.",
        f"首个电价生效前的 {energy} kWh 未计入费用。",
    )
    return (Statement(tone="warning", text=text),)
