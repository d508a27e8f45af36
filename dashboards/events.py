"""Words for what happens at sites: events of gateways, rules that refused data, states of data."""

from __future__ import annotations

Pair = tuple[str, str]

EVENT_WORDS: dict[str, Pair] = {
    "register_exchange": ("meter exchanged", "换表"),
    "register_reset": ("register reset", "表码清零"),
    "power_fail": ("power failed", "停电"),
    "power_restore": ("power came back", "来电"),
    "clock_set": ("clock set", "对时"),
    "phase_loss": ("phase lost", "缺相"),
    "overload": ("overload", "过载"),
    "door_open": ("cabinet opened", "柜门开启"),
    "outage": ("no data", "数据中断"),
    "silence": ("meter silent", "电表静默"),
    "excess": ("above contract demand", "超合同需量"),
}
REFUSAL_WORDS: dict[str, Pair] = {
    "malformed_json": ("not readable as JSON", "JSON 无法解析"),
    "schema": ("not as its schema wants", "不符合报文规范"),
    "gateway_mismatch": ("of another gateway", "网关不一致"),
    "unknown_gateway": ("gateway not registered", "网关未登记"),
    "unknown_meter": ("meter not registered", "电表未登记"),
    "time_in_future": ("from the future", "时间超前"),
    "time_too_old": ("too old", "时间过旧"),
    "implausible": ("not plausible", "数值不合理"),
    "register_break": ("register went back", "表码倒退"),
    "register_jump": ("register jumped", "表码跳变"),
    "register_out_of_place": ("register out of place", "表码错位"),
    "payload_too_large": ("message too large", "报文过大"),
    "unknown_topic": ("unknown topic", "未知主题"),
    "ingest_failed": ("could not be stored", "入库失败"),
    "exchange_contradicts": ("contradicts the exchange", "与换表记录矛盾"),
    "unreadable": ("could not be read", "报文无法读取"),
}
KIND_WORDS: dict[str, Pair] = {**EVENT_WORDS, **REFUSAL_WORDS}
SOURCE_WORDS: dict[str, Pair] = {
    "gateway": ("Gateway event", "网关事件"),
    "refused": ("Refused", "已拒收"),
    "flagged": ("Flagged", "已标记"),
    "outage": ("Outage", "数据中断"),
    "silence": ("Silent meter", "静默电表"),
    "excess": ("Above contract", "超合同需量"),
}
QUALITY_WORDS: dict[str, Pair] = {
    "measured": ("measured", "实测"),
    "corrected": ("corrected", "更正"),
    "estimated": ("estimated", "估算"),
    "missing": ("missing", "缺失"),
}
PERIOD_WORDS: dict[str, Pair] = {
    "sharp": ("sharp", "尖"),
    "peak": ("peak", "峰"),
    "flat": ("flat", "平"),
    "valley": ("valley", "谷"),
    "deep_valley": ("deep valley", "深谷"),
}
