"""The gateways' passwords on the broker: only hashes are kept, as mosquitto reads them."""

from __future__ import annotations

from datetime import datetime

import psycopg

_SET = """
UPDATE core.gateway SET password_hash = %s WHERE gateway_id = %s AND retired_at IS NULL
"""


def set_password_hash(
    connection: psycopg.Connection, gateway_id: int, password_hash: str | None
) -> bool:
    """Keep a gateway's new hash, or None to let it in no more; whether there is such a gateway."""
    return connection.execute(_SET, [password_hash, gateway_id]).rowcount == 1


_HASHES = """
SELECT code, password_hash FROM core.gateway
WHERE retired_at IS NULL AND password_hash IS NOT NULL ORDER BY code
"""


def password_hashes(connection: psycopg.Connection) -> dict[str, str]:
    """The hash by gateway code, of gateways in service that have one."""
    return {str(row[0]): str(row[1]) for row in connection.execute(_HASHES)}


_NOTED = """
SELECT at, who FROM core.audit WHERE kind = 'gateway' AND subject = %s
    AND after ? 'password_hash' ORDER BY audit_id DESC LIMIT 1
"""


def credentials_changed(connection: psycopg.Connection, code: str) -> tuple[datetime, str] | None:
    """When and by whom a gateway's password was changed last; None where it never was."""
    row = connection.execute(_NOTED, [code]).fetchone()
    return None if row is None else (row[0], str(row[1]))
