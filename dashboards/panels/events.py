"""What happened and what needs somebody, as far as there is a record of it."""

from __future__ import annotations

from dashboards.events import KIND_WORDS, SOURCE_WORDS
from dashboards.house.frame import Frame, steps
from dashboards.house.grid import Column, grid
from dashboards.house.number import number
from dashboards.palette import COMPARED, GOOD, LIMIT, MISSING, WARNING
from dashboards.panels.energy import site_link
from dashboards.sdk import stat, table
from dashboards.words import Say

SOURCE_COLOURS = {
    "excess": LIMIT,
    "outage": WARNING,
    "silence": WARNING,
    "refused": MISSING,
    "flagged": MISSING,
    "gateway": COMPARED,
}


def happenings(
    say: Say, of_sites: str, *, columns: int = 12, lines: int = 8, most: int = 100
) -> table.Panel:
    """The newest events of the range."""
    at, kind, what = say("At", "时间"), say("Kind", "类别"), say("What", "内容")
    site, until, times = say("Site", "场所"), say("Until", "至"), say("Times", "次数")
    where = say("Where", "位置")
    frame = Frame(
        title=say("What happened?", "发生了什么？"), columns=columns, lines=lines,
        tells=say("Outages, silent meters, quarter hours above contract demand, refused and "
                  "flagged data and events of gateways, the newest first. Nobody acknowledges "
                  "them here: there are no alarms yet.",
                  "数据中断、静默电表、超合同需量、拒收与标记的数据、网关事件，最新在前。"
                  "尚无告警引擎，此处不能确认。"),
    )  # fmt: skip
    sql = (
        f'SELECT h.start_at AS "{at}", {say.word_of("h.source", SOURCE_WORDS)} AS "{kind}", '
        f'{say.word_of("h.kind", KIND_WORDS)} AS "{what}", {say.name("s")} AS "{site}", '
        f'coalesce(m.code, h.gateway_code) AS "{where}", h.end_at AS "{until}", '
        f'h.times AS "{times}", s.site_id, s.customer_id '
        f"FROM read.happenings({of_sites}, $__timeFrom(), $__timeTo()) h "
        "JOIN visible.site s USING (site_id) LEFT JOIN visible.meter m ON m.meter_id = h.meter_id "
        f"ORDER BY 1 DESC LIMIT {most}"
    )
    colours = {say(*SOURCE_WORDS[source]): colour for source, colour in SOURCE_COLOURS.items()}
    shown = (
        Column(name=kind, colours=colours),
        Column(name=site, link=site_link(say)),
        Column(name="site_id", hidden=True),
        Column(name="customer_id", hidden=True),
    )
    return grid(frame, sql, shown, open_title=say("Open site", "打开场所"))


def count_of(say: Say, of_sites: str, source: str, *, columns: int = 4) -> stat.Panel:
    """How often something of this source happened in the range."""
    frame = Frame(
        title=say(*SOURCE_WORDS[source]), columns=columns, lines=4,
        tells=say("How often in the range.", "所选时段内的次数。"),
    )  # fmt: skip
    sql = (
        f"SELECT count(*) AS n FROM read.happenings({of_sites}, $__timeFrom(), $__timeTo()) h "
        f"WHERE h.source = '{source}'"
    )
    at = steps((None, GOOD), (1, SOURCE_COLOURS[source]))
    return number(frame, sql, "short", decimals=0, at=at)


def silent(say: Say, of_sites: str, *, columns: int = 12, lines: int = 8) -> table.Panel:
    """Meters that are silent now."""
    meter, site = say("Meter", "电表"), say("Site", "场所")
    heard, age = say("Last heard", "最后读数"), say("Silent for", "静默时长")
    frame = Frame(
        title=say("Which meters are silent?", "哪些电表静默？"), columns=columns, lines=lines,
        tells=say("Meters in service not heard of for twice their interval, the longest first.",
                  "超过两个采集周期无读数的在用电表，时间最长在前。"),
    )  # fmt: skip
    sql = (
        f'SELECT {say.name("m")} || \' · \' || m.code AS "{meter}", {say.name("s")} AS "{site}", '
        f'x.newest_at AS "{heard}", x.age_s AS "{age}", s.site_id, s.customer_id '
        f"FROM read.silent_meters({of_sites}) x JOIN visible.meter m USING (meter_id) "
        "JOIN visible.site s ON s.site_id = x.site_id ORDER BY x.newest_at NULLS FIRST LIMIT 100"
    )
    shown = (
        Column(name=age, unit="s", decimals=0),
        Column(name=site, link=site_link(say)),
        Column(name="site_id", hidden=True),
        Column(name="customer_id", hidden=True),
    )
    return grid(frame, sql, shown, open_title=say("Open site", "打开场所"))


def excesses(say: Say, of_sites: str, *, columns: int = 12, lines: int = 8) -> table.Panel:
    """Quarter hours near and above contract demand."""
    site, at = say("Site", "场所"), say("At", "时间")
    demand, contract = say("Demand", "需量"), say("Contract", "合同需量")
    share = say("Share", "占比")
    frame = Frame(
        title=say("Where was the contract demand reached?", "哪里接近或超过合同需量？"),
        columns=columns, lines=lines,
        tells=say("Quarter hours of at least 90 % of contract demand, the highest share first.",
                  "达到合同需量 90% 及以上的一刻钟，占比最高在前。"),
    )  # fmt: skip
    sql = (
        f'SELECT {say.name("s")} AS "{site}", h.start_at AS "{at}", h.demand_kw AS "{demand}", '
        f'h.contract_demand_kw AS "{contract}", '
        f'100 * h.demand_kw / h.contract_demand_kw AS "{share}" '
        f"FROM read.high_demand({of_sites}, $__timeFrom(), $__timeTo()) h "
        "JOIN visible.site s USING (site_id) ORDER BY 5 DESC LIMIT 100"
    )
    shown = (
        Column(name=demand, unit="kwatt", decimals=1),
        Column(name=contract, unit="kwatt", decimals=1),
        Column(name=share, share=True),
    )
    return grid(frame, sql, shown, open_title=say("Open", "打开"))
