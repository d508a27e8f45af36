"""Weather and calendars in the database: what was known when, and that none of it is rewritten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import errors

from forecast.runs.gather import gather
from forecast.weather.open_meteo import OpenMeteo
from forecast.weather.source import WeatherUnknownError
from loadstone.cli import main
from loadstone.cli.weather_jobs import take_weather
from loadstone.storage.forecast_subjects import list_subjects
from loadstone.storage.pool import connect
from loadstone.storage.production_days import (
    NewProductionDay,
    change_production_day,
    production_day,
    production_days,
    production_days_known,
    put_production_day,
    withdraw_production_day,
)
from loadstone.storage.site_calendars import set_site_calendar, site_calendar
from loadstone.storage.weather_values import WeatherValue, put_weather, weather_places
from tests.support.forecast_world import NOW, World, issue_at, make_world, morning
from tests.support.weather_server import weather_server

THEN = datetime(2026, 3, 20, 6, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(make_database: Callable[[], str]) -> World:
    return make_world(make_database())


@pytest.fixture
def connection(world: World) -> Iterator[psycopg.Connection]:
    with connect(world.url) as opened:
        yield opened
        opened.rollback()


def test_a_server_is_asked_for_all_places_and_what_it_foresaw_is_kept(world: World) -> None:
    with weather_server() as (url, asked), connect(world.url) as connection:
        connection.execute("UPDATE core.site SET latitude_deg = NULL WHERE code = 'B2'")
        connection.commit()
        source = OpenMeteo(url=f"{url}/v1/forecast")
        assert take_weather(world.url, source, lambda: THEN) == 3
        assert take_weather(world.url, source, lambda: THEN) == 0  # it is there already
        wanted = parse_qs(urlsplit(asked[0]).query)
        assert wanted["latitude"] == ["31.5000,32.5000"]
        assert wanted["timeformat"] == ["unixtime"]
        rows = connection.execute(
            "SELECT measured, temperature_c, known_at FROM read.weather ORDER BY 1, 2"
        ).fetchall()
        assert [row[:2] for row in rows] == [
            (False, pytest.approx(13.9)), (True, pytest.approx(10.0)), (True, pytest.approx(11.2))
        ]  # fmt: skip
        assert {row[2] for row in rows} == {THEN}


@pytest.mark.parametrize(("path", "why"), [("/away", "503"), ("/other", "cannot be read")])
def test_a_server_that_says_nothing_of_use_is_told(world: World, path: str, why: str) -> None:
    with weather_server() as (url, _), pytest.raises(WeatherUnknownError, match=why):
        take_weather(world.url, OpenMeteo(url=url + path), lambda: THEN)


def test_what_was_known_at_an_instant_stays_known(
    world: World, connection: psycopg.Connection
) -> None:
    site = world.subjects["A1"].site_ids[0]
    noon = datetime(2026, 2, 1, 4, tzinfo=UTC)

    def value(known: int, temperature_c: float, *, measured: bool = False) -> WeatherValue:
        return WeatherValue(
            site_id=site, valid_at=noon, known_at=noon + timedelta(hours=known), source="x",
            measured=measured, temperature_c=temperature_c,
        )  # fmt: skip

    told = [value(-48, 10.0), value(-24, 12.0), value(1, 15.0, measured=True)]
    assert put_weather(connection, told) == 3
    query = "SELECT temperature_c, measured FROM read.weather_as_of(%s, %s, %s, %s)"
    span = [[site], noon, noon + timedelta(hours=1)]
    for hours, expected in ((-49, []), (-30, [(10, False)]), (0, [(12, False)]), (2, [(15, True)])):
        found = connection.execute(query, [*span, noon + timedelta(hours=hours)]).fetchall()
        assert found == expected
    with pytest.raises(errors.RestrictViolation, match="only added to"):
        connection.execute("UPDATE core.weather_value SET temperature_c = 0")


def test_a_batch_holds_the_weather_that_was_foreseen_then(
    world: World, connection: psycopg.Connection
) -> None:
    subject = world.subjects["A1"]
    issue = issue_at(morning(1))
    target = issue.issued_at + timedelta(hours=20)
    target = target.replace(minute=0)
    values = [
        WeatherValue(
            site_id=subject.site_ids[0], valid_at=target, known_at=issue.issued_at + after,
            source="x", measured=False, temperature_c=warmth,
        )
        for after, warmth in ((timedelta(hours=-1), 21.0), (timedelta(hours=1), 33.0))
    ]  # fmt: skip
    put_weather(connection, values)
    gathered = gather(connection, issue, [subject], NOW)
    warmth = gathered.batch.temperature_c
    assert warmth is not None
    assert set(warmth[0, -1][warmth[0, -1] == warmth[0, -1]].tolist()) == {21.0}
    told = gathered.inputs[0]["temperature"]
    assert isinstance(told, dict)
    assert told["foreseen_issued_at"] == (issue.issued_at - timedelta(hours=1)).isoformat()


def test_a_file_is_imported_whole_or_not_at_all(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOADSTONE_DATABASE_URL", world.url)
    monkeypatch.setenv("LOADSTONE_LOG_FORMAT", "console")
    file = tmp_path / "weather.csv"
    good = "site,valid_at,temperature_c\nB1,2026-01-05T08:00:00+08:00,3.5\n"
    file.write_text(good + "B1,2026-01-05T09:00:00+08:00,cold\n")
    failed = CliRunner().invoke(main, ["weather", "import", str(file)])
    assert (failed.exit_code, "line 3" in failed.output) == (1, True)
    file.write_text(good)
    assert (
        "1 temperatures were new"
        in CliRunner().invoke(main, ["weather", "import", str(file)]).output
    )
    assert (
        "0 temperatures were new"
        in CliRunner().invoke(main, ["weather", "import", str(file)]).output
    )
    with connect(world.url) as connection:
        assert len(weather_places(connection)) == 3


def test_a_changed_calendar_is_known_as_it_stood(
    world: World, connection: psycopg.Connection
) -> None:
    customer = world.subjects["A1"].customer_id
    entry = NewProductionDay(
        customer_id=customer, site_id=None, name="spring break", kind="shutdown",
        first_day=date(2026, 3, 2), last_day=date(2026, 3, 4),
    )  # fmt: skip
    day = timedelta(days=1)
    first = put_production_day(connection, entry, "ann", THEN)
    longer = NewProductionDay(
        customer_id=customer, site_id=None, name="spring break", kind="shutdown",
        first_day=date(2026, 3, 2), last_day=date(2026, 3, 6), note="two days more",
    )  # fmt: skip
    second = change_production_day(connection, first, longer, "bob", THEN + day)
    assert second is not None
    assert [one.production_day_id for one in production_days(connection, customer_id=customer)] == [
        second
    ]
    assert production_days_known(connection, [customer], THEN - day) == []
    (then,) = production_days_known(connection, [customer], THEN)
    assert (then.last_day, then.withdrawn_by) == (date(2026, 3, 4), "bob")
    assert withdraw_production_day(connection, second, "ann", THEN + 2 * day)
    assert not withdraw_production_day(connection, second, "ann", THEN + 2 * day)
    assert change_production_day(connection, second, entry, "ann", THEN) is None
    assert production_days(connection, customer_id=customer) == []
    assert len(production_days(connection, customer_id=customer, withdrawn=True)) == 2
    kept = production_day(connection, second)
    assert kept is not None
    assert kept.note == "two days more"


def test_a_declared_shutdown_is_a_day_off_in_the_batch(
    world: World, connection: psycopg.Connection
) -> None:
    subject = world.subjects["B1"]
    issue = issue_at(morning(3))
    target = issue.last_day
    for site_id, expected in ((world.subjects["B2"].site_id, False), (subject.site_id, True)):
        entry = NewProductionDay(
            customer_id=subject.customer_id, site_id=site_id, name="repair", kind="shutdown",
            first_day=target, last_day=target,
        )  # fmt: skip
        put_production_day(connection, entry, "ann", issue.issued_at - timedelta(days=1))
        gathered = gather(connection, issue, [subject], NOW)
        assert bool(gathered.batch.calendars[0].off[-1]) is expected
    told = gathered.inputs[0]["calendar"]
    assert isinstance(told, dict)
    assert told["production_entries"] == 1


def test_a_year_whose_holidays_are_not_published_is_said_to_be_so(
    world: World, connection: psycopg.Connection
) -> None:
    issue = issue_at(datetime(2099, 12, 30, 23, 30, tzinfo=UTC))
    gathered = gather(connection, issue, [world.subjects["A1"]], NOW)
    told = gathered.inputs[0]["calendar"]
    assert isinstance(told, dict)
    assert told["published"] is False
    assert 2100 in told["unpublished_years"]


def test_a_site_keeps_the_holidays_of_the_country_that_is_set(
    world: World, connection: psycopg.Connection
) -> None:
    subject = world.subjects["A1"]
    assert subject.site_id is not None
    assert site_calendar(connection, subject.site_id) == (None, None)
    set_site_calendar(connection, subject.site_id, "DE", "BY")
    mine = next(one for one in list_subjects(connection) if one.code == "A1")
    # 6 January is a holiday in Bavaria, and none in China.
    issue = issue_at(datetime(2026, 1, 4, 23, 30, tzinfo=UTC))
    bavarian = gather(connection, issue, [mine], NOW)
    chinese = gather(connection, issue, [subject], NOW)
    assert bool(bavarian.batch.calendars[0].off[-1])
    assert not chinese.batch.calendars[0].off[-1]
    with pytest.raises(errors.CheckViolation):
        set_site_calendar(connection, subject.site_id, "Germany", None)
