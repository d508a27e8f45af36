"""What could be saved, what people made of it, and what was proven."""

from __future__ import annotations

from dashboards import choices
from dashboards.board import Board, Link, Panels
from dashboards.house.bars import bars
from dashboards.house.curve import Line
from dashboards.house.frame import Frame, steps
from dashboards.house.grid import Column, grid
from dashboards.house.number import number
from dashboards.palette import COMPARED, GOOD, LOAD, WARNING
from dashboards.panels import energy
from dashboards.sdk import barchart, stat, table
from dashboards.words import Say

_OPEN = (
    "FROM visible.opportunity o JOIN visible.site s USING (site_id) "
    "WHERE s.customer_id = ${customer:raw} AND o.gone_at IS NULL "
    "AND o.status IN ('new', 'accepted', 'proposed')"
)
CODE_WORDS = {
    "off_hours_base": ("Base load outside of hours", "非工作时段基荷"),
    "weekend_run_on": ("Running on at weekends", "周末空转"),
    "early_start": ("Starting too early", "启动过早"),
    "late_stop": ("Stopping too late", "停机过晚"),
    "coincident_peaks": ("Peaks that fall together", "峰值重叠"),
    "load_shift": ("Load to cheaper hours", "负荷移峰"),
    "contract_demand": ("Contract demand", "合同需量"),
    "power_factor": ("Power factor", "功率因数"),
    "transformer_capacity": ("Transformer capacity", "变压器容量"),
    "phase_balance": ("Phase balance", "三相平衡"),
    "voltage": ("Voltage", "电压"),
    "pv_self_use": ("Own solar power", "光伏自用"),
}
_STATUS = {
    "new": ("new", "新发现"), "accepted": ("accepted", "已接受"),
    "proposed": ("proposed", "已建议"), "measure": ("measure", "已立项"),
    "rejected": ("rejected", "已否决"), "done": ("done", "已完成"),
}  # fmt: skip
_GRADES = {"low": ("low", "低"), "medium": ("medium", "中"), "high": ("high", "高")}


def _sum(
    say: Say, title: tuple[str, str], tells: tuple[str, str], what: str, unit: str
) -> stat.Panel:
    frame = Frame(title=say(*title), tells=say(*tells), columns=6, lines=4)
    return number(
        frame,
        f"SELECT {what} AS figure {_OPEN}",
        unit,
        decimals=0 if unit == "short" else 1,
        at=steps((None, GOOD)),
    )


def _by_kind(say: Say) -> barchart.Panel:
    worth = say("Up to, a year", "每年最多")
    frame = Frame(
        title=say("What is worth most?", "哪项价值最高？"),
        tells=say("Open findings by kind: what they may be worth in a year, in the currency of the "
                  "customer's prices.", "未结发现按类别的年价值（客户电价币种）。"),
    )  # fmt: skip
    sql = (
        f'SELECT {say.word_of("o.code", CODE_WORDS)} AS kind, sum(o.money)::float8 AS "{worth}" '
        f"{_OPEN} GROUP BY 1 ORDER BY 2 DESC NULLS LAST"
    )
    return bars(frame, sql, "short", "kind", (Line(name=worth, colour=GOOD),))


def _by_status(say: Say) -> barchart.Panel:
    found = say("Findings", "发现数")
    frame = Frame(
        title=say("How far are they?", "进展如何？"),
        tells=say("Findings by what people made of them.", "发现按处理状态计数。"),
    )
    sql = (
        f'SELECT {say.word_of("o.status", _STATUS)} AS status, count(*) AS "{found}" '
        "FROM visible.opportunity o JOIN visible.site s USING (site_id) "
        "WHERE s.customer_id = ${customer:raw} AND o.gone_at IS NULL GROUP BY 1 ORDER BY 2 DESC"
    )
    return bars(frame, sql, "short", "status", (Line(name=found, colour=LOAD),))


def _findings(say: Say) -> table.Panel:
    what, site = say("What", "内容"), say("Site", "场所")
    worth, low, high = say("Up to, a year", "每年最多"), say("Low", "低值"), say("High", "高值")
    saved, demand = say("Energy, a year", "年电量"), say("Demand", "需量")
    sure, effort = say("Confidence", "把握"), say("Effort", "难度")
    state, owner = say("State", "状态"), say("Owner", "负责人")
    currency, last = say("Currency", "币种"), say("Last seen", "最近发现")
    frame = Frame(
        title=say("What was found?", "发现了什么？"), columns=24, lines=12,
        tells=say("Findings, the most valuable first. Amounts are on what earlier findings left "
                  "over, so they may be added with the words 'up to'.",
                  "各项发现，价值最高在前。金额已扣除前项影响，相加时应称“最多”。"),
    )  # fmt: skip
    sql = (
        f'SELECT {say.word_of("o.code", CODE_WORDS)} AS "{what}", {say.name("s")} AS "{site}", '
        f'o.money::float8 AS "{worth}", o.low_money::float8 AS "{low}", o.high_money::float8 '
        f'AS "{high}", o.currency AS "{currency}", o.energy_kwh AS "{saved}", '
        f'o.demand_kw AS "{demand}", {say.word_of("o.confidence", _GRADES)} AS "{sure}", '
        f'{say.word_of("o.effort", _GRADES)} AS "{effort}", '
        f'{say.word_of("o.status", _STATUS)} AS "{state}", o.owner AS "{owner}", '
        f'o.last_found_at AS "{last}", s.site_id, s.customer_id '
        "FROM visible.opportunity o JOIN visible.site s USING (site_id) "
        "WHERE s.customer_id = ${customer:raw} AND o.gone_at IS NULL "
        "ORDER BY o.money DESC NULLS LAST, o.energy_kwh DESC LIMIT 200"
    )
    shown = (
        Column(name=site, link=energy.site_link(say)),
        *(Column(name=name, unit="short", decimals=0) for name in (worth, low, high)),
        Column(name=saved, unit="kwatth", decimals=1),
        Column(name=demand, unit="kwatt", decimals=1),
        Column(name=sure, colours={say("high", "高"): GOOD, say("low", "低"): COMPARED}),
        Column(name=effort, colours={say("low", "低"): GOOD, say("high", "高"): WARNING}),
        Column(name="site_id", hidden=True),
        Column(name="customer_id", hidden=True),
    )
    return grid(frame, sql, shown, open_title=say("Open site", "打开场所"))


