"""What needs somebody, on a phone."""

from __future__ import annotations

from dashboards import choices
from dashboards.board import Board, Link, Panels
from dashboards.boards.alarms import no_alarms
from dashboards.marks import CUSTOMER
from dashboards.panels import events
from dashboards.words import Say


def _panels(say: Say) -> Panels:
    return (
        events.count_of(say, CUSTOMER, "excess", columns=12),
        events.count_of(say, CUSTOMER, "outage", columns=12),
        events.happenings(say, CUSTOMER, columns=24, lines=10, most=25),
        events.silent(say, CUSTOMER, columns=24),
        no_alarms(say, columns=24),
    )


BOARD = Board(
    name="alarms-phone",
    en="Alarms and events (phone)",
    zh="告警与事件（手机）",
    tells_en="What happened, on a small screen.",
    tells_zh="小屏幕上的事件。",
    panels=_panels,
    choices=(choices.customer,),
    links=(Link(board="overview-phone", en="All sites", zh="全部场所"),),
    since="now-2d",
    tags=("phone",),
)
