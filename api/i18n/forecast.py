"""Texts of the forecast pages: what is said, why, from what, and how good it was."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "nav.forecasts": ("Forecasts", "负荷预测"),
    "fc.title": ("Forecast", "负荷预测"),
    "fc.view": ("Forecast of", "预测范围"),
    "fc.view_day": ("Today and tomorrow", "今明两天"),
    "fc.view_week": ("Week", "一周"),
    "fc.view_month": ("Month", "本月"),
    "fc.one_day": ("One day", "单日"),
    "fc.key_figures": ("Key figures of the forecast", "预测关键指标"),
    "fc.site_live": ("Live", "实时监测"),
    "fc.calendar": ("Production calendar", "生产日历"),
    # figures
    "fc.peak": ("Expected peak", "预计峰值"),
    "fc.peak_note": (
        "{day} about {time}; 80 %: {low}–{high} kW",
        "{day} {time} 前后；80%：{low}–{high} kW",
    ),
    "fc.chance": ("Chance of exceeding contract demand", "超合同需量概率"),
    "fc.chance_note": ("contract demand {contract} kW", "合同需量 {contract} kW"),
    "fc.chance_day": (
        "highest on {day}; contract demand {contract} kW",
        "最高：{day}；合同需量 {contract} kW",
    ),
    "fc.chance_none": ("no contract demand on record", "未登记合同需量"),
    "fc.headroom": ("Headroom at P90", "P90 余量"),
    "fc.headroom_note": (
        "contract demand less the peak that 9 of 10 stay below",
        "合同需量减去九成情况下不超过的峰值",
    ),
    "fc.energy": ("Expected energy", "预计电量"),
    "fc.energy_note": (
        "{span}; 80 %: {low}–{high} {unit}",
        "{span}；80% 区间：{low}–{high} {unit}",
    ),
    "fc.landing": ("Month's energy lands at", "全月电量预计"),
    "fc.landing_note": (
        "80 %: {low}–{high} {unit}; so far {sofar} {unit}",
        "80%：{low}–{high} {unit}；已用 {sofar} {unit}",
    ),
    "fc.landing_peak": ("Month's peak lands at", "全月峰值预计"),
    "fc.landing_peak_note": (
        "80 %: {low}–{high} kW; so far {sofar} kW",
        "80%：{low}–{high} kW；已出现 {sofar} kW",
    ),
    "fc.month_chance": ("Chance that the month exceeds", "全月超需量概率"),
    "fc.month_said": ("Said on {time}", "预测时间 {time}"),
    "fc.expected": (
        "expected: {peak} kW about {time}, P90 {p90}",
        "预计 {time} 前后 {peak} kW，P90 {p90}",
    ),
    "fc.expected_chance": (
        "expected: {peak} kW about {time}, P90 {p90}; {chance} beyond contract",
        "预计 {time} 前后 {peak} kW，P90 {p90}；超限概率 {chance}",
    ),
    # charts
    "fc.chart_day": (
        "How will the load run, and will it stay within contract demand?",
        "负荷将如何变化，会超合同需量吗？",
    ),
    "fc.chart_plain": ("How will the load run?", "负荷将如何变化？"),
    "fc.chart_unit": ("kW, mean of {minutes} min", "kW，{minutes} 分钟平均"),
    "fc.chart_month": ("Which days set the month's peak?", "哪些日子决定全月峰值？"),
    "fc.chart_month_unit": (
        "kW, highest {minutes} min of the day",
        "kW，当日最高 {minutes} 分钟平均",
    ),
    "fc.series": ("Forecast", "预测"),
    "fc.band_80": ("80 % of cases", "80% 区间"),
    "fc.band_95": ("95 % of cases", "95% 区间"),
    "fc.p90": ("9 of 10 stay below", "九成不超过"),
    "fc.said_series": ("Said {n} d before", "提前 {n} 天的预测"),
    "fc.said_series_one": ("Said the day before", "前一天的预测"),
    "fc.whatif_series": ("What if", "假设情景"),
    "fc.measured_peak": ("Measured peak", "实测峰值"),
    "fc.forecast_peak": ("Forecast peak", "预测峰值"),
    "fc.month_peak_level": ("Month's peak, middle {value} kW", "全月峰值中位数 {value} kW"),
    "fc.chart_words": ("Highest of the forecast {peak} kW.", "预测最高 {peak} kW。"),
    # what was said before
    "fc.said": ("What we said", "历史预测"),
    "fc.said_0": ("Hide", "不显示"),
    "fc.said_1": ("the day before", "前一天"),
    "fc.said_n": ("{n} days before", "提前 {n} 天"),
    "fc.said_none": (
        "Nothing was said of these days that long before.",
        "当时尚无这些日子的预测。",
    ),
    "fc.said_error": (
        "Error of what was said {when}, over what has been measured since: {wape} (bias {bias}).",
        "{when}的预测与此后实测相比：误差 {wape}（偏差 {bias}）。",
    ),
    "fc.said_when_1": ("the day before", "前一天"),
    "fc.said_when_n": ("{n} days before", "提前 {n} 天"),
    "fc.replayed": (
        "Reckoned afterwards, as it would have been said then: nobody saw it at the time.",
        "为事后补算（仅用当时已知数据），当时并未发布。",
    ),
    # peaks
    "fc.peaks": ("Which peaks are to be expected?", "预计会出现哪些峰值？"),
    "fc.peak_day": ("Day", "日期"),
    "fc.peak_time": ("About", "时刻"),
    "fc.peak_p50": ("Peak, kW", "峰值，kW"),
    "fc.peak_p90": ("P90, kW", "九成值，kW"),
    "fc.peak_share": ("Of contract", "占合同"),
    "fc.peak_chance": ("Chance to exceed", "超限概率"),
    "fc.peak_energy": ("Energy, {unit}", "电量，{unit}"),
    "fc.peak_rest": ("rest of the day", "当日剩余时段"),
    "fc.peaks_note": (
        "Peak and chance are of simulated courses of "
        "the whole day, in which neighbouring intervals "
        "err together.",
        "峰值与概率来自整日模拟轨迹，相邻时段误差相关。",
    ),
    # model
    "fc.model": ("Which model speaks, and why?", "采用哪个模型，为什么？"),
    "fc.model_day_ahead": ("Combined experts", "专家组合模型"),
    "fc.model_day_ahead_boosted": ("Combined experts with boosted trees", "含提升树的专家组合模型"),
    "fc.model_better_naive": ("Yesterday or last week, the better", "昨日或上周同日（较优者）"),
    "fc.model_today": ("Combined experts, of today", "专家组合模型（当日）"),
    "fc.model_intraday": ("Quarter-hourly update", "日内滚动更新"),
    "fc.model_usual_profile": ("Usual profile", "常规曲线"),
    "fc.model_peer_profile": ("Profile of like customers", "同类客户曲线"),
    "fc.model_refused": ("No forecast", "不予预测"),
    "fc.model_other": ("Model {name}", "模型 {name}"),
    "fc.reason_tried_days": (
        "Its experts were tried on the last {days} known "
        "days, and share the word by how well they did.",
        "各专家在最近 {days} 个已知日上试算，按成绩分配权重。",
    ),
    "fc.reason_near_special": (
        "The day lies near a holiday or event: corresponding "
        "past days speak too, and the band is wider.",
        "临近节假日或事件：同时参考历史对应日，区间相应放宽。",
    ),
    "fc.reason_too_few_days": (
        "Only {have} measured days; the product's model needs {needed}.",
        "实测仅 {have} 天，产品模型需要 {needed} 天。",
    ),
    "fc.reason_naive_better": (
        "Over the last {days} days the better of yesterday and last week did better than the "
        "product's model (skill {skill}): the simpler model speaks until that changes.",
        "最近 {days} 天产品模型不如昨日或上周同日（技巧 {skill}），暂由简单模型预测。",
    ),
    "fc.reason_like_days": (
        "The mean of the last four days of this kind.",
        "取最近四个同类日的平均。",
    ),
    "fc.reason_peers": (
        "The shape of like customers at this site's level.",
        "采用同类客户的曲线形状，按本场所水平缩放。",
    ),
    "fc.reason_nothing_measured": (
        "Nothing was ever measured here: zeros would be no forecast.",
        "此处从未有实测数据，不以零作预测。",
    ),
    "fc.reason_no_number": (
        "{model} gave no number for this site, so a simpler model stepped in.",
        "{model}未得出有效数值，由简单模型代替。",
    ),
    "fc.reason_shifted": (
        "The forecast of {time}, moved by what errors like today's were followed by.",
        "在 {time} 的预测基础上，按类似误差的后续规律修正。",
    ),
    "fc.reason_year_unpublished": (
        "The official holiday plan of {years} is not "
        "published yet: statutory days only are counted.",
        "{years} 年官方放假安排尚未公布，仅计法定节日。",
    ),
    "fc.weights": ("Who has how much of the word", "各专家权重"),
    "fc.expert_days": ("Regression of the whole day", "整日回归"),
    "fc.expert_slots": ("Regression by time of day", "分时回归"),
    "fc.expert_similar_days": ("Similar days", "相似日"),
    "fc.expert_usual": ("Usual profile", "常规曲线"),
    "fc.expert_moved": ("Usual profile, moved", "平移常规曲线"),
    "fc.expert_four_weeks": ("Last four weeks", "最近四周"),
    "fc.expert_last_day": ("Yesterday", "昨日"),
    "fc.expert_last_week": ("Last week", "上周同日"),
    "fc.expert_boosted": ("Boosted trees", "提升树"),
    "fc.expert_other": ("Expert {name}", "专家 {name}"),
    "fc.issued": ("Issued", "发布时间"),
    # inputs
    "fc.inputs": ("What is it made from?", "依据哪些数据？"),
    "fc.input_load": ("Load known until", "负荷已知至"),
    "fc.input_days": ("Days of history", "历史天数"),
    "fc.input_days_note": ("{percent} measured", "实测 {percent}"),
    "fc.input_weather": ("Temperature", "气温"),
    "fc.input_weather_none": ("not known here", "本场所未知"),
    "fc.input_foreseen": ("Weather forecast issued", "气象预报发布"),
    "fc.input_foreseen_note": ("covers {percent}", "覆盖 {percent}"),
    "fc.input_calendar": ("Public holidays", "公共节假日"),
    "fc.input_published": ("published", "已公布"),
    "fc.input_unpublished": ("{years} not published yet", "{years} 年尚未公布"),
    "fc.input_no_country": ("no calendar known", "未知日历"),
    "fc.input_entries": ("Production calendar", "生产日历"),
    "fc.input_entries_n": ("{n} counted", "计入 {n} 条"),
    # accuracy
    "fc.accuracy": ("How good was it?", "过去预测得准吗？"),
    "fc.accuracy_span": ("day ahead, {first} – {last}", "日前预测，{first} – {last}"),
    "fc.accuracy_none": (
        "No finished day was forecast in this time yet.",
        "此时段尚无已完成的预测日。",
    ),
    "fc.accuracy_none_help": (
        "Figures appear from the first day that was forecast and then measured.",
        "首个预测并实测完成的日期之后显示。",
    ),
    "fc.wape": ("Error (WAPE)", "加权误差"),
    "fc.wape_note": ("of the load", "占负荷"),
    "fc.mase": ("Scaled error (MASE)", "标度误差"),
    "fc.mase_note": ("1 is the usual change from week to week", "1 为周际常规变化"),
    "fc.pinball": ("Pinball loss", "分位损失"),
    "fc.pinball_note": ("of the load, over the deciles", "占负荷，十分位平均"),
    "fc.coverage": ("80 % band held", "80% 区间覆盖"),
    "fc.coverage_95": ("95 % band held", "95% 区间覆盖"),
    "fc.coverage_note": ("{due} % is due", "应为 {due}%"),
    "fc.skill": ("Skill", "技巧"),
    "fc.skill_note": (
        "against the better of yesterday and last week",
        "对比昨日与上周同日中较优者",
    ),
    "fc.skill_bad": (
        "worse than the better of yesterday and last week",
        "不如昨日与上周同日中较优者",
    ),
    "fc.special": ("Error on special days", "特殊日误差"),
    "fc.peak_error": ("Error of the peak", "峰值误差"),
    "fc.peak_shift": ("{hours} h in time", "时刻偏差 {hours} 小时"),
    "fc.days_scored": ("{n} days", "{n} 天"),
    "fc.by_lead": ("By how long before it was said", "按提前天数"),
    "fc.lead": ("Days before", "提前天数"),
    "fc.bias": ("Bias", "偏差"),
    "fc.bias_note": (
        "Bias: forecast minus measured, of the load; + is too much.",
        "偏差 = 预测 − 实测，占负荷；+ 为偏高。",
    ),
    # states
    "fc.none": ("No forecast of these days", "暂无这些日子的预测"),
    "fc.none_help": (
        "Forecasts are made on the hour for every site "
        "with a main meter. The first appears after the "
        "site has been measured and the next run has ended.",
        "系统每小时为有总表的场所预测；首次实测并完成下一次运行后显示。",
    ),
    "fc.none_past": ("Nothing was said of this day", "当日无预测记录"),
    "fc.none_past_help": (
        "Forecasts were not made yet then, or have been let go by retention.",
        "当时尚未开展预测，或记录已按保留期清理。",
    ),
    "fc.refused": ("There is no forecast of this site", "本场所不予预测"),
    "fc.short": (
        "The history is still short, so a simpler model speaks and its band is wide: {reason}",
        "历史较短，暂由简单模型预测，区间较宽：{reason}",
    ),
    "fc.fallback": ("A simpler model speaks: {reason}", "当前由简单模型预测：{reason}"),
    "fc.stale": (
        "Issued {span} ago: newer forecasts are overdue.",
        "发布于 {span}前，新的预测已逾期。",
    ),
    "fc.month_none": ("The month's landing was not reckoned yet", "尚未推算全月结果"),
    "fc.month_none_help": (
        "It is reckoned every night, from the first days of history on.",
        "每晚推算，有历史数据后开始。",
    ),
}
