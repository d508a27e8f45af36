"""What happened, marked in every chart of a board: outages, excesses, what gateways told."""

from __future__ import annotations

from collections.abc import Callable

from dashboards.events import EVENT_WORDS
from dashboards.palette import LIMIT, MISSING, WARNING
from dashboards.query import DATA_SOURCE, Query
from dashboards.sdk import Builder, dashboard, dashboard_models
from dashboards.words import Say

Mark = Callable[[Say], Builder[dashboard_models.AnnotationQuery]]

SITE = "ARRAY[${site:raw}]"
CUSTOMER = "ARRAY(SELECT site_id FROM visible.site WHERE customer_id = ${customer:raw})"


def outages(of_sites: str) -> Mark:
    """Stretches in which main meters of these sites told nothing."""

    def mark(say: Say) -> dashboard.AnnotationQuery:
        text = say("No data from", "无数据：")
        return _mark(
            say("Outages", "数据中断"), MISSING,
            f"SELECT o.start_at AS time, o.end_at AS timeend, '{text} ' || {say.name('m')} "
            "AS text, 'outage' AS tags "
            f"FROM read.outages({of_sites}, $__timeFrom(), $__timeTo()) o JOIN "
            "visible.meter m USING (meter_id) ORDER BY 1",
        )  # fmt: skip

    return mark


def excesses(of_sites: str) -> Mark:
    """Stretches in which these sites drew more than their contract demand."""

    def mark(say: Say) -> dashboard.AnnotationQuery:
        text = say("above contract demand, up to", "超合同需量，最高")
        return _mark(
            say("Above contract", "超合同需量"), LIMIT,
            f"SELECT h.start_at AS time, h.end_at AS timeend, {say.name('s')} || ' {text} ' "
            "|| round(h.demand_kw::numeric, 1) || ' kW' AS text, 'excess' AS tags "
            f"FROM read.happenings({of_sites}, $__timeFrom(), $__timeTo()) h "
            "JOIN visible.site s USING (site_id) WHERE h.source = 'excess' ORDER BY 1",
        )  # fmt: skip

    return mark


def told(of_sites: str) -> Mark:
    """What gateways of these sites told of: power failures, resets, exchanges."""

    def mark(say: Say) -> dashboard.AnnotationQuery:
        words = say.word_of("h.kind", EVENT_WORDS)
        return _mark(
            say("Gateway events", "网关事件"), WARNING,
            f"SELECT h.start_at AS time, h.start_at AS timeend, h.gateway_code || ': ' || {words} "
            "AS text, 'gateway' AS tags "
            f"FROM read.happenings({of_sites}, $__timeFrom(), $__timeTo()) h "
            "WHERE h.source = 'gateway' ORDER BY 1",
        )  # fmt: skip

    return mark


def _mark(name: str, colour: str, sql: str) -> dashboard.AnnotationQuery:
    return (
        dashboard.AnnotationQuery()
        .name(name)
        .datasource(DATA_SOURCE)
        .enable(True)
        .icon_color(colour)
        .target(Query(sql=sql, ref_id="Anno"))
    )
