"""Texts of the what-if questions on a forecast."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # what if
    "fc.whatif": ("What if …?", "假设情景"),
    "fc.whatif_intro": (
        "Move load to other hours, use less, or make "
        "the days warmer: a second curve is drawn above.",
        "移动或减少负荷，或假设升温，上图将绘出第二条曲线。",
    ),
    "fc.whatif_move": ("Move", "移动"),
    "fc.whatif_kw": ("kW less", "减少 kW"),
    "fc.whatif_from": ("from", "从"),
    "fc.whatif_until": ("until", "至"),
    "fc.whatif_how": ("and", "并"),
    "fc.whatif_into": ("use it in other hours", "移至其他时段"),
    "fc.whatif_drop": ("do not use it", "不再使用"),
    "fc.whatif_to": ("into hours from", "移入时段 从"),
    "fc.whatif_to_until": ("until", "至"),
    "fc.whatif_warmer": ("Warmer by, K", "升温，度"),
    "fc.whatif_try": ("Try", "计算"),
    "fc.whatif_clear": ("Clear", "清除"),
    "fc.whatif_result": ("What it would do", "结果"),
    "fc.whatif_peak": ("Peak, middle", "峰值（中位数）"),
    "fc.whatif_energy": ("Energy", "电量"),
    "fc.whatif_chance": ("Chance to exceed contract demand", "超合同需量概率"),
    "fc.whatif_before": ("Now", "现状"),
    "fc.whatif_after": ("What if", "假设"),
    "fc.whatif_change": ("Change", "变化"),
    "fc.whatif_points": ("{n} points", "{n} 个百分点"),
    "fc.whatif_moved": ("{energy} {unit} moved.", "移动电量 {energy} {unit}。"),
    "fc.whatif_less": (
        "Less than asked: in some hours no more load is expected than that.",
        "少于设定值：部分时段预计负荷不足。",
    ),
    "fc.whatif_unplaced": (
        "{energy} {unit} found no hour left of its day and counts as not used.",
        "{energy} {unit} 当日已无可移入时段，按不使用计。",
    ),
    "fc.whatif_overlap": (
        "The hours that load goes into must not overlap those it is taken from.",
        "移入时段不得与移出时段重叠。",
    ),
    "fc.whatif_same": ("A window must not end where it begins.", "时段起止不能相同。"),
    "fc.whatif_clock": ("must be a time of day, such as 14:00", "须为时刻，如 14:00"),
    "fc.whatif_number_kw": ("must be a number above 0", "须为大于 0 的数"),
    "fc.whatif_number_k": ("must be a number from −15 to 15", "须为 −15 至 15 之间的数"),
    "fc.whatif_refused": ("Not reckoned: {field} {rule}.", "未计算：{field}{rule}。"),
    "fc.whatif_response": (
        "Warmth by this site's own response, fitted on {days} days beside weekday and season "
        "(explains {percent} of what those leave): {cooling} above {cooling_base} °C, {heating} "
        "below {heating_base} °C. It is no new run of the model.",
        "升温影响按本场所历史响应计算（{days} 天拟合，剔除星期与季节，解释其余变化的 {percent}）："
        "高于 {cooling_base} °C 时 {cooling}，低于 "
        "{heating_base} °C 时 {heating}。并非重新运行模型。",
    ),
    "fc.whatif_per_k": ("{low}–{high} kW a kelvin", "每度 {low}–{high} kW"),
    "fc.whatif_per_k_none": ("no response beyond doubt", "无显著响应"),
    "fc.whatif_no_weather": (
        "What warmth does is not known: temperatures are known for too few days here (56 are "
        "needed, with load).",
        "无法估算升温影响：本场所有气温与负荷的天数不足 56 天。",
    ),
    "fc.whatif_no_foreseen": (
        "No temperature is foreseen for these days, so warmth changes nothing here.",
        "这些日子没有气温预报，升温不产生变化。",
    ),
    "fc.whatif_some_foreseen": (
        "A temperature is foreseen for {percent} of these hours; the others stay as they are.",
        "其中 {percent} 的时段有气温预报，其余保持不变。",
    ),
}
