"""Texts of measures and their verified savings."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "nav.savings": ("Savings", "节能量"),
    "savings.title": ("Verified savings", "节能量核证"),
    "savings.of_site": ("Savings of this site", "本场所节能量"),
    "savings.headline": ("How much less energy was used because of it?", "该措施节约了多少电量？"),
    "savings.none": ("No measures yet", "暂无节能措施"),
    "savings.none_help": (
        "A measure is proposed, implemented on a day, and then verified against the year before.",
        "提出措施、登记实施日期，随后与实施前一年对比核证。",
    ),
    "savings.not_judged": ("Nothing was judged yet", "尚未核证"),
    "savings.not_judged_help": (
        "Once the measure is implemented, have it judged: the year before it becomes the baseline.",
        "措施实施后即可核证：实施前一年作为基期。",
    ),
    "savings.judge": ("Judge by today's data", "按当前数据核证"),
    "savings.saved": ("Saved", "节能量"),
    "savings.money": ("Worth", "节约金额"),
    "savings.no_price": ("no price for this period", "该时段没有电价"),
    "savings.share": ("Of what would have been used", "节能率"),
    "savings.interval": ("90 % interval: {low} to {high}", "90% 置信区间：{low} 至 {high}"),
    "savings.verdict": ("Verdict", "结论"),
    "savings.verdict.proven": ("Proven", "已证实"),
    "savings.verdict.not_proven": ("Not proven", "未证实"),
    "savings.as_known": ("As known on {at}, by {who}", "依据 {at} 已知数据，核证人 {who}"),
    "savings.option.C": (
        "IPMVP option C: the whole site by its main meters",
        "IPMVP 方案 C：以总表计量整个场所（基期能耗-影响因素模型）",
    ),
    "savings.option.B": (
        "IPMVP option B: the measure's own meters",
        "IPMVP 方案 B：以分表计量措施边界（基期能耗-影响因素模型）",
    ),
    "savings.doubt.placebo_includes_zero": (
        "The interval includes no saving at all: years without a measure differed as much.",
        "置信区间包含零：未采取措施的年份也有同样大的变化。",
    ),
    "savings.doubt.fsu_above_limit": (
        "The uncertainty by Guideline 14 is more than half of the saving.",
        "按 ASHRAE 导则 14 计算的不确定度超过节能量的一半。",
    ),
    "savings.doubt.no_saving": (
        "More was used than the baseline expects.",
        "实际用电高于校准能耗，没有节能量。",
    ),
    "savings.doubt.data_insufficient": (
        "The data does not bear a judgement: see below.",
        "数据不足以支持结论，见下文。",
    ),
    "savings.chart": ("Did it use less than it would have?", "实际用电是否低于校准能耗？"),
    "savings.chart_unit": ("kWh a day", "kWh/日"),
    "savings.actual": ("Used", "报告期能耗"),
    "savings.baseline": ("Would have been used", "校准能耗"),
    "savings.chart_description": (
        "{used} used where {expected} would have been used from {first} to {last}.",
        "{first} 至 {last}，实际 {used}，校准能耗 {expected}。",
    ),
    "savings.cumulative": ("What has it added up to?", "累计节约了多少？"),
    "savings.cumulative_unit": ("kWh since the measure", "kWh，自实施起"),
    "savings.cumulative_saved": ("Saved so far", "累计节能量"),
    "savings.cumulative_band": ("90 % interval", "90% 置信区间"),
    "savings.statistics": ("Statistics of the baseline", "基期模型统计指标"),
    "savings.statistic": ("Statistic", "指标"),
    "savings.value": ("Value", "数值"),
    "savings.limit": ("Guideline 14", "导则 14 限值"),
    "savings.held": ("kept", "符合"),
    "savings.missed": ("missed", "不符合"),
    "savings.advice": ("advice", "建议值"),
    "savings.stat.cvrmse": ("CV(RMSE), scatter of the fit", "离散度 CV(RMSE)"),
    "savings.stat.nmbe": ("NMBE, bias of the fit", "偏差 NMBE"),
    "savings.stat.r2": ("R²", "R² 决定系数"),
    "savings.stat.fsu68": ("Savings uncertainty at 68 %", "节能量不确定度（68%）"),
    "savings.stat.fsu90": ("Savings uncertainty at 90 %", "节能量不确定度（90%）"),
    "savings.stat.minimum": ("Smallest saving that it could prove", "可证实的最小节能率"),
    "savings.stat.rows": ("Rows, and what they are worth", "样本数与有效样本数"),
    "savings.data": ("Does the data bear it?", "数据是否充分？"),
    "savings.data_good": ("Nothing is missing that a judgement needs.", "核证所需数据齐全。"),
    "savings.blocks": ("forbids a verdict", "不能下结论"),
    "savings.period.baseline": ("before", "基期"),
    "savings.period.reporting": ("since", "报告期"),
    "savings.finding.baseline_too_short": (
        "{figure} days before the measure; {limit} are needed",
        "基期仅 {figure} 天，需 {limit} 天",
    ),
    "savings.finding.reporting_too_short": (
        "{figure} days since the measure; {limit} are needed",
        "报告期仅 {figure} 天，需 {limit} 天",
    ),
    "savings.finding.not_a_whole_year": (
        "{figure} days since the measure: not all seasons were seen",
        "报告期 {figure} 天，未覆盖全部季节",
    ),
    "savings.finding.energy_missing": (
        "Energy known for {figure} of the time ({period}); {limit} are needed",
        "电量完整率 {figure}（{period}），需 {limit}",
    ),
    "savings.finding.temperature_missing": (
        "Temperature known for {figure} of the time ({period}): the calendar alone speaks below "
        "{limit}",
        "气温完整率 {figure}（{period}），低于 {limit} 时仅用日历模型",
    ),
    "savings.finding.zeros": (
        "{figure} of the values are zero ({period})",
        "零值占 {figure}（{period}）",
    ),
    "savings.finding.weather_not_seen_before": (
        "{figure} of the time was hotter or colder than anything before",
        "{figure} 的时间气温超出基期范围",
    ),
    "savings.finding.periods_far_apart": (
        "{figure} days lie between baseline and measure",
        "基期与报告期相隔 {figure} 天",
    ),
    "savings.finding.cvrmse_above_limit": (
        "The fit scatters by {figure}; Guideline 14 allows {limit}",
        "拟合离散度 {figure}，ASHRAE 导则 14 允许 {limit}",
    ),
    "savings.finding.nmbe_above_limit": (
        "The fit is off by {figure}; {limit} are allowed",
        "拟合偏差 {figure}，允许 {limit}",
    ),
    "savings.finding.r2_below_advice": (
        "The fit explains {figure} of the changes; {limit} are advised",
        "拟合解释了 {figure} 的变化，建议不低于 {limit}",
    ),
    "savings.events": ("What else changed the load?", "还有什么改变了负荷？"),
    "savings.events_none": ("Nothing out of the ordinary was seen.", "未发现异常变化。"),
    "savings.events_help": (
        "Flagged by themselves, counted only once somebody confirms them. Judge again after that.",
        "系统自动标记，经人工确认后才计入；确认后请重新核证。",
    ),
    "savings.event.shutdown": ("Shut down", "停用"),
    "savings.event.surge": ("Unusually high", "异常偏高"),
    "savings.event.level_shift": ("Another level", "水平突变"),
    "savings.event.declared": ("Declared", "人工申报"),
    "savings.event_effect": ("Effect", "影响"),
    "savings.status.flagged": ("open", "待确认"),
    "savings.status.confirmed": ("confirmed", "已确认"),
    "savings.status.dismissed": ("dismissed", "已驳回"),
    "savings.treatment.exclude": ("days left out", "剔除这些天"),
    "savings.treatment.adjust": ("{kwh} kWh added to the baseline", "基期调整 {kwh} kWh"),
    "savings.decide_note": ("Why", "理由"),
    "savings.decide_exclude": ("Confirm, leave the days out", "确认并剔除"),
    "savings.decide_dismiss": ("Dismiss", "驳回"),
    "savings.decided_by": ("{who}: {note}", "{who}：{note}"),
    "savings.how": ("How it was computed", "计算方法"),
    "savings.method.daily_change_point": (
        "Days against weather: a level by kind of day, heating below one temperature, cooling "
        "above another.",
        "按日变点回归：按日类型的基础用电、采暖与制冷平衡点。",
    ),
    "savings.method.hourly_towt": (
        "Hours against weather: a level by hour of the week, a bent response to temperature, apart "
        "for busy and idle hours.",
        "按小时回归：一周各小时水平与分段温度响应，区分使用与非使用时段。",
    ),
    "savings.method.daily_calendar": (
        "Days by their kind alone: no temperatures were known.",
        "仅按日类型（无气温数据）。",
    ),
    "savings.method.hourly_calendar": (
        "Hours of the week alone: no temperatures were known.",
        "仅按周内小时（无气温数据）。",
    ),
    "savings.how_formula": (
        "Savings = what the baseline expects in the weather and on the days since − what was used "
        "± confirmed adjustments. GB/T 28750 writes it the other way round: {gbt} kWh.",
        "节能量 = 校准能耗 − 报告期能耗 ± 非常规调整。"
        "按 GB/T 28750（报告期能耗 − 校准能耗）为 {gbt} kWh。",
    ),
    "savings.how_periods": (
        "Baseline {b0} to {b1}, reporting period {r0} to {r1}.",
        "基期 {b0} 至 {b1}，报告期 {r0} 至 {r1}。",
    ),
    "savings.how_interval": (
        "The interval is calibrated on years in which nothing was done; Guideline 14's own "
        "intervals held the truth in about one year of five on real buildings.",
        "置信区间以未采取措施的年份校准；ASHRAE 导则 14 的区间在真实建筑上约五年仅一年包含真值。",
    ),
    "savings.how_own": (
        "In this place's own earlier periods, where nothing was done, it would have found: "
        "{errors}.",
        "本场所此前未采取措施的时段中，同一方法得到：{errors}。",
    ),
    "savings.how_like": (
        "Like customers changed by {drift} over the same time (places: {n}); adjusted for that the "
        "saving is {adjusted}.",
        "同类客户同期变化 {drift}（{n} 处）；据此修正后节能率为 {adjusted}。",
    ),
    "savings.how_usual": (
        "In a usual year it saves {kwh} ({pct}).",
        "常年气象条件下年节能量为 {kwh}（{pct}）。",
    ),
    "savings.how_adjusted": (
        "Confirmed adjustments: {kwh} kWh.",
        "已确认的非常规调整：{kwh} kWh。",
    ),
    "savings.how_weather": ("Temperatures: {source}.", "气温来源：{source}。"),
    "savings.measures": ("Measures", "节能措施"),
    "savings.what": ("Measure", "措施"),
    "savings.where": ("Site", "场所"),
    "savings.since": ("Since", "实施日期"),
    "savings.expected": ("Expected a year", "预期年节能量"),
    "savings.owner": ("Owner", "负责人"),
    "savings.state": ("Status", "状态"),
    "savings.measure_status.proposed": ("proposed", "已提出"),
    "savings.measure_status.planned": ("planned", "已计划"),
    "savings.measure_status.implemented": ("implemented", "已实施"),
    "savings.measure_status.verified": ("verified", "已核证"),
    "savings.measure_status.rejected": ("rejected", "已否决"),
    "savings.new": ("Note a measure", "登记措施"),
    "savings.change": ("Change this measure", "修改措施"),
    "savings.save": ("Save", "保存"),
    "savings.total": ("Proven so far", "已证实合计"),
    "savings.total_note": ("{n} measures", "{n} 项措施"),
    "savings.total_none": ("Nothing is proven yet", "尚无已证实的节能量"),
    "savings.all_sites": ("All measures", "全部措施"),
    "savings.customer_fact": ("Verified savings", "已核证节能量"),
}
