"""Where the month lands, beside the same month of last year. There are no budgets yet."""

from __future__ import annotations

from dashboards import choices
from dashboards.board import Board, Link, Panels
from dashboards.house.bars import bars
from dashboards.house.curve import Line, curve
from dashboards.house.frame import Frame, steps
from dashboards.house.grid import Column, grid
from dashboards.house.note import note
from dashboards.house.number import number
from dashboards.marks import CUSTOMER
from dashboards.palette import COMPARED, FORECAST, GOOD, LIMIT, LOAD, WARNING
from dashboards.panels import energy
from dashboards.query import series
from dashboards.sdk import barchart, stat, table, text, timeseries
from dashboards.words import Say

_ZONE = "(SELECT min(zone) FROM visible.site WHERE customer_id = ${customer:raw})"
_MONTH = f"date_trunc('month', now(), {_ZONE})"
_SO_FAR = f"read.site_energy({CUSTOMER}, now(), now(), interval '1 month') e"
# The newest word on this month: of the customer as a whole, else of its sites.
_LANDING = (
    "(SELECT sum(f.energy_kwh[2])::float8 AS low_kwh, sum(f.energy_kwh[6])::float8 AS middle_kwh, "
    "sum(f.energy_kwh[10])::float8 AS high_kwh FROM read.forecast_month f "
    "WHERE f.customer_id = ${customer:raw} AND f.month = "
    f"date_trunc('month', now() AT TIME ZONE {_ZONE})::date AND CASE WHEN EXISTS (SELECT FROM "
    "read.forecast_month g WHERE g.customer_id = ${customer:raw} AND g.site_id IS NULL "
    "AND g.month = f.month) THEN f.site_id IS NULL ELSE true END) l"
)
_THEN = f"date_add({_MONTH}, '-1 year', {_ZONE}) + interval '1 day'"
_OF_SITES_THEN = f"read.site_energy({CUSTOMER}, {_THEN}, {_THEN}, interval '1 month') y"
_LAST_YEAR = f"(SELECT sum(y.energy_kwh) AS energy_kwh FROM {_OF_SITES_THEN}) y"


def _landing(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Month will land at", "本月预计"),
        columns=6,
        lines=4,
        tells=say("Median of where the month's energy lands.", "本月电量落点的中位数。"),
    )
    sql = f"SELECT l.middle_kwh AS energy_kwh FROM {_LANDING}"
    return number(frame, sql, "kwatth", at=steps((None, FORECAST)))


def _last_year(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Same month of last year", "去年同月"),
        columns=6,
        lines=4,
        tells=say("Energy of the whole month a year ago.", "去年同月全月电量。"),
    )
    return number(frame, f"SELECT y.energy_kwh FROM {_LAST_YEAR}", "kwatth",
                  at=steps((None, COMPARED)))  # fmt: skip


def _change(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Landing against last year", "预计同比"), columns=6, lines=4,
        tells=say("How much more than a year ago the month will need.", "本月预计的同比变化。"),
    )  # fmt: skip
    sql = (
        "SELECT 100 * (l.middle_kwh / nullif(y.energy_kwh, 0) - 1) AS change_pct "
        f"FROM {_LANDING} CROSS JOIN {_LAST_YEAR}"
    )
    at = steps((None, GOOD), (0, LOAD), (5, WARNING), (10, LIMIT))
    return number(frame, sql, "percent", at=at)


def _no_budgets(say: Say) -> text.Panel:
    frame = Frame(
        title=say("What this is", "说明"),
        columns=8,
        lines=9,
        tells=say("What this board compares with.", "本看板的对比对象。"),
    )
    return note(frame, say(
        "There are **no budgets** in Loadstone yet. Until there are, the same month of last year "
        "stands for one, as it was: not adjusted for weather or production.\n\n"
        "Where the month lands is a forecast, with its 80 % band.",
        "Loadstone **尚无预算**。在此之前以去年同月的实际电量代替，未按天气或生产调整。\n\n"
        "本月落点为预测值，附 80% 区间。",
    ))  # fmt: skip


