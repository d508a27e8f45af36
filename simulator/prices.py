"""What the virtual customers pay: two-part prices by region, as they are published by province.

Hubei's are those of January 2026 (two-part, 1-10 kV); the others are of the same order, with the
hours of their provinces. They are for trying things out, never for a bill.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from loadstone.domain.prices import Period, Price, PriceWindow
from simulator.model import VirtualCustomer

_FROM = date(2024, 1, 1)
_Hours = tuple[tuple[Period, int, int], ...]
_SUMMER = (7, 8)
_REST_OF_YEAR = (1, 2, 3, 4, 5, 6, 9, 10, 11, 12)

# Sharp, peak, flat, valley and deep valley, CNY/kWh.
_RATES: dict[str, tuple[str, str, str, str, str | None]] = {
    "湖北": ("1.049999", "0.848961", "0.651886", "0.432924", None),
    "上海": ("1.182000", "0.985000", "0.668000", "0.352000", None),
    "浙江": ("1.210000", "0.978000", "0.657000", "0.318000", "0.231000"),
    "江苏": ("1.190000", "0.976000", "0.651000", "0.391000", None),
    "广东": ("1.312000", "1.050000", "0.633000", "0.256000", None),
    "四川": ("1.105000", "0.921000", "0.598000", "0.288000", None),
    "山东": ("1.136000", "0.986000", "0.635000", "0.284000", "0.183000"),
}
_HOURS: dict[str, _Hours] = {
    "上海": (("peak", 8, 11), ("peak", 18, 21), ("valley", 22, 6), ("sharp", 19, 21)),
    "浙江": (("peak", 8, 11), ("peak", 13, 17), ("sharp", 15, 17), ("valley", 22, 8)),
    "江苏": (("peak", 15, 22), ("valley", 0, 6), ("valley", 11, 13)),
    "广东": (("peak", 10, 12), ("peak", 14, 19), ("valley", 0, 8)),
    "四川": (("peak", 10, 12), ("peak", 15, 21), ("sharp", 19, 21), ("valley", 23, 7)),
    "山东": (("peak", 16, 21), ("sharp", 17, 19), ("valley", 10, 15), ("deep_valley", 11, 14),
           ("valley", 2, 6)),
}  # fmt: skip


def virtual_prices(customer: VirtualCustomer) -> tuple[Price, ...]:
    """The prices of a customer by its region and by what its contract charges monthly."""
    region = customer.region if customer.region in _RATES else "湖北"
    sharp, peak, flat, valley, deep = (
        None if rate is None else Decimal(rate) for rate in _RATES[region]
    )
    assert flat is not None  # noqa: S101 - every region has it
    return (
        Price(
            valid_from=_FROM, flat_per_kwh=flat, sharp_per_kwh=sharp, peak_per_kwh=peak,
            valley_per_kwh=valley, deep_valley_per_kwh=deep, windows=_windows(region),
            basis=customer.charge_basis, demand_per_kw_month=Decimal("42"),
            capacity_per_kva_month=Decimal("26.3"), feed_in_per_kwh=Decimal("0.4153"),
            power_factor_standard_ratio=Decimal("0.90"),
        ),
    )  # fmt: skip


def _windows(region: str) -> tuple[PriceWindow, ...]:
    if region == "湖北":
        return _hubei()
    return tuple(
        PriceWindow(period=period, start_min=start * 60, end_min=end * 60)
        for period, start, end in _HOURS[region]
    )


def _hubei() -> tuple[PriceWindow, ...]:
    """Sharp 18-20 (July, August: 20-22), peak 16-24, valley 0-6 and 12-14."""

    def window(period: Period, start: int, end: int, months: tuple[int, ...] = ()) -> PriceWindow:
        return PriceWindow(period=period, start_min=start * 60, end_min=end * 60, months=months)

    return (
        window("sharp", 18, 20, _REST_OF_YEAR),
        window("sharp", 20, 22, _SUMMER),
        window("peak", 16, 24),
        window("valley", 0, 6),
        window("valley", 12, 14),
    )
