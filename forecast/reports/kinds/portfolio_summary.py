"""All customers of an account manager: how much, how high, how sure, and who needs a call."""

from __future__ import annotations

from forecast.reports.document import (
    Buckets,
    Chart,
    Column,
    Document,
    Fact,
    Kpi,
    Row,
    Section,
    Series,
    Statement,
    Table,
    change_pct,
    figure,
)
from forecast.reports.facts.portfolio import CustomerMonth, PortfolioMonth, portfolio_month
from forecast.reports.render.words import PERIOD, ZONE
from forecast.reports.report import Asked, Report
from forecast.reports.sections.colophon import iso
from forecast.reports.sections.compared import changes
from forecast.reports.sections.quality import method_statement, percent
from forecast.reports.text import Text, number, same
from loadstone.storage.read_only import Connection

TITLE = Text("Portfolio summary", "客户群月报")
_SHOWN = 15
_TIGHT_PCT, _MOVED_PCT, _SURE_RATIO = 95.0, 30.0, 0.95


def make(connection: Connection, asked: Asked) -> Document:
    """The month of all that are seen; raises NothingToReportError."""
    facts = portfolio_month(connection, asked.month, asked.as_known_at)
    month = facts.month
    count = len(facts.customers)
    return Document(
        kind=REPORT.name,
        title=TITLE,
        subject=Text(f"{count} customers", f"{count} 个客户"),
        period=month.name,
        zone=month.zone,
        as_known_at=iso(asked.as_known_at),
        headline=_headline(facts),
        kpis=_kpis(facts),
        sections=(
            Section(title=Text("Who needs a call", "需要关注的客户"), blocks=(_calls(facts),)),
            Section(title=Text("Energy", "用电量"), blocks=(_chart(facts),)),
            Section(
                title=Text("All customers", "全部客户"), blocks=(_table(facts),), on_new_page=True
            ),
            Section(
                title=Text("How these figures are reckoned", "统计口径"),
                blocks=(Statement(text=_PEAKS, tone="method"), method_statement()),
            ),
        ),
        facts=(
            Fact(name=PERIOD, value=same(f"{month.first} – {month.days[-1]}")),
            Fact(name=ZONE, value=same(month.zone)),
        ),
    )


_PEAKS = Text(
    "Highest demands here are the highest quarter hour of the mean of the meters' samples, added "
    "up over a customer's sites; a customer's own report takes them from the registers.",
    "本页最大需量取电表采样的十五分钟均值、按客户各场所相加后的最大值；客户单独报告按表码计算。",
)


def _energy(one: CustomerMonth) -> float | None:
    return one.energy.energy_kwh if one.energy else None


def _total(facts: PortfolioMonth) -> float:
    return sum(_energy(one) or 0.0 for one in facts.customers)


def _headline(facts: PortfolioMonth) -> Text:
    calls = sum(1 for one in facts.customers if _reasons(one))
    return Text(
        "{energy} kWh by {count} customers in {month}; {calls} of them need a look.",
        "{month}，{count} 个客户共用电 {energy} kWh，其中 {calls} 个需要关注。",
    ).filled(
        energy=number(_total(facts)), count=str(len(facts.customers)), month=facts.month.name,
        calls=str(calls),
    )  # fmt: skip


def _kpis(facts: PortfolioMonth) -> tuple[Kpi, ...]:
    known = [one for one in facts.customers if _energy(one) is not None]
    comparable = [one for one in known if one.previous_kwh is not None]
    a_year = [one for one in known if one.year_before_kwh is not None]
    tight = [one for one in facts.customers if (_share(one) or 0.0) > _TIGHT_PCT]
    ratios = [one.measured_ratio for one in facts.customers if one.measured_ratio is not None]
    measured = sum(ratios) / len(ratios) if ratios else None
    return (
        Kpi(name=Text("Energy", "用电量"), value=figure(_total(facts)), unit="kWh", digits=0,
            changes=changes(
                _total(facts) if len(comparable) == len(known) else None,
                sum(one.previous_kwh or 0.0 for one in comparable) or None,
                sum(one.year_before_kwh or 0.0 for one in a_year) or None
                if len(a_year) == len(known) else None,
            )),
        Kpi(name=Text("Customers measured", "有数据的客户"), value=float(len(known)), unit="",
            digits=0, note=Text(f"of {len(facts.customers)}", f"共 {len(facts.customers)} 个")),
        Kpi(name=Text("Near or above contract", "接近或超过合同需量"), value=float(len(tight)),
            unit="", digits=0, note=Text(f"above {_TIGHT_PCT:.0f} %", f"高于 {_TIGHT_PCT:.0f} %")),
        Kpi(name=Text("Measured", "实测比例"), value=percent(measured), unit="%", digits=1,
            note=Text("mean of the customers", "各客户平均")),
    )  # fmt: skip


def _share(one: CustomerMonth) -> float | None:
    if one.peak is None or not one.contract_demand_kw:
        return None
    return 100 * one.peak.peak_kw / one.contract_demand_kw


