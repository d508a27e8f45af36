"""Reports as they were made; what a viewer sees of them decides the database."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from loadstone.storage.keyset import PagedQuery, Part, SortColumn

ReportLanguage = Literal["en", "zh", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """A report to be archived; `customers` are all whose data are in it."""

    kind: str
    customer_id: int | None
    site_id: int | None
    customers: list[int]
    month: date
    language: ReportLanguage
    as_known_at: datetime
    made_at: datetime
    made_by: str
    sha256: bytes
    document: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """An archived report without its document."""

    report_id: int
    kind: str
    customer_id: int | None
    customer_en: str | None
    customer_zh: str | None
    site_id: int | None
    site_en: str | None
    site_zh: str | None
    customer_count: int
    month: date
    language: ReportLanguage
    as_known_at: datetime
    made_at: datetime
    made_by: str
    sha256: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFilter:
    """Which reports are wanted; None does not narrow."""

    kind: str | None = None
    customer_id: int | None = None
    month: date | None = None


_KEEP = """
INSERT INTO core.report (kind, customer_id, site_id, customers, month, language, as_known_at,
    made_at, made_by, sha256, document)
VALUES (%(kind)s, %(customer_id)s, %(site_id)s, %(customers)s, %(month)s, %(language)s,
    %(as_known_at)s, %(made_at)s, %(made_by)s, %(sha256)s, %(document)s)
ON CONFLICT DO NOTHING RETURNING report_id
"""


def keep_report(connection: psycopg.Connection, report: NewReport) -> int:
    """Archive a report; returns its id, or that of the one which was known as of then already."""
    values = {**asdict(report), "document": Jsonb(report.document)}
    values["customers"] = sorted(report.customers)
    row = connection.execute(_KEEP, values).fetchone()
    if row is not None:
        return int(row[0])
    known = report_known_at(
        connection, report.kind, report.customers, report.site_id, report.month, report.as_known_at
    )
    assert known is not None  # noqa: S101 - the conflict was with it
    return known


_KNOWN = """
SELECT report_id FROM core.report
WHERE kind = %s AND customers = %s::int[] AND coalesce(site_id, 0) = coalesce(%s::int, 0)
    AND month = %s
    AND as_known_at = %s
"""


def report_known_at(
    connection: psycopg.Connection, kind: str, customers: list[int], site_id: int | None,
    month: date, as_known_at: datetime,
) -> int | None:  # fmt: skip
    """The report of these data as they were known then, if it was made."""
    values = [kind, sorted(customers), site_id, month, as_known_at]
    row = connection.execute(_KNOWN, values).fetchone()
    return None if row is None else int(row[0])


_REPORTS = """
SELECT r.report_id, r.kind, r.customer_id, c.name_en AS customer_en, c.name_zh AS customer_zh,
    r.site_id, s.name_en AS site_en, s.name_zh AS site_zh,
    cardinality(r.customers) AS customer_count,
    r.month, r.language, r.as_known_at, r.made_at, r.made_by, r.sha256
FROM visible.report r LEFT JOIN visible.customer c ON c.customer_id = r.customer_id
LEFT JOIN visible.site s ON s.site_id = r.site_id
WHERE true
"""
_REPORT_PAGE = PagedQuery(
    ReportRow,
    _REPORTS
    + """AND (%(kind)s::text IS NULL OR r.kind = %(kind)s)
AND (%(customer_id)s::int IS NULL OR r.customer_id = %(customer_id)s)
AND (%(month)s::date IS NULL OR r.month = %(month)s)""",
    "r.report_id",
    {
        "report_id": SortColumn(expression="r.report_id", type="bigint"),
        "month": SortColumn(expression="r.month", type="date"),
    },
)
_ONE = _REPORTS + "AND r.report_id = %s"


def list_reports(
    connection: psycopg.Connection, wanted: ReportFilter, part: Part
) -> list[ReportRow]:
    """A part of the archive."""
    return _REPORT_PAGE.rows(connection, part, asdict(wanted))


def find_report(connection: psycopg.Connection, report_id: int) -> ReportRow | None:
    """One report; None where there is none that is seen."""
    cursor = connection.cursor(row_factory=class_row(ReportRow))
    return cursor.execute(_ONE, [report_id]).fetchone()


_DOCUMENT = "SELECT document FROM visible.report WHERE report_id = %s"


def report_document(connection: psycopg.Connection, report_id: int) -> dict[str, Any] | None:
    """The document of a report; None where there is none that is seen."""
    row = connection.execute(_DOCUMENT, [report_id]).fetchone()
    if row is None:
        return None
    document: dict[str, Any] = row[0]
    return document
