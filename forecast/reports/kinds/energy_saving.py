"""What was saved, how sure that is, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from forecast.reports.document import Document, Kpi, Section, Statement, figure
from forecast.reports.facts.money import price_book
from forecast.reports.facts.months import Month
from forecast.reports.facts.opportunities import open_opportunities
from forecast.reports.facts.premises import premises
from forecast.reports.facts.savings import Judged, judged_measures
from forecast.reports.report import Asked, Report
from forecast.reports.sections.colophon import facts_of, iso, money
from forecast.reports.sections.opportunities import opportunity_blocks
from forecast.reports.sections.savings import (
    METHOD,
    NO_MEASURES,
    measure_blocks,
    measures_table,
)
from forecast.reports.text import Text, number, same
from loadstone.storage.opportunities import OpportunityRow
from loadstone.storage.read_only import Connection

TITLE = Text("Energy saving report", "节能量报告")
_MOST_SHOWN = 4


def make(connection: Connection, asked: Asked) -> Document:
    """Measures and opportunities as known then; raises NothingToReportError."""
    whose = premises(connection, asked)
    month = Month(first=asked.month, zone=whose.zone)
    judged = judged_measures(connection, whose, asked.as_known_at)
    price = price_book(connection, whose).on(month.days[-1])
    found = open_opportunities(
        connection, whose.customer.customer_id, asked.site_id, asked.as_known_at
    )
    currency = price.currency if price else ""
    until = month.day_of(asked.as_known_at)
    return Document(
        kind=REPORT.name,
        title=TITLE,
        subject=whose.name,
        period=Text(f"until {until}", f"截至 {until}"),
        zone=whose.zone,
        as_known_at=iso(asked.as_known_at),
        headline=_headline(judged),
        lead=_lead(judged, currency),
        kpis=_kpis(judged, found, currency),
        sections=_sections(judged, found, currency),
        facts=facts_of(whose, month, price),
    )


def _proven_kwh(judged: Sequence[Judged]) -> float:
    return sum(one.verification.saved_kwh for one in judged if one.is_proven and one.verification)


def _proven_money(judged: Sequence[Judged]) -> Decimal | None:
    sums = [
        one.verification.saved_money
        for one in judged
        if one.is_proven and one.verification and one.verification.saved_money is not None
    ]
    return sum(sums, Decimal(0)) if sums else None


def _headline(judged: Sequence[Judged]) -> Text:
    proven = [one for one in judged if one.is_proven]
    if not judged:
        return NO_MEASURES
    if not proven:
        return Text("No saving is proven yet.", "尚无已证实的节能量。")
    saved = number(_proven_kwh(judged))
    return Text(
        f"{saved} kWh are proven to be saved, by {len(proven)} of {len(judged)} measures.",
        f"已证实节能量 {saved} kWh，来自 {len(judged)} 项措施中的 {len(proven)} 项。",
    )


def _lead(judged: Sequence[Judged], currency: str) -> Text | None:
    amount = _proven_money(judged)
    if amount is None or not currency:
        return None
    said = money(amount, currency)
    return Text(f"At the agreed prices that is {said.en}.", f"按约定电价折合 {said.zh}。")


def _kpis(
    judged: Sequence[Judged], found: Sequence[OpportunityRow], currency: str
) -> tuple[Kpi, ...]:
    proven = [one for one in judged if one.is_proven]
    amount = _proven_money(judged)
    worth = [one.money for one in found if one.money is not None]
    return (
        Kpi(name=Text("Proven saving", "已证实节能量"),
            value=figure(_proven_kwh(judged)) if proven else None, unit="kWh", digits=0),
        Kpi(name=Text("In money", "折合金额"),
            value=None if amount is None else figure(float(amount), 2), unit=currency, digits=0),
        Kpi(name=Text("Measures", "措施"), value=float(len(judged)), unit="", digits=0,
            note=Text(f"{len(proven)} proven", f"{len(proven)} 项已证实")),
        Kpi(name=Text("Open, up to", "待挖掘，最多"),
            value=figure(float(sum(worth)), 2) if worth else None, unit=currency, digits=0,
            note=Text("a year", "每年")),
    )  # fmt: skip


def _sections(
    judged: Sequence[Judged], found: Sequence[OpportunityRow], currency: str
) -> tuple[Section, ...]:
    table = measures_table(judged, currency) if judged else Statement(text=NO_MEASURES)
    shown = [one for one in judged if one.result is not None][:_MOST_SHOWN]
    return (
        Section(title=Text("Measures", "节能措施"), blocks=(table,)),
        *(Section(title=same(one.measure.what), blocks=measure_blocks(one)) for one in shown),
        Section(title=Text("What to do next", "下一步建议"), blocks=opportunity_blocks(found)),
        Section(
            title=Text("How it is reckoned", "计算方法"),
            blocks=(Statement(text=METHOD, tone="method"),),
        ),
    )


REPORT = Report(
    name="energy_saving",
    title=TITLE,
    about=Text(
        "Verified savings with their uncertainty, and what to do next.",
        "经核证的节能量及其不确定度，下一步建议。",
    ),
    scope="customer",
    make=make,
)
