"""Forecasts as answered: the shapes that several endpoints share, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from api.errors import refused
from api.identity import Viewer
from api.lookup import the_customer, the_site
from loadstone.storage.balance import customer_zone
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.forecasts import IssueRow, MonthRow, SlotRow, subjects_of

QUANTILE_NAMES: Final = (
    "p025", "p10", "p20", "p30", "p40", "p50", "p60", "p70", "p80", "p90", "p975",
)  # fmt: skip
MOST_DAYS: Final = 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who is forecast; `subject_id` is None where nothing was forecast of it yet."""

    subject_id: int | None
    customer_id: int
    site_id: int | None
    code: str
    zone: str

    @property
    def ids(self) -> list[int]:
        """For queries: none or one."""
        return [] if self.subject_id is None else [self.subject_id]


def site_subject(connection: Connection, viewer: Viewer, reference: str) -> Subject:
    """A site, or 404."""
    site = the_site(connection, viewer, reference)
    found = subjects_of(connection, site_id=site.site_id)
    return Subject(
        subject_id=found[0].subject_id if found else None, customer_id=site.customer_id,
        site_id=site.site_id, code=site.code, zone=site.zone,
    )  # fmt: skip


def customer_subject(connection: Connection, viewer: Viewer, reference: str) -> Subject:
    """A customer, or 404: all its sites together, or the only one that it has."""
    customer = the_customer(connection, viewer, reference)
    found = subjects_of(connection, customer_id=customer.customer_id)
    whole = found[0] if found and (found[0].site_id is None or customer.site_count == 1) else None
    return Subject(
        subject_id=whole.subject_id if whole else None, customer_id=customer.customer_id,
        site_id=whole.site_id if whole else None, code=customer.code,
        zone=customer_zone(connection, customer.customer_id) or "UTC",
    )  # fmt: skip


def quantiles(values: Sequence[float] | None) -> dict[str, float] | None:
    """Eleven values by their names."""
    return None if values is None else dict(zip(QUANTILE_NAMES, values, strict=True))


def issue_answer(row: IssueRow) -> dict[str, Any]:
    """An issue without its curve."""
    answer = asdict(row)
    for inner in ("subject_id", "starts_at", "ends_at", "error_correlation_ratio"):
        del answer[inner]
    return answer | {"peak_kw": quantiles(row.peak_kw), "energy_kwh": quantiles(row.energy_kwh)}


def slot_answer(row: SlotRow) -> dict[str, Any]:
    """An interval of a curve."""
    answer = asdict(row)
    for inner in ("subject_id", "kind", "issued_at", "lead_days", "model"):
        del answer[inner]
    return answer


def month_answer(row: MonthRow, code: str) -> dict[str, Any]:
    """Where a month lands."""
    answer = asdict(row)
    for inner in ("subject_id", "reckoned_at", "interval_s"):
        del answer[inner]
    return answer | {
        "code": code,
        "energy_kwh": quantiles(row.energy_kwh),
        "peak_kw": quantiles(row.peak_kw),
    }


def checked_days(
    first: date | None, last: date | None, usual: tuple[date, date], most: int
) -> tuple[date, date]:
    """First and last day, each with its default; refuses what goes backward or is too long."""
    begin = first if first is not None else min(usual[0], last or usual[0])
    end = last if last is not None else max(usual[1], begin)
    if end < begin:
        raise refused("first_day", begin, "must not lie behind `last_day`")
    if end - begin >= timedelta(days=most):
        raise refused("last_day", end, f"must lie within {most} days of `first_day`")
    return begin, end


def checked_span(start: datetime, end: datetime) -> None:
    """Refuse what does not go forward, or is longer than MOST_DAYS."""
    if start >= end:
        raise refused("from", start.isoformat(), "must be before `to`")
    if end - start > timedelta(days=MOST_DAYS):
        raise refused("to", end.isoformat(), f"must lie within {MOST_DAYS} days of `from`")
