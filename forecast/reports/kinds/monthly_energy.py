"""The month's energy and what it cost: what a facility manager lays on the director's desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forecast.reports.document import Document, Kpi, Section, Statement, change_pct, figure
from forecast.reports.facts.ahead import Ahead, what_is_ahead
from forecast.reports.facts.events import Event, month_events
from forecast.reports.facts.loads import MonthLoad, month_load
from forecast.reports.facts.money import MonthCost, month_cost, price_book
from forecast.reports.facts.months import Month
from forecast.reports.facts.opportunities import open_opportunities
from forecast.reports.facts.premises import Premises, premises
from forecast.reports.facts.quality import month_quality
from forecast.reports.facts.reactive import MonthFactor, month_factor
from forecast.reports.report import Asked, Report
from forecast.reports.sections.ahead import forecast_blocks
from forecast.reports.sections.colophon import facts_of, iso, money
from forecast.reports.sections.compared import Earlier, earlier_months
from forecast.reports.sections.demand import load_chart, load_factor_pct, peak_kpi, peaks_table
from forecast.reports.sections.energy import daily_chart, daily_table, energy_kpi
from forecast.reports.sections.opportunities import opportunity_blocks
from forecast.reports.sections.outages import events_table, holes_block
from forecast.reports.sections.power_factor import factor_kpi
from forecast.reports.sections.quality import (
    days_of,
    late_statement,
    method_statement,
    quality_statement,
)
from forecast.reports.sections.tariff import cost_kpi, tariff_blocks
from forecast.reports.text import Text, number
from loadstone.domain.price_book import PriceBook
from loadstone.storage.opportunities import OpportunityRow
from loadstone.storage.quality import QualityReport
from loadstone.storage.read_only import Connection

TITLE = Text("Monthly energy report", "月度用电报告")
_NOTHING = Text("No meter has told anything of this month.", "本月没有任何电表数据。")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyFacts:
    """All that the report stands on."""

    premises: Premises
    month: Month
    load: MonthLoad
    earlier: Earlier
    quality: QualityReport | None
    factor: MonthFactor
    events: list[Event]
    book: PriceBook
    cost: MonthCost | None
    cost_before: MonthCost | None
    ahead: Ahead | None
    opportunities: list[OpportunityRow]
    known_at: datetime


def gather(connection: Connection, asked: Asked) -> MonthlyFacts:
    """The facts of a month as known then; raises NothingToReportError."""
    whose = premises(connection, asked)
    month = Month(first=asked.month, zone=whose.zone)
    known_at = asked.as_known_at
    load = month_load(connection, whose, month, known_at)
    earlier = earlier_months(connection, whose, month, known_at)
    book = price_book(connection, whose)
    previous = earlier.previous_load
    return MonthlyFacts(
        premises=whose,
        month=month,
        load=load,
        earlier=earlier,
        quality=month_quality(connection, whose.mains, month, known_at),
        factor=month_factor(connection, whose, month, known_at),
        events=month_events(connection, whose, month, known_at),
        book=book,
        cost=month_cost(load, whose, book),
        cost_before=month_cost(previous, whose, book) if previous else None,
        ahead=what_is_ahead(connection, whose, month, known_at),
        known_at=known_at,
        opportunities=open_opportunities(
            connection, whose.customer.customer_id, asked.site_id, known_at
        ),
    )


def compose(facts: MonthlyFacts, asked: Asked) -> Document:
    """The document of these facts."""
    price = facts.book.on(facts.month.days[-1])
    is_known = facts.load.total_kwh is not None
    return Document(
        kind=REPORT.name,
        title=TITLE,
        subject=facts.premises.name,
        period=facts.month.name,
        zone=facts.premises.zone,
        as_known_at=iso(asked.as_known_at),
        headline=_headline(facts) if is_known else _NOTHING,
        lead=_lead(facts) if is_known else None,
        kpis=_kpis(facts),
        sections=_sections(facts) if is_known else (),
        facts=facts_of(facts.premises, facts.month, price),
    )


def make(connection: Connection, asked: Asked) -> Document:
    """Gather and compose."""
    return compose(gather(connection, asked), asked)


def _headline(facts: MonthlyFacts) -> Text:
    total = facts.load.total_kwh
    before = facts.earlier.previous.energy_kwh
    change = change_pct(total, before)
    energy = number(total)
    said = Text(f"{energy} kWh in {facts.month.name.en}", f"{facts.month.name.zh}用电 {energy} kWh")
    if change is not None:
        more = Text("more" if change >= 0 else "less", "增加" if change >= 0 else "减少")
        much = number(abs(change), 1)
        said = Text(
            f"{said.en}, {much} % {more.en} than in {facts.month.previous.name.en}",
            f"{said.zh}，比{facts.month.previous.name.zh}{more.zh} {much} %",
        )
    if facts.cost is not None:
        cost = money(facts.cost.total_money, facts.cost.price.currency)
        said = Text(f"{said.en}; it cost {cost.en}", f"{said.zh}，电费 {cost.zh}")
    return Text(f"{said.en}.", f"{said.zh}。")


def _lead(facts: MonthlyFacts) -> Text | None:
    peak_kw, contract_kw = facts.load.peak_kw, facts.premises.contract_demand_kw
    if peak_kw is None or contract_kw is None:
        return None
    share = number(100 * peak_kw / contract_kw)
    left = number(abs(contract_kw - peak_kw))
    if peak_kw > contract_kw:
        return Text(
            f"The highest demand was {share} % of the contract: {left} kW above it.",
            f"最大需量为合同需量的 {share} %，超出 {left} kW。",
        )
    return Text(
        f"The highest demand was {share} % of the contract; {left} kW were left.",
        f"最大需量为合同需量的 {share} %，尚余 {left} kW。",
    )


def _kpis(facts: MonthlyFacts) -> tuple[Kpi, ...]:
    contract_kw = facts.premises.contract_demand_kw
    third = (
        cost_kpi(facts.cost, facts.cost_before, None)
        if facts.cost is not None
        else Kpi(
            name=Text("Load factor", "负荷率"), value=figure(load_factor_pct(facts.load)),
            unit="%", digits=1, note=Text("mean over highest load", "平均负荷/最大负荷"),
        )
    )  # fmt: skip
    return (
        energy_kpi(facts.load, facts.earlier),
        peak_kpi(facts.load, contract_kw, facts.earlier),
        third,
        factor_kpi(facts.factor, facts.book.on(facts.month.days[-1])),
    )


def _sections(facts: MonthlyFacts) -> tuple[Section, ...]:
    load, contract_kw = facts.load, facts.premises.contract_demand_kw
    events = events_table(facts.events)
    days = days_of(facts.quality, facts.month) if facts.quality else {}
    factors = {
        day.isoformat(): figure(factor.ratio, 3) for day, factor in facts.factor.days.items()
    }
    return (
        Section(
            title=Text("Load", "负荷"),
            blocks=(
                load_chart(load, contract_kw),
                daily_chart(load, facts.book),
                *forecast_blocks(facts.ahead, contract_kw),
            ),
        ),
        Section(title=Text("Cost", "电费"), blocks=tariff_blocks(facts.cost)),
        Section(title=Text("Demand", "需量"), blocks=(peaks_table(load, contract_kw),)),
        Section(
            title=Text("Outages and events", "缺数与事件"),
            blocks=(holes_block(load), *((events,) if events else ())),
        ),
        Section(
            title=Text("How sure these figures are", "数据质量说明"),
            blocks=(
                quality_statement(facts.quality, load),
                *late_statement(facts.quality, facts.known_at),
                *_zones(facts),
                method_statement(),
            ),
        ),
        Section(
            title=Text("What to do next", "下一步建议"),
            blocks=opportunity_blocks(facts.opportunities),
        ),
        Section(
            title=Text("Appendix: day by day", "附录：逐日明细"),
            blocks=(daily_table(load, facts.book, days, factors),), on_new_page=True,
        ),
    )  # fmt: skip


def _zones(facts: MonthlyFacts) -> tuple[Statement, ...]:
    zones = facts.premises.zones
    if len(zones) == 1:
        return ()
    names = ", ".join(zones)
    text = Text(
        f"The sites lie in several time zones ({names}); days are those of {facts.month.zone}.",
        f"场所分布于多个时区（{names}），日界按 {facts.month.zone}。",
    )
    return (Statement(text=text),)


REPORT = Report(
    name="monthly_energy",
    title=TITLE,
    about=Text(
        "Energy, cost, demand and data quality of a month.", "一个月的电量、电费、需量与数据质量。"
    ),
    scope="customer",
    make=make,
)
