"""Users, scopes, tokens and the audit log through the API."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.sessions import CSRF_HEADER
from loadstone.domain.scope import of_sites
from loadstone.storage.identity import create_token, put_user
from tests.integration.api.conftest import NOW, PASSWORD


@pytest.fixture(scope="module")
def names(world) -> dict[str, str]:
    """Tokens of an administrator and others, by name."""
    made = {}
    with psycopg.connect(world.url) as connection:
        for name, role in (("root", "admin"), ("auditor", "auditor"), ("op2", "operator")):
            user = put_user(connection, name=name, display_name=name, role=role, password=PASSWORD)
            made[name] = create_token(connection, user, "tests", NOW + timedelta(days=30))
        user = put_user(
            connection, name="site-b", display_name="B", role="facility_manager",
            password=PASSWORD, scope=of_sites(world.sites["SITE-B"]),
        )  # fmt: skip
        made["site-b"] = create_token(connection, user, "tests", NOW + timedelta(days=30))
    return made


@pytest.fixture
def by_token(world, clock, names):
    def client(name: str) -> TestClient:
        token = names.get(name) or world.tokens.get(name) or name
        return TestClient(
            create_app(world.pool, clock), headers={"Authorization": f"Bearer {token}"}
        )

    return client


@pytest.fixture
def root(by_token) -> TestClient:
    return by_token("root")


def signed_in(world, clock, name: str, password: str = PASSWORD) -> TestClient:
    """A browser of this user, which sends its CSRF token."""
    browser = TestClient(
        create_app(world.pool, clock), follow_redirects=False, headers={"User-Agent": "a browser"}
    )
    answer = browser.post("/login", data={"name": name, "password": password})
    assert answer.status_code == 303, answer.text
    page = browser.get("/quarantine").text
    browser.headers[CSRF_HEADER] = page.split('name="csrf_token" value="')[1].split('"')[0]
    return browser


def body(**changed: object) -> dict[str, object]:
    return {
        "display_name": "New 新",
        "role": "account_manager",
        "scope": {"sees": "all"},
        **changed,
    }


def test_a_user_is_added_changed_disabled_and_each_step_is_noted(root, by_token, world, names):
    made = root.post("/api/v1/users", json=body(name="new.one", password=PASSWORD))
    assert made.status_code == 201, made.text
    assert made.json()["scope"] == {"sees": "all", "customer_ids": [], "site_ids": []}
    site = world.sites["SITE-A"]
    changed = root.put(
        "/api/v1/users/new.one",
        json=body(role="facility_manager", scope={"sees": "sites", "site_ids": [site]}),
    )
    assert changed.json()["scope"]["site_ids"] == [site]
    off = root.put(
        "/api/v1/users/new.one",
        json=body(role="facility_manager", scope={"sees": "sites", "site_ids": [site]},
                  enabled=False),
    )  # fmt: skip
    assert off.json()["enabled"] is False
    log = by_token("auditor").get("/api/v1/audit?kind=user&subject=new.one").json()["data"]
    assert [entry["action"] for entry in log] == ["user.change", "user.change", "user.add"]
    assert {entry["who"] for entry in log} == {"root"}
    assert log[1]["before"]["role"] == "account_manager"
    assert log[1]["after"]["role"] == "facility_manager"
    assert log[2]["after"]["password_hash"] == "(secret)"
    assert log[0]["address"] == "testclient"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": "root", "password": PASSWORD}, "name"),
        ({"name": "123", "password": PASSWORD}, "name"),
        ({"name": "a b", "password": PASSWORD}, "name"),
        ({"name": "short", "password": "short"}, "password"),
        ({"name": "fm", "role": "facility_manager"}, "scope.sees"),
        ({"name": "x", "scope": {"sees": "customers", "customer_ids": [999999]}},
         "scope.customer_ids"),
        ({"name": "x", "scope": {"sees": "customers"}}, "scope"),
        ({"name": "x", "email": "nobody"}, "email"),
    ],
)  # fmt: skip
def test_a_user_that_cannot_be_is_refused_by_field(root, sent, field):
    answer = root.post("/api/v1/users", json=body(**sent))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert "short" not in str(answer.json()["errors"][0]["value"])


def test_nobody_changes_their_own_rights_and_an_administrator_stays(root):
    answer = root.put("/api/v1/users/root", json=body(role="operator"))
    assert answer.status_code == 422
    assert "somebody else" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["op2", "staff", "manager-a", "site-b"])
def test_who_may_not_manage_users_gets_403_and_the_roles_that_may(by_token, name):
    client = by_token(name)
    for path in ("/api/v1/users", "/api/v1/users/root", "/api/v1/audit"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "admin" in answer.json()["detail"]
    assert client.post("/api/v1/users", json=body(name="evil")).status_code == 403


def test_an_auditor_reads_users_and_the_log_and_changes_nothing(by_token):
    auditor = by_token("auditor")
    assert auditor.get("/api/v1/users").status_code == 200
    assert auditor.get("/api/v1/audit").status_code == 200
    assert auditor.post("/api/v1/users", json=body(name="evil")).status_code == 403


def test_me_tells_scope_and_permissions(by_token, world):
    me = by_token("site-b").get("/api/v1/me").json()
    assert me["scope"] == {
        "sees": "sites", "customer_ids": [], "site_ids": [world.sites["SITE-B"]]
    }  # fmt: skip
    assert "data.read" in me["permissions"]
    assert "users.change" not in me["permissions"]


def test_a_token_is_made_shown_once_used_narrowed_and_revoked(world, clock, names, by_token):
    browser = signed_in(world, clock, "root")
    made = browser.post(
        "/api/v1/tokens",
        json={"name": "ERP", "access": "read",
              "scope": {"sees": "customers", "customer_ids": [world.customers["CUS-B"]]}},
    )  # fmt: skip
    assert made.status_code == 201, made.text
    token = made.json()["token"]
    erp = by_token(token)
    assert erp.get("/api/v1/me").json()["scope"]["sees"] == "customers"
    assert [row["code"] for row in erp.get("/api/v1/customers").json()["data"]] == ["CUS-B"]
    assert erp.get("/api/v1/users").status_code == 403
    assert erp.put("/api/v1/me", json={"language": "zh"}).status_code == 403
    listed = browser.get("/api/v1/tokens").json()["data"]
    assert token not in str(listed)
    assert browser.delete(f"/api/v1/tokens/{made.json()['token_id']}").status_code == 204
    assert erp.get("/api/v1/me").status_code == 401


def test_a_token_makes_no_token(root):
    answer = root.post("/api/v1/tokens", json={"name": "more"})
    assert answer.status_code == 403


def test_a_token_of_a_narrow_user_does_not_see_more_than_the_user(world, clock, by_token):
    browser = signed_in(world, clock, "site-b")
    for scope in (
        {"sees": "all"},
        {"sees": "customers", "customer_ids": [world.customers["CUS-A"]]},
        {"sees": "sites", "site_ids": [world.sites["SITE-A"]]},
    ):
        made = browser.post("/api/v1/tokens", json={"name": "wide", "scope": scope}).json()
        seen = by_token(made["token"])
        assert seen.get("/api/v1/sites/SITE-A").status_code == 404
        codes = [row["code"] for row in seen.get("/api/v1/sites").json()["data"]]
        assert "SITE-A" not in codes


def test_anothers_token_and_session_cannot_be_ended(world, clock, root):
    mine = root.get("/api/v1/tokens").json()["data"][0]["token_id"]
    browser = signed_in(world, clock, "site-b")
    assert browser.delete(f"/api/v1/tokens/{mine}").status_code == 404
    admin = signed_in(world, clock, "root")
    session = next(row for row in admin.get("/api/v1/me/sessions").json()["data"] if row["current"])
    assert browser.delete(f"/api/v1/me/sessions/{session['session_id']}").status_code == 404
    assert admin.delete(f"/api/v1/me/sessions/{session['session_id']}").status_code == 204
    assert admin.get("/api/v1/me").status_code == 401


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(world, clock, root):
    root.post("/api/v1/users", json=body(name="pw", password=PASSWORD))
    first, other = signed_in(world, clock, "pw"), signed_in(world, clock, "pw")
    new = "a wholly other password"
    wrong = first.post("/api/v1/me/password", json={"current_password": "x", "password": new})
    assert wrong.json()["errors"] == [
        {"field": "current_password", "value": None, "rule": "is wrong"}
    ]
    right = {"current_password": PASSWORD, "password": new}
    assert first.post("/api/v1/me/password", json=right).status_code == 204
    assert first.get("/api/v1/me").status_code == 200
    assert other.get("/api/v1/me").status_code == 401
    signed_in(world, clock, "pw", new)


def test_logins_good_and_failed_are_noted_with_where_they_came_from(world, clock, by_token):
    signed_in(world, clock, "op2")
    stranger = TestClient(create_app(world.pool, clock), headers={"User-Agent": "a robot"})
    stranger.post("/login", data={"name": "op2", "password": "guessed"})
    log = by_token("auditor").get("/api/v1/audit?kind=session&subject=op2").json()["data"]
    assert [entry["action"] for entry in log[:2]] == ["login.failed", "login"]
    assert (log[0]["who"], log[0]["user_agent"]) == ("nobody", "a robot")
    assert (log[1]["who"], log[1]["after"]) == ("op2", {"method": "password"})


def test_the_log_is_only_added_to_even_by_its_owner(world):
    with psycopg.connect(world.url) as connection:
        for change in (
            "UPDATE core.audit SET who = 'me'",
            "DELETE FROM core.audit",
            "TRUNCATE core.audit",
            "SELECT set_config('loadstone.forgets_audit', 'on', true); DELETE FROM core.audit",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(change.encode())


def test_retention_lets_go_of_what_is_older_than_half_a_year_only(world):
    with psycopg.connect(world.url) as connection:
        connection.execute(
            "INSERT INTO core.audit (at, who, action, kind) "
            "VALUES (now() - interval '300 days', 'old', 'x', 'x')"
        )
        before = connection.execute("SELECT count(*) FROM core.audit").fetchone()
        gone = connection.execute("SELECT core.forget_audit(now(), 1000)").fetchone()
        after = connection.execute("SELECT count(*) FROM core.audit").fetchone()
        assert gone == (1,)
        assert after[0] == before[0] - 1
        connection.rollback()
