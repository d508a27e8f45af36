"""Passwords, sessions, CSRF and the demo's door."""

from __future__ import annotations

from typing import Annotated

import psycopg
import pytest
from fastapi import FastAPI, Form, Request, Response
from fastapi.testclient import TestClient

from api.app import create_app
from api.context import Context
from api.errors import ProblemError
from api.identity import PageViewer, SignedIn
from api.sessions import (
    CSRF_HEADER,
    SESSION_COOKIE,
    LoginRefusedError,
    check_csrf,
    check_password,
    check_same_origin,
    close_session,
    csrf_token,
    open_session,
)
from loadstone.storage.identity import put_user, user_by_name


def add_test_routes(app: FastAPI) -> None:
    """The least that pages do with the identity."""

    @app.post("/t/login")
    def log_in(
        request: Request,
        context: Context,
        name: Annotated[str, Form()],
        password: Annotated[str, Form()],
    ) -> Response:
        check_same_origin(request)
        response = Response("in")
        try:
            user_id = check_password(context, name, password, "192.0.2.1")
        except LoginRefusedError as refusal:
            return Response("no", status_code=401, headers={"retry-after": str(refusal.wait_s)})
        open_session(context, user_id, response)
        return response

    @app.get("/t/page")
    def page(request: Request, viewer: PageViewer) -> dict[str, str]:
        return {"name": viewer.name, "csrf": csrf_token(request)}

    @app.post("/t/out")
    def log_out(request: Request, context: Context, csrf: Annotated[str, Form()] = "") -> Response:
        check_csrf(request, csrf)
        response = Response("out")
        close_session(context, request, response)
        return response

    @app.post("/api/v1/t/change")
    def change(viewer: SignedIn) -> dict[str, str]:
        return {"by": viewer.name}


@pytest.fixture
def browser(world, clock) -> TestClient:
    app = create_app(world.pool, clock)
    add_test_routes(app)
    return TestClient(app, follow_redirects=False)


def log_in(browser: TestClient, name: str = "manager-a", password: str | None = None):
    given = "correct horse battery staple" if password is None else password
    return browser.post("/t/login", data={"name": name, "password": given})


def test_a_page_without_a_session_leads_to_the_login_and_back(browser):
    answer = browser.get("/t/page?site=1&day=2")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/t/page%3Fsite%3D1%26day%3D2"


def test_a_session_opens_pages_and_the_api_until_it_is_closed(browser):
    cookie = log_in(browser).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    page = browser.get("/t/page").json()
    assert page["name"] == "manager-a"
    assert browser.get("/api/v1/customers").json()["data"][0]["code"] == "CUS-A"
    stolen = browser.cookies[SESSION_COOKIE]
    assert browser.post("/t/out", data={"csrf": page["csrf"]}).status_code == 200
    browser.cookies.set(SESSION_COOKIE, stolen)
    assert browser.get("/t/page").status_code == 303


def test_the_database_knows_no_session_and_no_token_by_which_one_could_enter(browser, world):
    log_in(browser)
    with psycopg.connect(world.url) as connection:
        rows = connection.execute(
            "SELECT session_hash FROM core.web_session "
            "UNION ALL SELECT token_hash FROM core.api_token"
        ).fetchall()
    stored = {bytes(row[0]) for row in rows}
    assert browser.cookies[SESSION_COOKIE].encode() not in stored
    assert {len(digest) for digest in stored} == {32}


def test_a_session_ends_12_hours_after_it_was_last_used(browser, clock):
    log_in(browser)
    for _ in range(3):
        clock.forward(hours=11)
        assert browser.get("/t/page").status_code == 200
    clock.forward(hours=12)
    assert browser.get("/t/page").status_code == 303
    assert browser.get("/api/v1/meters").status_code == 401


def test_the_wrong_password_and_the_wrong_name_are_refused_alike(browser):
    known = log_in(browser, password="wrong")
    unknown = log_in(browser, name="nobody-at-all", password="wrong")
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert SESSION_COOKIE not in browser.cookies


