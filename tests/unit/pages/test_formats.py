from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from api.i18n import Texts
from api.i18n.formats import MISSING, Formats

EN, ZH = Formats(Texts("en")), Formats(Texts("zh"))


def test_a_missing_value_is_a_dash_and_never_zero() -> None:
    for text in (EN.number(None), EN.power(None), EN.percent(None), EN.energy(None)[0]):
        assert text == MISSING
    assert EN.change(None, 5) == EN.change(5, None) == EN.change(5, 0) == MISSING


def test_much_energy_is_told_in_the_units_that_people_use() -> None:
    assert EN.energy(99_999) == ("99,999", "kWh")
    assert EN.energy(1_234_567) == ("1,234.6", "MWh")
    assert ZH.energy(1_234_567) == ("123.46", "万kWh")


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [(110, 100, "+10.0\u00a0%"), (95, 100, "−5.0\u00a0%"), (100, 100, "±0.0\u00a0%")],
)
def test_a_change_carries_its_sign(now: float, before: float, text: str) -> None:
    assert EN.change(now, before) == text


def test_dates_follow_the_language() -> None:
    day = date(2026, 11, 18)
    assert EN.day(day, weekday=True) == "Wed 18 Nov"
    assert ZH.day(day, weekday=True, year=True) == "2026年11月18日 周三"


def test_an_instant_is_told_in_the_sites_time() -> None:
    now = datetime(2026, 11, 18, 9, 42, tzinfo=UTC)
    assert EN.instant(now - timedelta(hours=3), "Asia/Shanghai", now) == "14:42"
    assert EN.instant(now - timedelta(hours=18), "Asia/Shanghai", now) == "17 Nov 23:42"
    assert EN.instant(now, "Asia/Kolkata", now) == "15:12"


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=12), "12 s"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(hours=2, minutes=45), "2 h 45 min"),
        (timedelta(days=3, hours=5, minutes=9), "3 d 5 h"),
    ],
)
def test_a_span_has_two_units_at_most(length: timedelta, text: str) -> None:
    assert EN.span(length) == text
