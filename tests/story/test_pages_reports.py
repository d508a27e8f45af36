"""The page of reports as a program sees it, and the command line that makes one."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import httpx2 as httpx
import psycopg
import pytest
from click.testing import CliRunner

from loadstone.cli import main
from tests.story.pages_server import PagesServer, token_of


def customer_of(pages: PagesServer, place: int = 0) -> tuple[str, str]:
    """Id and code of a customer."""
    with psycopg.connect(pages.database_url) as connection:
        query = "SELECT customer_id::text, code FROM core.customer ORDER BY 1 LIMIT 1 OFFSET %s"
        row = connection.execute(query, [place]).fetchone()
    assert row is not None
    return row[0], row[1]


def sent(client: httpx.Client, path: str, **fields: object) -> httpx.Response:
    return client.post(path, data={"csrf_token": token_of(client), **fields})


def test_a_report_is_made_on_the_page_and_taken_from_the_archive(
    pages: PagesServer, ada: httpx.Client
) -> None:
    customer, _code = customer_of(pages)
    answer = sent(
        ada, "/reports/make", kind="monthly_energy", customer=customer, month="2026-11",
        language="zh",
    )  # fmt: skip
    assert answer.headers["location"] == "/reports?done=made"
    text = ada.get("/reports").text
    href = re.search(r'href="(/api/v1/reports/\d+/file\?format=pdf)"', text)
    assert href is not None
    assert "Nov 2026" in text
    file = ada.get(href[1])
    assert file.content.startswith(b"%PDF")
    assert ada.get(href[1]).content == file.content


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"customer": ""}, "Choose a customer"),
        ({"month": "2027-01"}, "Choose a month that has begun."),
        ({"month": "last"}, "Choose a month that has begun."),
    ],
)
def test_what_is_wrong_with_it_is_said_above_the_form(
    pages: PagesServer, ada: httpx.Client, fields: dict[str, str], said: str
) -> None:
    right = {"kind": "monthly_energy", "customer": customer_of(pages)[0], "month": "2026-11"}
    answer = sent(ada, "/reports/make", language="en", **{**right, **fields})
    assert answer.status_code == 422
    assert said in answer.text


def test_without_its_token_nothing_is_made(ada: httpx.Client) -> None:
    assert ada.post("/reports/make", data={"kind": "portfolio_summary"}).status_code == 403


def test_a_monthly_report_is_set_up_stopped_started_and_removed(
    pages: PagesServer, ada: httpx.Client
) -> None:
    fields = {"kind": "data_quality", "customer": customer_of(pages)[0], "language": "both"}
    wrong = sent(ada, "/reports/schedules", **fields, formats="pdf", recipients="nobody")
    assert wrong.status_code == 422
    assert "nobody is not an e-mail address." in wrong.text
    right = sent(ada, "/reports/schedules", **fields, formats="pdf", recipients="a@b.example")
    assert right.headers["location"].startswith("/reports?done=saved")
    text = ada.get("/reports").text
    assert "a@b.example" in text
    path = re.findall(r'action="(/reports/schedules/\d+)"', text)[0]
    for action, said in (("stop", "stopped"), ("start", "2026-12-02 06:00 +08:00")):
        assert sent(ada, path, action=action).status_code == 303
        assert said in ada.get("/reports").text
    sent(ada, path, action="remove")
    assert "a@b.example" not in ada.get("/reports").text


def test_a_customer_sees_and_makes_its_own_reports_only(
    pages: PagesServer, ada: httpx.Client, wang: httpx.Client
) -> None:
    _own, other = customer_of(pages), customer_of(pages, 1)[0]
    sent(ada, "/reports/make", kind="demand_power_factor", customer=other, month="2026-11",
         language="en")  # fmt: skip
    assert "需量与功率因数报告</b>" not in wang.get("/reports").text
    answer = sent(wang, "/reports/make", kind="monthly_energy", customer=other, month="2026-11",
                  language="zh")  # fmt: skip
    assert answer.status_code == 422


def test_the_command_line_makes_one_and_again_the_same(
    pages: PagesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOADSTONE_DATABASE_URL", pages.database_url)
    _id, code = customer_of(pages)
    arguments = ["report", "monthly_energy", "--customer", code, "--month", "2026-11",
                 "--language", "both", "--as-known-at", "2026-11-18T08:00:00+08:00",
                 "--out", str(tmp_path)]  # fmt: skip
    digests = []
    for _ in range(2):
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, done.output
        (file,) = tmp_path.glob("monthly_energy_2026-11_R-*.pdf")
        digests.append(sha256(file.read_bytes()).hexdigest())
    assert digests[0] == digests[1]
    for wrong, said in (
        (["--customer", "NOBODY"], "no customer has the code"), (["--site", "NOWHERE"], "no site"),
        (["--as-known-at", "2999-01-01T00:00:00+08:00"], "lies ahead"),
    ):  # fmt: skip
        failed = CliRunner().invoke(main, [*arguments, *wrong])
        assert failed.exit_code != 0
        assert said in failed.output
