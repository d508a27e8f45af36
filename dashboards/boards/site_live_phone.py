"""The site on a phone: the answer first, one panel a row."""

from __future__ import annotations

from dashboards import choices, marks
from dashboards.board import Board, Link, Panels
from dashboards.marks import SITE
from dashboards.panels import energy, events, load
from dashboards.words import Say


def _panels(say: Say) -> Panels:
    return (
        load.load_now(say, columns=12),
        load.share_of_contract(say, columns=12),
        load.hero(say, columns=24, lines=9),
        load.peak_foreseen(say, columns=12),
        energy.energy_of(say, SITE, "day", columns=12),
        energy.by_day(say, SITE, columns=24, days=7),
        events.happenings(say, SITE, columns=24, lines=8, most=10),
    )


BOARD = Board(
    name="site-live-phone",
    en="Site live (phone)",
    zh="场所实时（手机）",
    tells_en="One site on a small screen.",
    tells_zh="小屏幕上的单个场所。",
    panels=_panels,
    choices=(choices.customer, choices.site),
    marks=(marks.outages(SITE), marks.excesses(SITE)),
    links=(
        Link(board="overview-phone", en="All sites", zh="全部场所"),
        Link(board="alarms-phone", en="Events", zh="事件"),
    ),
    until="now+6h",
    tags=("phone",),
)
