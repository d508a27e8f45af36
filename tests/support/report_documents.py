"""A document with everything that a document can hold, awkward texts included."""

from __future__ import annotations

from forecast.reports.document import (
    Buckets,
    Change,
    Chart,
    Column,
    Document,
    Fact,
    Kpi,
    Level,
    Row,
    Section,
    Series,
    Statement,
    Table,
    Times,
)
from forecast.reports.text import Text, same

AWKWARD = '=HYPERLINK("http://x.example","#a") <b>&*_`$\\@'
LONG_ZH = "东门广播发射塔中心江畔国际酒店集团股份有限公司长江路第二生产基地"
DAYS = tuple(same(str(day)) for day in range(1, 32))


def full_document(name: Text | None = None) -> Document:
    subject = name or Text("Eastgate Broadcasting Tower", LONG_ZH)
    load = tuple(None if 200 <= at < 230 else 400.0 + 200 * ((at % 24) / 24) for at in range(744))
    top = tuple(None if value is None else value + 40 for value in load)
    daily = tuple(9000.0 + 100 * at for at in range(31))
    part = tuple(value / 4 for value in daily)
    kpi = Kpi(
        name=Text("Highest demand", "最大需量"), value=1234567.0, unit="kW", digits=0,
        note=Text("91 % of contract, 10-17 19:15", "占合同 91 %，10-17 19:15"), estimated=True,
        changes=(
            Change(name=Text("on last month", "环比上月"), before=1100.0, change_pct=12.2),
            Change(name=Text("on last year", "同比去年"), before=None, change_pct=None),
        ),
    )  # fmt: skip
    rows = tuple(
        Row(
            cells=(f"2026-10-{day:02}", f"2026-10-{day:02}T19:15", 1000.5 + day, subject, AWKWARD),
            estimated=(2,) if day == 3 else (),
        )
        for day in range(1, 32)
    )
    total = Row(cells=(Text("Total", "合计"), "", 32123.0, None, ""), strong=True)
    table = Table(
        name="days",
        title=Text("Days [of: the] month", "逐日明细"),
        columns=(
            Column(name=Text("Date", "日期"), kind="day"),
            Column(name=Text("Peak at", "峰值时刻"), kind="instant"),
            Column(name=Text("Energy", "电量"), unit="kWh", digits=1),
            Column(name=Text("Where", "位置"), kind="text"),
            Column(name=Text("Note", "备注"), kind="text"),
        ),
        rows=(*rows, total),
        note=Text("A note.", "说明。"),
    )
    lines = Chart(
        name="load", title=Text("How high was the load?", "负荷多高？"), unit="kW",
        axis=Times(start_s=1790784000, step_s=3600, count=744),
        series=(
            Series(name=Text("measured", "实测"), style="measured", values=load),
            Series(name=Text("forecast", "预测"), style="forecast", values=top),
            Series(name=Text("band", "区间"), style="band", values=top, low=load),
        ),
        levels=(Level(name=Text("contract", "合同需量"), style="contract", value=700.0),),
        says=Text("The load of a month.", "一个月的负荷。"),
    )  # fmt: skip
    bars = Chart(
        name="energy", title=Text("How much energy?", "用电多少？"), unit="kWh",
        axis=Buckets(names=DAYS), stacked=True,
        series=tuple(
            Series(name=Text(style, style), style=style, values=part)
            for style in ("sharp", "peak", "flat", "valley")
        ),
        says=Text("Energy of each day.", "逐日电量。"),
    )  # fmt: skip
    return Document(
        kind="sample",
        title=Text("Monthly energy report", "月度用电报告"),
        subject=subject,
        period=Text("October 2026", "2026年10月"),
        zone="Asia/Shanghai",
        as_known_at="2026-11-02T06:00:00+00:00",
        headline=Text("513,754 kWh in October.", "十月用电 513,754 kWh。"),
        lead=Text(AWKWARD, AWKWARD),
        kpis=(kpi,) * 4,
        sections=(
            Section(title=Text("Load", "负荷"), blocks=(lines, bars)),
            Section(
                title=Text("Days", "逐日"),
                blocks=(
                    table,
                    Statement(text=Text("All good.", "一切正常。"), tone="good"),
                    Statement(text=Text(AWKWARD, AWKWARD), tone="warning"),
                    Statement(text=Text("Reckoned so.", "计算方法。"), tone="method"),
                ),
                on_new_page=True,
            ),
        ),
        facts=(
            Fact(name=Text("Customer", "客户"), value=subject),
            Fact(name=Text("Period", "周期"), value=same("2026-10-01 – 2026-10-31")),
            Fact(name=Text("Price", "电价"), value=Text("no price agreed", "尚未约定电价")),
        ),
    )
