"""The rules of refusals in Chinese: ingest stores them in English, with the numbers in place."""

from __future__ import annotations

import re

# What the rule says in English → how it is said in Chinese; groups keep numbers and names.
_RULES: tuple[tuple[str, str], ...] = (
    (r"must be a gateway in the registry", "网关须已登记"),
    (
        r"must be a meter that the registry connects to this gateway at that time",
        "该时刻此电表须已登记在该网关下",
    ),
    (
        r"the payload must name the gateway of its topic, (.+)",
        "报文中的网关须与主题中的网关 {0} 一致",
    ),
    (r"may be at most (\d+) s later than the server's clock", "最多允许比服务器时钟晚 {0} 秒"),
    (r"may not be before (\S+) .*", "不得早于 {0}"),
    (r"0 to 1\.5 x nominal phase voltage", "应在 0 至 1.5 倍额定相电压之间"),
    (r"0 to 1\.5 x nominal voltage", "应在 0 至 1.5 倍额定线电压之间"),
    (r"0 to 7\.2 x CT primary current .*", "应在 0 至 7.2 倍互感器一次额定电流之间（含冲击电流）"),
    (
        r"at most 1\.3 x root 3 x nominal voltage x CT primary current, or the rated power",
        "不超过 1.3×√3×额定电压×互感器一次额定电流，或额定功率",
    ),
    (r"-1\.001 to 1\.001", "应在 −1.001 至 1.001 之间"),
    (r"45 to 55 Hz", "应在 45 至 55 赫兹之间"),
    (r"a register is never negative", "表码不得为负"),
    (r"larger than any meter can say", "超出任何电表可能的数值"),
    (
        r"after (\S+) the register may neither fall nor grow by more than the rated power allows; "
        r"kept, but not counted until later readings confirm it",
        "表码自 {0} 起不得回退，增量也不得超过额定功率所允许的范围；"
        "已保存，待后续读数确认后计入电量",
    ),
    (
        r"after (\S+) the register may neither fall nor grow by more than the rated power allows; "
        r"the exchange was not taken",
        "表码自 {0} 起不得回退，增量也不得超过额定功率所允许的范围；换表未被采信",
    ),
    (
        r"an exchange must give the registers it closes and opens with, e\.g\. (.+)",
        "换表须给出旧表止码与新表起码，例如 {0}",
    ),
    (r"a message may be at most (\d+) bytes; .*", "报文不得超过 {0} 字节，请减少每条报文的读数"),
    (r"a reading of kind (\w+) must carry dt", "类型为 {0} 的读数须带 dt 字段"),
    (
        r"not a field of telemetry v1; own fields start with x_",
        "不是遥测报文的字段；自定义字段须以 x_ 开头",
    ),
    (r"must be a number or null", "须为数字或空值"),
    (r"must be a number", "须为数字"),
    (r"no format reads this topic", "没有可解析此主题的报文格式"),
    (
        r"not valid JSON: .*NaN and Infinity.*",
        "报文不是合法的 JSON；读数失败请填 null，不可填 NaN 或无穷大",
    ),
    (r"not valid JSON: .*\(byte (\d+)\)", "报文不是合法的 JSON（第 {0} 字节处）"),
    (r"not valid JSON: .*", "报文不是合法的 JSON"),
    (r"could not be read(?:: .*)?", "无法解析"),
    (r"could not be stored: .*", "无法入库"),
    (r"Expected `(.+)`, got `(.+)`", "应为 {0} 类型，实际为 {1}"),
    (r"Expected `(.+)` of length (>=|<=) (\d+)", "{0} 的长度应 {1} {2}"),
    (r"Expected `(.+)` (>=|<=|>|<) (\S+)", "{0} 应 {1} {2}"),
    (r"Expected `(.+)` matching regex (.+)", "{0} 应符合格式 {1}"),
    (r"Object missing required field `(.+)`", "缺少必填字段 {0}"),
    (r"Object contains unknown field `(.+)`", "含有未知字段 {0}"),
    (r"Invalid enum value (.+)", "取值 {0} 不在允许范围内"),
    (r"Invalid (.+)", "{0} 无效"),
    # corrections of registers
    (r"must be after `from`(, by 31 days at most)?", "须晚于起始时间（最长 31 天）"),
    (r"must say why, in three letters or more", "请填写原因，至少三个字符"),
    (r"is required beside the other", "须与另一项同时填写"),
    (r"must give at least one register", "至少填写一个表码"),
    (r"must be given, or `reason`", "请填写偏移量或原因"),
    (
        r"after (\S+) at (\S+) the register can neither have fallen nor have grown by more than "
        r"the rated power allows",
        "{1} 的表码为 {0}，此后不可能回退，增量也不可能超过额定功率所允许的范围",
    ),
    (
        r"the first reading after it, at (\S+), is (\S+): less",
        "其后首个读数（{0}）为 {1}，小于此值",
    ),
    (
        r"is corrected already by event (\d+): withdraw that one first",
        "已由记录 {0} 更正，请先撤销该记录",
    ),
    (
        r"must be an epoch of this meter, and not its first, which follows on nothing",
        "须为此电表的起算区间，且不是第一段",
    ),
    (
        r"cannot be joined: (\w+) fell from (\S+) to (\S+), which no register does that goes on; "
        r"correct the epoch's offsets instead",
        "不能判为连续：{0} 由 {1} 降至 {2}；请改为更正偏移量",
    ),
    (
        r"must hold 1 to (\d+) readings whose registers are (?:not )?trusted",
        "该时段须包含 1 至 {0} 条符合条件的读数",
    ),
    (
        r"cannot be trusted: (\w+) would fall from (\S+) to (\S+) at (\S+)",
        "不能采信：{0} 将在 {3} 由 {1} 降至 {2}",
    ),
    (r"must be a correction of this meter that is in force", "须为此电表当前有效的更正"),
    (r"is required for the register (\w+)", "表码 {0} 必须填写"),
    (r"is taken: another has this code", "此编号已被占用"),
    (r"must hold printable characters only", "只能包含可打印字符"),
    (r"must not begin or end with a blank", "首尾不得有空格"),
    (r"names nothing that you may see", "不存在或不在您的权限范围内"),
    (r"must be 0 or more, and less than a million", "应不小于 0 且小于 100 万"),
    (r"there is no price for the period \w+", "有时段但未填写该时段的电价"),
    (r"must be given where demand is charged", "按需量计费时必须填写"),
    (r"must be given where capacity is charged", "按容量计费时必须填写"),
    (r"must be three capital letters, as CNY", "应为三个大写字母，如人民币代码"),
    (r"must lie between 00:00 and 24:00", "应在 00:00 至 24:00 之间"),
    (r"must begin and end at different quarter hours", "起止须为不同的整刻钟"),
    (r"must lie in the years 1990 to 2199", "年份应在 1990 至 2199 之间"),
)
_PATTERNS = tuple((re.compile(english), chinese) for english, chinese in _RULES)


def chinese_rule(rule: str) -> str | None:
    """The rule in Chinese; None where it is one that nobody has translated."""
    for pattern, chinese in _PATTERNS:
        match = pattern.fullmatch(rule)
        if match:
            return chinese.format(*match.groups())
    return None
