"""The pages of opportunities and prices: filtered, answered, made measures, and refused."""

from __future__ import annotations

from contextlib import ExitStack, closing

import psycopg
import pytest

from tests.story.pages_server import PagesServer, signed_in, token_of


@pytest.fixture
def client_of(pages: PagesServer):
    """Signs in; every client is closed at the end."""
    with ExitStack() as opened:
        yield lambda name: opened.enter_context(closing(signed_in(pages, name)))


@pytest.fixture(scope="module")
def ids(pages: PagesServer) -> dict[str, int]:
    with psycopg.connect(pages.database_url) as connection:
        rows = connection.execute(
            "SELECT code, min(opportunity_id) FROM core.opportunity GROUP BY code"
        )
        return dict(rows.fetchall())


def listed(page: str) -> str:
    """What stands in the list itself, without the choices above it."""
    return page.split("<tbody>")[1]


def test_open_opportunities_are_ranked_and_what_is_gone_is_not_among_them(
    pages: PagesServer, client_of
):
    client = client_of("ada")
    text = listed(client.get("/opportunities").text)
    assert text.index("Contract demand does not fit") < text.index("Base load off hours")
    assert "Starts too early" in text  # at the last site, where it is still found
    assert "not found any more since" not in text
    assert "not found any more since" in client.get("/opportunities?status=all").text
    only = client.get("/opportunities?kind=off_hours_base").text
    assert "120 kW stay on at night where 60 kW would be usual" in only
    assert "/opportunities/1" in only
    assert "900 kW" not in only


def test_a_manager_of_one_customer_sees_its_own_and_may_not_answer(
    pages: PagesServer, client_of, ids
):
    client = client_of("wang")
    text = listed(client.get("/opportunities").text)
    assert "非营业时段基础负荷偏高" in text
    assert "启动过早" not in text
    page = client.get(f"/opportunities/{ids['off_hours_base']}")
    assert 'name="owner"' not in page.text
    data = {"csrf_token": token_of(client), "status": "accepted"}
    assert client.post(f"/opportunities/{ids['off_hours_base']}", data=data).status_code == 403


def test_an_answer_and_a_measure_are_kept_and_a_wrong_one_is_explained(
    pages: PagesServer, client_of, ids
):
    client = client_of("ada")
    path = f"/opportunities/{ids['off_hours_base']}"
    token = token_of(client)
    answer = {"csrf_token": token, "status": "proposed", "owner": "Chen Bo", "note": "Friday"}
    done = client.post(path, data=answer, follow_redirects=True)
    assert "Saved." in done.text
    assert 'value="Chen Bo"' in done.text
    wrong = client.post(f"{path}/measure", data={"csrf_token": token, "what": ""})
    assert wrong.status_code == 422
    assert "What will be done" in wrong.text
    made = client.post(
        f"{path}/measure",
        data={"csrf_token": token, "what": "Timer for the fans", "planned_on": "2026-12-01"},
        follow_redirects=True,
    )
    assert "It is measure" in made.text
    again = client.post(f"{path}/measure", data={"csrf_token": token, "what": "Once more"})
    assert again.status_code == 409
    assert client.post(path, data={"status": "done"}).status_code == 403  # no token


def test_the_overview_and_the_customers_page_name_the_biggest(pages: PagesServer, client_of):
    client = client_of("ada")
    customer = pages.portfolio.customers[0]
    assert "Contract demand does not fit" in client.get(f"/customers/{customer}").text
    assert f"/customers/{customer}/prices" in client.get(f"/customers/{customer}").text


def test_prices_are_put_by_a_form_in_words_and_refused_line_by_line(pages: PagesServer, client_of):
    client = client_of("ada")
    path = f"/customers/{pages.portfolio.customers[1]}/prices"
    assert "No price is known" in client.get(path).text
    form = {
        "csrf_token": token_of(client), "valid_from": "2026-03-01", "currency": "CNY",
        "flat_per_kwh": "0.65", "deep_valley_per_kwh": "0.2", "basis": "actual",
        "demand_per_kw_month": "42",
        "windows": "Deep valley 11:00-14:00 3,4\ndeep_valley 22:00-06:00",
    }  # fmt: skip
    wrong = client.post(path, data={**form, "windows": "Noon 11:00-14:00"})
    assert wrong.status_code == 422
    assert "“Noon 11:00-14:00” is no period" in wrong.text
    assert 'value="0.65"' in wrong.text
    lacking = client.post(path, data={**form, "demand_per_kw_month": ""})
    assert lacking.status_code == 422
    saved = client.post(path, data=form, follow_redirects=True)
    assert "Deep valley 11:00-14:00 3,4" in saved.text
    removed = client.post(path, data={**form, "wish": "remove"}, follow_redirects=True)
    assert "No price is known" in removed.text


def test_a_price_may_not_be_put_by_who_only_sees_it(pages: PagesServer, client_of):
    client = client_of("wang")
    path = f"/customers/{pages.portfolio.customers[0]}/prices"
    assert "尖 18:00-20:00 1,2" in client.get(path).text
    data = {"csrf_token": token_of(client), "valid_from": "2026-03-01", "flat_per_kwh": "1"}
    assert client.post(path, data=data).status_code == 403
    assert client.get(f"/customers/{pages.portfolio.customers[1]}/prices").status_code == 404
