"""What stands on a report beside its document: which one it is, and when it was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from forecast.reports.document import Document, digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """The archive's number (None: not archived), the document's SHA-256, when it was made."""

    report_id: int | None
    sha256: bytes
    made_at: datetime | None

    @property
    def name(self) -> str:
        """As people cite it: R-000123."""
        return "—" if self.report_id is None else f"R-{self.report_id:06}"


def without_archive(document: Document) -> Imprint:
    """The imprint of a document that nobody archived."""
    return Imprint(report_id=None, sha256=digest(document), made_at=None)


def written_instant(at: datetime, zone: str) -> str:
    """An instant by a zone's clock, with its offset: 2026-11-01 00:00 +08:00."""
    text = at.astimezone(ZoneInfo(zone)).isoformat(sep=" ", timespec="minutes")
    return f"{text[:16]} {text[16:]}"