def _reasons(one: CustomerMonth) -> list[Text]:
    """Why somebody should call this customer."""
    reasons = []
    share, change = _share(one), change_pct(_energy(one), one.previous_kwh)
    if share is not None and share > _TIGHT_PCT:
        much = number(share)
        reasons.append(Text(f"demand at {much} % of the contract", f"最大需量达合同的 {much} %"))
    if change is not None and abs(change) >= _MOVED_PCT:
        way = Text("up", "增加") if change > 0 else Text("down", "减少")
        much = number(abs(change))
        reasons.append(Text(f"energy {way.en} {much} %", f"电量环比{way.zh} {much} %"))
    if one.measured_ratio is not None and one.measured_ratio < _SURE_RATIO:
        much = number(100 * one.measured_ratio)
        reasons.append(Text(f"only {much} % measured", f"实测仅 {much} %"))
    if _energy(one) is None and one.customer.meter_count:
        reasons.append(Text("no data", "无数据"))
    return reasons


def _calls(facts: PortfolioMonth) -> Table | Statement:
    rows = []
    for one in sorted(facts.customers, key=lambda one: -(_energy(one) or 0.0)):
        reasons = _reasons(one)
        if reasons:
            why = Text("; ".join(r.en for r in reasons), "；".join(r.zh for r in reasons))
            rows.append(Row(cells=(_name(one), one.customer.manager or "", why)))
    if not rows:
        calm = Text("Nobody: no limit is near, nothing has moved much.", "无：各项指标正常。")
        return Statement(text=calm, tone="good")
    return Table(
        name="calls",
        title=None,
        columns=(
            Column(name=Text("Customer", "客户"), kind="text"),
            Column(name=Text("Manager", "客户经理"), kind="text"),
            Column(name=Text("Why", "原因"), kind="text"),
        ),
        rows=tuple(rows),
    )


def _name(one: CustomerMonth) -> Text:
    return Text(one.customer.name_en, one.customer.name_zh)


def _chart(facts: PortfolioMonth) -> Chart:
    largest = sorted(facts.customers, key=lambda one: -(_energy(one) or 0.0))[:_SHOWN]
    return Chart(
        name="energy",
        title=Text("Who took how much?", "各客户用电多少？"),
        unit="MWh",
        axis=Buckets(names=tuple(same(one.customer.code) for one in largest)),
        series=(
            Series(name=facts.month.name, style="plain", values=tuple(map(_mwh, largest))),
            Series(name=facts.month.previous.name, style="previous",
                   values=tuple(_scaled(one.previous_kwh) for one in largest)),
        ),
        says=Text(
            f"Energy of the {len(largest)} largest customers beside the month before.",
            f"用电量最大的 {len(largest)} 个客户，与上月对比。",
        ),
    )  # fmt: skip


def _mwh(one: CustomerMonth) -> float | None:
    return _scaled(_energy(one))


def _scaled(energy_kwh: float | None) -> float | None:
    return None if energy_kwh is None else figure(energy_kwh / 1000)


def _table(facts: PortfolioMonth) -> Table:
    rows = [_row(one) for one in facts.customers]
    total = Row(
        cells=(Text("Total", "合计"), "", "", figure(_total(facts)), *("",) * 6), strong=True
    )
    return Table(
        name="customers",
        title=None,
        columns=(
            Column(name=Text("Customer", "客户"), kind="text"),
            Column(name=Text("Code", "编号"), kind="text"),
            Column(name=Text("Tier", "等级"), kind="text"),
            Column(name=Text("Energy", "电量"), unit="kWh"),
            Column(name=Text("On last month", "环比"), unit="%", digits=1),
            Column(name=Text("On last year", "同比"), unit="%", digits=1),
            Column(name=Text("Highest demand", "最大需量"), unit="kW"),
            Column(name=Text("Of contract", "占合同"), unit="%"),
            Column(name=Text("Load factor", "负荷率"), unit="%"),
            Column(name=Text("Measured", "实测"), unit="%", digits=1),
        ),
        rows=(*rows, total),
    )


def _row(one: CustomerMonth) -> Row:
    energy, peak = _energy(one), one.peak
    factor = None
    if energy is not None and peak is not None and one.energy is not None and peak.peak_kw:
        hours = (one.energy.end_at - one.energy.start_at).total_seconds() / 3600
        factor = figure(100 * energy / hours / peak.peak_kw, 1)
    guessed = one.energy is not None and one.energy.estimated_kwh > 0
    return Row(
        cells=(
            _name(one), one.customer.code, one.customer.tier, figure(energy),
            change_pct(energy, one.previous_kwh), change_pct(energy, one.year_before_kwh),
            figure(peak.peak_kw) if peak else None, figure(_share(one)), factor,
            percent(one.measured_ratio),
        ),
        estimated=(3,) if guessed else (),
    )  # fmt: skip


REPORT = Report(
    name="portfolio_summary",
    title=TITLE,
    about=Text(
        "All customers that you see: energy, demand, data quality, and who needs a call.",
        "您所见全部客户的电量、需量、数据质量及需关注事项。",
    ),
    scope="portfolio",
    make=make,
)
