"""How complete and how fresh the data of a customer are."""

from __future__ import annotations

from dashboards import choices
from dashboards.board import Board, Link, Panels
from dashboards.events import REFUSAL_WORDS
from dashboards.house.bars import bars
from dashboards.house.curve import Line
from dashboards.house.frame import Frame, steps
from dashboards.house.grid import Column, grid
from dashboards.house.number import number
from dashboards.marks import CUSTOMER
from dashboards.palette import GOOD, LIMIT, MISSING, WARNING
from dashboards.panels import events
from dashboards.sdk import barchart, dashboard, stat, table
from dashboards.words import Say

_METERS = (
    "ARRAY(SELECT m.meter_id FROM visible.meter m JOIN visible.site s USING (site_id) "
    "WHERE s.customer_id = ${customer:raw} AND m.retired_at IS NULL)"
)
_ZONE = "(SELECT min(zone) FROM visible.site WHERE customer_id = ${customer:raw})"
_SINCE = (
    "read.bucket_start(greatest($__timeFrom()::timestamptz, $__timeTo()::timestamptz "
    f"- interval '93 days'), '1 day', {_ZONE})"
)
_QUALITY = (
    f"read.quality({_METERS}, {_SINCE}, read.bucket_end(least($__timeTo()::timestamptz, now()), "
    f"'1 day', {_ZONE}), interval '1 day', {_ZONE}) q"
)


def _figure(
    say: Say, title: tuple[str, str], tells: tuple[str, str], figure: str, unit: str,
    at: dashboard.ThresholdsConfig,
) -> stat.Panel:  # fmt: skip
    frame = Frame(title=say(*title), tells=say(*tells), columns=4, lines=4)
    decimals = 1 if unit == "percent" else 0
    return number(
        frame, f"SELECT {figure} AS figure FROM {_QUALITY}", unit, decimals=decimals, at=at
    )


def _missing_messages(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Messages missing", "缺失报文"), columns=4, lines=4,
        tells=say("Numbered messages of gateways that never came, in the sessions of the range.",
                  "所选时段内各会话中从未到达的编号报文。"),
    )  # fmt: skip
    sql = (
        "SELECT sum(n.missing)::bigint AS missing FROM read.gateway_messages n "
        "JOIN visible.gateway g USING (gateway_id) "
        f"WHERE g.site_id = ANY ({CUSTOMER}) AND n.updated_at >= $__timeFrom()"
    )
    return number(frame, sql, "short", decimals=0, at=steps((None, GOOD), (1, WARNING)))


def _by_day(say: Say) -> barchart.Panel:
    measured, estimated = say("Measured", "实测"), say("Estimated", "估算")
    missing = say("Missing", "缺失")
    frame = Frame(
        title=say("How complete was every day?", "每天完整吗？"), columns=24,
        tells=say("Share of the time due whose energy was measured, estimated, or is missing, "
                  "over all meters.", "全部电表应有时间中实测、估算与缺失的比例。"),
    )  # fmt: skip
    due = "nullif(sum(q.due_s), 0)"
    sql = (
        f"SELECT to_char(q.start_at AT TIME ZONE {_ZONE}, 'MM-DD') AS day, "
        f'100 * sum(q.measured_s) / {due} AS "{measured}", '
        f'100 * sum(q.estimated_s) / {due} AS "{estimated}", '
        f"100 * greatest(0, sum(q.due_s - q.measured_s - q.estimated_s)) / {due} "
        f'AS "{missing}" FROM {_QUALITY} GROUP BY q.start_at ORDER BY q.start_at'
    )
    lines = (
        Line(name=measured, colour=GOOD),
        Line(name=estimated, colour=WARNING),
        Line(name=missing, colour=MISSING),
    )
    return bars(frame, sql, "percent", "day", lines, on_each_other=True)


def _meters(say: Say) -> table.Panel:
    meter, site = say("Meter", "电表"), say("Site", "场所")
    complete, estimated = say("Complete", "完整率"), say("Estimated", "估算")
    lag, untrusted = say("Longest lag", "最大时延"), say("Not trusted", "不可信")
    frame = Frame(
        title=say("Which meters are incomplete?", "哪些电表不完整？"),
        tells=say("Each meter over the range, the least complete first.",
                  "所选时段内各电表，完整率最低在前。"),
    )  # fmt: skip
    sql = (
        f'SELECT {say.name("m")} || \' · \' || m.code AS "{meter}", {say.name("s")} AS "{site}", '
        f'100 * sum(q.measured_s) / nullif(sum(q.due_s), 0) AS "{complete}", '
        f'100 * sum(q.estimated_s) / nullif(sum(q.due_s), 0) AS "{estimated}", '
        f'max(q.lag_max_s) AS "{lag}", sum(q.untrusted_readings)::bigint AS "{untrusted}" '
        f"FROM {_QUALITY} JOIN visible.meter m USING (meter_id) "
        "JOIN visible.site s USING (site_id) GROUP BY m.meter_id, m.code, 1, 2 "
        "ORDER BY 3 NULLS FIRST LIMIT 200"
    )
    shown = (
        Column(name=complete, unit="percent", decimals=1),
        Column(name=estimated, unit="percent", decimals=1),
        Column(name=lag, unit="s", decimals=0),
    )
    return grid(frame, sql, shown, open_title=say("Open", "打开"))


