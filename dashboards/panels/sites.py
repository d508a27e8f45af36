"""Many sites at once: their load together, and a table of them."""

from __future__ import annotations

from dashboards.house.frame import Frame
from dashboards.house.grid import Column, grid
from dashboards.house.number import number
from dashboards.panels.energy import site_link
from dashboards.sdk import stat, table
from dashboards.words import Say

EVERY_SITE = "ARRAY(SELECT site_id FROM visible.site WHERE retired_at IS NULL)"


def load_now_of(say: Say, of_sites: str, *, columns: int = 4) -> stat.Panel:
    """The newest power of the main meters that are not silent."""
    frame = Frame(
        title=say("Load now", "当前负荷"), columns=columns, lines=4,
        tells=say("Newest power of all main meters heard of within the last half hour, in kW.",
                  "半小时内有读数的全部总表最新功率之和（kW）。"),
    )  # fmt: skip
    sql = (
        "SELECT sum(l.active_power_kw) AS power_kw FROM visible.meter m "
        "JOIN read.latest l USING (meter_id) WHERE m.role = 'main' AND m.retired_at IS NULL "
        f"AND m.site_id = ANY ({of_sites}) AND l.ts > now() - interval '30 minutes'"
    )
    return number(frame, sql, "kwatt")


def sites_table(
    say: Say, of_sites: str, *, columns: int = 24, lines: int = 9, brief: bool = False
) -> table.Panel:
    """Each site with its load, its peak of the month, its energy; `brief` for phones."""
    site, customer = say("Site", "场所"), say("Customer", "客户")
    now, peak, share = (
        say("Now", "当前"),
        say("Month's peak", "本月峰值"),
        say("Of contract", "占合同"),
    )
    energy, heard = say("This month", "本月电量"), say("Last heard", "最后读数")
    frame = Frame(
        title=say("How are the sites?", "各场所如何？"), columns=columns, lines=lines,
        tells=say("Load now, the month's highest quarter hour and its share of contract demand, "
                  "energy since the month began; the highest share first.",
                  "当前负荷、本月最高一刻钟及其占合同需量的比例、本月电量；占比最高在前。"),
    )  # fmt: skip
    first = f'{say.name("s")} AS "{site}", '
    more = "" if brief else f'{say.name("c")} AS "{customer}", '
    last = (
        "" if brief
        else f'e.energy_kwh AS "{energy}", n.heard_at AS "{heard}", '
    )  # fmt: skip
    sql = (
        f"WITH place AS (SELECT {of_sites} AS ids) "
        f'SELECT {first}{more}n.power_kw AS "{now}", p.demand_kw AS "{peak}", '
        f'100 * p.demand_kw / s.contract_demand_kw AS "{share}", {last}'
        "s.site_id, s.customer_id FROM place CROSS JOIN visible.site s "
        "JOIN visible.customer c USING (customer_id) "
        "LEFT JOIN (SELECT m.site_id, sum(l.active_power_kw) AS power_kw, max(l.ts) AS heard_at "
        "FROM visible.meter m JOIN read.latest l USING (meter_id) WHERE m.role = 'main' "
        "AND m.retired_at IS NULL GROUP BY 1) n USING (site_id) "
        "LEFT JOIN (SELECT q.site_id, q.demand_kw FROM place CROSS JOIN LATERAL read.site_peak("
        "place.ids, date_trunc('month', now(), (SELECT min(zone) FROM visible.site)), now()) q) p "
        "USING (site_id) LEFT JOIN (SELECT x.site_id, x.energy_kwh FROM place CROSS JOIN LATERAL "
        "read.site_energy(place.ids, now(), now(), interval '1 month') x) e USING (site_id) "
        f"WHERE s.site_id = ANY (place.ids) ORDER BY 100 * p.demand_kw / s.contract_demand_kw "
        "DESC NULLS LAST LIMIT 200"
    )
    wide = () if brief else (Column(name=energy, unit="kwatth", decimals=1),)
    shown = (
        Column(name=site, link=site_link(say)),
        Column(name=now, unit="kwatt", decimals=1),
        Column(name=peak, unit="kwatt", decimals=1),
        Column(name=share, share=True),
        *wide,
        Column(name="site_id", hidden=True),
        Column(name="customer_id", hidden=True),
    )
    return grid(frame, sql, shown, open_title=say("Open site", "打开场所"))
