"""The load of a site: now, over time with its forecast and contract, by hour, by sub-meter."""

from __future__ import annotations

from dashboards.board import uid_of
from dashboards.events import PERIOD_WORDS, QUALITY_WORDS
from dashboards.house.bars import gauges
from dashboards.house.curve import Line, curve
from dashboards.house.frame import Frame, steps
from dashboards.house.heat import heat
from dashboards.house.number import number, word
from dashboards.house.strip import strip
from dashboards.marks import SITE
from dashboards.palette import (
    FORECAST,
    GOOD,
    LIMIT,
    LOAD,
    PERIODS,
    QUALITIES,
    WARNING,
)
from dashboards.query import series
from dashboards.sdk import bargauge, heatmap, stat, statetimeline, timeseries
from dashboards.words import Say

# The newest power of a site's main meters, where all of them were heard of lately.
_NOW = """
SELECT CASE WHEN bool_and(l.ts > now() - make_interval(
    secs => greatest(2 * m.interval_s, 1800))) THEN sum(l.active_power_kw) END AS power_kw
FROM visible.meter m JOIN read.latest l USING (meter_id)
WHERE m.site_id = ${site:raw} AND m.role = 'main' AND m.retired_at IS NULL
"""
_CONTRACT = "(SELECT contract_demand_kw FROM visible.site WHERE site_id = ${site:raw})"
_OF_CONTRACT = steps((None, GOOD), (80, LOAD), (90, WARNING), (100, LIMIT))


def load_now(say: Say, *, columns: int = 4) -> stat.Panel:
    """The newest power, where it is not too old to be called so."""
    frame = Frame(
        title=say("Load now", "当前负荷"), columns=columns, lines=4,
        tells=say("Newest power of all main meters, in kW; a dash where one of them is silent.",
                  "全部总表的最新功率（kW）；任一总表静默时显示横线。"),
    )  # fmt: skip
    return number(frame, _NOW, "kwatt")


def share_of_contract(say: Say, *, columns: int = 4) -> stat.Panel:
    """The newest power as a share of the contract demand."""
    frame = Frame(
        title=say("Of contract demand", "占合同需量"), columns=columns, lines=4,
        tells=say("Load now as a share of the contract demand: amber from 90 %, red from 100 %.",
                  "当前负荷占合同需量的比例：90% 起黄色，100% 起红色。"),
    )  # fmt: skip
    sql = f"SELECT 100 * n.power_kw / {_CONTRACT} AS share_pct FROM ({_NOW}) n"
    return number(frame, sql, "percent", decimals=0, at=_OF_CONTRACT)


def newest_reading(say: Say, *, columns: int = 4) -> stat.Panel:
    """How old the newest reading of the main meters is."""
    frame = Frame(
        title=say("Age of data", "数据时延"), columns=columns, lines=4,
        tells=say("Time since the oldest of the main meters' newest readings.",
                  "各总表最新读数中最旧一条距今的时间。"),
    )  # fmt: skip
    sql = (
        "SELECT greatest(0, extract(epoch FROM now() - min(l.ts)))::float8 AS age_s "
        "FROM visible.meter m JOIN read.latest l USING (meter_id) "
        "WHERE m.site_id = ${site:raw} AND m.role = 'main' AND m.retired_at IS NULL"
    )
    return number(frame, sql, "s", decimals=0,
                  at=steps((None, GOOD), (900, WARNING), (3600, LIMIT)))  # fmt: skip


def peak_foreseen(say: Say, *, columns: int = 4) -> stat.Panel:
    """The highest quarter hour that is foreseen for today and tomorrow."""
    frame = Frame(
        title=say("Peak foreseen", "预测峰值"), columns=columns, lines=4,
        tells=say("Highest median forecast of the coming 36 hours, in kW.",
                  "未来 36 小时预测中位数的最高值（kW）。"),
    )  # fmt: skip
    sql = f"SELECT max(f.p50_kw)::float8 AS peak_kw FROM {_foreseen('now()', _SOON)} f"
    return number(frame, sql, "kwatt", at=steps((None, FORECAST)))


_SOON = "now() + interval '36 hours'"
_SUBJECT = "ARRAY(SELECT subject_id FROM visible.forecast_subject WHERE site_id = ${site:raw})"


