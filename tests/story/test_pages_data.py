"""Customer, meter and data quality pages, and correcting a register, as a program sees them."""

from __future__ import annotations

import httpx2 as httpx
import psycopg
import pytest

from tests.story.pages_server import PagesServer, token_of


def foreign(pages: PagesServer) -> list[str]:
    customer, site, meter = (
        pages.portfolio.customers[1], pages.portfolio.sites[1], pages.portfolio.mains[1]
    )  # fmt: skip
    return [
        f"/customers/{customer}", f"/meters/{meter}", f"/meters/{meter}/readings",
        f"/meters/{meter}/readings.csv", f"/quality?customer={customer}", f"/quality?site={site}",
        f"/quality.csv?site={site}",
    ]  # fmt: skip


def test_another_customers_pages_are_not_there(pages: PagesServer, wang: httpx.Client) -> None:
    assert {path: wang.get(path).status_code for path in foreign(pages)} == dict.fromkeys(
        foreign(pages), 404
    )


def test_the_customers_own_pages_are(pages: PagesServer, wang: httpx.Client) -> None:
    own = [f"/customers/{pages.portfolio.customers[0]}", f"/meters/{pages.portfolio.mains[0]}",
           f"/meters/{pages.portfolio.mains[0]}/readings", "/quality"]  # fmt: skip
    for path in own:
        text = wang.get(path)
        assert text.status_code == 200, path
        assert 'lang="zh-CN"' in text.text
    assert "海港" not in wang.get("/quality").text


@pytest.mark.parametrize("path", ["/customers/0", "/customers/999999", "/meters/999999",
                                  "/meters/99999999999", "/quality?gateway=99999"])  # fmt: skip
def test_what_is_not_there_is_404(ada: httpx.Client, path: str) -> None:
    assert ada.get(path).status_code == 404


def test_a_customer_has_its_sites_and_where_its_energy_goes(
    pages: PagesServer, ada: httpx.Client
) -> None:
    text = ada.get(f"/customers/{pages.portfolio.customers[1]}?compare=previous").text
    for words in ("Harbour Data Centre, main premises", "Chiller plant", "Not sub-metered",
                  "Monday to Friday", "Contract demand"):  # fmt: skip
        assert words in text
    year = ada.get(f"/customers/{pages.portfolio.customers[1]}?period=year")
    assert year.status_code == 200
    empty = ada.get(f"/customers/{pages.portfolio.customers[1]}?period=month&at=2010-05-01")
    assert empty.status_code == 200


def test_a_silent_gateway_is_named_on_its_customers_page(
    pages: PagesServer, ada: httpx.Client
) -> None:
    text = ada.get(f"/customers/{pages.portfolio.customers[2]}").text
    assert "Gateway GW-0002 is silent" in text


def test_a_meter_tells_its_newest_values_and_their_age(
    pages: PagesServer, ada: httpx.Client
) -> None:
    text = ada.get(f"/meters/{pages.portfolio.mains[0]}").text
    for words in ("Active power", "Power factor", "0.955", "Voltage unbalance", "GW-0000", "m0",
                  "Import", "ago"):  # fmt: skip
        assert words in text


def test_a_gap_shows_in_the_meters_strip_and_is_hatched_in_its_charts(
    pages: PagesServer, ada: httpx.Client
) -> None:
    text = ada.get(f"/meters/{pages.portfolio.mains[0]}").text
    assert "12:30 – 15:30: not measured throughout" in text
    assert '"from_s": 1794976200' in text  # 2026-11-18 12:30 in Shanghai


def test_raw_readings_come_page_by_page_without_a_seam(
    pages: PagesServer, ada: httpx.Client
) -> None:
    path = f"/meters/{pages.portfolio.mains[1]}/readings"
    first = ada.get(path).text
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = ada.get(following.replace("&amp;", "&")).text

    def times(text: str) -> list[str]:
        return [part.split("<")[0] for part in text.split('<th scope="row">')[1:]]

    assert len(times(first)) == 100
    assert times(first)[-1] == "09:25:00"
    assert times(second)[0] == "09:20:00"


def test_the_csv_of_a_meter_has_every_reading_of_the_period(
    pages: PagesServer, ada: httpx.Client
) -> None:
    path = f"/meters/{pages.portfolio.mains[1]}/readings.csv?period=yesterday"
    lines = ada.get(path).text.splitlines()
    assert len(lines) == 1 + 96
    assert lines[0].startswith("ts_local,ts_utc,received_utc,quality,register_epoch")
    assert lines[-1].startswith("2026-11-17T00:00:00+08:00,2026-11-16T16:00:00+00:00,")


def test_data_quality_tells_who_is_silent(ada: httpx.Client) -> None:
    text = ada.get("/quality").text
    assert "Silent meters" in text
    assert ada.get("/quality?by=gateway&period=today").status_code == 200
    assert ada.get("/quality?period=custom&from=2009-01-01&to=2018-12-31").status_code == 200


