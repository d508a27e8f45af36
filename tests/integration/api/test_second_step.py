"""The second step of signing in: codes, recovery codes, setting it up where a role must have it."""

from __future__ import annotations

import re

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.sessions import HALF_COOKIE, SESSION_COOKIE
from loadstone.domain.one_time_code import code_of, step_at
from loadstone.storage.identity import put_user
from tests.integration.api.conftest import PASSWORD


@pytest.fixture
def make_browser(world, clock):
    with psycopg.connect(world.url) as connection:
        put_user(connection, name="careful", display_name="C", role="operator", password=PASSWORD)
        for table in ("core.totp", "core.recovery_code", "core.web_session"):
            connection.execute(f"DELETE FROM {table}".encode())
    app = create_app(world.pool, clock, totp_roles=frozenset({"operator"}))
    return lambda: TestClient(app, follow_redirects=False)


@pytest.fixture
def code(world, clock):
    def now() -> str:
        with psycopg.connect(world.url) as connection:
            row = connection.execute("SELECT secret FROM core.totp").fetchone()
        return code_of(bytes(row[0]), step_at(clock.now))

    return now


def password(browser: TestClient) -> str:
    answer = browser.post(
        "/login", data={"name": "careful", "password": PASSWORD, "next": "/sites"}
    )
    assert answer.status_code == 303
    return answer.headers["location"]


@pytest.fixture
def enrolled(make_browser, code) -> list[str]:
    """Recovery codes of the user, who has set the app up."""
    browser = make_browser()
    assert password(browser) == "/login/enrol?next=/sites"
    assert SESSION_COOKIE not in browser.cookies
    assert browser.get("/").status_code == 303
    page = browser.get("/login/enrol").text
    assert "data:image/svg+xml" in page
    assert browser.post("/login/enrol", data={"code": "000000"}).status_code == 401
    answer = browser.post("/login/enrol", data={"code": code(), "next": "/sites"})
    assert answer.status_code == 200
    assert browser.get("/sites").status_code == 200
    codes = re.findall(r"<code>([A-Z2-7-]{19})</code>", answer.text)
    assert len(set(codes)) == 10
    return codes


def test_a_right_password_alone_opens_nothing(make_browser, enrolled, code, clock):
    browser = make_browser()
    assert password(browser) == "/login/code?next=/sites"
    assert browser.get("/sites").headers["location"].startswith("/login")
    assert browser.get("/api/v1/me").status_code == 401
    clock.forward(seconds=30)
    answer = browser.post("/login/code", data={"code": code(), "next": "/sites"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sites")
    assert browser.get("/api/v1/me").json()["has_totp"] is True
    assert HALF_COOKIE not in browser.cookies


def test_a_code_that_was_used_opens_nothing_again(make_browser, enrolled, code, clock):
    clock.forward(seconds=30)
    used = code()
    first, second = make_browser(), make_browser()
    password(first)
    assert first.post("/login/code", data={"code": used}).status_code == 303
    password(second)
    assert second.post("/login/code", data={"code": used}).status_code == 401


def test_a_recovery_code_opens_once(make_browser, enrolled):
    for expected in (303, 401):
        browser = make_browser()
        password(browser)
        typed = enrolled[0].lower().replace("-", " ")
        assert browser.post("/login/code", data={"code": typed}).status_code == expected


def test_guessing_codes_is_slowed_down_though_the_password_is_right(make_browser, enrolled):
    statuses = []
    for _ in range(8):
        browser = make_browser()
        password(browser)  # does not forgive the wrong codes
        statuses.append(browser.post("/login/code", data={"code": "123456"}).status_code)
    assert statuses[:4] == [401] * 4
    assert 429 in statuses


def test_the_time_between_the_steps_is_short(make_browser, enrolled, code, clock):
    browser = make_browser()
    password(browser)
    clock.forward(minutes=11)
    answer = browser.post("/login/code", data={"code": code()})
    assert answer.headers["location"].startswith("/login")
    assert SESSION_COOKIE not in browser.cookies


def test_a_half_open_session_is_no_session(make_browser, enrolled, world):
    browser = make_browser()
    password(browser)
    half = browser.cookies[HALF_COOKIE]
    thief = make_browser()
    thief.cookies.set(SESSION_COOKIE, half)
    assert thief.get("/api/v1/me").status_code == 401


def test_the_app_can_be_turned_off_with_the_password_only(make_browser, enrolled, code, clock):
    browser = make_browser()
    password(browser)
    clock.forward(seconds=60)
    browser.post("/login/code", data={"code": code()})
    page = browser.get("/profile").text
    csrf = page.split('name="csrf_token" value="')[1].split('"')[0]
    wrong = browser.post("/profile/second-step", data={"password": "x", "csrf_token": csrf})
    assert wrong.status_code == 422
    right = browser.post("/profile/second-step", data={"password": PASSWORD, "csrf_token": csrf})
    assert right.headers["location"] == "/profile?done=totp"
    assert password(make_browser()).startswith("/login/enrol")
