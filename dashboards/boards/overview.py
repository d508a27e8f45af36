"""All customers and sites that the reader may see."""

from __future__ import annotations

from dashboards import marks
from dashboards.board import Board, Link, Panels
from dashboards.house.curve import Line, curve
from dashboards.house.frame import Frame, steps
from dashboards.house.number import number
from dashboards.palette import COMPARED, GOOD, LIMIT, LOAD, WARNING
from dashboards.panels import energy, events
from dashboards.panels.sites import EVERY_SITE, load_now_of, sites_table
from dashboards.query import series
from dashboards.sdk import stat, timeseries
from dashboards.words import Say


def _heard(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Meters heard of", "在线电表"), columns=4, lines=4,
        tells=say("Share of meters in service that are not silent.", "在用电表中未静默的比例。"),
    )  # fmt: skip
    sql = (
        "SELECT 100 * (1 - (SELECT count(*) FROM "
        f"read.silent_meters({EVERY_SITE}) WHERE newest_at IS NOT NULL)::float8 "
        "/ nullif(count(*), 0)) AS heard_pct FROM visible.meter m JOIN visible.meter_latest l "
        "USING (meter_id) WHERE m.retired_at IS NULL"
    )
    at = steps((None, LIMIT), (90, WARNING), (99, GOOD))
    return number(frame, sql, "percent", decimals=0, at=at)


def _near(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Sites near contract", "接近合同需量"), columns=4, lines=4,
        tells=say("Sites with a quarter hour of at least 90 % of contract demand in the range.",
                  "所选时段内有一刻钟达到合同需量 90% 的场所数。"),
    )  # fmt: skip
    sql = (
        "SELECT count(DISTINCT h.site_id) AS sites "
        f"FROM read.high_demand({EVERY_SITE}, $__timeFrom(), $__timeTo()) h"
    )
    return number(frame, sql, "short", decimals=0, at=steps((None, GOOD), (1, WARNING)))


def portfolio(say: Say, *, columns: int = 24, lines: int = 9) -> timeseries.Panel:
    """The mean power of all that is known, by hour, and the share of meters that are known."""
    load, known = say("Load", "负荷"), say("Known", "已知比例")
    frame = Frame(
        title=say("How does the portfolio's load run?", "全部客户的负荷如何变化？"),
        columns=columns, lines=lines,
        tells=say("Mean power by hour of all main meters that are known, and how many of them "
                  "are: a dip of both is a gap, not a dip of load.",
                  "已知总表的逐时平均功率及其已知比例：两者同降是缺数而非负荷下降。"),
    )  # fmt: skip
    sql = (
        f'SELECT e.start_at AS time, sum(e.energy_kwh) AS "{load}", 100 * avg(e.measured_ratio '
        f'+ e.estimated_ratio) AS "{known}" FROM read.site_energy({EVERY_SITE}, '
        "greatest($__timeFrom()::timestamptz, $__timeTo()::timestamptz - interval '93 days'), "
        "least($__timeTo()::timestamptz, date_trunc('hour', now())), interval '1 hour') e "
        "WHERE e.energy_kwh IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    drawn = (
        Line(name=load, colour=LOAD, fill_pct=8),
        Line(name=known, colour=COMPARED, width=1, unit="percent"),
    )
    return curve(frame, series(sql), "kwatt", drawn, figures=("max", "mean"))


def _panels(say: Say) -> Panels:
    return (
        load_now_of(say, EVERY_SITE, columns=4),
        energy.energy_of(say, EVERY_SITE, "day", columns=4),
        energy.energy_of(say, EVERY_SITE, "month", columns=4),
        _near(say),
        _heard(say),
        events.count_of(say, EVERY_SITE, "refused", columns=4),
        portfolio(say),
        sites_table(say, EVERY_SITE, lines=11),
        energy.by_day(say, EVERY_SITE),
        events.happenings(say, EVERY_SITE),
    )


BOARD = Board(
    name="overview",
    en="Overview",
    zh="总览",
    tells_en="All sites that you may see: load, energy, peaks and what happened.",
    tells_zh="您可查看的全部场所：负荷、电量、峰值与事件。",
    panels=_panels,
    marks=(marks.outages(EVERY_SITE), marks.excesses(EVERY_SITE)),
    links=(
        Link(board="alarms", en="Events", zh="事件"),
        Link(board="data-quality", en="Data quality", zh="数据质量"),
        Link(board="operations", en="Operations", zh="运行"),
    ),
    since="now-7d",
)
