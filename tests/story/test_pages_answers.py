"""What the pages answer to a program: who may see what, and in which language."""

from __future__ import annotations

import json
from typing import Any

import httpx2 as httpx
import psycopg
import pytest

from tests.story.pages_server import PagesServer


def test_nobody_sees_a_page_before_signing_in(pages: PagesServer) -> None:
    for path in ("/", "/sites", "/sites/1?at=2026-11-01", "/quarantine"):
        answer = httpx.get(pages.url + path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login")
    assert httpx.get(pages.url + "/live/sites/1").status_code == 401


def test_a_wrong_name_and_a_wrong_password_look_the_same(pages: PagesServer) -> None:
    answers = [
        httpx.post(pages.url + "/login", data={"name": name, "password": "wrong"})
        for name in ("ada", "nobody-of-that-name")
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert answers[0].text == answers[1].text


def test_a_facility_manager_sees_one_customer_only(pages: PagesServer, wang: httpx.Client) -> None:
    mine, others = pages.portfolio.sites[0], pages.portfolio.sites[1]
    assert wang.get(f"/sites/{mine}").status_code == 200
    for path in ("/sites/{}", "/sites/{}/day.csv", "/sites/{}/daily.csv", "/live/sites/{}?once=1"):
        assert wang.get(path.format(others)).status_code == 404
        assert wang.get(path.format(mine)).status_code == 200
    for path in ("/", "/sites", "/quarantine"):
        text = wang.get(path).text
        assert "港湾数据中心" not in text
        assert "GW-0003" not in text
        assert "GW-STRANGE" not in text
    assert "m8" in wang.get("/quarantine").text


def test_another_customers_site_and_no_site_look_the_same(
    pages: PagesServer, wang: httpx.Client
) -> None:
    foreign = wang.get(f"/sites/{pages.portfolio.sites[1]}")
    absent = wang.get("/sites/99999")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.text.replace(f"/sites/{pages.portfolio.sites[1]}", "") == absent.text.replace(
        "/sites/99999", ""
    )


def test_errors_are_pages_in_the_viewers_language(wang: httpx.Client) -> None:
    answer = wang.get("/sites/99999")
    assert "页面不存在" in answer.text
    assert 'lang="zh-CN"' in answer.text
    refused = wang.get("/?sort=colour")
    assert refused.status_code == 422
    assert "sort = colour" in refused.text


def test_a_message_with_markup_is_shown_and_not_run(ada: httpx.Client) -> None:
    text = ada.get("/quarantine").text
    assert "<b>bold</b>" not in text
    assert "&lt;b&gt;bold&lt;/b&gt;" in text


def test_the_reason_of_a_refusal_is_told_in_chinese(wang: httpx.Client) -> None:
    assert "电表 m8 未登记在此网关下" in wang.get("/quarantine").text


def test_a_filter_and_an_order_are_kept_in_the_address(ada: httpx.Client) -> None:
    text = ada.get("/?q=harbour&sort=load&dir=asc").text
    assert "Harbour Data Centre</a>" in text
    assert "Riverside" not in text.split('id="customers"')[1]
    assert 'aria-sort="ascending"' in text


def test_what_needs_attention_is_found_and_ranked(ada: httpx.Client) -> None:
    text = ada.get("/").text
    silent = text.index("Gateway GW-0002 has been silent for 3 h")
    gap = text.index("No data 12:45–15:30 (2 h 45 min)")
    refused = text.index("messages of gateway GW-0003 refused")
    assert silent < gap < refused


def embedded(text: str, element: str) -> dict[str, Any]:
    inside = text.split(f'id="{element}">', 1)[1].split("</script>", 1)[0]
    found: dict[str, Any] = json.loads(inside)
    return found


def test_a_gap_is_null_in_the_curve_and_has_its_reason(
    pages: PagesServer, ada: httpx.Client
) -> None:
    text = ada.get(f"/sites/{pages.portfolio.sites[0]}").text
    measured, estimated = (one["values"] for one in embedded(text, "load-data")["series"][:2])
    first, last = 51, 62  # 12:45 up to 15:30
    assert measured[first:last] == [None] * (last - first)
    assert measured[first - 1] is not None
    assert measured[last] is not None
    assert all(value is not None for value in estimated[first:last])
    assert "No data 12:45–15:30: gateway GW-0000 silent" in text


def test_an_outage_that_lasts_is_told_as_such(pages: PagesServer, ada: httpx.Client) -> None:
    text = ada.get(f"/sites/{pages.portfolio.sites[2]}").text
    assert "No data since 14:45: gateway GW-0002 silent" in text
    assert "Silent since" in text


def test_the_days_csv_has_local_time_and_empty_cells_for_the_gap(
    pages: PagesServer, ada: httpx.Client
) -> None:
    lines = ada.get(f"/sites/{pages.portfolio.sites[0]}/day.csv").text.splitlines()
    assert len(lines) == 97
    assert lines[52].startswith("2026-11-18T12:45:00+08:00,2026-11-18T04:45:00+00:00,,")


def test_the_language_switch_comes_back_to_the_same_page(
    pages: PagesServer, wang: httpx.Client
) -> None:
    token = wang.get("/").text.split('name="csrf_token" value="')[1].split('"')[0]
    wish = {"lang": "en", "next": "/sites?customer=1", "csrf_token": token}
    answer = wang.post("/language", data=wish)
    assert answer.headers["location"] == "/sites?customer=1"
    assert 'lang="en"' in wang.get("/").text
    assert wang.post("/language", data={**wish, "csrf_token": "stolen"}).status_code == 403
    wang.post("/language", data={**wish, "lang": "zh"})


@pytest.mark.parametrize(("path", "most"), [("/", 12), ("/sites/{}?compare=week", 15)])
def test_a_page_asks_few_questions(
    pages: PagesServer, ada: httpx.Client, monkeypatch: pytest.MonkeyPatch, path: str, most: int
) -> None:
    asked: list[str] = []
    execute = psycopg.Cursor.execute

    def counting(self: Any, query: Any, *rest: Any, **more: Any) -> Any:
        asked.append(str(query))
        return execute(self, query, *rest, **more)

    address = path.format(pages.portfolio.sites[0])
    ada.get(address)
    monkeypatch.setattr(psycopg.Cursor, "execute", counting)
    assert ada.get(address).status_code == 200
    questions = [q for q in asked if q.strip() and "transaction_read_only" not in q]
    assert len(questions) <= most


def test_an_empty_portfolio_has_pages_too(pages: PagesServer, ada: httpx.Client) -> None:
    assert ada.get("/?q=no-such-customer").status_code == 200
    assert ada.get("/quarantine?gateway=none").status_code == 200
    assert ada.get(f"/sites/{pages.portfolio.sites[0]}?period=day&at=1999-01-01").status_code == 200
    assert ada.get(f"/sites/{pages.portfolio.sites[0]}?period=day&at=2040-01-01").status_code == 200
