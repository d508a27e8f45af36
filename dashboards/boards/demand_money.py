"""What the demand and the energy of a site cost, and when."""

from __future__ import annotations

from dashboards import choices, marks
from dashboards.board import Board, Link, Panels
from dashboards.events import PERIOD_WORDS
from dashboards.house.bars import bars
from dashboards.house.curve import Line, curve
from dashboards.house.frame import Frame, steps
from dashboards.house.number import number
from dashboards.marks import SITE
from dashboards.palette import COMPARED, GOOD, LIMIT, LOAD, PERIODS, WARNING
from dashboards.panels import events, load
from dashboards.query import series
from dashboards.sdk import barchart, stat, timeseries
from dashboards.words import Say

_MONTH = "date_trunc('month', now(), ${zone:sqlstring})"
_COST = f"read.site_cost({SITE}, {_MONTH}, now(), interval '1 month') c"
_PEAK = f"read.site_peak({SITE}, {_MONTH}, now()) p"


def _peak(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Month's peak", "本月峰值"), columns=4, lines=4,
        tells=say("Highest quarter hour since the month began, in kW.",
                  "本月至今最高的一刻钟需量（kW）。"),
    )  # fmt: skip
    return number(frame, f"SELECT p.demand_kw FROM {_PEAK}", "kwatt")


def _share(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Of contract demand", "占合同需量"), columns=4, lines=4,
        tells=say("The month's peak as a share of contract demand.", "本月峰值占合同需量的比例。"),
    )  # fmt: skip
    sql = (
        f"SELECT 100 * p.demand_kw / s.contract_demand_kw AS share_pct FROM {_PEAK} "
        "JOIN visible.site s USING (site_id)"
    )
    at = steps((None, GOOD), (80, LOAD), (90, WARNING), (100, LIMIT))
    return number(frame, sql, "percent", decimals=0, at=at)


def _energy_money(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Energy so far", "本月电度电费"), columns=4, lines=4,
        tells=say("Price of the energy since the month began, without fixed charges.",
                  "本月至今的电度电费，不含基本电费。"),
    )  # fmt: skip
    sql = f"SELECT sum(c.energy_money) AS energy_money FROM {_COST}"
    return number(frame, sql, "short", decimals=0)


def _demand_money(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Demand so far", "本月需量电费"), columns=4, lines=4,
        tells=say("Charge for the month's peak, or for the contract demand where that is paid.",
                  "按本月峰值计的需量电费；按合同需量计费者为合同需量电费。"),
    )  # fmt: skip
    sql = (
        "SELECT (CASE x.basis WHEN 'actual' THEN p.demand_kw WHEN 'contract' "
        "THEN s.contract_demand_kw END * x.demand_per_kw_month)::float8 AS demand_money "
        f"FROM {_PEAK} JOIN visible.site s USING (site_id) JOIN visible.price x "
        "USING (customer_id) WHERE x.valid_from <= (now() AT TIME ZONE s.zone)::date "
        "ORDER BY x.valid_from DESC LIMIT 1"
    )
    return number(frame, sql, "short", decimals=0)


def _mean_price(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Mean price", "平均电价"), columns=4, lines=4,
        tells=say("Price of the energy since the month began, by kWh.", "本月至今每千瓦时均价。"),
    )  # fmt: skip
    sql = (
        "SELECT sum(c.energy_money) / nullif(sum(c.energy_kwh), 0) AS price_per_kwh "
        f"FROM {_COST} WHERE c.energy_money IS NOT NULL"
    )
    return number(frame, sql, "none", decimals=3)


def _load_factor(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Load factor", "负荷率"), columns=4, lines=4,
        tells=say("Mean over highest power since the month began: the nearer to 100 %, the "
                  "cheaper the demand.", "本月平均负荷与最高负荷之比：越接近 100%，需量电费越省。"),
    )  # fmt: skip
    sql = (
        "SELECT 100 * e.energy_kwh / nullif(extract(epoch FROM now() - "
        f"{_MONTH}) / 3600 * p.demand_kw, 0) AS load_factor_pct FROM {_PEAK} CROSS JOIN "
        f"read.site_energy({SITE}, now(), now(), interval '1 month') e"
    )
    return number(frame, sql, "percent", decimals=0)


