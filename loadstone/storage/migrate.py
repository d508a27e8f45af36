"""Numbered, forward-only migrations, applied once each under one lock; then the read relations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import psycopg
from psycopg import errors, sql
from psycopg.rows import class_row

from loadstone.storage.backend import Backend, probe_backend
from loadstone.storage.chunk_interval import fit_chunks
from loadstone.storage.marks import for_backend
from loadstone.storage.steps import (
    PART,
    READ_VERSION,
    Migration,
    all_migrations,
    read_definition,
)
from loadstone.storage.viewer_roles import ensure_roles

_LOCK_KEY = 7_101_862_931


class MigrationError(Exception):
    """The database cannot be brought to this version; nothing of the failed step was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedMigration:
    """A step that this database has had."""

    version: int
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationReport:
    """What a migration run found and did; `chunk_span` is that of new chunks, where it changed."""

    backend: Backend
    applied: tuple[str, ...]
    chunk_span: timedelta | None = None


_BOOTSTRAP = """
CREATE SCHEMA IF NOT EXISTS core;
CREATE SCHEMA IF NOT EXISTS read;
CREATE TABLE IF NOT EXISTS core.migration (
    version int PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    backend text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
"""

_APPLIED = "SELECT version, checksum FROM core.migration ORDER BY version"

_RECORD = """
INSERT INTO core.migration (version, name, checksum, backend) VALUES (%s, %s, %s, %s)
ON CONFLICT (version) DO UPDATE
SET checksum = excluded.checksum, backend = excluded.backend, applied_at = now()
"""


def migrate(url: str, *, lock_timeout_s: int = 10) -> MigrationReport:
    """Bring the database to this build's version; safe to run twice and beside a collector.

    Raises MigrationError when a lock is not had in time, when an applied step was changed, or when
    the database is newer than this build.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK_KEY])
        try:
            return _migrate(connection, lock_timeout_s)
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_KEY])


_HAS_MIGRATIONS = "SELECT to_regclass('core.migration') IS NOT NULL"


def pending_migrations(connection: psycopg.Connection) -> tuple[Backend, list[str]]:
    """The backend, and the names of the steps that this database has not had."""
    backend = probe_backend(connection)
    row = connection.execute(_HAS_MIGRATIONS).fetchone()
    done = _applied(connection) if row and row[0] else {}
    pending = [step.name for step in all_migrations() if step.version not in done]
    if done.get(READ_VERSION) != read_definition().checksum:
        pending.append(read_definition().name)
    return backend, pending


def _applied(connection: psycopg.Connection) -> dict[int, str]:
    cursor = connection.cursor(row_factory=class_row(AppliedMigration))
    return {row.version: row.checksum for row in cursor.execute(_APPLIED)}


def _migrate(connection: psycopg.Connection, lock_timeout_s: int) -> MigrationReport:
    backend = probe_backend(connection)
    connection.execute(_BOOTSTRAP)
    done = _applied(connection)
    steps = all_migrations()
    _refuse_strangers(steps, done)
    fresh = [step for step in steps if step.version not in done]
    for step in fresh:
        _apply(connection, step, backend, lock_timeout_s)
    names = [step.name for step in fresh]
    views = read_definition()
    if fresh or done.get(READ_VERSION) != views.checksum:
        _apply(connection, views, backend, lock_timeout_s)
        names.append(views.name)
    with connection.transaction():
        ensure_roles(connection)
    span = fit_chunks(connection, backend)
    return MigrationReport(backend=backend, applied=tuple(names), chunk_span=span)


# Steps that once were, and what two others were before their views moved to the read relations.
_RETIRED = {4, 12}
_FORMER_CHECKSUMS = {
    10: "c3f79360202212e7dc4324754247f791c1aa28c54866ca4f503de12ef645e242",
    11: "cf2bfef45fb74ad82312c895e9c9c2c3eec44f027cf8e49b76d04415973dc72b",
}


def _refuse_strangers(steps: list[Migration], done: dict[int, str]) -> None:
    known = {step.version: step for step in steps}
    for version, checksum in done.items():
        if version in (READ_VERSION, *_RETIRED):
            continue
        if version not in known:
            raise MigrationError(
                f"the database has step {version}, which this build does not know: "
                "it was migrated by a newer Loadstone; upgrade this one"
            )
        if checksum not in (known[version].checksum, _FORMER_CHECKSUMS.get(version)):
            raise MigrationError(
                f"step {version} ({known[version].name}) was changed after it was applied; "
                "steps are forward only: restore the file and add a new one"
            )


def _apply(
    connection: psycopg.Connection, step: Migration, backend: Backend, lock_timeout_s: int
) -> None:
    try:
        with connection.transaction():
            timeout = sql.Literal(f"{lock_timeout_s}s")
            connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(timeout))
            for part in for_backend(step.text, backend).split(PART):
                connection.execute(part.encode())
            connection.execute(_RECORD, [step.version, step.name, step.checksum, backend.name])
    except errors.LockNotAvailable as error:
        raise MigrationError(
            f"step {step.version} ({step.name}) did not get its lock within {lock_timeout_s} s; "
            "nothing was changed: try again, or stop long-running queries first"
        ) from error
    except psycopg.Error as error:
        raise MigrationError(f"step {step.version} ({step.name}) failed: {error}") from error