def _foreseen(since: str, until: str) -> str:
    return f"read.forecast_as_of({_SUBJECT}, {since}, {until})"


def hero(say: Say, *, columns: int = 24, lines: int = 10) -> timeseries.Panel:
    """Load against forecast with its band, contract demand and the warning at 90 %."""
    load, guess = say("Load", "负荷"), say("Load, estimated", "负荷（估算）")
    contract, near = say("Contract", "合同需量"), say("90 % of contract", "合同需量 90%")
    median, band = say("Forecast", "预测"), say("80 % band", "80% 区间")
    frame = Frame(
        title=say("Will the site stay below its contract demand?", "会超过合同需量吗？"),
        tells=say("Mean power, forecast with its 80 % band, contract demand. Gaps are gaps; where "
                  "the register tells what flowed in one, its mean is dotted.",
                  "平均功率、预测及其 80% 区间、合同需量。缺数留空；表码可推出者以点线示均值。"),
        columns=columns, lines=lines,
    )  # fmt: skip
    queries = series(
        f'SELECT l.start_at AS time, l.power_kw AS "{load}", l.estimated_kw AS "{guess}" '
        f"FROM read.site_load({SITE}, $__timeFrom(), $__timeTo()) l ORDER BY 1",
        f'SELECT f.start_at AS time, f.p90_kw::float8 AS "{band}", f.p50_kw::float8 AS "{median}", '
        f'f.p10_kw::float8 AS "P10" FROM {_foreseen(*_SHOWN)} f ORDER BY 1',
        f'SELECT t.at AS time, s.contract_demand_kw AS "{contract}", '
        f'0.9 * s.contract_demand_kw AS "{near}" FROM visible.site s '
        "CROSS JOIN (VALUES ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) t (at) "
        "WHERE s.site_id = ${site:raw} ORDER BY 1",
    )
    drawn = (
        Line(name=load, colour=LOAD, fill_pct=8),
        Line(name=guess, colour=LOAD, dash="dot", width=1.5),
        Line(name=median, colour=FORECAST, dash="dash", width=1.5),
        Line(name=band, colour=FORECAST, width=0, down_to="P10", fill_pct=18),
        Line(name="P10", colour=FORECAST, width=0, quiet=True),
        Line(name=contract, colour=LIMIT, width=1.5),
        Line(name=near, colour=WARNING, dash="dash", width=1),
    )
    target = f"/d/{uid_of('meter', say.language)}?${{site:queryparam}}&${{customer:queryparam}}"
    link = (say("Open meters", "查看电表"), f"{target}&${{__url_time_range}}")
    return curve(frame, queries, "kwatt", drawn, figures=("max", "mean"), link=link)


_SHOWN = ("$__timeFrom()", "$__timeTo()")


def tariff_strip(say: Say, *, columns: int = 24) -> statetimeline.Panel:
    """Which price counts when."""
    label = say("Price", "电价")
    frame = Frame(
        title=say("Which price counts?", "电价时段"), columns=columns, lines=3,
        tells=say("Time-of-use periods of the customer's price list, by the site's clock.",
                  "客户电价表的分时时段，按场所本地时间。"),
    )  # fmt: skip
    sql = (
        f'SELECT p.start_at AS time, p.period AS "{label}" FROM read.site_periods({SITE}, '
        "greatest($__timeFrom()::timestamptz, $__timeTo()::timestamptz - interval '31 days'), "
        "$__timeTo()) p ORDER BY 1"
    )
    return strip(frame, sql, {k: say(*v) for k, v in PERIOD_WORDS.items()}, PERIODS)


def quality_strip(say: Say, *, columns: int = 24) -> statetimeline.Panel:
    """Whether energy was measured, estimated or is missing."""
    label = say("Data", "数据")
    frame = Frame(
        title=say("How sure are the data?", "数据可靠吗？"), columns=columns, lines=3,
        tells=say("Quality of the site's energy, interval by interval: the worst of its main "
                  "meters.", "场所电量逐时段的数据质量：取各总表中最差者。"),
    )  # fmt: skip
    sql = (
        f'SELECT l.start_at AS time, l.quality AS "{label}" '
        f"FROM read.site_load({SITE}, $__timeFrom(), $__timeTo()) l ORDER BY 1"
    )
    return strip(frame, sql, {k: say(*v) for k, v in QUALITY_WORDS.items()}, QUALITIES)


