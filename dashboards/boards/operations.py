"""Whether data come in: rates, lags, gateways, refusals of all that the reader sees."""

from __future__ import annotations

from dashboards.board import Board, Link, Panels
from dashboards.house.curve import Line, curve
from dashboards.house.frame import Frame, steps
from dashboards.house.number import number
from dashboards.palette import COMPARED, GOOD, LIMIT, LOAD, WARNING
from dashboards.panels import events
from dashboards.panels.sites import EVERY_SITE
from dashboards.query import series
from dashboards.sdk import dashboard, stat, timeseries
from dashboards.words import Say

_GATEWAYS = (
    "FROM visible.gateway g LEFT JOIN visible.gateway_state t USING (gateway_id) "
    "WHERE g.retired_at IS NULL"
)


def _count(
    say: Say, title: tuple[str, str], tells: tuple[str, str], sql: str, unit: str = "short",
    at: dashboard.ThresholdsConfig | None = None,
) -> stat.Panel:  # fmt: skip
    frame = Frame(title=say(*title), tells=say(*tells), columns=4, lines=4)
    return number(frame, sql, unit, decimals=0, at=at)


def _intake(say: Say) -> timeseries.Panel:
    rate, meters = say("Readings a minute", "每分钟读数"), say("Meters", "电表数")
    frame = Frame(
        title=say("Do the data come in?", "数据在进来吗？"),
        tells=say("Readings by their own time, and how many meters sent them.",
                  "按读数自身时间的入库速率与发送电表数。"),
    )  # fmt: skip
    sql = (
        f"SELECT $__timeGroup(l.start_at,'15m') AS time, sum(l.n)::float8 / 15 AS \"{rate}\", "
        f'count(DISTINCT l.meter_id) AS "{meters}" FROM read.load_15m l '
        "WHERE l.start_at >= greatest($__timeFrom()::timestamptz, $__timeTo()::timestamptz "
        "- interval '8 days') AND l.start_at <= $__timeTo() GROUP BY 1 ORDER BY 1"
    )
    lines = (
        Line(name=rate, colour=LOAD, fill_pct=8),
        Line(name=meters, colour=COMPARED, width=1, unit="short"),
    )
    return curve(frame, series(sql), "short", lines)


def _lag(say: Say) -> timeseries.Panel:
    longest, usual = say("Longest", "最长"), say("Usual", "通常")
    frame = Frame(
        title=say("How late do they come?", "到达有多晚？"),
        tells=say("From a reading's own time to its receipt: the longest and the median of the "
                  "meters' longest.", "读数自身时间到接收的用时：最长值与各表最长值的中位数。"),
    )  # fmt: skip
    sql = (
        f'SELECT l.start_at AS time, max(l.lag_max_s)::float8 AS "{longest}", '
        f'percentile_cont(0.5) WITHIN GROUP (ORDER BY l.lag_max_s) AS "{usual}" '
        "FROM read.load_15m l "
        "WHERE l.start_at >= greatest($__timeFrom()::timestamptz, $__timeTo()::timestamptz "
        "- interval '8 days') AND l.start_at <= $__timeTo() GROUP BY 1 ORDER BY 1"
    )
    lines = (Line(name=longest, colour=WARNING), Line(name=usual, colour=LOAD))
    return curve(frame, series(sql), "s", lines)


def _refused(say: Say) -> timeseries.Panel:
    refused, flagged = say("Refused", "已拒收"), say("Flagged", "已标记")
    frame = Frame(
        title=say("How much is refused?", "拒收多少？"),
        tells=say("Refused and flagged data by the hour they were last seen in.",
                  "按最近出现小时统计的拒收与标记数据。"),
    )  # fmt: skip
    sql = (
        "SELECT date_trunc('hour', q.last_seen_at) AS time, sum(q.times_seen) FILTER "
        f"(WHERE q.severity = 'refused') AS \"{refused}\", sum(q.times_seen) FILTER "
        f"(WHERE q.severity = 'flagged') AS \"{flagged}\" FROM visible.quarantine q "
        "WHERE $__timeFilter(q.last_seen_at) GROUP BY 1 ORDER BY 1"
    )
    lines = (
        Line(name=refused, colour=LIMIT, bars=True, fill_pct=80, width=0),
        Line(name=flagged, colour=WARNING, bars=True, fill_pct=80, width=0),
    )
    return curve(frame, series(sql), "short", lines)


def _panels(say: Say) -> Panels:
    low = steps((None, GOOD), (1, WARNING))
    return (
        _count(say, ("Gateways online", "在线网关"),
               ("Gateways heard of within ten minutes.", "十分钟内有通信的网关。"),
               f"SELECT count(*) FILTER (WHERE t.online IS NOT FALSE AND t.last_message_at > "
               f"now() - interval '10 minutes') AS n {_GATEWAYS}"),
        _count(say, ("Gateways silent", "静默网关"),
               ("Gateways that were heard of once, but not within ten minutes.",
                "曾有通信但十分钟内无通信的网关。"),
               "SELECT count(*) FILTER (WHERE t.online IS FALSE OR t.last_message_at <= "
               f"now() - interval '10 minutes') AS n {_GATEWAYS}", at=low),
        _count(say, ("Meters silent", "静默电表"),
               ("Meters not heard of for twice their interval.", "超过两个采集周期无读数的电表。"),
               f"SELECT count(*) AS n FROM read.silent_meters({EVERY_SITE})", at=low),
        _count(say, ("Lag now", "当前时延"),
               ("Median way of the newest readings to us, of the last hour.",
                "近一小时最新读数到达用时的中位数。"),
               "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM "
               "l.received_at - l.ts)::float8) AS lag_s FROM read.latest l "
               "WHERE l.received_at > now() - interval '1 hour'", "s"),
        _count(say, ("Messages missing", "缺失报文"),
               ("Numbered messages that never came, in sessions of the range.",
                "所选时段各会话中从未到达的编号报文。"),
               "SELECT sum(n.missing)::bigint AS n FROM read.gateway_messages n "
               "WHERE n.updated_at >= $__timeFrom()", at=low),
        _count(say, ("Refusals open", "未处理拒收"),
               ("Refused and flagged data that nobody has decided on.", "尚未处理的拒收与标记。"),
               "SELECT count(*) AS n FROM visible.quarantine q WHERE q.decision IS NULL "
               "OR q.decision = 'refused_again'", at=low),
        _intake(say),
        _lag(say),
        _refused(say),
        events.silent(say, EVERY_SITE),
        events.happenings(say, EVERY_SITE, columns=24),
    )  # fmt: skip


BOARD = Board(
    name="operations",
    en="Operations",
    zh="运行",
    tells_en="Whether data come in: rates, lags, gateways, refusals.",
    tells_zh="数据是否正常到达：速率、时延、网关、拒收。",
    panels=_panels,
    links=(
        Link(board="overview", en="Overview", zh="总览"),
        Link(board="data-quality", en="Data quality", zh="数据质量"),
    ),
)
