"""Webhooks as people keep them: added with a secret shown once, tried, paused and removed."""

from __future__ import annotations

import re

import httpx2 as httpx
import psycopg

from tests.story.pages_server import PagesServer, token_of

_NEW = {"name": "Desk <b>2</b>", "url": "https://93.184.216.34/hook", "kinds": ["gateway_silent"]}


def send(client: httpx.Client, path: str, **values: object) -> httpx.Response:
    return client.post(path, data={**values, "csrf_token": token_of(client)})


def test_a_new_ones_secret_is_shown_once_and_signs_its_calls(
    pages: PagesServer, ada: httpx.Client
) -> None:
    shown = send(ada, "/webhooks", **_NEW).text
    (secret,) = re.findall(r"whsec_[\w-]+", shown)
    assert secret not in ada.get("/webhooks").text
    assert "Desk &lt;b&gt;2&lt;/b&gt;" in shown
    with psycopg.connect(pages.database_url) as connection:
        kept = connection.execute(
            "SELECT secret, customer_id FROM core.webhook WHERE name = %s", [_NEW["name"]]
        ).fetchall()
    assert kept == [(secret, None)]


def test_what_is_wrong_with_the_form_is_said_at_its_field(ada: httpx.Client) -> None:
    inside = send(ada, "/webhooks", **{**_NEW, "url": "http://127.0.0.1:5432/"})
    assert inside.status_code == 422
    assert 'name="url" value="http://127.0.0.1:5432/"' in inside.text
    for wrong in ({"kinds": []}, {"scope": "NO-SUCH-SITE"}, {"below_pct": "many"}, {"name": ""},
                  {"kinds": ["quality_low"]}):  # fmt: skip
        answer = send(ada, "/webhooks", **{**_NEW, **wrong})
        assert answer.status_code == 422, wrong
        assert 'class="fault"' in answer.text, wrong


def test_one_is_tried_paused_resumed_and_removed(ada: httpx.Client) -> None:
    send(ada, "/webhooks", **{**_NEW, "name": "Short-lived"})
    listed = ada.get("/webhooks").text
    path = re.findall(r'href="(/webhooks/\d+)"><b [^>]*>Short-lived', listed)[0]
    assert send(ada, f"{path}/test").headers["location"] == f"{path}?done=test"
    assert "to be called" in ada.get(path).text
    send(ada, f"{path}/pause")
    assert f'action="{path}/resume"' in ada.get("/webhooks").text
    send(ada, f"{path}/resume")
    assert f'action="{path}/pause"' in ada.get("/webhooks").text
    send(ada, f"{path}/remove")
    assert ada.get(path).status_code == 404


def test_who_may_not_keep_webhooks_sees_no_page(wang: httpx.Client) -> None:
    assert wang.get("/webhooks").status_code == 403
    assert send(wang, "/webhooks", **_NEW).status_code == 403
    assert send(wang, "/webhooks/1/remove").status_code == 403
