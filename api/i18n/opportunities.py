"""Texts of the pages of opportunities."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "nav.opportunities": (
        "Opportunities",
        "节能机会",
    ),
    "opportunity.page": (
        "Opportunities",
        "节能机会",
    ),
    "opportunity.intro": (
        "what could be saved in a year, ranked by money; each counts only what those before it "
        "left over",
        "按年度金额排序的节能潜力；每项只计前项未计入的部分",
    ),
    "opportunity.sum": (
        "Up to",
        "合计至多",
    ),
    "opportunity.sum_money": (
        "Money a year",
        "年度金额",
    ),
    "opportunity.sum_energy": (
        "Energy a year",
        "年度电量",
    ),
    "opportunity.sum_count": (
        "Opportunities",
        "机会数",
    ),
    "opportunity.of_list": (
        "of what is listed",
        "所列各项之和",
    ),
    "opportunity.none": (
        "Nothing is listed here.",
        "此处暂无内容。",
    ),
    "opportunity.none_help": (
        "Each site is searched once a day, from two weeks of data on.",
        "有两周数据后，每个场所每天自动检查一次。",
    ),
    "opportunity.clear": (
        "Show all open ones",
        "显示全部待办机会",
    ),
    "opportunity.what": (
        "Opportunity",
        "机会",
    ),
    "opportunity.where": (
        "Where",
        "位置",
    ),
    "opportunity.money": (
        "Money a year",
        "年度金额",
    ),
    "opportunity.energy": (
        "Energy a year",
        "年度电量",
    ),
    "opportunity.demand": (
        "Demand",
        "需量",
    ),
    "opportunity.confidence": (
        "Confidence",
        "可信度",
    ),
    "opportunity.effort": (
        "Effort",
        "难度",
    ),
    "opportunity.owner": (
        "Owner",
        "负责人",
    ),
    "opportunity.status": (
        "Status",
        "状态",
    ),
    "opportunity.kind": (
        "Kind",
        "类型",
    ),
    "opportunity.any_kind": (
        "All kinds",
        "全部类型",
    ),
    "opportunity.any_customer": (
        "All customers",
        "全部客户",
    ),
    "opportunity.customer": (
        "Customer",
        "客户",
    ),
    "opportunity.range": (
        "{low} to {high}",
        "{low} 至 {high}",
    ),
    "opportunity.no_price": (
        "no price known",
        "未录入电价",
    ),
    "opportunity.no_energy": (
        "money only",
        "仅金额",
    ),
    "opportunity.nobody": (
        "nobody yet",
        "尚无",
    ),
    "opportunity.level_low": (
        "low",
        "低",
    ),
    "opportunity.level_medium": (
        "medium",
        "中",
    ),
    "opportunity.level_high": (
        "high",
        "高",
    ),
    "opportunity.status_open": (
        "Open",
        "待办",
    ),
    "opportunity.status_all": (
        "All",
        "全部",
    ),
    "opportunity.status_new": (
        "New",
        "新发现",
    ),
    "opportunity.status_accepted": (
        "Accepted",
        "已采纳",
    ),
    "opportunity.status_proposed": (
        "Proposed",
        "已建议",
    ),
    "opportunity.status_measure": (
        "Measure",
        "已立项",
    ),
    "opportunity.status_rejected": (
        "Rejected",
        "已否决",
    ),
    "opportunity.status_done": (
        "Done",
        "已完成",
    ),
    "opportunity.gone": (
        "not found any more since {time}",
        "自 {time} 起不再出现",
    ),
    "opportunity.since": (
        "first found {first}, last {last}",
        "首次发现 {first}，最近 {last}",
    ),
    "opportunity.why": (
        "How is it known?",
        "依据是什么？",
    ),
    "opportunity.do": (
        "What to do",
        "建议措施",
    ),
    "opportunity.figures": (
        "What it is worth",
        "价值几何",
    ),
    "opportunity.answer": (
        "Answer",
        "处理",
    ),
    "opportunity.note": (
        "Note",
        "备注",
    ),
    "opportunity.save": (
        "Save",
        "保存",
    ),
    "opportunity.saved": (
        "Saved.",
        "已保存。",
    ),
    "opportunity.to_measure": (
        "Make it a measure",
        "转为节能措施",
    ),
    "opportunity.measure_what": (
        "What will be done",
        "措施内容",
    ),
    "opportunity.measure_day": (
        "Planned for",
        "计划日期",
    ),
    "opportunity.measure_help": (
        "A measure with a date is verified once it is implemented: proven money on the record.",
        "措施实施后将按计量验证节能量，核定金额计入客户档案。",
    ),
    "opportunity.make": (
        "Make the measure",
        "生成措施",
    ),
    "opportunity.is_measure": (
        "It is measure {id}.",
        "已转为措施 {id}。",
    ),
    "opportunity.refused": (
        "Not saved: {rule}",
        "未保存：{rule}",
    ),
    "opportunity.see_savings": (
        "Savings of the site",
        "场所节能量",
    ),
    "opportunity.read_only": (
        "Account managers and operators answer opportunities.",
        "由客户经理或运维人员处理。",
    ),
    "opportunity.biggest": (
        "Where is the money?",
        "钱在哪里？",
    ),
    "opportunity.biggest_note": (
        "biggest open opportunities, a year",
        "最大的待办节能机会（年）",
    ),
    "opportunity.see_all": (
        "All opportunities",
        "全部节能机会",
    ),
    "attention.opportunity": (
        "{title}: up to {money} a year",
        "{title}：每年至多 {money}",
    ),
}
