"""What each kind of opportunity is, in numbers; what is to be done; what its chart shows."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "opportunity.off_hours_base.title": (
        "Base load off hours",
        "非营业时段基础负荷偏高",
    ),
    "opportunity.off_hours_base.text": (
        "{base_kw} kW stay on at night where {target_kw} kW would be usual: {excess_kw} kW too "
        "much for {off_h} hours a day.",
        "夜间仍有 {base_kw} kW 运行，正常约 {target_kw} kW，每天 {off_h} 小时多耗 {excess_kw} kW。",
    ),
    "opportunity.off_hours_base.do": (
        "Walk through after closing; find what runs without need, and switch it by a timer.",
        "闭店后巡查，找出无需运行的设备，用定时器控制启停。",
    ),
    "opportunity.weekend_run_on.title": (
        "Runs on at weekends",
        "周末照常运行",
    ),
    "opportunity.weekend_run_on.text": (
        "On days off it draws {rest_pct} % of a workday, the people's own circuits {usual_pct} %.",
        "休息日负荷为工作日的 {rest_pct} %，而人员活动回路仅 {usual_pct} %。",
    ),
    "opportunity.weekend_run_on.do": (
        "Give it a weekly schedule with days off and public holidays.",
        "设置含周末与法定节假日的周运行时间表。",
    ),
    "opportunity.early_start.title": (
        "Starts too early",
        "启动过早",
    ),
    "opportunity.early_start.text": (
        "It starts at {plant_hour}, people come at about {people_hour}: about {excess_kw} kW for "
        "{span_h} hours.",
        "{plant_hour} 启动，人员约 {people_hour} 到达，约 {excess_kw} kW 空运行 {span_h} 小时。",
    ),
    "opportunity.early_start.do": (
        "Start half an hour before opening, by the weather if the controls can.",
        "改为开门前半小时启动，有条件时按天气优化启动时间。",
    ),
    "opportunity.late_stop.title": (
        "Stops too late",
        "停机过晚",
    ),
    "opportunity.late_stop.text": (
        "It stops at {plant_hour}, people leave at about {people_hour}: about {excess_kw} kW for "
        "{span_h} hours.",
        "{plant_hour} 停机，人员约 {people_hour} 离开，约 {excess_kw} kW 空运行 {span_h} 小时。",
    ),
    "opportunity.late_stop.do": (
        "Stop it when people leave; what is cooled or warmed lasts for a while.",
        "人员离开即停机，余冷余热可维持一段时间。",
    ),
    "opportunity.voltage.title": (
        "Voltage higher than needed",
        "供电电压偏高",
    ),
    "opportunity.voltage.text": (
        "The voltage is {voltage_pct} % of nominal; {drop_pct} % less would save about "
        "{saving_pct} % of what follows it.",
        "电压为额定值的 {voltage_pct} %，降低 {drop_pct} % 可使随电压变化的负荷省电约 "
        "{saving_pct} %。",
    ),
    "opportunity.voltage.do": (
        "Lower the transformer's tap by one or two steps; check the far ends of long cables first.",
        "将变压器分接头下调一至两档，先核对长线路末端电压。",
    ),
    "opportunity.phase_balance.title": (
        "Uneven phases",
        "三相不平衡",
    ),
    "opportunity.phase_balance.text": (
        "Phase {highest_phase} carries {highest_a} A, the lowest {lowest_a} A, {unbalance_pct} % "
        "off the mean; the neutral carries {neutral_a} A.",
        "{highest_phase} 相 {highest_a} A，最低相 {lowest_a} A，偏离平均 {unbalance_pct} %，中性"
        "线 {neutral_a} A。",
    ),
    "opportunity.phase_balance.do": (
        "Move single-phase loads from the highest phase to the lowest.",
        "将单相负荷由重载相调整至轻载相。",
    ),
    "opportunity.pv_self_use.title": (
        "Solar power fed in cheaply",
        "光伏自用率偏低",
    ),
    "opportunity.pv_self_use.text": (
        "{fed_in_pct} % of the roof's output, {fed_in_kwh} kWh a year, are fed in while power is "
        "bought at other hours; about {moved_pct} % of that could be used.",
        "光伏发电的 {fed_in_pct} %（每年 {fed_in_kwh} kWh）低价上网，其余时段又购电；约 "
        "{moved_pct} % 可自用。",
    ),
    "opportunity.pv_self_use.do": (
        "Move charging, cooling or heating to noon, or store.",
        "将充电、制冷、蓄热移至中午，或配置储能。",
    ),
    "opportunity.load_shift.title": (
        "Runs when power is dear",
        "用电集中在高价时段",
    ),
    "opportunity.load_shift.text": (
        "{dear_pct} % of its energy falls in sharp and peak hours, which are {even_pct} % of the "
        "time; {moved_kwh} kWh a year could move from {dear_per_kwh} to {cheap_per_kwh} by kWh.",
        "{dear_pct} % 的电量落在尖峰时段（仅占时间的 {even_pct} %）；每年 {moved_kwh} kWh 可由每"
        "度 {dear_per_kwh} 移至 {cheap_per_kwh}。",
    ),
    "opportunity.load_shift.do": (
        "Start it by a timer in valley hours, as far as the work allows.",
        "在工艺允许时，用定时器改在谷时段启动。",
    ),
    "opportunity.coincident_peaks.title": (
        "Starts at the same time",
        "多回路同时启动",
    ),
    "opportunity.coincident_peaks.text": (
        "{circuits} circuits start together at about {peak_hour}; one after the other the peak "
        "of {peak_kw} kW would be {cut_kw} kW lower.",
        "约 {peak_hour} 有 {circuits} 个回路同时启动；错开后 {peak_kw} kW 的峰值可降低 {cut_kw} "
        "kW。",
    ),
    "opportunity.coincident_peaks.do": (
        "Stagger the starts by half an hour to an hour.",
        "将启动时间错开半小时至一小时。",
    ),
    "opportunity.power_factor.title": (
        "Power factor below standard",
        "功率因数低于标准",
    ),
    "opportunity.power_factor.text": (
        "The power factor is {power_factor_ratio}, the standard {standard_ratio}: "
        "{adjustment_pct} points on the bill. {bank_kvar} kvar more would lift it to "
        "{target_ratio} and free {freed_kva} kVA.",
        "功率因数 {power_factor_ratio}，标准 {standard_ratio}，力调电费相差 {adjustment_pct} 个百"
        "分点。增补 {bank_kvar} kvar 可升至 {target_ratio}，并释放 {freed_kva} kVA。",
    ),
    "opportunity.power_factor.do": (
        "Repair or enlarge the capacitor bank; check harmonics and the night, when it may be too "
        "much.",
        "检修或扩容电容补偿，注意谐波及夜间过补偿。",
    ),
    "opportunity.transformer_capacity.title": (
        "Transformers far too large",
        "变压器容量过大",
    ),
    "opportunity.transformer_capacity.text": (
        "Of {transformer_kva} kVA that are paid for, the highest load of {months} months used "
        "{peak_kva} kVA, {use_pct} %; {needed_kva} kVA would do.",
        "付费容量 {transformer_kva} kVA，{months} 个月内最高仅用 {peak_kva} kVA（{use_pct} %），"
        "{needed_kva} kVA 即可满足。",
    ),
    "opportunity.transformer_capacity.do": (
        "Suspend a transformer or reduce the capacity; fewer transformers lose more when loaded.",
        "申请暂停或减容；注意减少台数后负载损耗可能上升。",
    ),
    "opportunity.contract_demand.title": (
        "Contract demand does not fit",
        "合同需量不合适",
    ),
    "opportunity.contract_demand.text": (
        "The contract demand is {contract_kw} kW, the highest load of {months} months {peak_kw} "
        "kW; {best_kw} kW would cost least.",
        "合同需量 {contract_kw} kW，{months} 个月内最高负荷 {peak_kw} kW；{best_kw} kW 费用最低。",
    ),
    "opportunity.contract_demand.do": (
        "Apply for another contract demand; it can be changed by the month.",
        "申请调整合同需量，可按月变更。",
    ),
    "evidence.workday": (
        "Usual workday",
        "典型工作日",
    ),
    "evidence.rest_day": (
        "Usual day off",
        "典型休息日",
    ),
    "evidence.needed": (
        "would do",
        "所需容量",
    ),
    "evidence.needed_rest": (
        "Needed on a day off",
        "休息日所需",
    ),
    "evidence.usual": (
        "Usual day",
        "典型日",
    ),
    "evidence.dear": (
        "In sharp and peak hours",
        "尖峰时段",
    ),
    "evidence.staggered": (
        "One start after the other",
        "错峰启动后",
    ),
    "evidence.load": (
        "Load",
        "用电负荷",
    ),
    "evidence.generation": (
        "Generation",
        "光伏发电",
    ),
    "evidence.fed_in": (
        "Fed in",
        "上网",
    ),
    "evidence.reactive": (
        "Reactive power",
        "无功功率",
    ),
    "evidence.allowed": (
        "At a power factor of 0.95",
        "功率因数 0.95 时",
    ),
    "evidence.voltage": (
        "Voltage",
        "电压",
    ),
    "evidence.current": (
        "Current",
        "电流",
    ),
    "evidence.peak": (
        "Highest load",
        "最高负荷",
    ),
    "evidence.target": (
        "target",
        "目标",
    ),
    "evidence.high": (
        "high",
        "偏高",
    ),
    "evidence.mean": (
        "mean",
        "平均",
    ),
    "evidence.capacity": (
        "capacity",
        "容量",
    ),
    "evidence.contract": (
        "contract",
        "合同需量",
    ),
    "evidence.best": (
        "cheapest",
        "最省",
    ),
    "evidence.months_ago": (
        "{n} months ago",
        "{n} 个月前",
    ),
    "evidence.last_month": (
        "last month",
        "最近一月",
    ),
    "evidence.by_clock": (
        "{unit} by the site's clock",
        "{unit}，场所当地时间",
    ),
}
