"""The load to come: seven days, the running month, and how far such forecasts held so far."""

from __future__ import annotations

from forecast.reports.document import Document, Kpi, Section, Table, figure
from forecast.reports.facts.ahead import Ahead, what_is_ahead
from forecast.reports.facts.money import price_book
from forecast.reports.facts.months import Month
from forecast.reports.facts.premises import Premises, premises
from forecast.reports.report import Asked, Report
from forecast.reports.sections.ahead import (
    NO_FORECAST,
    accuracy_statement,
    forecast_blocks,
    hours_table,
    outlook_statement,
)
from forecast.reports.sections.colophon import facts_of, iso
from forecast.reports.text import Text, number
from loadstone.storage.read_only import Connection

TITLE = Text("Load forecast report", "负荷预测报告")
_MIDDLE = 5


def make(connection: Connection, asked: Asked) -> Document:
    """What is ahead, as known then; raises NothingToReportError."""
    whose = premises(connection, asked)
    month = Month(first=asked.month, zone=whose.zone)
    ahead = what_is_ahead(connection, whose, month, asked.as_known_at)
    price = price_book(connection, whose).on(month.days[-1])
    return Document(
        kind=REPORT.name,
        title=TITLE,
        subject=whose.name,
        period=_period(ahead, month),
        zone=whose.zone,
        as_known_at=iso(asked.as_known_at),
        headline=_headline(ahead),
        kpis=_kpis(ahead, whose),
        sections=_sections(ahead, whose, month),
        facts=facts_of(whose, month, price),
    )


def _period(ahead: Ahead | None, month: Month) -> Text:
    if ahead is None:
        return month.name
    day = month.day_of(ahead.start)
    return Text(f"from {day} on", f"自 {day} 起")


def _headline(ahead: Ahead | None) -> Text:
    if ahead is None or not ahead.hours:
        return NO_FORECAST
    top = max(ahead.hours, key=lambda hour: hour.mean_kw)
    energy = number(sum(hour.mean_kw for hour in ahead.hours))
    return Text(
        f"{energy} kWh are expected in the next {len(ahead.hours)} hours, with up to "
        f"{number(top.mean_kw)} kW.",
        f"未来 {len(ahead.hours)} 小时预计用电 {energy} kWh，最高 {number(top.mean_kw)} kW。",
    )


def _kpis(ahead: Ahead | None, whose: Premises) -> tuple[Kpi, ...]:
    if ahead is None or not ahead.hours:
        return ()
    top = max(ahead.hours, key=lambda hour: hour.mean_kw)
    outlook, contract_kw = ahead.outlook, whose.contract_demand_kw
    share = None if contract_kw is None else 100 * top.mean_kw / contract_kw
    accuracy = ahead.accuracy
    return (
        Kpi(name=Text("Highest hour ahead", "未来最高小时"), value=figure(top.mean_kw), unit="kW",
            digits=0),
        Kpi(name=Text("Of contract demand", "占合同需量"), value=figure(share), unit="%", digits=0),
        Kpi(name=Text("Running month, likely", "本月预计电量"),
            value=figure(outlook.energy_kwh[_MIDDLE]) if outlook and outlook.energy_kwh else None,
            unit="kWh", digits=0),
        Kpi(name=Text("Off in the mean", "平均偏差"),
            value=figure(accuracy.wape_pct) if accuracy else None, unit="%", digits=1,
            note=Text("day-ahead, of the load", "日前预测，相对负荷")),
    )  # fmt: skip


def _sections(ahead: Ahead | None, whose: Premises, month: Month) -> tuple[Section, ...]:
    contract_kw = whose.contract_demand_kw
    table: tuple[Table, ...] = ()
    if ahead is not None and ahead.hours:
        table = (hours_table(ahead, month.zone),)
    return (
        Section(
            title=Text("The next seven days", "未来七天"),
            blocks=(*forecast_blocks(ahead, contract_kw), *table),
        ),
        Section(
            title=Text("The running month", "本月展望"),
            blocks=(outlook_statement(ahead, contract_kw),),
        ),
        Section(
            title=Text("How far to trust it", "预测可信度"), blocks=(accuracy_statement(ahead),)
        ),
    )


REPORT = Report(
    name="load_forecast",
    title=TITLE,
    about=Text(
        "Forecast of seven days and of the running month, with its accuracy.",
        "未来七天与本月的负荷预测及其准确度。",
    ),
    scope="customer",
    make=make,
)
