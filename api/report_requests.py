"""What is asked for as a report, checked against what the viewer sees; for API and page."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from api.errors import not_found, refused
from api.identity import Viewer
from api.lookup import the_customer, the_site
from api.models.reports import known_at, month_of
from api.registry_edits import named
from forecast.reports.archive import REPORTS, make_report
from forecast.reports.report import Asked, NothingToReportError, Report
from forecast.reports.text import Language
from loadstone.storage.read_only import Connection
from loadstone.storage.report_archive import ReportRow, find_report
from loadstone.storage.screens.places import places

_DEFAULT_ZONE = "UTC"


def the_kind(kind: str) -> Report:
    """The report of this name; 422 where there is none."""
    if kind not in REPORTS:
        raise refused("kind", kind, "must be one of " + ", ".join(sorted(REPORTS)))
    return REPORTS[kind]


def the_scope(
    connection: Connection, viewer: Viewer, report: Report, customer_id: int | None,
    site_id: int | None,
) -> tuple[int | None, int | None]:  # fmt: skip
    """Customer and site of a report; who sees some sites of a customer reports on one site."""
    if report.scope == "portfolio":
        for name, given in (("customer_id", customer_id), ("site_id", site_id)):
            if given is not None:
                raise refused(name, given, "must be null: this report is of all that you see")
        if viewer.sees == "sites":
            raise refused("kind", report.name, "is for those who see customers as a whole")
        return None, None
    if site_id is not None:
        site = named("site_id", site_id, lambda: the_site(connection, viewer, str(site_id)))
        if customer_id not in {None, site.customer_id}:
            raise refused("site_id", site_id, "must be a site of the customer")
        return site.customer_id, site_id
    if viewer.sees == "sites":
        raise refused("site_id", None, "must be given: you see some sites only")
    wanted = customer_id if customer_id is not None else viewer.customer_id
    if wanted is None:
        raise refused("customer_id", None, "must be given")
    named("customer_id", wanted, lambda: the_customer(connection, viewer, str(wanted)))
    return wanted, None


def make(
    connection: Connection, viewer: Viewer, now: datetime, *, kind: str, customer_id: int | None,
    site_id: int | None, month: str, language: Language, as_known_at: datetime | None,
) -> ReportRow:  # fmt: skip
    """Make and archive a report; problems where it cannot be."""
    report = the_kind(kind)
    customer_id, site_id = the_scope(connection, viewer, report, customer_id, site_id)
    known = known_at(as_known_at, now)
    if known > now:
        raise refused("as_known_at", known.isoformat(), "must not lie ahead")
    if month_of(month) > now.date():
        raise refused("month", month, "must have begun")
    asked = Asked(
        customer_id=customer_id, site_id=site_id, month=month_of(month), as_known_at=known
    )
    try:
        report_id = make_report(
            connection, kind, asked, language=language, made_by=viewer.name, made_at=now
        )
    except NothingToReportError as error:
        raise refused("customer_id", customer_id, str(error)) from error
    return the_report(connection, report_id)


def the_report(connection: Connection, report_id: int) -> ReportRow:
    """The archived report, or 404."""
    row = find_report(connection, report_id)
    if row is None:
        raise not_found("report", report_id)
    return row


def answer_of(row: ReportRow) -> dict[str, Any]:
    """An archived report as the API answers it."""
    shown = asdict(row)
    for name in ("site_en", "site_zh"):
        del shown[name]
    return {**shown, "month": f"{row.month:%Y-%m}", "sha256": row.sha256.hex()}


def zone_of(connection: Connection, customer_id: int | None, site_id: int | None) -> str:
    """By whose clock a schedule runs: the site's, else that of the first site that is seen."""
    found = [p for p in places(connection, customer_id) if site_id in {None, p.site_id}]
    return found[0].zone if found else _DEFAULT_ZONE