def _gateways(say: Say) -> table.Panel:
    gateway, site = say("Gateway", "网关"), say("Site", "场所")
    heard, skew = say("Last heard", "最后通信"), say("Clock off by", "时钟偏差")
    expected, missing = say("Expected", "应收"), say("Missing", "缺失")
    repeated = say("Repeated", "重复")
    frame = Frame(
        title=say("How do the gateways do?", "网关状态如何？"),
        tells=say("When each was last heard of, its clock, and its numbered messages.",
                  "各网关最后通信时间、时钟偏差与编号报文。"),
    )  # fmt: skip
    sql = (
        f'SELECT g.code AS "{gateway}", {say.name("s")} AS "{site}", '
        f't.last_message_at AS "{heard}", t.clock_skew_ms AS "{skew}", '
        f'n.expected AS "{expected}", n.missing AS "{missing}", n.repeated AS "{repeated}" '
        "FROM visible.gateway g JOIN visible.site s USING (site_id) "
        "LEFT JOIN visible.gateway_state t USING (gateway_id) LEFT JOIN (SELECT gateway_id, "
        "sum(expected)::bigint AS expected, sum(missing)::bigint AS missing, "
        "sum(repeated)::bigint AS repeated FROM read.gateway_messages GROUP BY 1) n "
        "USING (gateway_id) WHERE s.customer_id = ${customer:raw} AND g.retired_at IS NULL "
        "ORDER BY t.last_message_at NULLS FIRST LIMIT 200"
    )
    shown = (Column(name=skew, unit="ms", decimals=0),)
    return grid(frame, sql, shown, open_title=say("Open", "打开"))


def _refusals(say: Say) -> table.Panel:
    rule, gateway, times = say("Rule", "规则"), say("Gateway", "网关"), say("Times", "次数")
    last, field = say("Last", "最近"), say("Field", "字段")
    frame = Frame(
        title=say("What was refused?", "拒收了什么？"),
        tells=say("Refused and flagged data that nobody has decided on, by rule and gateway.",
                  "尚未处理的拒收与标记数据，按规则与网关。"),
    )  # fmt: skip
    sql = (
        f'SELECT {say.word_of("q.code", REFUSAL_WORDS)} AS "{rule}", q.gateway_code '
        f'AS "{gateway}", min(q.field) AS "{field}", sum(q.times_seen)::bigint AS "{times}", '
        f'max(q.last_seen_at) AS "{last}" '
        "FROM visible.quarantine q JOIN visible.gateway g ON g.code = q.gateway_code "
        f"WHERE g.site_id = ANY ({CUSTOMER}) AND q.last_seen_at >= $__timeFrom() "
        "AND (q.decision IS NULL OR q.decision = 'refused_again') GROUP BY 1, 2 ORDER BY 4 DESC"
    )
    return grid(frame, sql, (), open_title=say("Open", "打开"))


def _panels(say: Say) -> Panels:
    due = "nullif(sum(q.due_s), 0)"
    good = steps((None, LIMIT), (95, WARNING), (99, GOOD))
    low = steps((None, GOOD), (1, WARNING), (5, LIMIT))
    return (
        _figure(say, ("Complete", "完整率"), ("Share of the time due that was measured.",
                "应有时间中实测的比例。"), f"100 * sum(q.measured_s) / {due}", "percent", good),
        _figure(say, ("Estimated", "估算"), ("Share of the time due that was estimated.",
                "应有时间中估算的比例。"), f"100 * sum(q.estimated_s) / {due}", "percent", low),
        _figure(say, ("Longest lag", "最大时延"), ("Longest way of a reading to us.",
                "读数到达的最长用时。"), "max(q.lag_max_s)", "s",
                steps((None, GOOD), (900, WARNING), (86_400, LIMIT))),
        _figure(say, ("Not trusted", "不可信读数"), ("Readings whose registers are not trusted.",
                "表码不可信的读数。"), "sum(q.untrusted_readings)::bigint", "short",
                steps((None, GOOD), (1, WARNING))),
        _missing_messages(say),
        events.count_of(say, CUSTOMER, "outage", columns=4),
        _by_day(say),
        _meters(say),
        _gateways(say),
        _refusals(say),
        events.silent(say, CUSTOMER),
    )  # fmt: skip


BOARD = Board(
    name="data-quality",
    en="Data quality",
    zh="数据质量",
    tells_en="Completeness, estimates, lags, lost messages and refused data of one customer.",
    tells_zh="单个客户的完整率、估算、时延、丢失报文与拒收数据。",
    panels=_panels,
    choices=(choices.customer,),
    links=(
        Link(board="alarms", en="Events", zh="事件", carries=("customer",)),
        Link(board="operations", en="Operations", zh="运行"),
    ),
    since="now-14d",
    refresh="5m",
)
