"""Whose dashboards there are to be: customers, the zone of most of their sites, whom to tell."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantRow:
    """A customer in service that has sites, with the addresses of those who run its premises."""

    customer_id: int
    code: str
    zone: str
    emails: list[str]


_TENANTS = """
SELECT c.customer_id, c.code, mode() WITHIN GROUP (ORDER BY s.zone) AS zone,
    ARRAY(SELECT DISTINCT u.email FROM core.app_user u JOIN core.viewer_customer v
        ON v.role_name = u.database_role WHERE v.customer_id = c.customer_id
        AND u.role = 'facility_manager' AND u.email IS NOT NULL AND u.disabled_at IS NULL
        ORDER BY 1) AS emails
FROM core.customer c JOIN core.site s USING (customer_id)
WHERE c.retired_at IS NULL AND s.retired_at IS NULL
    AND (%(codes)s::text[] IS NULL OR c.code = ANY (%(codes)s))
GROUP BY c.customer_id, c.code ORDER BY c.code
"""


def tenants(connection: psycopg.Connection, codes: list[str] | None = None) -> list[TenantRow]:
    """Customers that get dashboards, or those of them that have these codes."""
    cursor = connection.cursor(row_factory=class_row(TenantRow))
    return cursor.execute(_TENANTS, {"codes": codes}).fetchall()
