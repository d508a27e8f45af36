"""Of whom, of when, by which clock and at which prices: what every report says of itself."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from forecast.reports.document import Fact
from forecast.reports.facts.months import Month
from forecast.reports.facts.premises import Premises
from forecast.reports.render.words import CUSTOMER, PERIOD, ZONE
from forecast.reports.text import Text, number, same
from loadstone.domain.prices import Price

NO_PRICE = Text("no price agreed", "尚未约定电价")
_KINDS = {
    "actual": Text("demand charge on the highest demand", "基本电费按实际最大需量"),
    "contract": Text("demand charge on the contract demand", "基本电费按合同需量"),
    "capacity": Text("demand charge on the capacity", "基本电费按变压器容量"),
}


def facts_of(premises: Premises, month: Month, price: Price | None) -> tuple[Fact, ...]:
    """Customer, period, zone, prices."""
    code = premises.customer.code
    tier = premises.customer.tier
    zones = month.zone
    if len(premises.zones) > 1:
        zones = f"{zones} ({', '.join(premises.zones)})"
    return (
        Fact(
            name=CUSTOMER,
            value=Text(
                f"{premises.name.en} ({code}, tier {tier})",
                f"{premises.name.zh}（{code}，{tier} 级）",
            ),
        ),
        Fact(name=PERIOD, value=_span(month)),
        Fact(name=ZONE, value=same(zones)),
        Fact(name=Text("Price", "电价"), value=price_name(price)),
    )


def _span(month: Month) -> Text:
    return Text(
        f"{month.first} to {month.days[-1]}, local days",
        f"{month.first} 至 {month.days[-1]}（当地日）",
    )


def price_name(price: Price | None) -> Text:
    """Which prices counted, by the day from which they do."""
    if price is None:
        return NO_PRICE
    said = Text(
        f"prices of {price.valid_from} ({price.currency})",
        f"{price.valid_from} 起执行的电价（{price.currency}）",
    )
    if price.basis is None:
        return said
    kind = _KINDS[price.basis]
    return Text(f"{said.en}, {kind.en}", f"{said.zh}，{kind.zh}")


def iso(at: datetime) -> str:
    """An instant as documents hold it."""
    return at.isoformat(timespec="seconds")


def money(value: Decimal | float | None, currency: str) -> Text:
    """An amount as it stands in a sentence."""
    amount = number(None if value is None else float(value), 2)
    return Text(f"{amount} {currency}", f"{amount} {'元' if currency == 'CNY' else currency}")
