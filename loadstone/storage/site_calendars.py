"""Whose public holidays a site keeps."""

from __future__ import annotations

import psycopg

Connection = psycopg.Connection

_GET = "SELECT country, subdivision FROM visible.site WHERE site_id = %s"


def site_calendar(connection: Connection, site_id: int) -> tuple[str | None, str | None] | None:
    """Country and subdivision as they were set; None where the viewer sees no such site."""
    row = connection.execute(_GET, [site_id]).fetchone()
    return None if row is None else (row[0], row[1])


_SET = "UPDATE core.site SET country = %s, subdivision = %s WHERE site_id = %s"


def set_site_calendar(
    connection: Connection, site_id: int, country: str | None, subdivision: str | None
) -> None:
    """Set them, as ISO 3166 writes them (CN; DE and BY); None: the country of the site's zone.

    Raises psycopg.errors.CheckViolation for what is no such code.
    """
    connection.execute(_SET, [country, subdivision, site_id])
