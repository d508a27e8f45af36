"""All sites on a phone."""

from __future__ import annotations

from dashboards.board import Board, Link, Panels
from dashboards.boards.overview import portfolio
from dashboards.panels import energy, events
from dashboards.panels.sites import EVERY_SITE, load_now_of, sites_table
from dashboards.words import Say


def _panels(say: Say) -> Panels:
    return (
        load_now_of(say, EVERY_SITE, columns=12),
        energy.energy_of(say, EVERY_SITE, "day", columns=12),
        sites_table(say, EVERY_SITE, brief=True),
        portfolio(say, columns=24, lines=8),
        events.happenings(say, EVERY_SITE, columns=24, most=10),
    )


BOARD = Board(
    name="overview-phone",
    en="Overview (phone)",
    zh="总览（手机）",
    tells_en="All sites on a small screen.",
    tells_zh="小屏幕上的全部场所。",
    panels=_panels,
    links=(
        Link(board="site-live-phone", en="Site", zh="场所"),
        Link(board="alarms-phone", en="Events", zh="事件"),
    ),
    since="now-2d",
    tags=("phone",),
)
