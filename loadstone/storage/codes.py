"""Ids by code, for tools in which people name things."""

from __future__ import annotations

import psycopg

_CUSTOMER = "SELECT customer_id FROM core.customer WHERE code = %s"
_SITE = "SELECT site_id FROM core.site WHERE code = %s"
_GATEWAY = "SELECT gateway_id, site_id FROM core.gateway WHERE code = %s"


def customer_id_of(connection: psycopg.Connection, code: str) -> int | None:
    """The id of a customer, or None."""
    row = connection.execute(_CUSTOMER, [code]).fetchone()
    return None if row is None else int(row[0])


def site_id_of(connection: psycopg.Connection, code: str) -> int | None:
    """The id of a site, or None."""
    row = connection.execute(_SITE, [code]).fetchone()
    return None if row is None else int(row[0])


def gateway_id_of(connection: psycopg.Connection, code: str) -> tuple[int, int] | None:
    """The ids of a gateway and of its site, or None."""
    row = connection.execute(_GATEWAY, [code]).fetchone()
    return None if row is None else (int(row[0]), int(row[1]))
