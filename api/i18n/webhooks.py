"""Texts of the webhooks' pages."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "nav.webhooks": ("Webhooks", "事件推送"),
    "webhooks.list": ("Who is told of what", "推送目标"),
    "webhooks.note": (
        "Each event is posted as JSON, signed with the secret, and repeated for about a day until "
        "it is taken. Counts are of the last 30 days.",
        "事件以 JSON 推送并用密钥签名；未被接收时约一天内重试。计数为最近 30 天。",
    ),
    "webhooks.none": ("Nobody is told of anything yet.", "尚无推送目标。"),
    "webhooks.name": ("Name", "名称"),
    "webhooks.url": ("Address to call, of a public host", "推送地址（公网主机）"),
    "webhooks.kinds": ("Told of", "推送事件"),
    "webhooks.kind": ("Event", "事件"),
    "webhooks.kind_gateway_silent": ("A gateway falls silent", "网关失联"),
    "webhooks.kind_gateway_back": ("A gateway is back", "网关恢复"),
    "webhooks.kind_quarantine": ("Data are refused or flagged", "数据被隔离"),
    "webhooks.kind_quality_low": ("A day is less complete than asked", "日数据完整率偏低"),
    "webhooks.kind_report_ready": ("A report is ready", "报告已生成"),
    "webhooks.kind_test": ("Test", "测试"),
    "webhooks.below": (
        "Completeness below, % (for a day less complete)",
        "完整率低于，%（用于日数据完整率）",
    ),
    "webhooks.scope": (
        "Code of one customer or site; empty: all that you see",
        "客户或场所编码；留空为全部可见",
    ),
    "webhooks.counts": ("Calls", "推送次数"),
    "webhooks.taken": ("{n} taken", "已接收 {n}"),
    "webhooks.waiting": ("{n} waiting", "待推送 {n}"),
    "webhooks.given_up": ("{n} given up", "已放弃 {n}"),
    "webhooks.add": ("Add a webhook", "新增推送目标"),
    "webhooks.make": ("Add", "新增"),
    "webhooks.refused": ("Nothing is changed yet: see below.", "尚未保存，请检查以下各项。"),
    "webhooks.secret": (
        "Its calls are signed with this secret, which is shown only now:",
        "推送将以此密钥签名，仅在此显示一次：",
    ),
    "webhooks.paused": ("paused", "已暂停"),
    "webhooks.pause": ("Pause", "暂停"),
    "webhooks.resume": ("Resume", "恢复"),
    "webhooks.remove": ("Remove", "删除"),
    "webhooks.test": ("Call it to try", "发送测试"),
    "webhooks.told": ("What it was told lately", "近期推送"),
    "webhooks.told_nothing": ("It was told of nothing yet.", "尚无推送记录。"),
    "webhooks.happened": ("Happened", "发生时间"),
    "webhooks.state": ("State", "状态"),
    "webhooks.state_taken": ("taken", "已接收"),
    "webhooks.state_waiting": ("to be called", "待推送"),
    "webhooks.state_given_up": ("given up", "已放弃"),
    "webhooks.calls": ("Calls made", "尝试次数"),
    "webhooks.answer": ("Last answer", "最近应答"),
    "webhooks.done_paused": ("It is told of nothing until you resume it.", "已暂停推送。"),
    "webhooks.done_resumed": ("It is told again.", "已恢复推送。"),
    "webhooks.done_removed": ("It is removed.", "已删除。"),
    "webhooks.done_test": (
        "It will be called within seconds; reload to see the answer.",
        "数秒内将发送测试，刷新可查看应答。",
    ),
}
