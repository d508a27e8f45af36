"""What an opportunity is called and said to be, in a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from api.i18n import Texts
from api.i18n.formats import MISSING, Formats
from loadstone.storage.opportunities import OpportunityRow

_SYMBOLS = {"CNY": "¥", "EUR": "€", "USD": "$", "GBP": "£"}
_DIGITS = {"ratio": 2, "pct": 0, "kwh": 0, "a": 0, "h": 1, "kva": 0, "kvar": 0, "kw": 0}
_HUNDREDTHS = ("_per_kwh",)


def title_of(t: Texts, code: str) -> str:
    """What a kind of opportunity is called."""
    return t.known(f"opportunity.{code}.title", code)


def sentence_of(t: Texts, f: Formats, row: OpportunityRow) -> str:
    """What was seen, with its figures; the title alone where the kind has no words."""
    key = f"opportunity.{row.code}.text"
    if t.known(key, "") == "":
        return title_of(t, row.code)
    said = dict.fromkeys(re.findall(r"\{(\w+)\}", t.known(key, "")), MISSING)
    return t(key, **said | _spoken(f, row.params))


def action_of(t: Texts, code: str) -> str:
    """What to do about it."""
    return t.known(f"opportunity.{code}.do", "")


def _spoken(f: Formats, params: Mapping[str, Any]) -> dict[str, str]:
    return {name: _value(f, name, value) for name, value in params.items()}


def _value(f: Formats, name: str, value: object) -> str:
    if not isinstance(value, int | float):
        return str(value)
    if name.endswith("_hour"):
        minutes = round(value * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if name.endswith(_HUNDREDTHS):
        return f.number(float(value), 3)
    unit = name.rpartition("_")[2]
    digits = _DIGITS.get(unit, 0)
    if unit in ("pct", "kw", "h") and abs(value) < 10:
        digits = 1
    return f.number(float(value), digits)


def currency_sign(currency: str | None) -> str:
    """What stands before an amount: the sign of its currency, else its three letters."""
    return _SYMBOLS.get(currency or "", f"{currency} ")


def money_text(t: Texts, f: Formats, money: Decimal | None, currency: str | None) -> str:
    """An amount with its currency, rounded to what is known of it: three digits."""
    if money is None:
        return MISSING
    sign = currency_sign(currency)
    value = float(money)
    if t.language == "zh" and abs(value) >= 100_000:
        return f"{sign}{f.number(value / 10_000, 1)}万"
    size = abs(value)
    step = 1000 if size >= 100_000 else 100 if size >= 10_000 else 10 if size >= 1000 else 1
    return f"{sign}{f.number(round(value / step) * step)}"


def money_range(t: Texts, f: Formats, row: OpportunityRow) -> str:
    """From at least to at most."""
    if row.money is None:
        return ""
    low = money_text(t, f, row.low_money, row.currency)
    high = money_text(t, f, row.high_money, row.currency)
    return t("opportunity.range", low=low, high=high)