# Each measure with the newest judgement of it.
_JUDGED = (
    "FROM visible.saving_measure m JOIN visible.site s USING (site_id) LEFT JOIN LATERAL ("
    "SELECT v.verdict, v.saved_kwh, v.low_kwh, v.high_kwh, v.saved_money, "
    "v.currency, v.reporting_from, v.reporting_to, v.known_at FROM visible.saving_verification v "
    "WHERE v.measure_id = m.measure_id ORDER BY v.known_at DESC LIMIT 1) v ON true "
    "WHERE s.customer_id = ${customer:raw}"
)
_VERDICTS = {"proven": ("proven", "已证实"), "not_proven": ("not proven", "未证实")}
_STAGES = {
    "proposed": ("proposed", "已建议"), "planned": ("planned", "已计划"),
    "implemented": ("implemented", "已实施"), "verified": ("verified", "已核证"),
    "rejected": ("rejected", "已否决"),
}  # fmt: skip


def _proven(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Proven savings", "已证实节电量"), columns=24, lines=3,
        tells=say("Sum of the newest judgements of measures whose savings are proven, each over "
                  "its own reporting period.", "已证实措施最新节电量之和，各按其报告期。"),
    )  # fmt: skip
    sql = f"SELECT sum(v.saved_kwh) AS saved_kwh {_JUDGED} AND v.verdict = 'proven'"
    return number(frame, sql, "kwatth", at=steps((None, GOOD)))


def _measures(say: Say) -> table.Panel:
    what, site, stage = say("Measure", "措施"), say("Site", "场所"), say("State", "状态")
    since, saved = say("Since", "实施日"), say("Saved", "节电量")
    low, high, verdict = say("At least", "至少"), say("At most", "至多"), say("Verdict", "结论")
    period, expected = say("Judged over", "报告期"), say("Expected a year", "预期年节电")
    frame = Frame(
        title=say("What was proven?", "哪些节能得到证实？"), columns=24,
        tells=say("Measures and the newest judgement of each: what was saved over the period "
                  "named, with its interval, and whether that is proven.",
                  "各措施及其最新核证：报告期内节电量、区间及是否证实。"),
    )  # fmt: skip
    sql = (
        f'SELECT m.what AS "{what}", {say.name("s")} AS "{site}", '
        f'{say.word_of("m.status", _STAGES)} AS "{stage}", m.implemented_on::text AS "{since}", '
        f'm.expected_kwh AS "{expected}", v.saved_kwh AS "{saved}", v.low_kwh AS "{low}", '
        f'v.high_kwh AS "{high}", {say.word_of("v.verdict", _VERDICTS)} AS "{verdict}", '
        f"v.reporting_from || ' – ' || v.reporting_to AS \"{period}\" "
        f"{_JUDGED} ORDER BY v.saved_kwh DESC NULLS LAST, m.measure_id LIMIT 200"
    )
    shown = (
        *(Column(name=name, unit="kwatth", decimals=1) for name in (expected, saved, low, high)),
        Column(name=verdict, colours={say("proven", "已证实"): GOOD,
                                      say("not proven", "未证实"): WARNING}),
    )  # fmt: skip
    return grid(frame, sql, shown, open_title=say("Open", "打开"))


def _panels(say: Say) -> Panels:
    return (
        _sum(say, ("Open findings", "未结发现"), ("Found and not decided on.", "已发现、未决定。"),
             "count(*)", "short"),
        _sum(say, ("Worth up to, a year", "年价值最多"),
             ("Of all open findings, in the currency of the customer's prices.",
              "全部未结发现之和，按客户电价币种。"), "sum(o.money)::float8", "short"),
        _sum(say, ("Energy up to, a year", "年电量最多"),
             ("Energy that open findings may save in a year.", "未结发现每年可节约电量。"),
             "sum(o.energy_kwh)", "kwatth"),
        _sum(say, ("Demand up to", "需量最多"), ("Demand that open findings may take off.",
             "未结发现可降低的需量。"), "sum(o.demand_kw)", "kwatt"),
        _by_kind(say),
        _by_status(say),
        _findings(say),
        _proven(say),
        _measures(say),
    )  # fmt: skip


BOARD = Board(
    name="savings",
    en="Savings",
    zh="节能",
    tells_en="What could be saved at a customer's sites, what it may be worth, what was proven.",
    tells_zh="客户场所的节能发现、价值与核证。",
    panels=_panels,
    choices=(choices.customer,),
    links=(
        Link(board="customer", en="Customer", zh="客户", carries=("customer",)),
        Link(board="demand-money", en="Demand and money", zh="需量与电费", carries=("customer",)),
    ),
    since="now-30d",
    refresh="15m",
)
