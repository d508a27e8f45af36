"""Texts of the data quality page; a refusal's text is found by its code."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "quality.title": ("Data quality", "数据质量"),
    "quality.intro": (
        "What gateways sent but could not be taken as it came. Everything else went on unharmed.",
        "网关上报但未能原样采信的数据；其余数据不受影响。",
    ),
    "quality.none": ("Nothing was refused or flagged.", "没有被拒收或标记的数据。"),
    "quality.all": ("All", "全部"),
    "quality.refused": ("Refused", "拒收"),
    "quality.flagged": ("Flagged", "存疑"),
    "quality.older": ("Older", "更早"),
    "quality.newest": ("Newest", "最新"),
    "quality.filter": ("Show", "显示"),
    "quality.gateway": ("Gateway", "网关"),
    "quality.only_gateway": ("Gateway {gateway} only", "仅网关 {gateway}"),
    "quality.unknown_gateway": ("not registered", "未登记"),
    "quality.meter": ("Meter", "电表"),
    "quality.field": ("Field", "字段"),
    "quality.value": ("Value", "取值"),
    "quality.rule": ("Rule", "规则"),
    "quality.times": ("seen {n} times", "出现 {n} 次"),
    "quality.once": ("seen once", "出现 1 次"),
    "quality.last": ("Last", "最近"),
    "quality.first": ("First", "首次"),
    "quality.payload": ("Message, {n} bytes", "报文，{n} 字节"),
    "quality.cut": ("cut after 2,000 bytes", "仅显示前 2,000 字节"),
    "refusal.malformed_json": (
        "The message is not valid JSON",
        "报文不是合法的 JSON",
    ),
    "refusal.schema": (
        "{field} = {value} is not what the message format asks for",
        "{field} = {value} 不符合报文格式要求",
    ),
    "refusal.gateway_mismatch": (
        "The message names gateway {value}, but came on another gateway's topic",
        "报文自称网关 {value}，却来自另一网关的主题",
    ),
    "refusal.unknown_gateway": (
        "Gateway {value} is not in the registry",
        "网关 {value} 未登记",
    ),
    "refusal.unknown_meter": (
        "Meter {value} is not connected to this gateway in the registry",
        "电表 {value} 未登记在此网关下",
    ),
    "refusal.time_in_future": (
        "The reading's time {value} lies in the future",
        "读数时间 {value} 在未来",
    ),
    "refusal.time_too_old": (
        "The reading's time {value} lies too far back",
        "读数时间 {value} 过于久远",
    ),
    "refusal.implausible": (
        "{field} = {value} is not plausible for this meter",
        "{field} = {value} 超出此电表的合理范围",
    ),
    "refusal.register_break": (
        "Register {field} fell to {value}; it is not counted until later readings confirm it",
        "表码 {field} 回退到 {value}；在后续读数确认前不计入电量",
    ),
    "refusal.register_jump": (
        "Register {field} jumped to {value}, more than the rated power allows",
        "表码 {field} 跳变到 {value}，超过额定功率允许的增量",
    ),
    "refusal.register_out_of_place": (
        "Late register {field} = {value} does not fit between its neighbours",
        "补报表码 {field} = {value} 与前后读数不符",
    ),
    "refusal.too_large": ("The message is too large", "报文过大"),
    "refusal.unreadable": ("The message could not be read", "报文无法解析"),
    "refusal_short.schema": ("not in the message format", "不符合报文格式"),
    "refusal_short.gateway_mismatch": ("names another gateway", "网关名与主题不符"),
    "refusal_short.unknown_gateway": ("not in the registry", "网关未登记"),
    "refusal_short.unknown_meter": ("meter not registered there", "电表未登记在该网关下"),
    "refusal_short.time_in_future": ("time in the future", "时间在未来"),
    "refusal_short.time_too_old": ("time too far back", "时间过于久远"),
    "refusal_short.implausible": ("value not plausible", "数值不合理"),
    "refusal_short.register_break": ("register fell", "表码回退"),
    "refusal_short.register_jump": ("register jumped", "表码跳变"),
    "refusal_short.register_out_of_place": ("late register does not fit", "补报表码不符"),
}
