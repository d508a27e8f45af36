"""Prices between what is sent and what is kept, for the API and the page alike."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from api.errors import refused
from api.models.prices import PriceBody, PriceWindowBody
from loadstone.domain.prices import Price, PriceError, PriceWindow
from loadstone.storage.portfolio import CustomerRow

_DAY_MIN = 1440
_FIRST_YEAR, _LAST_YEAR = 1990, 2199


def prices_from(bodies: Sequence[PriceBody]) -> list[Price]:
    """The prices that were sent; 422 where they cannot be."""
    days = [body.valid_from for body in bodies]
    for day in days:
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise refused("valid_from", day.isoformat(), "must lie in the years 1990 to 2199")
        if days.count(day) > 1:
            raise refused("valid_from", day.isoformat(), "is there twice")
    return [price_from(body) for body in bodies]


def price_from(body: PriceBody) -> Price:
    """One price; 422 where it cannot be."""
    given = body.model_dump()
    standard = body.power_factor_standard_ratio
    try:
        windows = tuple(_window(window) for window in body.windows)
        values = {**given, "windows": windows}
        values["power_factor_standard_ratio"] = Decimal(standard) if standard else None
        return Price(**values)
    except PriceError as error:
        raise refused(error.field, str(given.get(error.field)), error.rule) from error


def _window(body: PriceWindowBody) -> PriceWindow:
    return PriceWindow(
        period=body.period,
        start_min=minutes_of(body.begins),
        end_min=minutes_of(body.ends) or _DAY_MIN,
        months=tuple(sorted(set(body.months))),
    )


def minutes_of(clock: str) -> int:
    """Minutes after midnight of `18:30`."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def clock_of(minutes: int) -> str:
    """As a clock shows it; the end of a day is 24:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def prices_answer(customer: CustomerRow, prices: Sequence[Price]) -> dict[str, Any]:
    """The list as the API tells it."""
    return {
        "customer_id": customer.customer_id,
        "prices": [_answer(price) for price in prices],
    }


def _answer(price: Price) -> dict[str, Any]:
    fields = {name: getattr(price, name) for name in Price.__slots__ if name != "windows"}
    return {
        **fields,
        "windows": [
            {
                "period": window.period,
                "begins": clock_of(window.start_min),
                "ends": clock_of(window.end_min),
                "months": list(window.months),
            }
            for window in price.windows
        ],
    }
