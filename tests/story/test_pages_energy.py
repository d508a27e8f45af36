"""The energy page: its sums are the API's, its parts add up, and nobody sees another's."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import httpx2 as httpx
import psycopg
import pytest

from tests.story.pages_server import PagesServer


def chart(text: str, key: str = "energy") -> dict[str, Any]:
    inside = text.split(f'id="{key}-data">', 1)[1].split("</script>", 1)[0]
    found: dict[str, Any] = json.loads(inside)
    return found


def rows_of(client: httpx.Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def total_kwh(rows: list[dict[str, str]]) -> float:
    return sum(float(row["energy_kwh"]) for row in rows if row["energy_kwh"])


SPAN = "period=custom&from=2026-11-05&to=2026-11-14"


def test_a_sites_days_are_those_of_the_api(pages: PagesServer, ada: httpx.Client) -> None:
    site = pages.portfolio.sites[3]
    wanted = {"from": "2026-11-05T00:00:00+08:00", "to": "2026-11-15T00:00:00+08:00", "step": "1d"}
    answer = ada.get(f"/api/v1/sites/{site}/energy", params=wanted).json()
    rows = rows_of(ada, f"/energy.csv?site={site}&{SPAN}&by=category")
    days: dict[str, float] = {}
    for row in rows:
        days[row["start_local"]] = days.get(row["start_local"], 0) + float(row["energy_kwh"])
    assert list(days.values()) == pytest.approx(
        [one["energy_kwh"] for one in answer["data"]], abs=1e-4
    )


@pytest.mark.parametrize("by", ["customer", "site", "category", "equipment"])
def test_parts_add_up_to_the_same_whole(ada: httpx.Client, by: str) -> None:
    whole = total_kwh(rows_of(ada, f"/energy.csv?{SPAN}&by=customer"))
    assert whole > 0
    assert total_kwh(rows_of(ada, f"/energy.csv?{SPAN}&by={by}")) == pytest.approx(whole, rel=1e-9)


@pytest.mark.parametrize("step", ["day", "week", "hour"])
def test_the_length_of_a_step_changes_no_sum(ada: httpx.Client, step: str) -> None:
    span = "period=custom&from=2026-11-05&to=2026-11-12"
    days = total_kwh(rows_of(ada, f"/energy.csv?{span}&by=site&step=day"))
    other = total_kwh(rows_of(ada, f"/energy.csv?{span}&by=site&step={step}"))
    assert other == pytest.approx(days, rel=1e-9)


def test_shifts_of_a_day_add_up_to_it_and_follow_the_plan(
    pages: PagesServer, ada: httpx.Client
) -> None:
    site = pages.portfolio.sites[3]
    span = "period=custom&from=2026-11-05&to=2026-11-06"
    days = total_kwh(rows_of(ada, f"/energy.csv?site={site}&{span}&step=day"))
    before = chart(ada.get(f"/energy?site={site}&{span}&step=shift").text)
    assert [one["label"][-11:] for one in before["series"]] == [
        "00:00–08:00", "08:00–16:00", "16:00–24:00",
    ]  # fmt: skip
    scale = {"kWh": 1, "MWh": 1000, "万kWh": 10_000}[before["unit"]]
    shown = sum(value for one in before["series"] for value in one["values"]) * scale
    assert shown == pytest.approx(days, rel=2e-3)
    form = ada.get(f"/sites/{site}/shifts").text
    token = form.split('name="csrf_token" value="')[1].split('"')[0]
    plan = {"start_1": "06:00", "start_2": "14:00", "start_3": "22:00", "name_3": "Night"}
    saved = ada.post(f"/sites/{site}/shifts", data={**plan, "csrf_token": token})
    assert saved.status_code == 303
    after = chart(ada.get(f"/energy?site={site}&{span}&step=shift").text)
    assert after["series"][2]["label"] == "Night 22:00–06:00"
    assert after["series"][0]["values"] != before["series"][0]["values"]
    usual = {"start_1": "00:00", "start_2": "08:00", "start_3": "16:00", "csrf_token": token}
    assert ada.post(f"/sites/{site}/shifts", data=usual).status_code == 303


def test_a_plan_that_cannot_be_is_told_in_the_readers_language(
    pages: PagesServer, ada: httpx.Client
) -> None:
    site = pages.portfolio.sites[3]
    token = ada.get("/more").text.split('name="csrf_token" value="')[1].split('"')[0]
    bad = {"start_1": "08:00", "start_2": "06:00", "start_3": "07:07", "csrf_token": token}
    answer = ada.post(f"/sites/{site}/shifts", data=bad)
    assert answer.status_code == 422
    assert "Not saved: Shift 3 · Begins at must be a quarter hour of the day." in answer.text
    assert 'value="07:07"' in answer.text


def test_only_who_keeps_the_registry_changes_shifts(pages: PagesServer, wang: httpx.Client) -> None:
    mine, others = pages.portfolio.sites[0], pages.portfolio.sites[1]
    text = wang.get(f"/sites/{mine}/shifts").text
    assert "仅运行人员和管理员可修改班次" in text
    token = text.split('name="csrf_token" value="')[1].split('"')[0]
    plan = {"start_1": "06:00", "start_2": "14:00", "start_3": "22:00", "csrf_token": token}
    assert wang.post(f"/sites/{mine}/shifts", data=plan).status_code == 403
    assert wang.get(f"/sites/{others}/shifts").status_code == 404


def test_the_api_keeps_shift_plans_too(pages: PagesServer, ada: httpx.Client) -> None:
    site = pages.portfolio.sites[2]
    token = ada.get("/more").text.split('name="csrf_token" value="')[1].split('"')[0]
    address, head = f"/api/v1/sites/{site}/shifts", {"x-csrf-token": token}
    assert [one["begins"] for one in ada.get(address).json()["shifts"]] == [
        "00:00", "08:00", "16:00",
    ]  # fmt: skip
    body = {
        "shifts": [{"begins": "23:30", "name": "夜班"}, {"begins": "07:30"}, {"begins": "15:30"}]
    }
    answer = ada.put(address, json=body, headers=head)
    assert answer.status_code == 200
    assert ada.get(address).json() == answer.json()
    wrong = {"shifts": [{"begins": "08:00"}, {"begins": "08:00"}, {"begins": "15:30"}]}
    refused = ada.put(address, json=wrong, headers=head)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "shifts"


def test_nobody_sees_the_energy_of_another_customer(pages: PagesServer, wang: httpx.Client) -> None:
    site, customer = pages.portfolio.sites[1], pages.portfolio.customers[1]
    for path in ("/energy", "/energy.csv", "/energy/profile", "/energy/load.json"):
        assert wang.get(f"{path}?site={site}").status_code == 404
        assert wang.get(f"{path}?customer={customer}").status_code == 404
        assert "港湾" not in wang.get(path).text
    assert wang.get("/energy").status_code == 200


def test_an_unfinished_month_is_compared_with_as_much_of_the_last(ada: httpx.Client) -> None:
    text = ada.get("/energy").text
    assert "1 Oct 2026 – 18 Oct 17:00" in text
    assert "no fair comparison yet" in text  # the history begins in November


def test_a_name_that_is_a_formula_is_none_in_the_file(
    pages: PagesServer, ada: httpx.Client
) -> None:
    name = '=HYPERLINK("http://x","y")'
    with psycopg.connect(pages.database_url) as connection:
        query = "UPDATE core.site SET name_en = %s WHERE site_id = %s"
        connection.execute(query, [name, pages.portfolio.sites[2]])
    rows = rows_of(ada, f"/energy.csv?{SPAN}&by=site")
    assert {row["part"] for row in rows if "HYPERLINK" in row["part"]} == {"'" + name}


def test_a_long_curve_comes_as_a_column_with_its_holes(
    pages: PagesServer, ada: httpx.Client
) -> None:
    site = pages.portfolio.sites[0]
    found = ada.get(f"/energy/load.json?site={site}&period=day&at=2026-11-18").json()
    assert found["x"]["n"] == len(found["series"][0]) == 96
    assert found["series"][0][51:62] == [None] * 11
    assert found["holes"][0]["text"] == "No data 12:45 – 15:30"


def test_a_period_without_data_says_so(pages: PagesServer, ada: httpx.Client) -> None:
    site = pages.portfolio.sites[0]
    text = ada.get(f"/energy?site={site}&period=month&at=2019-01-01").text
    assert "Nothing was measured in this period" in text
    profile = ada.get(f"/energy/profile?site={site}&period=month&at=2019-01-01").text
    assert "Nothing was measured in this period" in profile


@pytest.mark.parametrize(
    "query", ["from=2026-11-05&to=2026-11-01", "step=minute", "by=colour", "at=tomorrow", "site=x"]
)
def test_an_address_that_cannot_be_read_is_refused_by_name(ada: httpx.Client, query: str) -> None:
    answer = ada.get(f"/energy?{query}")
    assert answer.status_code == 422
    assert re.search(rf"<code>{re.escape(query.partition('=')[0])}", answer.text)


def test_the_finder_finds_by_part_of_a_name_what_the_viewer_sees(
    pages: PagesServer, ada: httpx.Client, wang: httpx.Client
) -> None:
    everything = ada.get("/find/typed?q=harb chil").text
    assert "Chiller plant" in everything
    assert "M-01-1" in everything
    assert "M-00-1" not in everything
    assert "港湾" not in wang.get("/find?q=港湾").text.replace("“港湾”", "").replace(
        'value="港湾"', ""
    )  # fmt: skip
    assert ada.get("/find?q=<script>alert(1)</script>").text.count("<script>alert") == 0