def phase_voltages(say: Say, *, columns: int = 8) -> bargauge.Panel:
    """The newest phase voltages as shares of nominal."""
    frame = Frame(
        title=say("Are the voltages in order?", "电压正常吗？"), columns=columns, lines=8,
        tells=say("Newest voltages of the first main meter, as a share of nominal: amber beyond "
                  "±7 %, red beyond ±10 %.",
                  "首块总表的最新电压占额定值的比例：偏差超过 ±7% 黄色，超过 ±10% 红色。"),
    )  # fmt: skip
    sql = (
        "SELECT 100 * coalesce(l.voltage_an_v * sqrt(3), l.voltage_ab_v) / m.nominal_voltage_v "
        'AS "A", 100 * coalesce(l.voltage_bn_v * sqrt(3), l.voltage_bc_v) / m.nominal_voltage_v '
        'AS "B", 100 * coalesce(l.voltage_cn_v * sqrt(3), l.voltage_ca_v) / m.nominal_voltage_v '
        'AS "C" FROM visible.meter m JOIN read.latest l USING (meter_id) '
        "WHERE m.site_id = ${site:raw} AND m.role = 'main' AND m.retired_at IS NULL "
        "ORDER BY m.code LIMIT 1"
    )
    at = steps((None, LIMIT), (90, WARNING), (93, GOOD), (107, WARNING), (110, LIMIT))
    return gauges(frame, sql, "percent", at, least=85, most=115)


def sub_meters(say: Say, *, columns: int = 8) -> bargauge.Panel:
    """What is drawn where, the most first."""
    frame = Frame(
        title=say("Who draws how much now?", "现在谁在用电？"), columns=columns, lines=8,
        tells=say("Newest power of each sub-meter, in kW.", "各分表的最新功率（kW）。"),
    )  # fmt: skip
    sql = (
        f"SELECT {say.name('m')} AS name, l.active_power_kw AS power_kw "
        "FROM visible.meter m JOIN read.latest l USING (meter_id) "
        "WHERE m.site_id = ${site:raw} AND m.role = 'sub' AND m.retired_at IS NULL "
        "ORDER BY 2 DESC NULLS LAST LIMIT 12"
    )
    return gauges(frame, sql, "kwatt", steps((None, LOAD)), each_row=True)


def hour_by_day(say: Say, *, columns: int = 8) -> heatmap.Panel:
    """A carpet of the last four weeks: days across, hours up."""
    frame = Frame(
        title=say("When is the load high?", "何时负荷高？"), columns=columns, lines=8,
        tells=say("Mean power by local hour and day, of the 28 days before the end of the range.",
                  "截至所选时段末的 28 天，按本地小时与日期的平均功率。"),
    )  # fmt: skip
    hours = ", ".join(
        f'max(h.power_kw) FILTER (WHERE extract(hour FROM h.clock) = {at}) AS "{at:02}"'
        for at in range(24)
    )
    sql = (
        f"SELECT date_trunc('day', h.clock) AT TIME ZONE h.zone AS time, {hours} FROM ("
        "SELECT s.zone, l.power_kw, l.start_at AT TIME ZONE s.zone AS clock "
        f"FROM read.site_load({SITE}, $__timeTo()::timestamptz - interval '28 days', "
        "$__timeTo()) l JOIN visible.site s USING (site_id)) h GROUP BY 1 ORDER BY 1"
    )
    return heat(frame, sql, "kwatt")


def newest_at(say: Say, *, columns: int = 4) -> stat.Panel:
    """The clock of the newest reading, in the site's zone."""
    frame = Frame(
        title=say("Last heard", "最后更新"), columns=columns, lines=4,
        tells=say("When a main meter was last heard of, by the site's clock.",
                  "总表最后一次读数的本地时间。"),
    )  # fmt: skip
    sql = (
        "SELECT to_char(max(l.ts) AT TIME ZONE s.zone, 'MM-DD HH24:MI') AS heard "
        "FROM visible.meter m JOIN read.latest l USING (meter_id) JOIN visible.site s "
        "USING (site_id) WHERE m.site_id = ${site:raw} AND m.role = 'main' GROUP BY s.zone"
    )
    return word(frame, sql)
