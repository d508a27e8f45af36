"""The biggest opportunities as lines of what needs somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from api.pages.attention import Attention
from api.pages.frame import Frame
from api.pages.opportunity_words import money_text, title_of
from loadstone.storage.opportunities import OpportunityRow

MOST_LINES = 3
_LEAST_PRIORITY = 4  # money that has been lost for months can wait until what burns is out


def opportunity_attention(
    frame: Frame, rows: Sequence[OpportunityRow], now: datetime
) -> list[Attention]:
    """One line for each opportunity with a price that nobody has answered yet."""
    return [
        Attention(
            priority=_LEAST_PRIORITY, weight=float(row.money) / 1e6,
            place=frame.t.name(row, "site"),
            text=frame.t(
                "attention.opportunity", title=title_of(frame.t, row.code),
                money=money_text(frame.t, frame.f, row.money, row.currency),
            ),
            when=frame.t(
                "attention.since", time=frame.f.instant(row.first_found_at, row.zone, now)
            ),
            href=f"/opportunities/{row.opportunity_id}",
        )
        for row in rows
        if row.money is not None
    ]  # fmt: skip