def _burn_down(say: Say) -> timeseries.Panel:
    this, before = say("This month", "本月"), say("Last year", "去年")
    landing, band = say("Landing", "落点"), say("80 % band", "80% 区间")
    frame = Frame(
        title=say("Are we on the way of last year?", "与去年相比如何？"), columns=16, lines=9,
        tells=say("Energy since the month began, beside last year's by day of the month, and where "
                  "the month lands with its 80 % band.",
                  "本月累计电量、去年同月逐日累计，以及本月落点及其 80% 区间。"),
    )  # fmt: skip
    summed = "sum(sum(d.energy_kwh)) OVER (ORDER BY d.start_at)"
    ends = f"date_add({_MONTH}, '1 month', {_ZONE}) - interval '1 hour'"
    queries = series(
        f"SELECT date_add(d.start_at, '1 day', {_ZONE}) - interval '1 hour' AS time, "
        f'{summed} AS "{this}" FROM read.site_energy({CUSTOMER}, {_MONTH}, now(), '
        "interval '1 day') d GROUP BY d.start_at ORDER BY 1",
        f"SELECT date_add(date_add(d.start_at, '1 day', {_ZONE}), '1 year', {_ZONE}) "
        f"- interval '1 hour' AS time, {summed} "
        f'AS "{before}" FROM read.site_energy({CUSTOMER}, '
        f"date_add({_MONTH}, '-1 year', {_ZONE}), date_add({_MONTH}, '-11 months', {_ZONE}) "
        "- interval '1 second', interval '1 day') d GROUP BY d.start_at ORDER BY 1",
        "SELECT t.at AS time, CASE WHEN t.n = 1 THEN s.energy_kwh ELSE l.high_kwh END "
        f'AS "{band}", '
        f'CASE WHEN t.n = 1 THEN s.energy_kwh ELSE l.middle_kwh END AS "{landing}", '
        'CASE WHEN t.n = 1 THEN s.energy_kwh ELSE l.low_kwh END AS "P10" '
        f"FROM {_LANDING} CROSS JOIN (SELECT sum(e.energy_kwh) AS energy_kwh FROM {_SO_FAR}) s "
        f"CROSS JOIN (VALUES (1, now()), (2, {ends})) t (n, at) ORDER BY 1",
    )
    lines = (
        Line(name=this, colour=LOAD),
        Line(name=before, colour=COMPARED, width=1.5),
        Line(name=landing, colour=FORECAST, dash="dash", width=1.5),
        Line(name=band, colour=FORECAST, width=0, down_to="P10", fill_pct=18),
        Line(name="P10", colour=FORECAST, width=0, quiet=True),
    )
    panel = curve(frame, queries, "kwatth", lines)
    return panel.span_nulls(True).insert_nulls(False)


def _months(say: Say) -> barchart.Panel:
    this, before = say("This year", "今年"), say("Last year", "去年")
    frame = Frame(
        title=say("Month by month against last year", "逐月同比"),
        tells=say("Energy of the last twelve months beside the same months a year before.",
                  "近 12 个月电量与上年同月。"),
    )  # fmt: skip
    sql = (
        f"WITH month AS (SELECT e.start_at AT TIME ZONE {_ZONE} AS at, sum(e.energy_kwh) "
        f"AS energy_kwh FROM read.site_energy({CUSTOMER}, now() - interval '23 months', now(), "
        "interval '1 month') e GROUP BY 1) "
        f"SELECT to_char(m.at, 'YYYY-MM') AS month, m.energy_kwh AS \"{this}\", "
        f'y.energy_kwh AS "{before}" FROM month m LEFT JOIN month y '
        "ON y.at = m.at - interval '1 year' "
        f"WHERE m.at > (now() AT TIME ZONE {_ZONE}) - interval '12 months' ORDER BY m.at"
    )
    lines = (Line(name=this, colour=LOAD), Line(name=before, colour=COMPARED))
    return bars(frame, sql, "kwatth", "month", lines)


def _sites(say: Say) -> table.Panel:
    site, so_far = say("Site", "场所"), say("So far", "本月累计")
    landing, before = say("Lands at", "预计"), say("Last year", "去年同月")
    change = say("Change", "同比")
    frame = Frame(
        title=say("Which sites need more?", "哪些场所用得更多？"),
        tells=say("Each site's month: so far, where it lands, and last year's.",
                  "各场所本月累计、预计落点与去年同月。"),
    )  # fmt: skip
    sql = (
        f'SELECT {say.name("s")} AS "{site}", e.energy_kwh AS "{so_far}", '
        f'f.energy_kwh[6]::float8 AS "{landing}", y.energy_kwh AS "{before}", '
        f'100 * (f.energy_kwh[6]::float8 / nullif(y.energy_kwh, 0) - 1) AS "{change}", '
        f"s.site_id, s.customer_id FROM {_SO_FAR} JOIN visible.site s USING (site_id) "
        "LEFT JOIN read.forecast_month f ON f.site_id = s.site_id AND f.month = "
        "date_trunc('month', now() AT TIME ZONE s.zone)::date "
        f"LEFT JOIN {_OF_SITES_THEN} ON y.site_id = s.site_id ORDER BY 2 DESC NULLS LAST"
    )
    shown = (
        Column(name=site, link=energy.site_link(say)),
        *(Column(name=name, unit="kwatth", decimals=1) for name in (so_far, landing, before)),
        Column(name=change, unit="percent", decimals=1),
        Column(name="site_id", hidden=True),
        Column(name="customer_id", hidden=True),
    )
    return grid(frame, sql, shown, open_title=say("Open site", "打开场所"))


def _panels(say: Say) -> Panels:
    return (
        energy.energy_of(say, CUSTOMER, "month", columns=6),
        _landing(say),
        _last_year(say),
        _change(say),
        _burn_down(say),
        _no_budgets(say),
        _months(say),
        _sites(say),
    )


BOARD = Board(
    name="budget",
    en="Budget",
    zh="预算",
    tells_en="Where the month lands, against the same month of last year until there are budgets.",
    tells_zh="本月落点；在有预算之前与去年同月对比。",
    panels=_panels,
    choices=(choices.customer,),
    links=(
        Link(board="customer", en="Customer", zh="客户", carries=("customer",)),
        Link(board="forecast", en="Forecast", zh="预测", carries=("customer",)),
    ),
    since="now/M",
    until="now/M",
    refresh="15m",
)
