"""Ends what dashboards' roles do for too long: they can undo every limit that they are given."""

from __future__ import annotations

import psycopg

from loadstone.storage.dashboard_roles import list_roles
from loadstone.storage.viewer_roles import become

# Who owns nothing but its own statements may end them; so the role itself is asked to.
_END = """
SELECT a.pid, CASE WHEN a.state = 'active' THEN pg_cancel_backend(a.pid)
    ELSE pg_terminate_backend(a.pid) END
FROM pg_stat_activity a
WHERE a.usename = current_user AND a.pid <> pg_backend_pid()
    AND CASE a.state WHEN 'active' THEN a.query_start
        WHEN 'idle in transaction' THEN a.state_change
        WHEN 'idle in transaction (aborted)' THEN a.state_change END
        < clock_timestamp() - make_interval(secs => %s)
"""


def end_long_statements(connection: psycopg.Connection, most_s: float) -> int:
    """End statements and open transactions of dashboards that last for longer; returns how many."""
    ended = 0
    roles = [role.role_name for role in list_roles(connection) if role.may_log_in]
    connection.rollback()
    for name in roles:
        with connection.transaction():
            become(connection, name)
            ended += len(connection.execute(_END, [most_s]).fetchall())
    return ended
