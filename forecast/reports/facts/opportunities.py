"""What could be saved next, as it stood then: found by the finder, not yet decided against."""

from __future__ import annotations

from datetime import datetime

from loadstone.storage.opportunities import (
    OPEN,
    OpportunityFilter,
    OpportunityRow,
    biggest_opportunities,
)
from loadstone.storage.read_only import Connection

_MOST = 8


def open_opportunities(
    connection: Connection, customer_id: int | None, site_id: int | None, as_known_at: datetime
) -> list[OpportunityRow]:
    """Those worth most of a customer or site, of those that were found by then."""
    wanted = OpportunityFilter(customer_id=customer_id, site_id=site_id, statuses=OPEN, gone=False)
    found = biggest_opportunities(connection, wanted, most=_MOST)
    return [one for one in found if one.first_found_at <= as_known_at]
