"""What is foreseen for a site, and how good what was foreseen has been."""

from __future__ import annotations

from dashboards import choices, marks
from dashboards.board import Board, Link, Panels
from dashboards.house.bars import bars
from dashboards.house.curve import Line, curve
from dashboards.house.frame import Frame, steps
from dashboards.house.grid import Column, grid
from dashboards.house.number import number
from dashboards.marks import SITE
from dashboards.palette import COMPARED, FORECAST, GOOD, LIMIT, LOAD, TEMPERATURE, WARNING
from dashboards.panels import load
from dashboards.query import series
from dashboards.sdk import barchart, dashboard, stat, table, timeseries
from dashboards.words import Say

_SUBJECT = "ARRAY(SELECT subject_id FROM visible.forecast_subject WHERE site_id = ${site:raw})"
_TODAY = "(now() AT TIME ZONE ${zone:sqlstring})::date"
_CARD = f"read.forecast_card({_SUBJECT}, {_TODAY} - 28, {_TODAY} - 1, 'day_ahead', 1) k"


def _score(
    say: Say, title: tuple[str, str], tells: tuple[str, str], column: str, unit: str,
    at: dashboard.ThresholdsConfig | None = None, decimals: int = 1,
) -> stat.Panel:  # fmt: skip
    frame = Frame(title=say(*title), tells=say(*tells), columns=4, lines=4)
    return number(frame, f"SELECT k.{column} FROM {_CARD}", unit, decimals=decimals, at=at)


def _chance(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Chance of excess", "超合同概率"), columns=4, lines=4,
        tells=say("Highest chance, of today and tomorrow, that the contract demand is exceeded.",
                  "今明两日超过合同需量的最大概率。"),
    )  # fmt: skip
    sql = (
        "SELECT 100 * max(i.exceeds_ratio) AS exceeds_pct FROM read.forecast_issue i "
        f"WHERE i.site_id = ${{site:raw}} AND i.target_day BETWEEN {_TODAY} AND {_TODAY} + 1"
    )
    at = steps((None, GOOD), (10, LOAD), (30, WARNING), (60, LIMIT))
    return number(frame, sql, "percent", decimals=0, at=at)


def _said_before(say: Say) -> timeseries.Panel:
    measured, said = say("Measured", "实测"), say("Said the day before", "前一日预测")
    band = say("80 % band", "80% 区间")
    frame = Frame(
        title=say("Did it come as it was said?", "预测准吗？"), columns=24, lines=9,
        tells=say("Load, and what the day-ahead forecasts said of it, with their 80 % band.",
                  "负荷与日前预测及其 80% 区间。"),
    )  # fmt: skip
    queries = series(
        f'SELECT l.start_at AS time, l.power_kw AS "{measured}" '
        f"FROM read.site_load({SITE}, $__timeFrom(), $__timeTo()) l ORDER BY 1",
        f'SELECT DISTINCT ON (f.start_at) f.start_at AS time, f.p90_kw::float8 AS "{band}", '
        f'f.p50_kw::float8 AS "{said}", f.p10_kw::float8 AS "P10" FROM read.forecast_slot f '
        "WHERE f.site_id = ${site:raw} AND f.kind = 'day_ahead' "
        "AND f.target_day BETWEEN $__timeFrom()::timestamptz::date - 1 "
        "AND $__timeTo()::timestamptz::date + 1 AND $__timeFilter(f.start_at) "
        "ORDER BY f.start_at, f.issued_at DESC",
    )
    lines = (
        Line(name=measured, colour=LOAD),
        Line(name=said, colour=FORECAST, dash="dash", width=1.5),
        Line(name=band, colour=FORECAST, width=0, down_to="P10", fill_pct=18),
        Line(name="P10", colour=FORECAST, width=0, quiet=True),
    )
    return curve(frame, queries, "kwatt", lines)


def _errors(say: Say) -> barchart.Panel:
    error, naive = say("Forecast", "预测"), say("Last week", "上周同日")
    frame = Frame(
        title=say("How large were the errors?", "误差有多大？"),
        tells=say("Sum of absolute errors by the day's load, beside those of a copy of the week "
                  "before.", "每日绝对误差之和占负荷的比例，与照抄上周相比。"),
    )  # fmt: skip
    sql = (
        "SELECT to_char(c.target_day, 'MM-DD') AS day, "
        f'100 * c.error_sum_kw / nullif(c.measured_sum_kw, 0) AS "{error}", '
        f'100 * c.naive_week_sum_kw / nullif(c.measured_sum_kw, 0) AS "{naive}" '
        "FROM visible.forecast_score c JOIN visible.forecast_subject s USING (subject_id) "
        f"WHERE s.site_id = ${{site:raw}} AND c.kind = 'day_ahead' AND c.lead_days = 1 "
        f"AND c.target_day >= {_TODAY} - 28 ORDER BY c.target_day"
    )
    lines = (Line(name=error, colour=FORECAST), Line(name=naive, colour=COMPARED))
    return bars(frame, sql, "percent", "day", lines)


