"""What a report is, and what it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from forecast.reports.document import Document
from forecast.reports.text import Text
from loadstone.storage.read_only import Connection

Scope = Literal["customer", "portfolio"]
FORMATS: Final = ("html", "pdf", "xlsx")
Format = Literal["html", "pdf", "xlsx"]


class NothingToReportError(ValueError):
    """There is no such customer in the viewer's scope, or no site to report on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which report: of a customer (None: all that are seen), one of its sites or all, a month.

    `month` is its first day; facts are taken as known at `as_known_at`.
    """

    customer_id: int | None
    site_id: int | None
    month: date
    as_known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A kind of report: `make` reads what the connection's role may see, and composes it."""

    name: str
    title: Text
    about: Text
    scope: Scope
    make: Callable[[Connection, Asked], Document]
