"""Who did what: told to a transaction, written with the change itself, and read again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

_LONGEST_AGENT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, from where; `at` is the application's clock.

    What a transaction of theirs finds in `visible` is what `database_role` sees; None sees all.
    """

    who: str
    at: datetime
    user_id: int | None = None
    address: str | None = None
    user_agent: str | None = None
    database_role: str | None = None


_ACT_AS = """
SELECT set_config('loadstone.actor', %s::jsonb::text, true),
    set_config('loadstone.viewer', %s, true)
"""


def act_as(connection: psycopg.Connection, actor: Actor) -> None:
    """Tell this transaction who acts: every row that it changes is noted under that name."""
    agent = (actor.user_agent or "").replace("\x00", "")[:_LONGEST_AGENT] or None
    values = {**asdict(actor), "at": actor.at.isoformat(), "user_agent": agent}
    values["who"] = actor.who.replace("\x00", "")[:_LONGEST_AGENT]
    role = values.pop("database_role") or ""
    connection.execute(_ACT_AS, [Jsonb(values), role])


_NOTE = "SELECT core.write_audit(%s, %s, %s, %s, %s)"


def note(
    connection: psycopg.Connection,
    action: str,
    *,
    kind: str,
    subject: str | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write down what no row's change tells, such as a login; in the transaction's own name."""
    connection.execute(
        _NOTE, [action, kind, subject, Jsonb(before) if before else None,
                Jsonb(after) if after else None],
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One entry; `before` and `after` hold the columns that changed, secrets hidden."""

    audit_id: int
    at: datetime
    user_id: int | None
    who: str
    address: str | None
    user_agent: str | None
    action: str
    kind: str
    subject: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries; None does not narrow. `action` also fits as the beginning, up to a dot."""

    user: str | None = None
    action: str | None = None
    kind: str | None = None
    subject: str | None = None
    address: str | None = None
    start: datetime | None = None
    end: datetime | None = None


_AUDIT = """
SELECT a.audit_id, a.at, a.user_id, a.who, a.address, a.user_agent, a.action, a.kind,
    coalesce(u.name, a.subject) AS subject, a.before, a.after
FROM core.audit a
LEFT JOIN core.app_user u ON (a.kind LIKE 'scope%%' AND u.database_role = a.subject)
    OR (a.kind IN ('second_step', 'sso_identity') AND u.user_id::text = a.subject)
WHERE (%(user)s::text IS NULL OR lower(who) = lower(%(user)s))
AND (%(action)s::text IS NULL OR action = %(action)s OR starts_with(action, %(action)s || '.'))
AND (%(kind)s::text IS NULL OR kind = %(kind)s)
AND (%(subject)s::text IS NULL OR %(subject)s IN (subject, u.name))
AND (%(address)s::text IS NULL OR address = %(address)s)
AND (%(start)s::timestamptz IS NULL OR at >= %(start)s)
AND (%(end)s::timestamptz IS NULL OR at < %(end)s)
AND (%(before)s::bigint IS NULL OR audit_id < %(before)s)
ORDER BY audit_id DESC LIMIT %(most)s
"""


def list_audit(
    connection: psycopg.Connection, wanted: AuditFilter, *, before: int | None, most: int
) -> list[AuditRow]:
    """Entries from the newest back, beginning before the id `before`."""
    values = {**asdict(wanted), "before": before, "most": most}
    return connection.cursor(row_factory=class_row(AuditRow)).execute(_AUDIT, values).fetchall()


_FORGET = "SELECT core.forget_audit(%s, %s)"


def forget_audit(connection: psycopg.Connection, before: datetime, most: int) -> int:
    """Let go of up to `most` entries from before this; never of those of the last 180 days."""
    row = connection.execute(_FORGET, [before, most]).fetchone()
    return int(row[0]) if row else 0
