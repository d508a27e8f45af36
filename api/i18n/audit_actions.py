"""What the audit log says was done, of things that are all added, changed and removed alike."""

from __future__ import annotations

_VERBS = {
    "add": ("Added", "添加"),
    "change": ("Changed", "修改"),
    "remove": ("Removed", "移除"),
}
_THINGS = {
    "correction": ("a correction of registers", "表码更正"),
    "dashboard_role": ("a dashboards' database role", "看板数据库角色"),
    "non_routine_event": ("a non-routine event", "非常规事件"),
    "opportunity": ("an opportunity", "节能机会"),
    "price": ("a price", "电价"),
    "production_day": ("an entry of a production calendar", "生产日历条目"),
    "report": ("a report", "报告"),
    "report_schedule": ("a report's schedule", "报告计划"),
    "saving_measure": ("a measure", "节能措施"),
    "saving_verification": ("a judgement of savings", "节能量核定"),
    "shift_plan": ("shifts", "班次"),
    "webhook": ("a webhook", "事件推送"),
}
_EXPORTS = {
    "energy": ("energy", "电量"),
    "forecasts": ("forecasts", "预测"),
    "load": ("load", "负荷"),
    "quality": ("data quality", "数据质量"),
    "readings": ("readings", "读数"),
}

TEXTS: dict[str, tuple[str, str]] = {
    **{
        f"audit.action.{kind}.{verb}": (f"{did[0]} {thing[0]}", f"{did[1]}{thing[1]}")
        for kind, thing in _THINGS.items()
        for verb, did in _VERBS.items()
    },
    **{
        f"audit.action.export.{table}": (f"Took {what[0]} away", f"导出{what[1]}")
        for table, what in _EXPORTS.items()
    },
    "audit.action.quarantine.dismissed": ("Dismissed refused data", "忽略隔离数据"),
    "audit.action.quarantine.again": ("Had refused data read again", "重新读取隔离数据"),
    "audit.action.quarantine.reopened": ("Opened refused data again", "重新打开隔离数据"),
}
