"""Which zone's calendar cuts the intervals of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.errors import refused
from loadstone.storage.series import UnknownZoneError


def one_zone(asked: str | None, common: str | None) -> str:
    """The zone that was asked for, else that of all sites; refused where they have several."""
    zone = asked or common
    if zone is None:
        raise refused("tz", None, "is required: the sites lie in several zones")
    return zone


@contextmanager
def zone_errors(zone: str) -> Iterator[None]:
    """Say it as a refused parameter when the database does not know the zone."""
    try:
        yield
    except UnknownZoneError as error:
        raise refused("tz", zone, "must be a time zone that the database knows") from error
