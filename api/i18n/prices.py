"""Texts of the page of a customer's prices."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "price.page": (
        "Prices",
        "电价",
    ),
    "price.intro": (
        "What a kWh and a kW cost: savings and opportunities get their money from here.",
        "每度电与每千瓦的价格：节能量与节能机会的金额由此计算。",
    ),
    "price.none": (
        "No price is known; money is not reckoned.",
        "尚未录入电价，金额暂不计算。",
    ),
    "price.from": (
        "From",
        "生效日",
    ),
    "price.currency": (
        "Currency",
        "币种",
    ),
    "price.flat": (
        "Flat",
        "平",
    ),
    "price.sharp": (
        "Sharp",
        "尖",
    ),
    "price.peak": (
        "Peak",
        "峰",
    ),
    "price.valley": (
        "Valley",
        "谷",
    ),
    "price.deep_valley": (
        "Deep valley",
        "深谷",
    ),
    "price.per_kwh": (
        "by kWh",
        "每 kWh",
    ),
    "price.hours": (
        "Hours",
        "时段",
    ),
    "price.hours_help": (
        "One a line: period, from-to, and months where it does not count in all, as in: "
        "Sharp 18:00-20:00 1,2,12",
        "每行一个：时段、起-止；非全年适用时加月份，例如：尖 18:00-20:00 1,2,12",
    ),
    "price.basis": (
        "Charged by the month",
        "基本电费方式",
    ),
    "price.basis_none": (
        "nothing",
        "无",
    ),
    "price.basis_actual": (
        "highest demand",
        "实际最大需量",
    ),
    "price.basis_contract": (
        "contract demand",
        "合同需量",
    ),
    "price.basis_capacity": (
        "capacity",
        "变压器容量",
    ),
    "price.demand": (
        "By kW and month",
        "每 kW·月",
    ),
    "price.capacity": (
        "By kVA and month",
        "每 kVA·月",
    ),
    "price.feed_in": (
        "Fed in, by kWh",
        "上网每 kWh",
    ),
    "price.standard": (
        "Power factor standard",
        "功率因数标准",
    ),
    "price.standard_none": (
        "none",
        "不考核",
    ),
    "price.kept": (
        "What counts",
        "已录入电价",
    ),
    "price.edit": (
        "Add or change",
        "新增或修改",
    ),
    "price.edit_this": (
        "Change",
        "修改",
    ),
    "price.remove": (
        "Remove",
        "删除",
    ),
    "price.save": (
        "Save",
        "保存",
    ),
    "price.saved": (
        "Saved.",
        "已保存。",
    ),
    "price.removed": (
        "Removed.",
        "已删除。",
    ),
    "price.refused": (
        "Not saved: {field}: {rule}",
        "未保存：{field}：{rule}",
    ),
    "price.rule_hours": (
        "line “{line}” is no period with its hours",
        "“{line}”不是有效的时段",
    ),
    "price.read_only": (
        "Account managers and operators keep prices.",
        "电价由客户经理或运维人员维护。",
    ),
    "price.to": (
        "Prices",
        "电价",
    ),
}
