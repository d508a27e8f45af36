from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from simulator.cities import CITIES
from simulator.context import PortfolioContext
from simulator.portfolio import demo_portfolio
from simulator.premises import premises_kinds
from simulator.weather import sun_ratio, temperature_c
from simulator.workdays import DayType, day_type

SHANGHAI = timedelta(hours=8)


@pytest.fixture(scope="module")
def context() -> PortfolioContext:
    return PortfolioContext(demo_portfolio())


def main_of(context: PortfolioContext, kind: str, site: int = 0):
    customer = next(c for c in context.flow.portfolio if c.kind == kind)
    return customer.sites[site].meters[0]


def day_kw(context: PortfolioContext, kind: str, day: date) -> np.ndarray:
    """Mean power of each local hour of a day."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - SHANGHAI
    ts_s = start.timestamp() + np.arange(0, 86_400, 300.0)
    return context.power(main_of(context, kind), ts_s)[0].reshape(24, 12).mean(axis=1)


def test_holidays_make_up_workdays_and_unknown_years_have_their_types():
    assert day_type(date(2026, 10, 1)) is DayType.HOLIDAY
    assert day_type(date(2026, 10, 10)) is DayType.WORKDAY  # a Saturday that is worked
    assert day_type(date(2026, 2, 17)) is DayType.SPRING_FESTIVAL
    assert day_type(date(2026, 11, 18)) is DayType.WORKDAY
    assert day_type(date(2026, 11, 21)) is DayType.SATURDAY
    assert day_type(date(2090, 1, 1)) is DayType.SUNDAY  # beyond the calendar: the weekday rule


def test_an_office_rests_on_holidays_and_works_on_make_up_saturdays(context: PortfolioContext):
    workday = day_kw(context, "office_tower", date(2026, 10, 13)).mean()
    made_up = day_kw(context, "office_tower", date(2026, 10, 10)).mean()
    holiday = day_kw(context, "office_tower", date(2026, 10, 1)).mean()
    assert holiday < 0.55 * workday
    assert made_up > 0.85 * workday


def test_an_office_has_a_plateau_from_nine_to_five(context: PortfolioContext):
    hours = day_kw(context, "office_tower", date(2026, 11, 18))
    assert hours[9:17].min() > 0.75 * hours.max()
    assert hours[0:6].max() < 0.3 * hours.max()


def test_a_hotel_peaks_in_the_evening(context: PortfolioContext):
    hours = day_kw(context, "hotel", date(2026, 11, 18))
    assert int(hours.argmax()) in (18, 19, 20, 21)


def test_a_data_centre_is_flat_and_a_transmitter_goes_off_the_air_at_night(
    context: PortfolioContext,
):
    servers = day_kw(context, "data_centre", date(2026, 11, 18))
    assert servers.max() / servers.min() < 1.06
    tower = day_kw(context, "broadcast_tower", date(2026, 11, 18))
    assert tower[1:5].max() < 0.55 * tower[8:20].min()


def test_a_factory_stops_at_the_spring_festival(context: PortfolioContext):
    festival = day_kw(context, "three_shift_factory", date(2026, 2, 18)).mean()
    workday = day_kw(context, "three_shift_factory", date(2026, 3, 18)).mean()
    assert festival < 0.5 * workday


def test_a_university_rests_in_the_vacation(context: PortfolioContext):
    term = day_kw(context, "university", date(2026, 6, 16)).mean()
    vacation = day_kw(context, "university", date(2026, 7, 14)).mean()
    assert vacation < 0.7 * term


def test_a_mall_needs_more_in_the_heat(context: PortfolioContext):
    summer = day_kw(context, "mall", date(2026, 7, 29)).mean()
    autumn = day_kw(context, "mall", date(2026, 11, 18)).mean()
    assert summer > 1.15 * autumn


def test_the_weather_follows_season_day_and_city():
    city = CITIES["Wuhan"]
    start = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    ts_s = (start + np.arange(0, 365 * 86_400, 3600)).astype(np.int64)
    warm = temperature_c(city, ts_s)
    january, july = warm[: 31 * 24].mean(), warm[181 * 24 : 212 * 24].mean()
    assert 0 < january < 9
    assert 26 < july < 33
    sun = sun_ratio(city, ts_s)
    assert sun.min() == 0
    assert 0.6 < sun.max() < 1
    assert sun[ts_s % 86_400 == 18 * 3600].max() == 0  # two at night in China


def test_every_kind_of_premises_has_accounts_and_a_code_of_its_own():
    kinds = premises_kinds()
    assert len({kind.code for kind in kinds}) == len(kinds) >= 14
    assert all(kind.accounts for kind in kinds)
    assert all(
        site.city in CITIES for kind in kinds for account in kind.accounts for site in account.sites
    )


def test_some_accounts_run_near_their_contract_and_others_far_below(context: PortfolioContext):
    ts_s = datetime(2026, 10, 20, tzinfo=UTC).timestamp() + np.arange(0, 30 * 86_400, 900.0)
    shares = []
    for customer in context.flow.portfolio:
        power = sum(context.power(site.meters[0], ts_s)[0] for site in customer.sites)
        shares.append(float(np.max(power)) / customer.contract_demand_kw)
    assert sum(0.88 < share < 1.0 for share in shares) >= 3
    assert sum(share > 1.0 for share in shares) >= 1
    assert sum(share < 0.6 for share in shares) >= 2