def test_the_quality_csv_has_a_line_for_each_meter_and_day(
    pages: PagesServer, ada: httpx.Client
) -> None:
    site = pages.portfolio.sites[0]
    lines = ada.get(f"/quality.csv?site={site}").text.splitlines()
    assert len(lines) == 1 + 5 * 7


def correct(pages: PagesServer, client: httpx.Client, meter: int, **fields: str) -> httpx.Response:
    sent = {"csrf_token": token_of(client), "note": "work order 4711", **fields}
    return client.post(f"/meters/{meter}/correct", data=sent)


def corrections(pages: PagesServer, meter: int) -> int:
    with psycopg.connect(pages.database_url) as connection:
        query = "SELECT count(*) FROM core.register_correction WHERE meter_id = %s"
        row = connection.execute(query, [meter]).fetchone()
    return int(row[0]) if row else -1


RATIO = {"kind": "ratio", "from": "2026-11-16T00:00:00", "to": "2026-11-17T00:00:00",
         "ratio_factor": "2"}  # fmt: skip


def test_a_correction_is_shown_before_it_is_made(pages: PagesServer, ada: httpx.Client) -> None:
    meter = pages.portfolio.mains[3]
    shown = correct(pages, ada, meter, **RATIO, step="preview")
    assert shown.status_code == 200
    assert "Mon 16 Nov" in shown.text and "Difference" in shown.text
    assert corrections(pages, meter) == 0
    made = correct(pages, ada, meter, **RATIO, step="apply")
    assert made.status_code == 303
    assert corrections(pages, meter) == 1
    text = ada.get(f"/meters/{meter}").text
    assert "Ratio corrected" in text and "work order 4711" in text and "× 2" in text
    event = text.split("kind=withdraw&amp;event=")[1].split('"')[0]
    undone = correct(pages, ada, meter, kind="withdraw", event=event, step="apply")
    assert undone.status_code == 303
    assert corrections(pages, meter) == 0


def test_readings_are_taken_out_and_the_preview_tells_it(
    pages: PagesServer, ada: httpx.Client
) -> None:
    wish = {"kind": "distrust", "from": "2026-11-17T08:00:00", "to": "2026-11-17T09:00:00"}
    shown = correct(pages, ada, pages.portfolio.mains[3], **wish, step="preview")
    assert shown.status_code == 200, shown.text
    assert corrections(pages, pages.portfolio.mains[3]) == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({**RATIO, "ratio_factor": "-1"}, "must be greater than 0"),
        ({**RATIO, "ratio_factor": "two"}, "must be a number"),
        ({**RATIO, "to": "2026-11-15T00:00:00"}, "must be after"),
        ({**RATIO, "note": "x"}, "needs at least 3 letters"),
        ({"kind": "exchange", "at": "2026-11-17T00:00:00", "closing_import": "5"}, "is required"),
        ({"kind": "join", "epoch": "0"}, "and not its first"),
        ({"kind": "withdraw", "event": "999999"}, "that is in force"),
        (
            {"kind": "rejudge", "from": "2026-01-01T00:00:00", "to": "2026-11-01T00:00:00"},
            "31 days",
        ),
    ],
)
def test_a_correction_that_cannot_be_says_which_field_and_why(
    pages: PagesServer, ada: httpx.Client, fields: dict[str, str], said: str
) -> None:
    answer = correct(pages, ada, pages.portfolio.mains[3], **fields, step="apply")
    assert answer.status_code == 422
    assert said in answer.text
    assert "wrong" in answer.text


def test_only_who_may_correct_is_let_in(pages: PagesServer, wang: httpx.Client) -> None:
    meter = pages.portfolio.mains[0]
    assert wang.get(f"/meters/{meter}/correct").status_code == 403
    assert correct(pages, wang, meter, **RATIO, step="apply").status_code == 403
    assert f"/meters/{meter}/correct" not in wang.get(f"/meters/{meter}").text


def test_who_took_a_file_from_a_page_is_noted(pages: PagesServer, ada: httpx.Client) -> None:
    site, meter = pages.portfolio.sites[0], pages.portfolio.mains[1]
    for path in (f"/sites/{site}/day.csv", f"/sites/{site}/daily.csv", f"/quality.csv?site={site}",
                 f"/energy.csv?site={site}", f"/meters/{meter}/readings.csv"):  # fmt: skip
        assert ada.get(path).status_code == 200
    with psycopg.connect(pages.database_url) as connection:
        noted = connection.execute(
            "SELECT DISTINCT action FROM core.audit WHERE who = 'ada' AND kind = 'export' "
            "AND after->>'format' = 'csv' ORDER BY 1"
        ).fetchall()
    assert [row[0] for row in noted] == [
        "export.energy", "export.load", "export.quality", "export.readings",
    ]  # fmt: skip
