"""The month's power factor, against the standard that the customer is measured by."""

from __future__ import annotations

from forecast.reports.document import Kpi, figure
from forecast.reports.facts.reactive import MonthFactor
from forecast.reports.text import Text
from loadstone.domain.prices import Price


def factor_kpi(factor: MonthFactor, price: Price | None) -> Kpi:
    """The month's power factor; its note says the standard, where one is agreed."""
    standard = price.power_factor_standard_ratio if price else None
    note = None
    if standard is not None:
        note = Text(f"standard {standard}", f"考核标准 {standard}")
    return Kpi(
        name=Text("Power factor", "功率因数"), value=figure(factor.month.ratio, 4), unit="",
        digits=2, note=note,
    )  # fmt: skip
