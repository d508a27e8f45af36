"""How complete a month's data are: by day, by meter, when nothing came, and what happened."""

from __future__ import annotations

from forecast.reports.document import (
    Block,
    Buckets,
    Chart,
    Document,
    Kpi,
    Section,
    Series,
    figure,
)
from forecast.reports.facts.events import month_events
from forecast.reports.facts.loads import MonthLoad, month_load
from forecast.reports.facts.money import price_book
from forecast.reports.facts.months import Month
from forecast.reports.facts.premises import Premises, premises
from forecast.reports.facts.quality import month_quality
from forecast.reports.report import Asked, Report
from forecast.reports.sections.colophon import facts_of, iso
from forecast.reports.sections.outages import events_table, holes_block
from forecast.reports.sections.quality import (
    late_statement,
    meters_table,
    method_statement,
    percent,
    quality_statement,
)
from forecast.reports.text import Text, number, same
from loadstone.storage.quality import QualityReport
from loadstone.storage.read_only import Connection

TITLE = Text("Data quality report", "数据质量报告")
_MOST_EVENTS = 60


def make(connection: Connection, asked: Asked) -> Document:
    """The month's data as known then; raises NothingToReportError."""
    whose = premises(connection, asked)
    month = Month(first=asked.month, zone=whose.zone)
    load = month_load(connection, whose, month, asked.as_known_at)
    every = [meter.meter_id for meter in whose.meters]
    found = month_quality(connection, every, month, asked.as_known_at)
    events = events_table(month_events(connection, whose, month, asked.as_known_at), _MOST_EVENTS)
    outages: list[Block] = [holes_block(load)]
    if events is not None:
        outages.append(events)
    price = price_book(connection, whose).on(month.days[-1])
    return Document(
        kind=REPORT.name,
        title=TITLE,
        subject=whose.name,
        period=month.name,
        zone=whose.zone,
        as_known_at=iso(asked.as_known_at),
        headline=_headline(found, month),
        kpis=_kpis(found, load),
        sections=(
            *_by_time_and_meter(found, whose, month),
            Section(
                title=Text("Outages and events of the premises", "缺数与事件"),
                blocks=tuple(outages),
            ),
            Section(
                title=Text("What it means for the figures", "对统计结果的影响"),
                blocks=(
                    quality_statement(found, load),
                    *late_statement(found, asked.as_known_at),
                    method_statement(),
                ),
            ),
        ),
        facts=facts_of(whose, month, price),
    )


def _headline(found: QualityReport | None, month: Month) -> Text:
    ratio = found.total.completeness_ratio if found else None
    if found is None or ratio is None:
        nothing = Text("Nothing was due from the meters in {month}.", "{month}无应采数据。")
        return nothing.filled(month=month.name)
    bad = sum(1 for row in found.meters if (row.completeness_ratio or 0) < 0.98)
    return Text(
        "{measured} % of the time due is measured; {bad} of {all} meters are below 98 %.",
        "实测占应采时段的 {measured} %；{all} 块电表中 {bad} 块低于 98 %。",
    ).filled(measured=number(100 * ratio, 2), bad=str(bad), all=str(len(found.meters)))


def _kpis(found: QualityReport | None, load: MonthLoad) -> tuple[Kpi, ...]:
    if found is None:
        return ()
    total = found.total
    return (
        Kpi(name=Text("Measured", "实测"), value=percent(total.completeness_ratio), unit="%",
            digits=2),
        Kpi(name=Text("Estimated", "估算"), value=percent(total.estimated_ratio), unit="%",
            digits=2, note=Text(f"{number(load.estimated_kwh)} kWh",
                                f"{number(load.estimated_kwh)} kWh")),
        Kpi(name=Text("Missing", "缺失"), value=percent(total.missing_ratio), unit="%", digits=2),
        Kpi(name=Text("Readings received", "已收读数"), value=figure(total.received_readings),
            unit="", digits=0),
    )  # fmt: skip


def _by_time_and_meter(
    found: QualityReport | None, whose: Premises, month: Month
) -> tuple[Section, ...]:
    if found is None:
        return ()
    names = {meter.meter_id: Text(meter.name_en, meter.name_zh) for meter in whose.meters}
    return (
        Section(title=Text("By day", "按日"), blocks=(_chart(found, month),)),
        Section(title=Text("By meter", "按电表"), blocks=(meters_table(found, names),)),
    )


def _chart(found: QualityReport, month: Month) -> Chart:
    days = [row for row in found.intervals if row.start_at is not None]
    shares = [
        (percent(row.completeness_ratio), percent(row.estimated_ratio), percent(row.missing_ratio))
        for row in days
    ]
    worst = min((share[0] for share in shares if share[0] is not None), default=None)
    return Chart(
        name="quality",
        title=Text("Which part of each day is measured?", "每天有多少时段为实测？"),
        unit="%",
        axis=Buckets(
            names=tuple(same(str(month.day_of(row.start_at).day)) for row in days if row.start_at)
        ),
        series=(
            Series(name=Text("measured", "实测"), style="plain",
                   values=tuple(share[0] for share in shares)),
            Series(name=Text("estimated", "估算"), style="estimated",
                   values=tuple(share[1] for share in shares)),
            Series(name=Text("missing", "缺失"), style="missing",
                   values=tuple(share[2] for share in shares)),
        ),
        stacked=True,
        says=Text(
            f"Share of each day that is measured; the worst day has {number(worst, 1)} %.",
            f"逐日实测比例，最差一天 {number(worst, 1)} %。",
        ),
    )  # fmt: skip


REPORT = Report(
    name="data_quality",
    title=TITLE,
    about=Text(
        "Completeness of a month by day and meter, outages and events.",
        "一个月按日、按电表的数据完整性，缺数与事件。",
    ),
    scope="customer",
    make=make,
)
