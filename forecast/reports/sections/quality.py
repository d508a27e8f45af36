"""How sure the figures are: shares of time, and how each was come by."""

from __future__ import annotations

from datetime import datetime, timedelta

from forecast.reports.document import Column, Row, Statement, Table, figure
from forecast.reports.facts.loads import MonthLoad
from forecast.reports.facts.months import Month
from forecast.reports.text import Text, number
from loadstone.storage.quality import QualityReport

_SURE_PCT = 98.0
METHOD = Text(
    "Energy is the difference of the meters' registers. Where readings are missing the register "
    "still tells the sum over the gap; it is spread evenly over it, marked with * and called "
    "estimated. Nothing is estimated where the register says nothing: that is missing, and is "
    "counted nowhere. Demand is the mean power of a quarter hour by the clock.",
    "电量为电表示数之差。缺数期间示数仍给出该段总电量，按时间均摊，以 * 标记，称为估算；"
    "示数亦无从得知的时段为缺失，不计入任何合计。需量为整点起算的十五分钟平均功率。",
)


def quality_statement(found: QualityReport | None, load: MonthLoad) -> Statement:
    """What part of the time is measured, estimated and missing, and of how much energy."""
    total = found.total if found else None
    if total is None or total.completeness_ratio is None:
        nothing = Text("Nothing was due from the meters.", "该周期内电表无应采数据。")
        return Statement(tone="warning", text=nothing)
    measured = 100 * total.completeness_ratio
    estimated = 100 * (total.estimated_ratio or 0.0)
    missing = 100 * (total.missing_ratio or 0.0)
    energy_kwh, whole_kwh = load.estimated_kwh, load.total_kwh or 0.0
    of_energy = 100 * energy_kwh / whole_kwh if whole_kwh else 0.0
    text = Text(
        "Of the time due, {measured} % is measured, {estimated} % estimated and {missing} % "
        "missing. {energy} kWh ({share} % of the energy) are estimated.",
        "应采时段中，实测 {measured} %，估算 {estimated} %，缺失 {missing} %；"
        "估算电量 {energy} kWh，占总电量 {share} %。",
    ).filled(
        measured=number(measured, 2), estimated=number(estimated, 2), missing=number(missing, 2),
        energy=number(energy_kwh), share=number(of_energy, 2),
    )  # fmt: skip
    return Statement(tone="good" if measured >= _SURE_PCT else "warning", text=text)


def late_statement(found: QualityReport | None, as_known_at: datetime) -> tuple[Statement, ...]:
    """On how many days readings came after the instant that the report is of: they are in it."""
    late = [
        row
        for row in (found.intervals if found else ())
        if row.start_at is not None
        and row.lag_max_s is not None
        and row.start_at + timedelta(seconds=row.lag_max_s) > as_known_at
    ]
    if not late:
        return ()
    count = len(late)
    text = Text(
        f"On {count} days readings came after the instant that this report is of; they are in it.",
        f"有 {count} 天的部分读数晚于本报告的数据截至时刻到达，已计入本报告。",
    )
    return (Statement(tone="warning", text=text),)


def method_statement() -> Statement:
    """How energy and demand are reckoned."""
    return Statement(tone="method", text=METHOD)


def meters_table(found: QualityReport, names: dict[int, Text]) -> Table:
    """By meter, the worst first."""
    rows = tuple(
        Row(
            cells=(
                row.code or "",
                names.get(row.meter_id or 0, Text("", "")),
                percent(row.completeness_ratio),
                percent(row.estimated_ratio),
                percent(row.missing_ratio),
                float(row.received_readings),
                float(row.untrusted_readings),
                None if row.lag_max_s is None else figure(row.lag_max_s / 60, 1),
            )
        )
        for row in found.meters
    )
    columns = (
        Column(name=Text("Meter", "电表"), kind="text"),
        Column(name=Text("Name", "名称"), kind="text"),
        Column(name=Text("Measured", "实测"), unit="%", digits=2),
        Column(name=Text("Estimated", "估算"), unit="%", digits=2),
        Column(name=Text("Missing", "缺失"), unit="%", digits=2),
        Column(name=Text("Received", "已收")),
        Column(name=Text("Not trusted", "存疑")),
        Column(name=Text("Latest by", "最大延迟"), unit="min", digits=1),
    )
    title = Text("By meter, the worst first", "按电表（由差到好）")
    return Table(name="meters", title=title, columns=columns, rows=rows)


def days_of(found: QualityReport, month: Month) -> dict[str, tuple[float | None, float | None]]:
    """Shares in percent that are measured and estimated, by ISO day."""
    return {
        month.day_of(row.start_at).isoformat(): (
            percent(row.completeness_ratio),
            percent(row.estimated_ratio),
        )
        for row in found.intervals
        if row.start_at is not None
    }


def percent(ratio: float | None) -> float | None:
    """A share as a document holds it."""
    return None if ratio is None else figure(100 * ratio, 2)
