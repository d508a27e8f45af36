"""Reports: made of what one sees, archived, always the same, scheduled and sent."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller
from fastapi.testclient import TestClient

from api.app import create_app
from forecast.reports.archive import REPORTS
from forecast.reports.mail import MailServer
from forecast.reports.scheduled import WAITS, Postman, make_due, send_due
from forecast.reports.worker import ReportWorker
from loadstone.domain.prices import Price
from loadstone.domain.scope import of_sites
from loadstone.storage.identity import create_token, put_user
from loadstone.storage.prices import put_prices
from tests.integration.api.conftest import NOW, PASSWORD

REPORT = {"kind": "monthly_energy", "month": "2026-03"}
KNOWN = "2026-10-20T00:00:00Z"


@pytest.fixture
def no_reports(world) -> Iterator[None]:
    yield
    with world.pool.connection() as connection:
        connection.execute("DELETE FROM core.report_schedule")
        connection.execute("DELETE FROM core.report")
        connection.execute("DELETE FROM core.webhook")


@pytest.fixture
def customer(world) -> int:
    return world.customers["CUS-A"]


def made(client, customer_id, **values) -> dict[str, object]:
    answer = client.post("/api/v1/reports", json={**REPORT, "customer_id": customer_id, **values})
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.parametrize("kind", sorted(REPORTS))
@pytest.mark.usefixtures("no_reports")
def test_each_kind_is_made_and_taken_in_each_format(staff, customer, kind):
    of = None if REPORTS[kind].scope == "portfolio" else customer
    report = made(staff, of, kind=kind)
    for form, begins in (("pdf", b"%PDF-1.7"), ("html", b"<!doctype html>"), ("xlsx", b"PK")):
        file = staff.get(f"/api/v1/reports/{report['report_id']}/file", params={"format": form})
        assert file.status_code == 200, file.text
        assert file.content.startswith(begins)
        assert "default-src 'none'" in file.headers["content-security-policy"]


@pytest.mark.parametrize("kind", sorted(REPORTS))
@pytest.mark.parametrize(("owner", "month"), [("CUS-A", "2026-05"), ("CUS-B", "2026-03")])
@pytest.mark.usefixtures("no_reports")
def test_a_month_without_data_is_told_as_such(world, staff, kind, owner, month):
    of = None if REPORTS[kind].scope == "portfolio" else world.customers[owner]
    report = made(staff, of, kind=kind, month=month, language="both")
    path = f"/api/v1/reports/{report['report_id']}/file"
    assert staff.get(path).content.startswith(b"%PDF")
    page = staff.get(path, params={"format": "html"}).text
    assert "nan" not in page.lower().replace("finance", "")
    assert "Every interval was measured" not in page


@pytest.mark.usefixtures("no_reports")
def test_figures_of_the_month_are_those_of_the_registers(world, staff, customer):
    """Months of Berlin; MTR-A1 and A2 are read from 20 March on, A2 is silent from the 28th on."""
    report = made(staff, customer)
    document = document_of(world, report)
    start, end = datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC)
    silent = datetime(2026, 3, 27, 23, 45, tzinfo=UTC)
    true = world.tracks["MTR-A1"].between(start, end) + world.tracks["MTR-A2"].between(
        start, silent
    )
    energy = document["kpis"][0]
    assert energy["value"] == pytest.approx(true, abs=0.01)
    days = next(s for s in document["sections"] if s["title"]["en"].startswith("Appendix"))
    rows = days["blocks"][0]["rows"]
    assert sum(row["cells"][2] or 0 for row in rows[:-1]) == pytest.approx(true, abs=0.05)
    assert energy["changes"][0]["before"] is None  # February is not known


@pytest.mark.usefixtures("no_reports")
def test_the_same_instant_is_the_same_report_and_the_same_hash(staff, customer):
    one = made(staff, customer, as_known_at=KNOWN)
    again = made(staff, customer, as_known_at=KNOWN, language="zh")
    assert again == one
    later = made(staff, customer)
    assert later["report_id"] != one["report_id"]
    assert later["sha256"] != one["sha256"]
    files = [
        staff.get(f"/api/v1/reports/{one['report_id']}/file", params={"format": "pdf"}).content
        for _ in range(2)
    ]
    assert sha256(files[0]).digest() == sha256(files[1]).digest()


@pytest.mark.usefixtures("no_reports")
def test_made_anew_from_the_same_data_it_has_the_same_hash(world, staff, customer):
    one = made(staff, customer, as_known_at=KNOWN)
    with world.pool.connection() as connection:
        connection.execute("DELETE FROM core.report")
    assert made(staff, customer, as_known_at=KNOWN)["sha256"] == one["sha256"]


@pytest.mark.usefixtures("no_reports")
def test_what_came_later_is_not_in_an_archived_report(world, staff, customer):
    one = made(staff, customer, as_known_at=KNOWN)
    path = f"/api/v1/reports/{one['report_id']}/file"
    before = staff.get(path, params={"format": "html"}).content
    with world.pool.connection() as connection:
        connection.execute(
            "UPDATE core.customer SET name_en = 'Another' WHERE customer_id = %s", [customer]
        )
    try:
        assert staff.get(path, params={"format": "html"}).content == before
        assert b"Another" not in before
    finally:
        with world.pool.connection() as connection:
            connection.execute(
                "UPDATE core.customer SET name_en = 'CUS-A' WHERE customer_id = %s", [customer]
            )


@pytest.mark.usefixtures("no_reports")
def test_a_document_that_somebody_altered_is_not_shown(world, customer):
    client = TestClient(
        create_app(world.pool, lambda: NOW), raise_server_exceptions=False,
        headers={"Authorization": f"Bearer {world.tokens['staff']}"},
    )  # fmt: skip
    report = made(client, customer)
    with world.pool.connection() as connection:
        connection.execute(
            "UPDATE core.report SET document = jsonb_set(document, '{headline,en}', '\"1 kWh\"')"
        )
    assert client.get(f"/api/v1/reports/{report['report_id']}/file").status_code == 500


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "weather"}, "kind"),
        ({"customer_id": None}, "customer_id"),
        ({"customer_id": 99_999}, "customer_id"),
        ({"month": "2026-13"}, "month"),
        ({"month": "2026-12"}, "month"),
        ({"as_known_at": "2027-01-01T00:00:00Z"}, "as_known_at"),
        ({"kind": "portfolio_summary"}, "customer_id"),
        ({"site_id": 99_999}, "site_id"),
    ],
)
def test_what_cannot_be_made_is_refused_with_its_field(staff, customer, wrong, field):
    body = {**REPORT, "customer_id": customer, **wrong}
    answer = staff.post("/api/v1/reports", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"].rpartition(".")[2] == field


@pytest.mark.usefixtures("no_reports")
def test_nobody_sees_anothers_report_nor_makes_one(world, staff, manager_a, manager_b, customer):
    report = made(staff, customer)
    portfolio = made(staff, None, kind="portfolio_summary")
    own = f"/api/v1/reports/{report['report_id']}"
    assert manager_a.get(own).status_code == 200
    for path in (own, f"{own}/file", f"{own}/deliveries"):
        assert manager_b.get(path).status_code == 404
    for manager in (manager_a, manager_b):  # it holds both customers
        assert manager.get(f"/api/v1/reports/{portfolio['report_id']}").status_code == 404
    assert manager_b.get("/api/v1/reports").json()["data"] == []
    body = {**REPORT, "customer_id": customer}
    assert manager_b.post("/api/v1/reports", json=body).status_code == 422
    assert made(manager_b, None, kind="portfolio_summary")["customer_count"] == 1


@pytest.mark.usefixtures("no_reports")
def test_who_sees_one_site_reports_on_that_site(world, customer, clock):
    with psycopg.connect(world.url) as connection:
        user = put_user(
            connection, name="one-site", display_name="x", role="operator", password=PASSWORD,
            scope=of_sites(world.sites["SITE-A"]),
        )  # fmt: skip
        token = create_token(connection, user, "tests", NOW + timedelta(days=30))
    headers = {"Authorization": f"Bearer {token}"}
    client = TestClient(create_app(world.pool, clock), headers=headers)
    refused = client.post("/api/v1/reports", json={**REPORT, "customer_id": customer})
    assert refused.json()["errors"][0]["field"] == "site_id"
    site = world.sites["SITE-A"]
    assert made(client, customer, site_id=site)["site_id"] == site


@dataclass
class Box:
    """What a real SMTP server was handed; refuses while `refuses` is set."""

    mails: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False

    async def handle_DATA(self, _server, _session, envelope) -> str:
        if self.refuses:
            return "451 try again later"
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[Box, Postman]]:
    box = Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        server = MailServer(
            host="127.0.0.1", port=port, security="none", user=None, password=None,
            sender="Loadstone <reports@loadstone.example>",
        )  # fmt: skip
        yield box, Postman(sender=server.sender, send=server.send)
    finally:
        controller.stop()


def scheduled(client, customer_id, **values) -> dict[str, object]:
    body = {
        "kind": "monthly_energy", "customer_id": customer_id, "formats": ["html", "pdf", "xlsx"],
        "recipients": ["director@cus-a.example"], "language": "both", **values,
    }  # fmt: skip
    answer = client.post("/api/v1/report-schedules", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.usefixtures("no_reports")
def test_a_schedule_is_made_in_its_morning_and_mailed(world, staff, customer, clock):
    schedule = scheduled(staff, customer)
    assert schedule["due_at"] == "2026-11-02T05:00:00Z"  # 06:00 in Berlin
    with mail_server() as (box, postman):
        worker = ReportWorker(pool=world.pool, clock=clock, postman=postman)
        assert not worker.turn()
        clock.now = datetime(2026, 11, 2, 5, 0, 1, tzinfo=UTC)
        assert worker.turn()
        assert not worker.turn()
    (mail,) = box.mails
    assert mail["To"] == "director@cus-a.example"
    assert "月度用电报告" in mail["Subject"]
    assert mail["Auto-Submitted"] == "auto-generated"
    page = mail.get_body(("html",)).get_content()
    assert "2026年10月" in page
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert [name.rpartition(".")[2] for name in names] == ["pdf", "xlsx"]
    pdf = next(mail.iter_attachments()).get_content()
    archive = staff.get("/api/v1/reports").json()["data"]
    assert [(r["month"], r["made_by"]) for r in archive] == [("2026-10", "staff")]
    file = staff.get(f"/api/v1/reports/{archive[0]['report_id']}/file")
    assert file.content == pdf
    told = staff.get(f"/api/v1/reports/{archive[0]['report_id']}/deliveries").json()["data"]
    assert [(d["address"], len(d["attempts"])) for d in told] == [("director@cus-a.example", 1)]
    assert told[0]["delivered_at"] == "2026-11-02T05:00:01Z"
    again = staff.get(f"/api/v1/report-schedules/{schedule['report_schedule_id']}").json()
    assert again["due_at"] == "2026-12-02T05:00:00Z"


@pytest.mark.usefixtures("no_reports")
def test_a_mail_that_is_not_taken_is_tried_again_and_given_up_in_the_end(
    world, staff, customer, clock
):
    report = made(staff, customer)
    body = {"recipients": ["a@cus-a.example"], "formats": ["pdf"]}
    sent = staff.post(f"/api/v1/reports/{report['report_id']}/deliveries", json=body)
    assert sent.status_code == 202
    with mail_server() as (box, postman):
        box.refuses = True
        for wait in WAITS:
            assert send_due(world.pool, clock, postman)
            assert not send_due(world.pool, clock, postman)
            clock.now += wait
        box.refuses = False
        assert send_due(world.pool, clock, postman)
        assert not send_due(world.pool, clock, postman)
    assert len(box.mails) == 1
    (told,) = staff.get(f"/api/v1/reports/{report['report_id']}/deliveries").json()["data"]
    assert [bool(a["error"]) for a in told["attempts"]] == [True] * len(WAITS) + [False]
    assert "451" in told["attempts"][0]["error"]
    assert told["given_up_at"] is None


@pytest.mark.usefixtures("no_reports")
def test_a_dead_mail_server_is_noted_and_in_the_end_given_up(world, staff, customer, clock):
    report = made(staff, customer)
    body = {"recipients": ["a@cus-a.example"], "formats": ["pdf"]}
    staff.post(f"/api/v1/reports/{report['report_id']}/deliveries", json=body)
    dead = MailServer(host="127.0.0.1", port=1, security="none", user=None, password=None,
                      sender="x@x.example")  # fmt: skip
    postman = Postman(sender=dead.sender, send=dead.send)
    for wait in (*WAITS, timedelta(0)):
        assert send_due(world.pool, clock, postman)
        clock.now += wait
    assert not send_due(world.pool, clock, postman)
    (told,) = staff.get(f"/api/v1/reports/{report['report_id']}/deliveries").json()["data"]
    assert told["given_up_at"] is not None
    assert told["due_at"] is None
    assert "refused" in told["attempts"][0]["error"]


@pytest.mark.usefixtures("no_reports")
def test_what_cannot_be_made_or_sent_is_noted_and_keeps_nothing_else_from_it(
    world, staff, customer, clock
):
    bad = scheduled(staff, customer)["report_schedule_id"]
    scheduled(staff, customer, recipients=["b@cus-a.example"])
    with world.pool.connection() as connection:
        connection.execute(
            "UPDATE core.report_schedule SET kind = 'gone' WHERE report_schedule_id = %s", [bad]
        )
    clock.now = datetime(2026, 11, 2, 6, tzinfo=UTC)
    assert make_due(world.pool, clock)
    assert make_due(world.pool, clock)
    assert not make_due(world.pool, clock)
    row = staff.get(f"/api/v1/report-schedules/{bad}").json()
    assert (row["failures"], row["due_at"]) == (1, "2026-11-02T07:00:00Z")
    assert "gone" in row["last_error"]
    with world.pool.connection() as connection:
        connection.execute("UPDATE core.report SET document = '{}'")
    with mail_server() as (box, postman):
        assert send_due(world.pool, clock, postman)
    assert box.mails == []
    (report,) = staff.get("/api/v1/reports").json()["data"]
    (told,) = staff.get(f"/api/v1/reports/{report['report_id']}/deliveries").json()["data"]
    assert "no document any more" in told["attempts"][0]["error"]


@pytest.mark.usefixtures("no_reports")
def test_a_webhook_is_told_where_the_report_is(world, operator, customer, clock):
    hook = operator.post(
        "/api/v1/webhooks",
        json={"name": "Desk", "url": "https://hooks.example.com/x", "kinds": ["report_ready"],
              "customer_id": customer},
    ).json()  # fmt: skip
    scheduled(operator, customer, recipients=[], webhook_id=hook["webhook_id"])
    clock.now = datetime(2026, 11, 2, 6, tzinfo=UTC)
    assert make_due(world.pool, clock)
    path = f"/api/v1/webhooks/{hook['webhook_id']}/deliveries"
    (told,) = operator.get(path).json()["data"]
    assert told["kind"] == "report_ready"
    report_id = told["details"]["report_id"]
    report = operator.get(f"/api/v1/reports/{report_id}").json()
    assert told["details"]["sha256"] == report["sha256"]
    assert operator.get(told["details"]["files"]["pdf"]).content.startswith(b"%PDF")


@pytest.mark.usefixtures("no_reports")
def test_a_schedule_is_changed_stopped_and_removed_by_those_who_see_it(staff, manager_b, customer):
    schedule = scheduled(staff, customer)
    path = f"/api/v1/report-schedules/{schedule['report_schedule_id']}"
    assert manager_b.get(path).status_code == 404
    assert manager_b.patch(path, json={"language": "en"}).status_code == 404
    changed = staff.patch(path, json={"day_of_month": 5, "language": "zh"}).json()
    assert (changed["due_at"], changed["language"]) == ("2026-11-05T05:00:00Z", "zh")
    assert staff.patch(path, json={"enabled": False}).json()["due_at"] is None
    assert staff.patch(path, json={"enabled": True}).json()["due_at"] == "2026-11-05T05:00:00Z"
    assert staff.delete(path).status_code == 200
    assert staff.get(path).status_code == 404


def test_a_schedule_sends_to_addresses_only(staff, customer):
    for wrong in ("nobody", "a@b", "a@b.example\nBcc: c@d.example", "a b@c.example", "<a@b.cc>"):
        body = {"kind": "monthly_energy", "customer_id": customer, "recipients": [wrong]}
        answer = staff.post("/api/v1/report-schedules", json=body)
        assert answer.status_code == 422, wrong


@pytest.mark.usefixtures("no_reports")
def test_two_workers_make_a_report_once(world, staff, customer, clock):
    scheduled(staff, customer)
    clock.now = datetime(2026, 11, 2, 6, tzinfo=UTC)
    made_by = []
    threads = [
        threading.Thread(target=lambda: made_by.append(make_due(world.pool, clock)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(made_by) == [False, True]
    assert len(staff.get("/api/v1/reports").json()["data"]) == 1


@pytest.mark.usefixtures("no_reports")
def test_who_made_and_took_which_report_is_in_the_log(as_user, staff, customer):
    report = made(staff, customer)
    staff.get(f"/api/v1/reports/{report['report_id']}/file", params={"format": "xlsx"})
    entries = as_user("admin").get("/api/v1/audit", params={"limit": 20}).json()["data"]
    actions = {entry["action"]: entry for entry in reversed(entries)}
    assert actions["report.add"]["who"] == "staff"
    assert "document" not in json.dumps(actions["report.add"]["after"])
    assert actions["export.report"]["after"] == {"format": "xlsx", "language": "en"}


@pytest.mark.usefixtures("no_reports")
def test_what_is_forecast_is_reported_as_it_was_known(world, said_world, staff, customer):
    site = said_world["SITE-A"]
    body = {"kind": "load_forecast", "month": "2026-10", "site_id": site.site_id}
    report = made(staff, customer, **body)
    document = document_of(world, report)
    chart = document["sections"][0]["blocks"][0]
    assert chart["name"] == "ahead"
    known = [value for value in chart["series"][0]["values"] if value is not None]
    assert len(known) >= 24
    assert max(known) == pytest.approx(1.5 * site.level_kw, rel=0.02)
    before = made(staff, customer, **body, as_known_at="2026-10-01T00:00:00Z")
    assert document_of(world, before)["kpis"] == []


@pytest.mark.usefixtures("no_reports")
def test_money_is_that_of_the_prices_and_none_where_none_is_agreed(world, staff, customer):
    without = document_of(world, made(staff, customer, as_known_at=KNOWN))
    assert without["kpis"][2]["name"]["en"] == "Load factor"
    price = Price(valid_from=date(2026, 1, 1), flat_per_kwh=Decimal("0.5"))
    with world.pool.connection() as connection:
        put_prices(connection, customer, [price])
    try:
        document = document_of(world, made(staff, customer))
    finally:
        with world.pool.connection() as connection:
            put_prices(connection, customer, [])
    energy, _, cost, _ = document["kpis"]
    assert cost["value"] == pytest.approx(energy["value"] / 2, abs=0.02)
    assert cost["unit"] == "CNY"


def document_of(world, report) -> dict[str, Any]:
    with world.pool.connection() as connection:
        row = connection.execute(
            "SELECT document FROM core.report WHERE report_id = %s", [report["report_id"]]
        ).fetchone()
    return row[0]
