"""Texts of the health page; findings are told by their code."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "nav.system": ("System health", "系统运行"),
    "system.findings": ("Is anything wrong?", "有无异常？"),
    "system.nothing": ("Nothing to do.", "一切正常。"),
    "system.newest": ("Newest reading", "最新读数"),
    "system.current": ("{n} of {all} meters are current", "{all} 块电表中 {n} 块为最新"),
    "system.lag": ("From reading to store", "采集到入库"),
    "system.lag_most": ("median of an hour; at most {n} s", "近 1 小时中位数；最大 {n} 秒"),
    "system.waiting": ("Hours to summarise", "待汇总小时"),
    "system.behind": ("summaries are {span} behind", "汇总滞后 {span}"),
    "system.offline": (
        "{n} do not speak, {never} never did",
        "{n} 个离线，其中 {never} 个从未上报",
    ),
    "system.quarantine": ("open; {n} seen in the last hour", "待处理；近 1 小时 {n} 次"),
    "system.lost_note": ("messages of the last day", "近 1 天的报文"),
    "system.chart_rate": ("How much comes in?", "数据接入量"),
    "system.chart_refused": ("How much is refused?", "拒收情况"),
    "system.chart_late": ("How late do readings come?", "读数延迟"),
    "system.unit_rate": ("readings a second, by their own time", "读数/秒，按采集时间"),
    "system.unit_refused": ("entries in 15 min", "条/15 分钟"),
    "system.unit_late": ("s, the latest of 15 min", "秒，每 15 分钟最大值"),
    "system.facts": ("What is running?", "运行信息"),
    "system.version": ("Version", "版本"),
    "system.database": ("Database", "数据库"),
    "system.backend_tsl": ("TimescaleDB, Community edition", "时序扩展社区版"),
    "system.backend_apache": ("TimescaleDB, Apache edition", "时序扩展开源版"),
    "system.backend_plain": ("native partitions", "原生分区"),
    "system.size": ("Size", "占用空间"),
    "system.connections": ("Connections", "连接数"),
    "system.kept_readings": ("Readings kept since", "读数保留起始"),
    "system.kept_rollups": ("Quarter hours kept since", "刻钟数据保留起始"),
    "system.kept_all": ("the beginning", "全部保留"),
    "system.again": ("To be read again", "待重新读取"),
    "system.now": ("Server's clock", "服务器时间"),
    "system.parts": ("Parts of readings", "读数分区"),
    "system.columnstore": ("Columnstore", "列存"),
    "system.smaller": ("{n} times smaller", "缩小 {n} 倍"),
    "system.sizes": ("What takes the room?", "空间占用"),
    "system.relation": ("What", "数据"),
    "system.rows": ("Rows, about", "行数（约）"),
    "system.size_reading": ("Readings", "读数"),
    "system.size_rollup_15m": ("Quarter hours", "刻钟汇总"),
    "system.size_rollup_1h": ("Hours", "小时汇总"),
    "system.size_hour_energy": ("Energy by hour", "小时电量"),
    "system.size_rollup_day": ("Days", "日汇总"),
    "system.size_rollup_month": ("Months", "月汇总"),
    "system.size_quarantine": ("Quarantine", "隔离区"),
    "finding.migrations": (
        "{n} migrations are not applied: run `loadstone migrate`.",
        "有 {n} 个迁移未执行，请运行 `loadstone migrate`。",
    ),
    "finding.no_reading": (
        "There is no reading yet: is `loadstone collect` running and a gateway registered?",
        "尚无读数：`loadstone collect` 是否在运行、是否已登记网关？",
    ),
    "finding.reading_old": (
        "The newest reading is {age_s} old: is `loadstone collect` running?",
        "最新读数已是 {age_s}前：`loadstone collect` 是否在运行？",
    ),
    "finding.summaries_waiting": (
        "{hours} hours wait to be summarised: is `loadstone work` running?",
        "有 {hours} 个小时待汇总：`loadstone work` 是否在运行？",
    ),
    "finding.hours_waiting": (
        "{marks} stretches of kept hours wait to be reckoned anew, and slow every question until "
        "then: is `loadstone work` running?",
        "有 {marks} 段小时电量待重新核算，核算前查询会变慢：`loadstone work` 是否在运行？",
    ),
    "finding.summaries_behind": (
        "The summaries are {behind_s} behind the readings: is `loadstone work` running?",
        "汇总滞后读数 {behind_s}：`loadstone work` 是否在运行？",
    ),
    "finding.no_summaries": (
        "There are no summaries and {hours} hours wait: is `loadstone work` running?",
        "尚无汇总，{hours} 个小时待处理：`loadstone work` 是否在运行？",
    ),
    "finding.job_failed": (
        "The server's job {job_id} ({what} of {relation}) failed when it ran last: see its errors "
        "in the database, then run it again.",
        "数据库任务 {job_id}（{relation} 的 {what}）上次执行失败，请查看错误后重新执行。",
    ),
    "finding.chunks_behind": (
        "{chunks} chunks should be in the columnstore and are not: does the server run its "
        "background workers?",
        "有 {chunks} 个分块应已转为列存但尚未转换：数据库后台任务是否在运行？",
    ),
    "finding.chunk_span": (
        "New chunks of readings span {hours} hours, and {fitting_hours} fit the {rows_a_day} rows "
        "a day of the registered meters: run `loadstone migrate`.",
        "新的读数分块跨度为 {hours} 小时，而已登记电表每天 {rows_a_day} 行，"
        "宜用 {fitting_hours} 小时：请执行 `loadstone migrate`。",
    ),
    "finding.roles_missing": (
        "{roles} users or tokens have no role in the database and see nothing: "
        "run `loadstone migrate`.",
        "{roles} 个用户或令牌在数据库中没有角色，看不到任何数据：请执行 `loadstone migrate`。",
    ),
}
