"""One customer with all of its sites."""

from __future__ import annotations

from dashboards import choices, marks
from dashboards.board import Board, Link, Panels
from dashboards.house.curve import Line, curve
from dashboards.house.frame import Frame
from dashboards.house.number import number
from dashboards.marks import CUSTOMER
from dashboards.palette import LOAD
from dashboards.panels import energy, events
from dashboards.panels.sites import load_now_of, sites_table
from dashboards.query import series
from dashboards.sdk import stat, timeseries
from dashboards.words import Say


def _peak(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Month's peak", "本月峰值"), columns=6, lines=4,
        tells=say("Sum of the sites' highest quarter hours since the month began, in kW; they "
                  "need not fall together.", "各场所本月最高一刻钟之和（kW），未必同时发生。"),
    )  # fmt: skip
    sql = (
        f"SELECT sum(p.demand_kw) AS demand_kw FROM read.site_peak({CUSTOMER}, "
        "date_trunc('month', now(), (SELECT min(zone) FROM visible.site "
        "WHERE customer_id = ${customer:raw})), now()) p"
    )
    return number(frame, sql, "kwatt")


def _together(say: Say) -> timeseries.Panel:
    load = say("Load", "负荷")
    frame = Frame(
        title=say("How does the load run?", "负荷如何变化？"), columns=24, lines=9,
        tells=say("Mean power of all sites together, in kW; nothing where one is not known.",
                  "全部场所合计的平均功率（kW）；任一未知则留空。"),
    )  # fmt: skip
    queries = series(
        f"SELECT l.start_at AS time, CASE WHEN bool_and(l.power_kw IS NOT NULL) "
        f'THEN sum(l.power_kw) END AS "{load}" '
        f"FROM read.site_load({CUSTOMER}, $__timeFrom(), $__timeTo()) l GROUP BY 1 ORDER BY 1"
    )
    lines = (Line(name=load, colour=LOAD, fill_pct=8),)
    return curve(frame, queries, "kwatt", lines, figures=("max", "mean"))


def _panels(say: Say) -> Panels:
    return (
        load_now_of(say, CUSTOMER, columns=6),
        energy.energy_of(say, CUSTOMER, "day", columns=6),
        energy.energy_of(say, CUSTOMER, "month", columns=6),
        _peak(say),
        _together(say),
        energy.by_site(say, CUSTOMER),
        sites_table(say, CUSTOMER),
        energy.by_day(say, CUSTOMER),
        energy.by_month(say, CUSTOMER),
        energy.by_use(say, CUSTOMER),
        events.happenings(say, CUSTOMER),
    )


BOARD = Board(
    name="customer",
    en="Customer",
    zh="客户",
    tells_en="Load and energy of one customer, site by site.",
    tells_zh="单个客户各场所的负荷与电量。",
    panels=_panels,
    choices=(choices.customer,),
    marks=(marks.outages(CUSTOMER), marks.excesses(CUSTOMER)),
    links=(
        Link(board="overview", en="Overview", zh="总览"),
        Link(board="site-live", en="Sites", zh="场所", carries=("customer",)),
        Link(board="budget", en="Budget", zh="预算", carries=("customer",)),
        Link(board="savings", en="Savings", zh="节能", carries=("customer",)),
    ),
    since="now-7d",
    refresh="5m",
)