def _demand(say: Say) -> timeseries.Panel:
    demand, contract = say("Demand", "需量"), say("Contract", "合同需量")
    frame = Frame(
        title=say("How near to the contract demand?", "离合同需量还有多远？"), columns=24, lines=8,
        tells=say("Mean power and contract demand, in kW.", "平均功率与合同需量（kW）。"),
    )  # fmt: skip
    queries = series(
        f'SELECT l.start_at AS time, l.power_kw AS "{demand}" '
        f"FROM read.site_load({SITE}, $__timeFrom(), $__timeTo()) l ORDER BY 1",
        f'SELECT t.at AS time, s.contract_demand_kw AS "{contract}" FROM visible.site s '
        "CROSS JOIN (VALUES ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) t (at) "
        "WHERE s.site_id = ${site:raw} ORDER BY 1",
    )
    lines = (
        Line(name=demand, colour=LOAD, fill_pct=8),
        Line(name=contract, colour=LIMIT, width=1.5),
    )
    return curve(frame, queries, "kwatt", lines, figures=("max", "mean"))


def _by_period(say: Say, what: str) -> barchart.Panel:
    titles = {
        "energy_kwh": ("When is the energy used?", "电量用在哪些时段？"),
        "energy_money": ("What does the energy cost?", "电度电费是多少？"),
    }
    frame = Frame(
        title=say(*titles[what]),
        tells=say("By local day and time-of-use period, of the range's last 31 days.",
                  "按本地日与分时时段，取所选时段最后 31 天。"),
    )  # fmt: skip
    parts = ", ".join(
        f"sum(c.{what}) FILTER (WHERE c.period = '{period}') AS \"{say(*PERIOD_WORDS[period])}\""
        for period in PERIODS
    )
    sql = (
        f"SELECT to_char(c.start_at AT TIME ZONE ${{zone:sqlstring}}, 'MM-DD') AS day, {parts} "
        f"FROM read.site_cost({SITE}, greatest($__timeFrom()::timestamptz, "
        "$__timeTo()::timestamptz - interval '31 days'), $__timeTo(), interval '1 day') c "
        "GROUP BY c.start_at ORDER BY c.start_at"
    )
    lines = [Line(name=say(*PERIOD_WORDS[p]), colour=colour) for p, colour in PERIODS.items()]
    unit = "kwatth" if what == "energy_kwh" else "short"
    return bars(frame, sql, unit, "day", lines, on_each_other=True)


def _peaks(say: Say) -> barchart.Panel:
    peak = say("Peak", "峰值")
    frame = Frame(
        title=say("How high was every day?", "每天的峰值是多少？"),
        tells=say("Highest mean of an interval of each local day, of the range's last 31 days.",
                  "所选时段最后 31 天每个本地日的最高平均功率。"),
    )  # fmt: skip
    sql = (
        "SELECT to_char(x.day, 'MM-DD') AS day, max(x.demand_kw) "
        f"AS \"{peak}\" FROM (SELECT date_trunc('day', q.start_at AT TIME ZONE "
        "${zone:sqlstring}) AS day, q.start_at, sum(q.active_power_mean_kw) AS demand_kw "
        "FROM visible.meter m JOIN read.load_15m q USING (meter_id) "
        "WHERE m.site_id = ${site:raw} AND m.role = 'main' AND m.retired_at IS NULL "
        "AND q.start_at >= greatest($__timeFrom()::timestamptz, $__timeTo()::timestamptz "
        "- interval '31 days') AND q.start_at < $__timeTo() GROUP BY 1, 2) x "
        "GROUP BY x.day ORDER BY x.day"
    )
    return bars(frame, sql, "kwatt", "day", (Line(name=peak, colour=COMPARED),))


def _panels(say: Say) -> Panels:
    return (
        _peak(say),
        _share(say),
        _load_factor(say),
        _energy_money(say),
        _demand_money(say),
        _mean_price(say),
        _demand(say),
        load.tariff_strip(say),
        _by_period(say, "energy_kwh"),
        _by_period(say, "energy_money"),
        _peaks(say),
        events.excesses(say, SITE),
    )


BOARD = Board(
    name="demand-money",
    en="Demand and money",
    zh="需量与电费",
    tells_en="Peaks against contract demand, and what energy and demand cost, in the currency of "
    "the customer's prices.",
    tells_zh="峰值与合同需量，以及电量与需量的费用（按客户电价表的币种）。",
    panels=_panels,
    choices=(choices.customer, choices.site, choices.zone),
    marks=(marks.excesses(SITE), marks.outages(SITE)),
    links=(
        Link(board="site-live", en="Site live", zh="场所实时", carries=("customer", "site")),
        Link(board="savings", en="Savings", zh="节能", carries=("customer",)),
    ),
    since="now-7d",
    refresh="5m",
)
