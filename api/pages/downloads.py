"""Files that pages give away: who took which is noted, as it is of the API's exports."""

from __future__ import annotations

from api.context import AppContext
from api.pages.frame import Frame
from loadstone.storage.audit import note


def note_download(
    context: AppContext, frame: Frame, table: str, name: str, **what: int | str | None
) -> None:
    """Write `export.<table>` to the audit log: the file's name and what it is about."""
    with context.writing(frame.reader.actor) as connection:
        note(connection, f"export.{table}", kind="export", subject=name,
             after={"format": "csv", **what})  # fmt: skip
