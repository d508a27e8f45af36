"""Demand against the contract, and the power factor: what the monthly charge hangs on."""

from __future__ import annotations

import numpy as np

from forecast.reports.document import (
    Buckets,
    Chart,
    Column,
    Document,
    Kpi,
    Level,
    Row,
    Section,
    Series,
    Statement,
    Table,
    figure,
)
from forecast.reports.facts.loads import MonthLoad, month_load
from forecast.reports.facts.money import month_cost, price_book
from forecast.reports.facts.months import Month
from forecast.reports.facts.premises import Premises, premises
from forecast.reports.facts.quality import month_quality
from forecast.reports.facts.reactive import MonthFactor, month_factor
from forecast.reports.report import Asked, Report
from forecast.reports.sections.colophon import facts_of, iso
from forecast.reports.sections.compared import Earlier, earlier_months
from forecast.reports.sections.demand import load_chart, load_factor_pct, peak_kpi, peaks_table
from forecast.reports.sections.power_factor import factor_blocks, factor_kpi
from forecast.reports.sections.quality import (
    late_statement,
    method_statement,
    quality_statement,
)
from forecast.reports.sections.tariff import charge_statement
from forecast.reports.text import Text, number, same
from loadstone.domain.prices import Price
from loadstone.storage.read_only import Connection

TITLE = Text("Demand and power factor", "需量与功率因数报告")
_NOTHING = Text("No meter has told anything of this month.", "本月没有任何电表数据。")
_NO_CONTRACT = Text("No contract demand is registered.", "未登记合同需量。")


def make(connection: Connection, asked: Asked) -> Document:
    """The month as known then; raises NothingToReportError."""
    whose = premises(connection, asked)
    month = Month(first=asked.month, zone=whose.zone)
    known_at = asked.as_known_at
    load = month_load(connection, whose, month, known_at)
    earlier = earlier_months(connection, whose, month, known_at)
    factor = month_factor(connection, whose, month, known_at)
    book = price_book(connection, whose)
    price = book.on(month.days[-1])
    is_known = load.peak_kw is not None
    quality = month_quality(connection, whose.mains, month, known_at)
    sure = (
        quality_statement(quality, load),
        *late_statement(quality, known_at),
        method_statement(),
    )
    return Document(
        kind=REPORT.name,
        title=TITLE,
        subject=whose.name,
        period=month.name,
        zone=whose.zone,
        as_known_at=iso(known_at),
        headline=_headline(load, whose.contract_demand_kw) if is_known else _NOTHING,
        kpis=_kpis(load, whose, earlier, factor, price),
        sections=(
            *((_demand(load, whose),) if is_known else ()),
            Section(
                title=Text("Charge for demand", "基本电费"),
                blocks=(charge_statement(month_cost(load, whose, book)),),
            ),
            Section(
                title=Text("Power factor", "功率因数"), blocks=factor_blocks(factor, month, price)
            ),
            Section(title=Text("How sure these figures are", "数据质量说明"), blocks=sure),
            *((_appendix(load, factor),) if is_known else ()),
        ),
        facts=facts_of(whose, month, price),
    )


def _headline(load: MonthLoad, contract_kw: float | None) -> Text:
    peak = number(load.peak_kw)
    if contract_kw is None or load.peak_kw is None:
        return Text(f"The highest demand was {peak} kW.", f"最大需量 {peak} kW。")
    share, left = number(100 * load.peak_kw / contract_kw), contract_kw - load.peak_kw
    if left < 0:
        return Text(
            f"The highest demand, {peak} kW, was {number(-left)} kW above the contract.",
            f"最大需量 {peak} kW，超合同需量 {number(-left)} kW。",
        )
    return Text(
        f"The highest demand, {peak} kW, was {share} % of the contract; {number(left)} kW were "
        "left.",
        f"最大需量 {peak} kW，为合同需量的 {share} %，尚余 {number(left)} kW。",
    )


