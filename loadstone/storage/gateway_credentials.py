"""The gateways' passwords on the broker: only hashes are kept, as mosquitto reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

_HASHES = """
SELECT code, password_hash FROM core.gateway
WHERE retired_at IS NULL AND password_hash IS NOT NULL ORDER BY code
"""


def password_hashes(connection: psycopg.Connection) -> dict[str, str]:
    """The hash by gateway code, of gateways in service that have one."""
    return {str(row[0]): str(row[1]) for row in connection.execute(_HASHES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialState:
    """Whether a gateway has a password, and who changed that last, when."""

    has_password: bool
    changed_at: datetime | None
    changed_by: str | None


_STATE = """
SELECT g.password_hash IS NOT NULL AS has_password, a.at AS changed_at, a.who AS changed_by
FROM core.gateway g LEFT JOIN LATERAL (
    SELECT at, who FROM core.audit WHERE kind = 'gateway' AND subject = g.code
        AND after ? 'password_hash'
        AND (action <> 'gateway.add' OR after -> 'password_hash' <> 'null')
    ORDER BY audit_id DESC LIMIT 1) a ON true
WHERE g.gateway_id = %s
"""


def credential_state(connection: psycopg.Connection, gateway_id: int) -> CredentialState:
    """The state, for those who look after gateways; the caller has found it in their scope."""
    cursor = connection.cursor(row_factory=class_row(CredentialState))
    row = cursor.execute(_STATE, [gateway_id]).fetchone()
    return row or CredentialState(has_password=False, changed_at=None, changed_by=None)
