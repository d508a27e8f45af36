"""Gateways, bringing one in step by step, and the health page, as a program sees them."""

from __future__ import annotations

from pathlib import Path

import httpx2 as httpx
import psycopg
import pytest
from click.testing import CliRunner

from loadstone.cli import main
from tests.story.pages_server import NOW, PagesServer, token_of
from tests.story.small_portfolio import refuse


def gateway_id(pages: PagesServer, code: str) -> int:
    with psycopg.connect(pages.database_url) as connection:
        query = "SELECT gateway_id FROM core.gateway WHERE code = %s"
        row = connection.execute(query, [code]).fetchone()
    assert row is not None
    return int(row[0])


def test_the_list_shows_who_is_silent_first(ada: httpx.Client) -> None:
    text = ada.get("/gateways").text
    order = [text.index(f">{code}</a>") for code in ("GW-0002", "GW-0000", "GW-0001")]
    assert order == sorted(order)
    assert "GW-STRANGE" in text
    assert "GW-0002" not in ada.get("/gateways?state=online").text
    assert "GW-0001" not in ada.get("/gateways?q=skyline").text


def test_a_customer_sees_its_own_gateways_only(pages: PagesServer, wang: httpx.Client) -> None:
    text = wang.get("/gateways").text
    assert "GW-0000" in text
    assert "GW-0001" not in text
    assert "GW-STRANGE" not in text
    assert wang.get(f"/gateways/{gateway_id(pages, 'GW-0001')}").status_code == 404
    own = gateway_id(pages, "GW-0000")
    assert wang.get(f"/gateways/{own}").status_code == 200
    for path in ("/gateways/new", f"/gateways/{own}/setup", "/system"):
        assert wang.get(path).status_code == 403
    wish = {"wish": "rotate", "csrf_token": token_of(wang)}
    assert wang.post(f"/gateways/{own}/credentials", data=wish).status_code == 403


def test_a_gateway_is_brought_in_step_by_step(pages: PagesServer, ada: httpx.Client) -> None:
    token = token_of(ada)
    form = {"code": "GW-NEW-1", "site_id": str(pages.portfolio.sites[1]), "csrf_token": token}
    made = ada.post("/gateways/new", data=form)
    assert made.status_code == 200
    assert made.headers["cache-control"] == "no-store"
    password = made.text.split('id="gateway-password">')[1].split("<")[0]
    new = gateway_id(pages, "GW-NEW-1")
    assert password not in ada.get(f"/gateways/{new}/setup").text
    assert "Waiting for its first message" in made.text
    with psycopg.connect(pages.database_url) as connection:
        row = connection.execute(
            "SELECT password_hash FROM core.gateway WHERE gateway_id = %s", [new]
        ).fetchone()
        assert row is not None and row[0].startswith("$7$") and password not in row[0]
        born = (
            '{"model": "LG-9", "fw": "1.2", "meters": [{"m": "ch1", "ct": [600, 5], "un_v": 400, '
            '"serial": "S-77", "wiring": "3P4W", "dt_s": 60}]}'
        )
        connection.execute(
            "INSERT INTO core.gateway_state (gateway_id, online, state_at, last_message_at, birth) "
            "VALUES (%s, true, %s, %s, %s)", [new, NOW, NOW, born],
        )  # fmt: skip
        refuse(
            connection, NOW, "GW-NEW-1", code="unknown_meter", field="m", value="ch1",
            rule="must be a meter that the registry connects to this gateway at that time",
            payload=b'{"m":"ch1","t":1795000000000,"k":"inst","f":{"p":1.5}}',
        )  # fmt: skip
    text = ada.get(f"/gateways/{new}/setup").text
    assert "It has been heard" in text and "no meter yet" in text
    assert 'value="S-77"' in text and 'value="600"' in text
    meter = {"channel": "ch1", "code": "M-NEW", "name_en": "New meter", "role": "main",
             "wiring": "3P4W", "interval_s": "60", "csrf_token": token}  # fmt: skip
    wrong = ada.post(f"/gateways/{new}/meters", data={**meter, "ct_primary_a": "-5"})
    assert wrong.status_code == 422 and "must be greater than 0" in wrong.text
    half = ada.post(f"/gateways/{new}/meters", data={**meter, "ct_primary_a": "600"})
    assert half.status_code == 422
    taken = ada.post(f"/gateways/{new}/meters", data={**meter, "code": "M-01-0"})
    assert taken.status_code == 422 and "is taken" in taken.text
    assert ada.post(f"/gateways/{new}/meters", data=meter).status_code == 303
    text = ada.get(f"/gateways/{new}/setup").text
    assert "New meter M-NEW" in text and "no meter yet" not in text
    assert "channel ch1 was registered" in ada.get("/quarantine?status=waiting").text


def test_a_code_that_cannot_be_is_refused_with_its_field(ada: httpx.Client) -> None:
    form = {"code": "no spaces:here", "site_id": "1", "csrf_token": token_of(ada)}
    answer = ada.post("/gateways/new", data=form)
    assert answer.status_code == 422
    assert "begins with a letter or digit" in answer.text
    foreign_site = ada.post("/gateways/new", data={**form, "code": "GW-X", "site_id": "99999"})
    assert foreign_site.status_code == 422
    assert ada.post("/gateways/new", data={**form, "csrf_token": "stolen"}).status_code == 403


def test_a_password_is_rotated_shown_once_and_taken_away(
    pages: PagesServer, ada: httpx.Client
) -> None:
    own, token = gateway_id(pages, "GW-0003"), token_of(ada)
    path = f"/gateways/{own}/credentials"
    first = ada.post(path, data={"wish": "rotate", "csrf_token": token})
    second = ada.post(path, data={"wish": "rotate", "csrf_token": token})
    shown = [a.text.split('id="gateway-password">')[1].split("<")[0] for a in (first, second)]
    assert shown[0] != shown[1]
    assert all(password not in ada.get(f"/gateways/{own}").text for password in shown)
    assert "by ada" in ada.get(f"/gateways/{own}").text
    gone = ada.post(path, data={"wish": "revoke", "csrf_token": token})
    assert gone.headers["location"].endswith("did=revoked")
    assert "no password here" in ada.get(f"/gateways/{own}").text
    with psycopg.connect(pages.database_url) as connection:
        secrets = connection.execute(
            "SELECT count(*) FROM core.audit WHERE kind = 'gateway' AND after::text LIKE '%$7$%'"
        ).fetchone()
    assert secrets == (0,)


def test_the_brokers_file_holds_hashes_and_says_whether_it_changed(
    pages: PagesServer, ada: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/gateways/{gateway_id(pages, 'GW-0001')}/credentials"
    ada.post(path, data={"wish": "rotate", "csrf_token": token_of(ada)})
    monkeypatch.setenv("LOADSTONE_DATABASE_URL", pages.database_url)
    people, out = tmp_path / "people", tmp_path / "passwords"
    people.write_text("collector:$7$1$x$y\n", encoding="utf-8")
    wish = ["gateway", "passwords", "--with", str(people), "--out", str(out)]
    assert "changed" in CliRunner().invoke(main, wish).output
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "collector:$7$1$x$y"
    assert any(line.startswith("GW-0001:$7$") for line in lines)
    assert out.stat().st_mode & 0o077 == 0
    assert CliRunner().invoke(main, wish).output == "unchanged\n"


def test_the_health_page_tells_what_the_doctor_would(ada: httpx.Client) -> None:
    text = ada.get("/system").text
    for words in ("Newest reading", "PostgreSQL", "Quarter hours", "Is anything wrong?"):
        assert words in text
