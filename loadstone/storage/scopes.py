"""Whose data a database role sees; the views that viewers read go by these rows."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

from loadstone.domain.scope import Scope, Sees
from loadstone.storage.viewer_roles import make_role

_CREATE = """
INSERT INTO core.viewer_role (sees, within) VALUES (%s, %s) RETURNING role_name
"""


def create_role(connection: psycopg.Connection, scope: Scope, *, within: str | None = None) -> str:
    """Make a role of this scope, cut to that of the role `within`; returns its opaque name."""
    row = connection.execute(_CREATE, [scope.sees, within]).fetchone()
    assert row is not None  # noqa: S101 - RETURNING always gives the row
    name = str(row[0])
    _put_members(connection, name, scope)
    make_role(connection, name)
    return name


_SET_SEES = "UPDATE core.viewer_role SET sees = %s WHERE role_name = %s"
_DROP_CUSTOMERS = (
    "DELETE FROM core.viewer_customer WHERE role_name = %s AND customer_id <> ALL (%s)"
)
_DROP_SITES = "DELETE FROM core.viewer_site WHERE role_name = %s AND site_id <> ALL (%s)"
_ADD_CUSTOMERS = """
INSERT INTO core.viewer_customer (role_name, customer_id) SELECT %s, unnest(%s::int[])
ON CONFLICT DO NOTHING
"""
_ADD_SITES = """
INSERT INTO core.viewer_site (role_name, site_id) SELECT %s, unnest(%s::int[])
ON CONFLICT DO NOTHING
"""


def set_scope(connection: psycopg.Connection, role_name: str, scope: Scope) -> None:
    """Change whose data a role sees, from the next query on."""
    connection.execute(_SET_SEES, [scope.sees, role_name])
    connection.execute(_DROP_CUSTOMERS, [role_name, list(scope.customer_ids)])
    connection.execute(_DROP_SITES, [role_name, list(scope.site_ids)])
    _put_members(connection, role_name, scope)


def _put_members(connection: psycopg.Connection, role_name: str, scope: Scope) -> None:
    connection.execute(_ADD_CUSTOMERS, [role_name, list(scope.customer_ids)])
    connection.execute(_ADD_SITES, [role_name, list(scope.site_ids)])


_ENABLE = "UPDATE core.viewer_role SET enabled = %s WHERE role_name = %s"


def enable_role(connection: psycopg.Connection, role_name: str, *, enabled: bool) -> None:
    """Let a role see its rows, or nothing at all."""
    connection.execute(_ENABLE, [enabled, role_name])


@dataclass(frozen=True, slots=True, kw_only=True)
class _ScopeRow:
    sees: Sees
    customer_ids: list[int]
    site_ids: list[int]


_SCOPE = """
SELECT r.sees,
    ARRAY(SELECT customer_id FROM core.viewer_customer c WHERE c.role_name = r.role_name ORDER BY 1)
        AS customer_ids,
    ARRAY(SELECT site_id FROM core.viewer_site s WHERE s.role_name = r.role_name ORDER BY 1)
        AS site_ids
FROM core.viewer_role r WHERE r.role_name = %s
"""


def scope_of(connection: psycopg.Connection, role_name: str) -> Scope | None:
    """The scope of a role; None where there is no such role, or nothing is left of its scope."""
    cursor = connection.cursor(row_factory=class_row(_ScopeRow))
    row = cursor.execute(_SCOPE, [role_name]).fetchone()
    if row is None or (row.sees != "all" and not row.customer_ids and not row.site_ids):
        return None
    return Scope(sees=row.sees, customer_ids=tuple(row.customer_ids), site_ids=tuple(row.site_ids))


_STRANGERS = """
SELECT id FROM unnest(%s::int[]) id WHERE NOT EXISTS (
    SELECT FROM core.customer WHERE %s AND customer_id = id
    UNION ALL SELECT FROM core.site WHERE NOT %s AND site_id = id)
"""


def unknown_ids(connection: psycopg.Connection, scope: Scope) -> list[int]:
    """The ids of a scope that no customer or site has."""
    of_customers = scope.sees == "customers"
    ids = [*scope.customer_ids, *scope.site_ids]
    rows = connection.execute(_STRANGERS, [ids, of_customers, of_customers]).fetchall()
    return [int(row[0]) for row in rows]
