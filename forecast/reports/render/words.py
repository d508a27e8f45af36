"""The words of the furniture: what stands on every report."""

from __future__ import annotations

from typing import Final

from forecast.reports.text import Text

AS_KNOWN: Final = Text("As known at", "数据截至")
MADE: Final = Text("Made at", "生成时间")
REPORT: Final = Text("Report", "报告编号")
FINGERPRINT: Final = Text("SHA-256", "SHA-256")
PAGE: Final = Text("Page {page} of {pages}", "第 {page} 页，共 {pages} 页")
ESTIMATED: Final = Text("* holds an estimated part", "* 含估算值")
KEY_FIGURES: Final = Text("Key figures", "关键指标")
ABOUT: Final = Text("About this report", "报告说明")
CUSTOMER: Final = Text("Customer", "客户")
PERIOD: Final = Text("Period", "周期")
ZONE: Final = Text("Time zone", "时区")
SUMMARY: Final = Text("Summary", "摘要")
CHARTS: Final = Text("Charts", "图表")
NAME: Final = Text("Figure", "指标")
VALUE: Final = Text("Value", "数值")
UNIT: Final = Text("Unit", "单位")
COMPARED: Final = Text("Compared with", "对比")
BEFORE: Final = Text("Before", "对比值")
CHANGE: Final = Text("Change", "变化")
TIME: Final = Text("Time", "时间")
