"""The database roles of viewers: made with users and tokens, and made anew where they are missing.

What a role sees stands in core.viewer_role; here it only comes to be, so that SET ROLE can take it.
Roles belong to the server and not to a database: a restored or copied database has none of its own.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

GROUP = "loadstone_viewer"

_MISSING = """
SELECT v.role_name FROM core.viewer_role v
WHERE NOT EXISTS (
    SELECT FROM pg_roles r JOIN pg_auth_members m ON m.member = r.oid
    JOIN pg_roles g ON g.oid = m.roleid
    WHERE r.rolname = v.role_name AND g.rolname = 'loadstone_viewer')
ORDER BY 1
"""


def missing_roles(connection: psycopg.Connection) -> list[str]:
    """Roles of users and tokens that the server does not have, or that may read nothing."""
    return [str(row[0]) for row in connection.execute(_MISSING)]


def ensure_roles(connection: psycopg.Connection) -> list[str]:
    """Make what is missing; returns the names."""
    missing = missing_roles(connection)
    for name in missing:
        make_role(connection, name)
    return missing


_EXISTS = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)"
_IS_SUPERUSER = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"


def make_role(connection: psycopg.Connection, name: str) -> None:
    """Make a role that cannot log in, has the viewers' rights, and cannot become another."""
    role, group = sql.Identifier(name), sql.Identifier(GROUP)
    exists = connection.execute(_EXISTS, [name]).fetchone()
    if not (exists and exists[0]):
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
    connection.execute(sql.SQL("GRANT {} TO {} WITH INHERIT TRUE, SET FALSE").format(group, role))
    superuser = connection.execute(_IS_SUPERUSER).fetchone()
    if not (superuser and superuser[0]):
        # Who makes a role administers it, but becomes it only by a grant of its own.
        connection.execute(
            sql.SQL("GRANT {} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE").format(role)
        )


def drop_role(connection: psycopg.Connection, name: str) -> None:
    """Take a role away from the server; it owns nothing, so nothing holds it."""
    connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))


def become(connection: psycopg.Connection, name: str) -> None:
    """Let the rest of this transaction be that role's, with its rights and its rows."""
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(name)))
