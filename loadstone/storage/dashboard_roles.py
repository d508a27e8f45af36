"""Roles that dashboards log in as: one a customer, made, given a new password and taken away.

Such a role is a viewer's (loadstone.storage.scopes) that may log in. Whoever writes SQL as it can
undo every setting of it; what holds are its rights, the number of its connections, and the job that
ends its long statements (loadstone.storage.statement_limit).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from loadstone.domain.scope import EVERYTHING, of_customers
from loadstone.storage.scopes import create_role
from loadstone.storage.viewer_roles import drop_role

CONNECTIONS = 5
_PASSWORD_BYTES = 24
# Good manners for boards that mean no harm: a mistake ends itself, nothing is written.
_SETTINGS = {
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    "default_transaction_read_only": "on",
    "timezone": "UTC",
    "search_path": "read, visible, public",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardLogin:
    """What a data source logs in with; the password cannot be had again."""

    role_name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardRole:
    """A role and whose it is; `customer_id` None is the staff's."""

    role_name: str
    customer_id: int | None
    customer_code: str | None
    customer_retired_at: datetime | None
    created_at: datetime
    rotated_at: datetime
    may_log_in: bool


_LIST = """
SELECT d.role_name, d.customer_id, c.code AS customer_code, c.retired_at AS customer_retired_at,
    d.created_at, d.rotated_at, coalesce(r.rolcanlogin, false) AS may_log_in
FROM core.dashboard_role d LEFT JOIN core.customer c USING (customer_id)
LEFT JOIN pg_roles r ON r.rolname = d.role_name ORDER BY c.code NULLS FIRST
"""


def list_roles(connection: psycopg.Connection) -> list[DashboardRole]:
    """Every role that dashboards log in as, the staff's first."""
    return connection.cursor(row_factory=class_row(DashboardRole)).execute(_LIST).fetchall()


def role_of(connection: psycopg.Connection, customer_id: int | None) -> DashboardRole | None:
    """The role of a customer, or the staff's; None where there is none yet."""
    found = [role for role in list_roles(connection) if role.customer_id == customer_id]
    return found[0] if found else None


_PUT = """
INSERT INTO core.dashboard_role (role_name, customer_id, created_at, rotated_at)
VALUES (%s, %s, %s, %s)
ON CONFLICT (role_name) DO UPDATE SET rotated_at = excluded.rotated_at
"""


def give_role(
    connection: psycopg.Connection, customer_id: int | None, now: datetime
) -> DashboardLogin:
    """Make the role of a customer, or the staff's, or give the one there is a new password.

    Connections that are open stay; new ones need the new password.
    """
    known = role_of(connection, customer_id)
    scope = EVERYTHING if customer_id is None else of_customers(customer_id)
    name = known.role_name if known else create_role(connection, scope)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    role = sql.Identifier(name)
    connection.execute(
        sql.SQL("ALTER ROLE {} LOGIN CONNECTION LIMIT {} PASSWORD {}").format(
            role, sql.Literal(CONNECTIONS), sql.Literal(password)
        )
    )
    for setting, value in _SETTINGS.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                role, sql.Identifier(setting),
                # A list of schemas is one only where each is an identifier of its own.
                sql.SQL(value) if setting == "search_path" else sql.Literal(value),
            )
        )  # fmt: skip
    connection.execute(_PUT, [name, customer_id, now, now])
    return DashboardLogin(role_name=name, password=password)


_FORGET = "DELETE FROM core.viewer_role WHERE role_name = %s"


def take_role(connection: psycopg.Connection, role_name: str) -> None:
    """Take a dashboard's role away; whoever is logged in as it sees nothing from now on.

    The transaction must end well before the server forgets the role.
    """
    connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(role_name)))
    connection.execute(_FORGET, [role_name])
    drop_role(connection, role_name)


def take_roles_of_retired(connection: psycopg.Connection) -> list[str]:
    """Take the roles of customers that were retired; returns their names."""
    gone = [role.role_name for role in list_roles(connection) if role.customer_retired_at]
    for name in gone:
        take_role(connection, name)
    return gone
