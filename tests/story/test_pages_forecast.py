"""The forecast pages: their numbers are the API's, what they try is reckoned alike, and whose."""

from __future__ import annotations

import csv
import io
import re

import httpx2 as httpx
import psycopg
import pytest
from playwright.sync_api import Browser

from api.pages.catalogue import PageEntry
from tests.story.browsing import CHROMIUM, visiting
from tests.story.pages_server import PagesServer, token_of
from tests.story.test_pages_energy import chart


def rows_of(client: httpx.Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_the_curve_is_the_apis_slot_by_slot(pages: PagesServer, ada: httpx.Client) -> None:
    site = pages.portfolio.sites[0]
    drawn = chart(ada.get(f"/sites/{site}/forecast").text, "forecast")
    told = ada.get(f"/api/v1/sites/{site}/forecast").json()["data"]
    start = drawn["x"]["t0_s"]
    by_label = {one["label"]: one for one in drawn["series"]}
    assert set(by_label) == {"Measured", "Forecast", "80 % of cases", "95 % of cases"}
    assert len(told) == 192
    assert by_label["Forecast"]["values"] == [round(one["mean_kw"], 1) for one in told]
    assert by_label["80 % of cases"]["low"] == [round(one["p10_kw"], 1) for one in told]
    assert by_label["95 % of cases"]["values"] == [round(one["p975_kw"], 1) for one in told]
    assert told[0]["start_at"] == "2026-11-17T16:00:00Z"
    assert start == 1_794_931_200
    assert drawn["limits"][0]["value"] == 560


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed")
def test_what_a_person_tries_on_the_page_is_what_the_api_reckons(
    browser: Browser, pages: PagesServer, ada: httpx.Client
) -> None:
    site = pages.portfolio.sites[0]
    entry = PageEntry(
        key="forecast", path="/sites/{site}/forecast?day=2026-11-19", drawn=".chart-plot canvas"
    )
    with visiting(browser, pages, width=1440, language="en") as visitor:
        visitor.open(entry)
        assert visitor.page.locator("#what-if-outcome").count() == 0
        visitor.page.fill("input[name=kw]", "60")
        visitor.page.fill("input[name=from]", "10:00")
        visitor.page.fill("input[name=until]", "18:00")
        visitor.page.click(".try-form button.primary")
        visitor.page.wait_for_selector("#what-if-outcome")
        assert "kw=60" in visitor.page.url
        texts = visitor.page.locator("#what-if-outcome tbody tr").all_inner_texts()
        names = visitor.page.evaluate(
            "window.loadstone.charts.get('forecast').spec.series.map((one) => one.label)"
        )
    assert "What if" in names
    asked = {
        "first_day": "2026-11-19",
        "shift": {
            "power_kw": 60,
            "out_of": {"begins": "10:00", "ends": "18:00"},
            "into": {"begins": "00:00", "ends": "06:00"},
        },
    }
    head = {"x-csrf-token": token_of(ada)}
    answer = ada.post(f"/api/v1/sites/{site}/forecast/what-if", json=asked, headers=head).json()
    peaks = re.findall(r"([\d,]+) kW", texts[0])
    assert peaks == [f"{answer[side]['peak_kw']['p50']:,.0f}" for side in ("before", "after")]
    energies = re.findall(r"([\d,]+) kWh", texts[1])
    assert energies == [f"{answer[side]['energy_kwh']:,.0f}" for side in ("before", "after")]
    assert answer["after"]["peak_kw"]["p50"] < answer["before"]["peak_kw"]["p50"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kw=abc", "Not reckoned: kW less must be a number above 0."),
        ("kw=5&from=25:00", "Not reckoned: from must be a time of day, such as 14:00."),
        ("kw=5&from=14:00&until=22:00&to=20:00&to_until=23:00",
         "The hours that load goes into must not overlap those it is taken from."),
        ("kw=5&from=14:00&until=14:00", "A window must not end where it begins"),
        ("warmer=40", "must be a number from −15 to 15"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_is_told_in_words(
    pages: PagesServer, ada: httpx.Client, query: str, said: str
) -> None:
    text = ada.get(f"/sites/{pages.portfolio.sites[0]}/forecast?{query}").text
    assert said in text
    assert "what-if-outcome" not in text


def test_warmth_is_refused_where_too_few_days_are_known(
    pages: PagesServer, ada: httpx.Client
) -> None:
    text = ada.get(f"/sites/{pages.portfolio.sites[0]}/forecast?warmer=3").text
    assert "temperatures are known for too few days here" in text


def test_what_was_said_before_lies_over_what_came(pages: PagesServer, ada: httpx.Client) -> None:
    site = pages.portfolio.sites[0]
    text = ada.get(f"/sites/{site}/forecast?day=2026-11-17&said=1").text
    drawn = chart(text, "forecast")
    assert "Said the day before" in [one["label"] for one in drawn["series"]]
    said = next(one["values"] for one in drawn["series"] if one["label"] == "Said the day before")
    real = drawn["series"][0]["values"]
    gaps = [abs(a - b) for a, b in zip(said, real, strict=True)]
    wape = 100 * sum(gaps) / sum(real)
    shown = re.search(r"measured since: ([\d.]+)\u00a0% \(bias", text)
    assert shown is not None
    assert float(shown[1]) == pytest.approx(wape, abs=0.06)


def test_a_refusal_and_a_simpler_model_say_why(pages: PagesServer, ada: httpx.Client) -> None:
    refused = ada.get(f"/sites/{pages.portfolio.sites[2]}/forecast").text
    assert "There is no forecast of this site" in refused
    assert "Nothing was ever measured here" in refused
    simple = ada.get(f"/sites/{pages.portfolio.sites[3]}/forecast").text
    assert "A simpler model speaks" in simple
    assert "skill −0.10" in simple
    listed = ada.get("/forecasts").text
    assert listed.index("Harbour Data Centre") < listed.index("Skyline Broadcast Tower")
    assert "Nothing was ever measured here" in listed


def test_the_file_holds_measured_and_forecast_side_by_side(
    pages: PagesServer, ada: httpx.Client
) -> None:
    site = pages.portfolio.sites[0]
    rows = rows_of(ada, f"/sites/{site}/forecast.csv?first=2026-11-17&last=2026-11-19")
    assert len(rows) == 3 * 96
    assert rows[0]["start_local"] == "2026-11-17T00:00:00+08:00"
    assert float(rows[0]["p10_kw"]) < float(rows[0]["mean_kw"]) < float(rows[0]["p975_kw"])
    assert rows[0]["measured_kw"]
    assert rows[-1]["measured_kw"] == ""
    assert {row["kind"] for row in rows} == {"day_ahead", "today"}


def test_the_live_page_and_the_overview_know_what_is_expected(
    pages: PagesServer, ada: httpx.Client
) -> None:
    site = pages.portfolio.sites[0]
    text = ada.get(f"/sites/{site}").text
    assert re.search(r"expected: [\d,]+ kW about \d\d:\d\d, P90 [\d,]+; 8\u00a0% beyond", text)
    labels = [one["label"] for one in chart(text, "load")["series"]]
    assert labels[:1] == ["Measured"]
    assert {"Forecast", "80 % of cases", "95 % of cases"} <= set(labels)
    assert re.search(r"\u00a0% against forecast", ada.get("/").text)


def test_a_calendar_is_kept_on_its_page(
    pages: PagesServer, ada: httpx.Client, wang: httpx.Client
) -> None:
    customer = pages.portfolio.customers[0]
    path = f"/customers/{customer}/calendar"
    form = {"csrf_token": token_of(wang), "name": "年度检修", "kind": "shutdown",
            "first_day": "2027-03-01", "last_day": "2027-03-05"}  # fmt: skip
    saved = wang.post(path, data=form)
    assert saved.status_code == 303
    assert "已新增" in wang.get(saved.headers["location"]).text
    again = wang.post(path, data=form)
    assert again.status_code == 422
    assert "在这些日子已有同名条目" in again.text
    wrong = ada.post(path, data={**form, "csrf_token": token_of(ada), "last_day": "2027-02-01"})
    assert "Not added: Last day must not lie before the first day" in wrong.text
    with psycopg.connect(pages.database_url) as connection:
        row = connection.execute(
            "SELECT production_day_id, entered_by FROM core.production_day WHERE name = '年度检修'"
        ).fetchone()
    assert row is not None
    assert row[1] == "wang"
    ended = wang.post(
        f"{path}/end", data={"csrf_token": token_of(wang), "production_day_id": row[0]}
    )
    assert ended.status_code == 303
    assert "年度检修" not in wang.get(path).text
    assert "is not published yet" in ada.get(path).text


def test_nobody_sees_the_forecast_of_another_customer(
    pages: PagesServer, wang: httpx.Client
) -> None:
    site, customer = pages.portfolio.sites[1], pages.portfolio.customers[1]
    for path in (f"/sites/{site}/forecast", f"/sites/{site}/forecast.csv",
                 f"/customers/{customer}/calendar"):  # fmt: skip
        assert wang.get(path).status_code == 404
    assert "港湾" not in wang.get("/forecasts").text
    entry = {"csrf_token": token_of(wang), "name": "x", "kind": "event",
             "first_day": "2027-03-01", "last_day": "2027-03-05"}  # fmt: skip
    assert wang.post(f"/customers/{customer}/calendar", data=entry).status_code == 404
