"""Signing in at an OpenID provider, by a stand-in of one; and what must not be taken for it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.sessions import SESSION_COOKIE
from api.sso import SingleSignOn
from api.sso_http import ProviderError, check_address
from loadstone.storage.identity import put_user
from tests.integration.api.conftest import NOW
from tests.integration.api.openid_stand_in import (
    StandInProvider,
    running_provider,
    symmetric_key,
)

EMAIL = "li.na@example.com"


@pytest.fixture
def provider(world) -> Iterator[StandInProvider]:
    with psycopg.connect(world.url) as connection:
        put_user(connection, name="li.na", display_name="Li Na", role="operator", email=EMAIL)
        connection.execute("DELETE FROM core.sso_identity")
    with running_provider() as running:
        running.now_s = int(NOW.timestamp())
        running.claims = {"sub": "u-1", "email": EMAIL, "email_verified": True}
        yield running


@pytest.fixture
def browser(world, clock, provider) -> TestClient:
    sso = SingleSignOn(
        issuer=provider.url,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        redirect_url="http://testserver/login/sso/callback",
        label="Example",
    )
    return TestClient(create_app(world.pool, clock, sso=sso), follow_redirects=False)


def way_back(browser: TestClient, target: str = "/sites?a=1") -> str:
    """Go to the provider and return where it sends the browser back to."""
    away = browser.get("/login/sso", params={"next": target})
    assert away.status_code == 303
    answer = httpx.get(away.headers["location"])
    assert answer.status_code == 302
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


def test_who_the_provider_vouches_for_is_signed_in_and_comes_where_they_wanted(browser, world):
    assert "Sign in with Example" in browser.get("/login").text
    answer = browser.get(way_back(browser))
    assert (answer.status_code, answer.headers["location"]) == (303, "/sites?a=1")
    assert browser.get("/api/v1/me").json()["name"] == "li.na"
    with psycopg.connect(world.url) as connection:
        bound = connection.execute("SELECT subject FROM core.sso_identity").fetchall()
        noted = connection.execute(
            "SELECT action, after ->> 'method' FROM core.audit ORDER BY audit_id DESC LIMIT 1"
        ).fetchone()
    assert bound == [("u-1",)]
    assert noted == ("login", "sso")


def test_the_subject_counts_once_it_is_bound_and_an_inherited_address_opens_nothing(
    browser, provider
):
    assert browser.get(way_back(browser)).status_code == 303
    browser.cookies.delete(SESSION_COOKIE)
    provider.claims = {"sub": "u-1", "email": "new@example.com", "email_verified": True}
    assert browser.get(way_back(browser)).status_code == 303
    browser.cookies.delete(SESSION_COOKIE)
    provider.claims = {"sub": "u-2", "email": EMAIL, "email_verified": True}
    answer = browser.get(way_back(browser))
    assert answer.status_code == 401
    assert "no user here yet" in answer.text


def test_an_answer_is_taken_once_and_from_the_browser_that_asked_only(browser, world, clock):
    back = way_back(browser)
    stranger = TestClient(browser.app, follow_redirects=False)
    assert stranger.get(back).status_code == 401
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 401


def test_a_forged_state_is_refused(browser):
    back = way_back(browser)
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert browser.get(back.replace(state, "x" * len(state))).status_code == 401


def test_an_attempt_ends_after_ten_minutes(browser, clock, provider):
    back = way_back(browser)
    clock.forward(minutes=11)
    assert browser.get(back).status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": ["loadstone", "another"]},
        {"azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": "somebody@example.com"},
    ],
)
def test_a_token_that_is_not_for_us_or_of_nobody_here_opens_nothing(browser, provider, changed):
    provider.changed = changed
    assert browser.get(way_back(browser)).status_code == 401
    assert SESSION_COOKIE not in browser.cookies


def test_a_token_signed_by_another_or_with_our_own_secret_opens_nothing(browser, provider):
    provider.sign_with = type(provider.key).generate_key(2048)
    assert browser.get(way_back(browser)).status_code == 401
    provider.sign_with = symmetric_key(provider.client_secret)
    provider.algorithm = "HS256"
    assert browser.get(way_back(browser)).status_code == 401


def test_a_key_that_is_new_is_asked_for(browser, provider):
    assert browser.get(way_back(browser)).status_code == 303
    browser.cookies.delete(SESSION_COOKIE)
    provider.rotate()
    assert browser.get(way_back(browser)).status_code == 303


def test_a_disabled_user_is_not_let_in(browser, world):
    with psycopg.connect(world.url) as connection:
        connection.execute("UPDATE core.app_user SET disabled_at = now() WHERE name = 'li.na'")
    assert browser.get(way_back(browser)).status_code == 401
    with psycopg.connect(world.url) as connection:
        connection.execute("UPDATE core.app_user SET disabled_at = NULL WHERE name = 'li.na'")


def test_a_provider_that_is_away_shows_the_login_page_again(world, clock):
    sso = SingleSignOn(
        issuer="http://127.0.0.1:9", client_id="x", client_secret=None,
        redirect_url="http://testserver/login/sso/callback", label="Away",
    )  # fmt: skip
    browser = TestClient(create_app(world.pool, clock, sso=sso), follow_redirects=False)
    answer = browser.get("/login/sso")
    assert answer.status_code == 401
    assert "did not work" in answer.text


def test_without_a_provider_there_is_nothing(app_client):
    assert app_client.get("/login/sso").status_code == 404
    assert app_client.get("/login/sso/callback?code=1").status_code == 404


def test_plain_http_is_for_this_machine_only():
    check_address("http://127.0.0.1:9/x")
    check_address("https://id.example.com")
    for url in ("http://id.example.com", "ftp://id.example.com", "file:///etc/passwd"):
        with pytest.raises(ProviderError):
            check_address(url)
