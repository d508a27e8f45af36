"""Making a report and keeping it; what is in the archive is rendered again just as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

import forecast.reports.kinds
from forecast.reports.document import Document, digest, from_builtins, to_builtins
from forecast.reports.render import rendered
from forecast.reports.render.imprint import Imprint
from forecast.reports.report import Asked, Format, NothingToReportError, Report
from forecast.reports.text import Language
from loadstone.plugins import offered
from loadstone.storage.keyset import Part
from loadstone.storage.portfolio import CustomerFilter, list_customers
from loadstone.storage.read_only import Connection
from loadstone.storage.report_archive import (
    NewReport,
    find_report,
    keep_report,
    report_document,
    report_known_at,
)

REPORTS = offered(forecast.reports.kinds, Report, "REPORT")
_MOST_CUSTOMERS = 100_000


class AlteredReportError(Exception):
    """The archive's document is not the one that was kept: its hash is another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeReport:
    """A report with its imprint."""

    document: Document
    imprint: Imprint

    def file(self, form: Format, language: Language) -> bytes:
        """Its file in a format and language."""
        return rendered(self.document, self.imprint, form, language)


def make_report(
    connection: Connection, kind: str, asked: Asked, *, language: Language, made_by: str,
    made_at: datetime,
) -> int:  # fmt: skip
    """Make a report of what the connection sees, and archive it; returns its id.

    One that was made already as known at the same instant is not made again. Raises KeyError for an
    unknown kind, NothingToReportError where there is nothing to report on.
    """
    report = REPORTS[kind]
    customers = _customers(connection, report, asked)
    known = report_known_at(
        connection, kind, customers, asked.site_id, asked.month, asked.as_known_at
    )
    if known is not None:
        return known
    document = report.make(connection, asked)
    return keep_report(
        connection,
        NewReport(
            kind=kind,
            customer_id=asked.customer_id,
            site_id=asked.site_id,
            customers=customers,
            month=asked.month,
            language=language,
            as_known_at=asked.as_known_at,
            made_at=made_at,
            made_by=made_by,
            sha256=digest(document),
            document=to_builtins(document),
        ),
    )


def archived(connection: Connection, report_id: int) -> MadeReport | None:
    """A report of the archive; None where there is none that is seen.

    Raises AlteredReportError where the document is not what it was when it was kept.
    """
    row = find_report(connection, report_id)
    plain = report_document(connection, report_id)
    if row is None or plain is None:
        return None
    return checked(plain, report_id, row.sha256, row.made_at)


def checked(plain: object, report_id: int, sha256: bytes, made_at: datetime) -> MadeReport:
    """The report of an archived document; raises AlteredReportError."""
    try:
        document = from_builtins(plain)
    except msgspec.ValidationError as error:
        raise AlteredReportError(f"report {report_id} is no document any more") from error
    if digest(document) != sha256:
        raise AlteredReportError(f"report {report_id} is not what it was when it was made")
    imprint = Imprint(report_id=report_id, sha256=sha256, made_at=made_at)
    return MadeReport(document=document, imprint=imprint)


def _customers(connection: Connection, report: Report, asked: Asked) -> list[int]:
    if report.scope == "customer":
        if asked.customer_id is None:
            raise NothingToReportError("this report is of one customer")
        return [asked.customer_id]
    seen = list_customers(
        connection, asked.customer_id, CustomerFilter(), Part(most=_MOST_CUSTOMERS, field="code")
    )
    if not seen:
        raise NothingToReportError("no customer is seen")
    return [customer.customer_id for customer in seen]