def _temperature(say: Say) -> timeseries.Panel:
    seen, foreseen = say("Measured", "实测"), say("Foreseen", "预报")
    frame = Frame(
        title=say("How warm is it?", "气温如何？"),
        tells=say("Temperature at the site, measured or foreseen.", "场所气温：实测或预报。"),
    )
    sql = (
        f"SELECT w.valid_at AS time, CASE WHEN w.measured THEN w.temperature_c END::float8 "
        f'AS "{seen}", CASE WHEN NOT w.measured THEN w.temperature_c END::float8 '
        f'AS "{foreseen}" FROM read.weather_as_of({SITE}, $__timeFrom(), $__timeTo()) w ORDER BY 1'
    )
    lines = (
        Line(name=seen, colour=TEMPERATURE),
        Line(name=foreseen, colour=TEMPERATURE, dash="dash", width=1),
    )
    return curve(frame, series(sql), "celsius", lines, from_zero=False)


_MODELS = {
    "day_ahead": ("day ahead", "日前模型"), "usual_profile": ("usual days", "典型日"),
    "peer_profile": ("like customers", "同类客户"), "today": ("today", "当日模型"),
    "intraday": ("moved during the day", "日内修正"), "refused": ("none", "无预测"),
}  # fmt: skip


def _issues(say: Say) -> table.Panel:
    day, at, model = say("Day", "日期"), say("Issued", "发布时间"), say("Model", "模型")
    peak, chance, why = (
        say("Peak", "峰值"),
        say("Chance of excess", "超合同概率"),
        say("Why", "依据"),
    )
    frame = Frame(
        title=say("What was said when?", "何时作了哪些预测？"), columns=24,
        tells=say("The newest issues: median peak, chance that the contract demand is exceeded, "
                  "and what the model was chosen by.",
                  "最新发布：峰值中位数、超过合同需量的概率及模型选择依据。"),
    )  # fmt: skip
    sql = (
        f'SELECT i.target_day::text AS "{day}", i.issued_at AS "{at}", '
        f'{say.word_of("i.model", _MODELS)} AS "{model}", i.peak_kw[6]::float8 AS "{peak}", '
        f'100 * i.exceeds_ratio AS "{chance}", i.reason AS "{why}" '
        "FROM read.forecast_issue i WHERE i.site_id = ${site:raw} "
        "ORDER BY i.issued_at DESC, i.target_day DESC LIMIT 50"
    )
    shown = (Column(name=peak, unit="kwatt", decimals=1), Column(name=chance, share=True))
    return grid(frame, sql, shown, open_title=say("Open", "打开"))


def _panels(say: Say) -> Panels:
    skill = steps((None, LIMIT), (0, WARNING), (0.1, GOOD))
    return (
        load.peak_foreseen(say),
        _chance(say),
        _score(say, ("Error", "误差"),
               ("Sum of absolute errors by the sum of load, day ahead, last 28 days.",
                "日前预测近 28 天绝对误差之和占负荷之和的比例。"), "wape_pct", "percent"),
        _score(say, ("80 % band held", "80% 区间命中"),
               ("How often the measured load lay in the 80 % band.",
                "实测落在 80% 区间内的比例。"), "coverage_80_pct", "percent", decimals=0),
        _score(say, ("Bias", "偏差"),
               ("Mean error by mean load: above 0 says too much.",
                "平均误差占平均负荷的比例：大于 0 为偏高。"), "bias_pct", "percent"),
        _score(say, ("Better than naive", "优于朴素预测"),
               ("1 is perfect, 0 as good as the better of yesterday and last week.",
                "1 为完美，0 等同于昨日或上周照抄中的较好者。"), "skill_ratio", "none", skill, 2),
        load.hero(say),
        _said_before(say),
        _errors(say),
        _temperature(say),
        _issues(say),
    )  # fmt: skip


BOARD = Board(
    name="forecast",
    en="Forecast and accuracy",
    zh="预测与准确度",
    tells_en="What is foreseen, how sure it is, and how it turned out so far.",
    tells_zh="预测、其把握程度与历史准确度。",
    panels=_panels,
    choices=(choices.customer, choices.site, choices.zone),
    marks=(marks.outages(SITE),),
    links=(
        Link(board="site-live", en="Site live", zh="场所实时", carries=("customer", "site")),
        Link(board="budget", en="Budget", zh="预算", carries=("customer",)),
    ),
    since="now-3d",
    until="now+2d",
    refresh="5m",
)
