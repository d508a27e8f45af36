"""The rules of a virtual meter's terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from api.errors import refused
from api.models.virtual import TermBody
from loadstone.storage.meters import find_meter
from loadstone.storage.read_only import Connection
from loadstone.storage.virtual_meters import NewTerm

_EVER = datetime(1, 1, 1, tzinfo=UTC)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def checked_terms(
    connection: Connection, customer_id: int, site_id: int | None, terms: Sequence[TermBody]
) -> list[NewTerm]:
    """The terms, each of a meter of the scope and none of them twice at a time; else refused."""
    for at, term in enumerate(terms):
        where = f"terms.{at}"
        if term.term_factor == 0:
            raise refused(f"{where}.term_factor", 0, "must not be 0")
        if _start(term) >= _end(term):
            raise refused(f"{where}.valid_to", term.valid_to, "must be after `valid_from`")
        meter = find_meter(connection, customer_id, str(term.meter_id), _EVER)
        if meter is None or meter.meter_id != term.meter_id or site_id not in {None, meter.site_id}:
            rule = "must be a meter of the site" if site_id else "must be a meter of the customer"
            raise refused(f"{where}.meter_id", term.meter_id, rule)
        if any(_together(term, other) for other in terms[:at]):
            raise refused(f"{where}.meter_id", term.meter_id, "counts already at that time")
    return [
        NewTerm(
            meter_id=term.meter_id,
            term_factor=term.term_factor,
            valid_from=term.valid_from,
            valid_to=term.valid_to,
        )
        for term in terms
    ]


def _start(term: TermBody) -> datetime:
    return term.valid_from or _EVER


def _end(term: TermBody) -> datetime:
    return term.valid_to or _NEVER


def _together(one: TermBody, other: TermBody) -> bool:
    same = one.meter_id == other.meter_id
    return same and _start(one) < _end(other) and _start(other) < _end(one)
