"""What needs somebody. There are no alarms yet that are raised, acknowledged and cleared."""

from __future__ import annotations

from dashboards import choices
from dashboards.board import Board, Link, Panels
from dashboards.events import SOURCE_WORDS
from dashboards.house.bars import bars
from dashboards.house.curve import Line
from dashboards.house.frame import Frame
from dashboards.house.note import note
from dashboards.marks import CUSTOMER
from dashboards.panels import events
from dashboards.sdk import barchart, text
from dashboards.words import Say


def no_alarms(say: Say, *, columns: int = 8) -> text.Panel:
    """That there is no alarm engine."""
    frame = Frame(
        title=say("What this is", "说明"), columns=columns, lines=8,
        tells=say("What this board can tell and what not.", "本看板能与不能说明的内容。"),
    )  # fmt: skip
    return note(frame, say(
        "These are **records**, not alarms: what gateways told, stretches without data, silent "
        "meters, refused data, and quarter hours of 90 % of contract demand and more.\n\n"
        "Nothing here is raised, acknowledged or cleared; contact points of this organisation "
        "tell nobody of it yet.",
        "这里是**记录**而非告警：网关上报的事件、数据中断、静默电表、被拒收的数据，"
        "以及达到合同需量 90% 及以上的一刻钟。\n\n"
        "尚无告警的触发、确认与恢复；本组织的联系点暂不会据此通知任何人。",
    ))  # fmt: skip


def _per_day(say: Say) -> barchart.Panel:
    frame = Frame(
        title=say("How often?", "多久一次？"),
        columns=16,
        tells=say("Events of each kind by local day.", "各类事件按本地日计数。"),
    )
    counted = ", ".join(
        f"count(*) FILTER (WHERE h.source = '{source}') AS \"{say(*pair)}\""
        for source, pair in SOURCE_WORDS.items()
    )
    sql = (
        f"SELECT to_char(h.start_at AT TIME ZONE s.zone, 'MM-DD') AS day, {counted} "
        f"FROM read.happenings({CUSTOMER}, $__timeFrom(), $__timeTo()) h "
        "JOIN visible.site s USING (site_id) GROUP BY 1 ORDER BY 1"
    )
    lines = [
        Line(name=say(*SOURCE_WORDS[source]), colour=colour)
        for source, colour in events.SOURCE_COLOURS.items()
    ]
    return bars(frame, sql, "short", "day", lines, on_each_other=True)


def _panels(say: Say) -> Panels:
    counts = ("excess", "outage", "silence", "refused", "flagged", "gateway")
    return (
        *(events.count_of(say, CUSTOMER, source, columns=4) for source in counts),
        _per_day(say),
        no_alarms(say),
        events.happenings(say, CUSTOMER, columns=24, lines=10, most=500),
        events.silent(say, CUSTOMER),
        events.excesses(say, CUSTOMER),
    )


BOARD = Board(
    name="alarms",
    en="Alarms and events",
    zh="告警与事件",
    tells_en="Outages, silent meters, excesses of contract demand, refused data, gateway events.",
    tells_zh="数据中断、静默电表、超合同需量、拒收数据与网关事件。",
    panels=_panels,
    choices=(choices.customer,),
    links=(
        Link(board="overview", en="Overview", zh="总览"),
        Link(board="data-quality", en="Data quality", zh="数据质量", carries=("customer",)),
    ),
    since="now-7d",
)