@pytest.mark.parametrize("name", ["manager-a", "nobody-at-all"])
def test_guessing_is_slowed_down_whether_the_user_exists_or_not(browser, clock, name):
    waits = [int(log_in(browser, name, "wrong").headers["retry-after"]) for _ in range(5)]
    assert waits == [0, 0, 0, 0, 1]
    assert log_in(browser, name).status_code == 401
    clock.forward(minutes=16)
    assert log_in(browser, name).status_code == (200 if name == "manager-a" else 401)


def test_a_session_changes_nothing_without_its_csrf_token(browser, world):
    log_in(browser)
    token = browser.get("/t/page").json()["csrf"]
    assert browser.post("/api/v1/t/change").status_code == 403
    assert browser.post("/api/v1/t/change", headers={CSRF_HEADER: "x" * 64}).status_code == 403
    basic = {"Authorization": "Basic eDp5"}
    assert browser.post("/api/v1/t/change", headers=basic).status_code == 403
    good = browser.post("/api/v1/t/change", headers={CSRF_HEADER: token})
    assert good.json() == {"by": "manager-a"}
    assert browser.post("/t/out").status_code == 403
    browser.cookies.clear()
    bearer = {"Authorization": f"Bearer {world.tokens['staff']}"}
    assert browser.post("/api/v1/t/change", headers=bearer).json() == {"by": "staff"}


def test_another_sites_page_cannot_log_a_browser_in(browser):
    data = {"name": "manager-a", "password": "correct horse battery staple"}
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert browser.post("/t/login", data=data, headers=headers).status_code == 403
    own = {"origin": "http://testserver"}
    assert browser.post("/t/login", data=data, headers=own).status_code == 200


def test_a_disabled_user_is_out_at_once(browser, world):
    with psycopg.connect(world.url) as connection:
        put_user(connection, name="leaver", display_name="L", role="auditor", password="pw")
    log_in(browser, "leaver", "pw")
    assert browser.get("/t/page").status_code == 200
    with psycopg.connect(world.url) as connection:
        connection.execute("UPDATE core.app_user SET disabled_at = now() WHERE name = 'leaver'")
    assert browser.get("/t/page").status_code == 303
    assert log_in(browser, "leaver", "pw").status_code == 401


def test_changing_a_user_keeps_the_password_where_none_is_given(world):
    with psycopg.connect(world.url) as connection:
        first = put_user(connection, name="kept", display_name="K", role="auditor", password="pw")
        before = user_by_name(connection, "kept")
        again = put_user(connection, name="kept", display_name="K2", role="operator", language="zh")
        after = user_by_name(connection, "kept")
    assert first == again
    assert before
    assert after
    assert before.password_hash == after.password_hash
    assert before.password_hash.startswith("$argon2id$")
    assert (after.display_name, after.role, after.language) == ("K2", "operator", "zh")


def test_the_demos_link_signs_in_with_its_key_only(app_client):
    for key in ("", "wrong", "open sesam", "钥匙"):
        assert app_client.get("/demo", params={"key": key}).status_code == 404
    answer = app_client.get("/demo", params={"key": "open sesame"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert app_client.get("/api/v1/customers").status_code == 200


def test_without_a_demo_there_is_no_door(browser):
    assert browser.get("/demo", params={"key": "open sesame"}).status_code == 404


def test_cookies_go_over_https_only_where_that_is_set(world, clock):
    app = create_app(world.pool, clock, cookie_secure=True)
    add_test_routes(app)
    answer = log_in(TestClient(app, base_url="https://testserver"))
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers


def test_a_check_that_fails_is_a_problem_with_status_403(browser):
    request = Request({"type": "http", "headers": []})
    with pytest.raises(ProblemError) as refusal:
        check_csrf(request, "")
    assert refusal.value.status == 403