def _kpis(
    load: MonthLoad, whose: Premises, earlier: Earlier, factor: MonthFactor, price: Price | None
) -> tuple[Kpi, ...]:
    contract_kw = whose.contract_demand_kw
    used = 100 * load.peak_kw / contract_kw if load.peak_kw and contract_kw else None
    return (
        peak_kpi(load, contract_kw, earlier),
        Kpi(name=Text("Of contract demand", "占合同需量"), value=figure(used), unit="%", digits=1,
            note=_NO_CONTRACT if contract_kw is None else same(f"{number(contract_kw)} kW")),
        Kpi(name=Text("Load factor", "负荷率"), value=load_factor_pct(load), unit="%", digits=1,
            note=Text("mean over highest load", "平均负荷/最大负荷")),
        factor_kpi(factor, price),
    )  # fmt: skip


def _demand(load: MonthLoad, whose: Premises) -> Section:
    contract_kw = whose.contract_demand_kw
    above = int((load.power_kw > contract_kw).sum()) if contract_kw is not None else 0
    said: tuple[Statement, ...] = ()
    if above:
        minutes = above * load.step_s // 60
        text = Text(
            f"The load was above the contract in {above} intervals, {minutes} minutes in all.",
            f"共有 {above} 个时段超过合同需量，合计 {minutes} 分钟。",
        )
        said = (Statement(text=text, tone="warning"),)
    return Section(
        title=Text("Demand", "需量"),
        blocks=(
            load_chart(load, contract_kw), _daily_peaks(load, contract_kw),
            peaks_table(load, contract_kw), *said,
        ),
    )  # fmt: skip


def _daily_peaks(load: MonthLoad, contract_kw: float | None) -> Chart:
    days = load.day_places()
    values = tuple(
        figure(float(np.nanmax(load.power_kw[places])), 1)
        if np.isfinite(load.power_kw[places]).any()
        else None
        for places in days.values()
    )
    levels: tuple[Level, ...] = ()
    if contract_kw is not None:
        name = Text("contract demand", "合同需量")
        levels = (Level(name=name, style="contract", value=contract_kw),)
    return Chart(
        name="daily_demand",
        title=Text("How high was each day's demand?", "每天的最大需量多高？"),
        unit="kW",
        axis=Buckets(names=tuple(same(str(day.day)) for day in days)),
        series=(Series(name=Text("highest demand", "最大需量"), style="plain", values=values),),
        levels=levels,
        says=Text(
            f"Highest demand of each day of {load.month.name.en}.",
            f"{load.month.name.zh}逐日最大需量。",
        ),
    )


def _appendix(load: MonthLoad, factor: MonthFactor) -> Section:
    rows = []
    for day, places in load.day_places().items():
        power_kw = load.power_kw[places]
        known = np.isfinite(power_kw).any()
        at = int(places[int(np.nanargmax(power_kw))]) if known else None
        of_day = factor.days.get(day)
        rows.append(
            Row(
                cells=(
                    day.isoformat(),
                    figure(float(np.nanmax(power_kw)), 1) if known else None,
                    None if at is None else f"{load.local_start(at):%H:%M}",
                    figure(float(np.nanmean(power_kw)), 1) if known else None,
                    figure(of_day.energy_kwh) if of_day else None,
                    figure(of_day.reactive_kvarh) if of_day else None,
                    figure(of_day.ratio, 3) if of_day else None,
                ),
                estimated=(1, 3) if load.estimated[places].any() else (),
            )
        )
    columns = (
        Column(name=Text("Date", "日期"), kind="day"),
        Column(name=Text("Highest demand", "最大需量"), unit="kW", digits=1),
        Column(name=Text("At", "时刻"), kind="text"),
        Column(name=Text("Mean load", "平均负荷"), unit="kW", digits=1),
        Column(name=Text("Energy", "电量"), unit="kWh"),
        Column(name=Text("Reactive", "无功电量"), unit="kvarh"),
        Column(name=Text("Power factor", "功率因数"), digits=3),
    )
    table = Table(name="daily", title=None, columns=columns, rows=tuple(rows))
    title = Text("Appendix: day by day", "附录：逐日明细")
    return Section(title=title, blocks=(table,), on_new_page=True)


REPORT = Report(
    name="demand_power_factor",
    title=TITLE,
    about=Text(
        "Highest demands against the contract, the charge for them, and the power factor.",
        "最大需量与合同需量、基本电费及功率因数。",
    ),
    scope="customer",
    make=make,
)
