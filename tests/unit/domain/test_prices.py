"""What a kWh costs when: periods by the site's clock, their precedence, and prices over time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from loadstone.domain.price_book import NO_PERIOD, PriceBook
from loadstone.domain.prices import PERIODS, Price, PriceError, PriceWindow

CHINA = ZoneInfo("Asia/Shanghai")
# Hubei, January 2026, two-part 1-10 kV (鄂发改价管〔2024〕77号), CNY/kWh.
HUBEI = Price(
    valid_from=date(2026, 1, 1),
    flat_per_kwh=Decimal("0.651886"),
    sharp_per_kwh=Decimal("1.049999"),
    peak_per_kwh=Decimal("0.848961"),
    valley_per_kwh=Decimal("0.432924"),
    windows=(
        PriceWindow(period="sharp", start_min=1080, end_min=1200, months=(1, 2, 3, 4, 5, 6, 9)),
        PriceWindow(period="sharp", start_min=1200, end_min=1320, months=(7, 8)),
        PriceWindow(period="peak", start_min=960, end_min=1440),
        PriceWindow(period="valley", start_min=0, end_min=360),
        PriceWindow(period="valley", start_min=720, end_min=840),
    ),
    basis="actual",
    demand_per_kw_month=Decimal(42),
)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA).astimezone(UTC)


def test_a_constant_load_in_january_meets_the_bills_split_into_periods():
    # Hubei, January 2026: 6200 sharp, 18600 peak, 24800 flat and 24800 valley quarters' kWh.
    start = int(at(1, 1, 0).timestamp())
    series = PriceBook([HUBEI], "Asia/Shanghai").series(start + 900 * np.arange(2976))
    counts = {PERIODS[k]: int((series.period == k).sum()) for k in range(len(PERIODS))}
    assert counts == {"sharp": 248, "peak": 744, "flat": 992, "valley": 992, "deep_valley": 0}
    # 100 kW: 49 203.95 yuan by lines rounded to cents, .96 unrounded.
    assert series.price_per_kwh.sum() * 25 == pytest.approx(49_203.96, abs=0.005)


def test_single_instants_and_series_say_the_same_over_clock_changes():
    price = replace(HUBEI, windows=(PriceWindow(period="valley", start_min=1320, end_min=360),))
    book = PriceBook([price], "Europe/Berlin")
    start = int(datetime(2026, 3, 28, tzinfo=UTC).timestamp())
    starts = start + 900 * np.arange(3 * 96)
    series = book.series(starts)
    for place in range(0, len(starts), 7):
        instant = datetime.fromtimestamp(int(starts[place]), UTC)
        assert PERIODS[series.period[place]] == book.period_at(instant)
        assert series.price_per_kwh[place] == float(book.per_kwh_at(instant))


def test_deep_valley_goes_before_sharp_and_sharp_before_peak():
    price = replace(
        HUBEI,
        deep_valley_per_kwh=Decimal("0.2"),
        windows=(
            *HUBEI.windows,
            PriceWindow(period="deep_valley", start_min=1140, end_min=1170),
        ),
    )
    book = PriceBook([price], "Asia/Shanghai")
    assert book.period_at(at(1, 5, 16)) == "peak"
    assert book.period_at(at(1, 5, 18)) == "sharp"
    assert book.period_at(at(1, 5, 19)) == "deep_valley"
    assert book.period_at(at(7, 5, 18)) == "peak"
    assert book.period_at(at(7, 5, 21)) == "sharp"


def test_a_price_counts_from_its_day_on_by_the_sites_clock_and_before_it_there_is_none():
    later = replace(HUBEI, valid_from=date(2026, 8, 1), flat_per_kwh=Decimal("0.7"))
    book = PriceBook([later, HUBEI], "Asia/Shanghai")
    assert book.per_kwh_at(at(7, 31, 10)) == Decimal("0.651886")
    assert book.per_kwh_at(at(8, 1, 10)) == Decimal("0.7")
    before = at(1, 1, 0) - timedelta(seconds=1)
    assert book.per_kwh_at(before) is None
    assert book.per_kw_month_at(before) is None
    series = book.series(np.array([int(before.timestamp())]))
    assert np.isnan(series.price_per_kwh[0]) and series.period[0] == NO_PERIOD


def test_demand_has_no_price_where_capacity_is_charged():
    capacity = replace(HUBEI, basis="capacity", capacity_per_kva_month=Decimal("26.3"))
    assert PriceBook([capacity], "Asia/Shanghai").per_kw_month_at(at(2, 1, 0)) is None
    assert PriceBook([HUBEI], "Asia/Shanghai").per_kw_month_at(at(2, 1, 0)) == 42


@pytest.mark.parametrize(
    "wrong",
    [
        {"flat_per_kwh": Decimal(-1)},
        {"flat_per_kwh": Decimal("NaN")},
        {"sharp_per_kwh": None},
        {"demand_per_kw_month": None},
        {"basis": "capacity"},
        {"currency": "yuan"},
        {"power_factor_standard_ratio": Decimal("0.7")},
    ],
)
def test_a_price_that_cannot_be_names_what_is_wrong(wrong):
    with pytest.raises(PriceError):
        replace(HUBEI, **wrong)


@pytest.mark.parametrize(
    ("start_min", "end_min", "months"),
    [(0, 0, ()), (10, 60, ()), (-15, 60, ()), (0, 1455, ()), (0, 60, (13,))],
)
def test_a_window_lies_on_quarter_hours_of_a_day_and_months_of_a_year(start_min, end_min, months):
    with pytest.raises(PriceError):
        PriceWindow(period="peak", start_min=start_min, end_min=end_min, months=months)
