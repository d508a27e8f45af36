"""What a facility manager has open all day."""

from __future__ import annotations

from dashboards import choices, marks
from dashboards.board import Board, Link, Panels
from dashboards.marks import SITE
from dashboards.panels import energy, events, load
from dashboards.words import Say


def _panels(say: Say) -> Panels:
    return (
        load.load_now(say, columns=5),
        load.share_of_contract(say, columns=5),
        load.peak_foreseen(say, columns=5),
        energy.energy_of(say, SITE, "day", columns=5),
        load.newest_reading(say, columns=4),
        load.hero(say),
        load.tariff_strip(say, columns=12),
        load.quality_strip(say, columns=12),
        load.phase_voltages(say),
        load.sub_meters(say),
        load.hour_by_day(say),
        events.happenings(say, SITE, columns=24, lines=7),
    )


BOARD = Board(
    name="site-live",
    en="Site live",
    zh="场所实时",
    tells_en="Load, forecast, contract demand and state of one site.",
    tells_zh="单个场所的负荷、预测、合同需量与状态。",
    panels=_panels,
    choices=(choices.customer, choices.site),
    marks=(marks.outages(SITE), marks.excesses(SITE), marks.told(SITE)),
    links=(
        Link(board="customer", en="Customer", zh="客户", carries=("customer",)),
        Link(board="meter", en="Meters", zh="电表", carries=("customer", "site")),
        Link(board="demand-money", en="Demand and money", zh="需量与电费",
             carries=("customer", "site")),
        Link(board="forecast", en="Forecast", zh="预测", carries=("customer", "site")),
    ),
    until="now+12h",
)  # fmt: skip
