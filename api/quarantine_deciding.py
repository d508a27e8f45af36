"""Deciding on rows of the quarantine queue, for the pages and the API alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from loadstone.storage.audit import note
from loadstone.storage.quarantine_decisions import MOST_AT_ONCE, Decided, decide, reopen
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.quarantine import QuarantineWanted, quarantine_ids

Wish = Literal["dismissed", "again", "reopened"]
_NAMED_IDS = 100


def decide_on(
    connection: Connection,
    wanted: QuarantineWanted,
    ids: Sequence[int] | None,
    wish: Wish,
    *,
    who: str,
    at: datetime,
    why: str,
    shown: Mapping[str, Any],
) -> int:
    """Decide on the rows that are wanted, or on those among `ids`, and note it in the audit log.

    Rows that the viewer does not see, or whose state does not allow it, stay as they are. Returns
    how many were decided; `shown` is the filter as the audit log is to tell it.
    """
    found = quarantine_ids(connection, wanted, ids=ids, most=MOST_AT_ONCE)
    if wish == "reopened":
        count = reopen(connection, found)
    else:
        count = decide(connection, found, Decided(decision=wish, who=who, at=at, note=why))
    if count:
        one = str(found[0]) if len(found) == 1 else None
        after = {"rows": count, "note": why, "ids": found[:_NAMED_IDS], **shown}
        note(connection, f"quarantine.{wish}", kind="quarantine", subject=one, after=after)
    return count
