"""The month's power factor, against the standard that the customer is measured by."""

from __future__ import annotations

import math

from forecast.reports.document import (
    Block,
    Buckets,
    Chart,
    Kpi,
    Level,
    Series,
    Statement,
    figure,
)
from forecast.reports.facts.months import Month
from forecast.reports.facts.reactive import MonthFactor
from forecast.reports.text import Text, number, same
from loadstone.domain.prices import Price

_WISHED_RATIO = 0.95
_BASES = {
    "q1q4": Text(
        "From active energy and |Q1| + |Q4|, reactive energy while importing, as bills reckon.",
        "按有功电量与 |Q1| + |Q4|（用电方向无功电量）计算，与电费单口径一致。",
    ),
    "import": Text(
        "From active energy P and the register of reactive imports: the meters have no quadrants.",
        "按有功电量与正向无功电量计算（电表无四象限示数）。",
    ),
}
_UNKNOWN = Text(
    "The meters tell no reactive energy, so there is no power factor.",
    "电表不提供无功电量，故无功率因数。",
)


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


def factor_blocks(factor: MonthFactor, month: Month, price: Price | None) -> tuple[Block, ...]:
    """By day as a chart, what is lacking to a good one, and how it is reckoned."""
    if factor.basis is None:
        return (Statement(text=_UNKNOWN),)
    return (
        _chart(factor, month, price),
        *_lacking(factor, month),
        Statement(text=_BASES[factor.basis], tone="method"),
    )


def _chart(factor: MonthFactor, month: Month, price: Price | None) -> Chart:
    standard = price.power_factor_standard_ratio if price else None
    levels: tuple[Level, ...] = ()
    if standard is not None:
        levels = (
            Level(name=Text("standard", "考核标准"), style="contract", value=float(standard)),
        )
    values = tuple(figure(one.ratio, 3) for one in factor.days.values())
    worst = min((value for value in values if value is not None), default=None)
    return Chart(
        name="power_factor",
        title=Text("How good was the power factor day by day?", "每天的功率因数如何？"),
        unit="",
        axis=Buckets(names=tuple(same(str(day.day)) for day in factor.days)),
        series=(Series(name=Text("power factor", "功率因数"), style="plain", values=values),),
        levels=levels,
        says=Text(
            f"Power factor of each day of {month.name.en}; the lowest is {number(worst, 3)}.",
            f"{month.name.zh}逐日功率因数，最低 {number(worst, 3)}。",
        ),
        digits=2,
    )


def _lacking(factor: MonthFactor, month: Month) -> tuple[Statement, ...]:
    ratio, energy_kwh = factor.month.ratio, factor.month.energy_kwh
    reactive_kvarh = factor.month.reactive_kvarh
    if ratio is None or energy_kwh is None or reactive_kvarh is None or ratio >= _WISHED_RATIO:
        return ()
    spare_kvarh = reactive_kvarh - energy_kwh * math.tan(math.acos(_WISHED_RATIO))
    hours = (month.end - month.start).total_seconds() / 3600
    kvar = number(spare_kvarh / hours)
    text = Text(
        f"{number(spare_kvarh)} kvarh less would have made it {_WISHED_RATIO}: {kvar} kvar more "
        "of compensation, in the mean of all hours.",
        f"若减少 {number(spare_kvarh)} kvarh 无功，功率因数可达 {_WISHED_RATIO}："
        f"平均需增补 {kvar} kvar。",
    )
    return (Statement(text=text, tone="warning"),)
