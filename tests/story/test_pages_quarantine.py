"""The quarantine queue as people use it: filtered, decided on, told in their language."""

from __future__ import annotations

import re

import httpx2 as httpx
import psycopg

from tests.story.pages_server import PagesServer, token_of


def rows_of(text: str) -> list[str]:
    return re.findall(r'name="rows" value="(\d+)"', text)


def test_the_rule_is_told_in_the_readers_language(ada: httpx.Client, wang: httpx.Client) -> None:
    english = ada.get("/quarantine").text
    assert "must be a meter that the registry connects to this gateway at that time" in english
    chinese = wang.get("/quarantine").text
    assert "该时刻此电表须已登记在该网关下" in chinese
    assert "must be a meter" not in chinese


def test_a_filter_narrows_by_gateway_and_rule(ada: httpx.Client) -> None:
    assert len(rows_of(ada.get("/quarantine").text)) == 3
    assert len(rows_of(ada.get("/quarantine?gateway=GW-0003").text)) == 1
    assert len(rows_of(ada.get("/quarantine?rule=schema").text)) == 0
    assert ada.get("/quarantine?status=banana").status_code == 422
    assert ada.get("/quarantine?gateway=%00").status_code == 200


def test_only_who_may_decide_is_offered_to(wang: httpx.Client) -> None:
    text = wang.get("/quarantine").text
    assert rows_of(text) == []
    wish = {"wish": "dismissed", "everything": "true", "note": "not mine",
            "csrf_token": token_of(wang)}  # fmt: skip
    assert wang.post("/quarantine/decide", data=wish).status_code == 403


def test_a_decision_needs_a_reason_and_the_sessions_own_form(ada: httpx.Client) -> None:
    wish = {"wish": "dismissed", "everything": "true", "note": " x "}
    assert ada.post("/quarantine/decide", data=wish).status_code == 403
    refused = ada.post("/quarantine/decide", data={**wish, "csrf_token": token_of(ada)})
    assert refused.status_code == 422
    assert "note" in refused.text


def test_rows_are_dismissed_in_bulk_noted_and_opened_again(
    pages: PagesServer, ada: httpx.Client
) -> None:
    token = token_of(ada)
    wish = {"wish": "dismissed", "everything": "true", "note": "lab <b>device</b>",
            "gateway": "GW-STRANGE", "csrf_token": token}  # fmt: skip
    answer = ada.post("/quarantine/decide", data=wish)
    assert answer.status_code == 303
    assert "done=1" in answer.headers["location"]
    assert len(rows_of(ada.get("/quarantine").text)) == 2
    done = ada.get("/quarantine?status=decided").text
    assert "Dismissed by ada" in done and "lab &lt;b&gt;device&lt;/b&gt;" in done
    with psycopg.connect(pages.database_url) as connection:
        noted = connection.execute(
            "SELECT who, after ->> 'note' FROM core.audit WHERE action = 'quarantine.dismissed'"
        ).fetchall()
    assert noted == [("ada", "lab <b>device</b>")]
    back = {"wish": "reopened", "rows": rows_of(done), "note": "was real", "status": "decided",
            "csrf_token": token}  # fmt: skip
    assert ada.post("/quarantine/decide", data=back).status_code == 303
    assert len(rows_of(ada.get("/quarantine").text)) == 3


def test_rows_wait_to_be_read_again(ada: httpx.Client) -> None:
    row = rows_of(ada.get("/quarantine?gateway=GW-0003").text)
    wish = {"wish": "again", "rows": row, "note": "meter registered", "csrf_token": token_of(ada)}
    assert "did=again" in ada.post("/quarantine/decide", data=wish).headers["location"]
    waiting = ada.get("/quarantine?status=waiting").text
    assert "ada wants it read again" in waiting
