"""Numbered, forward-only migrations, applied once each under one lock."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib import resources

import psycopg
from psycopg import errors, sql
from psycopg.rows import class_row

from loadstone.storage.backend import Backend, probe_backend
from loadstone.storage.continuous_aggregates import CREATE_FIXED_LEVELS

_LOCK_KEY = 7_101_862_931
_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")


class MigrationError(Exception):
    """The database cannot be brought to this version; nothing of the failed step was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step: its SQL as written, before the lines of other backends are left out."""

    version: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the step, so that an applied one that was edited later is noticed."""
        return hashlib.sha256(_with_generated(self.text).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedMigration:
    """A step that this database has had."""

    version: int
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationReport:
    """What a migration run found and did."""

    backend: Backend
    applied: tuple[str, ...]


def all_migrations() -> list[Migration]:
    """Every step of this build, in order."""
    folder = resources.files("loadstone.storage") / "migrations"
    steps = []
    for entry in folder.iterdir():
        match = _NAME.fullmatch(entry.name)
        if match:
            text = entry.read_text(encoding="utf-8")
            steps.append(Migration(version=int(match[1]), name=match[2], text=text))
    return sorted(steps, key=lambda step: step.version)


def for_backend(text: str, backend: Backend) -> str:
    """Switch on the lines marked for this backend, and write out what is generated.

    Marks are `--@plain`, `--@timescale` (both editions), `--@apache`, `--@tsl` and `--@own` (where
    we keep the summaries ourselves); a line `:name` stands for generated SQL.
    """
    for mark in backend.marks:
        text = re.sub(rf"^--@{mark} ?", "", text, flags=re.MULTILINE)
    return _with_generated(text)


# What is written once, in Python, and needed by a step.
_GENERATED = {"continuous_aggregates": CREATE_FIXED_LEVELS}
_GENERATED_LINE = re.compile(r"^((?:--@\w+ )?):(\w+)$", re.MULTILINE)


def _with_generated(text: str) -> str:
    return _GENERATED_LINE.sub(
        lambda line: re.sub("^", line[1], _GENERATED[line[2]].strip(), flags=re.MULTILINE), text
    )


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
    done: set[int] = set()
    if row and row[0]:
        cursor = connection.cursor(row_factory=class_row(AppliedMigration))
        done = {step.version for step in cursor.execute(_APPLIED)}
    return backend, [step.name for step in all_migrations() if step.version not in done]


def _migrate(connection: psycopg.Connection, lock_timeout_s: int) -> MigrationReport:
    backend = probe_backend(connection)
    connection.execute(_BOOTSTRAP)
    cursor = connection.cursor(row_factory=class_row(AppliedMigration))
    done = {row.version: row.checksum for row in cursor.execute(_APPLIED)}
    steps = all_migrations()
    _refuse_strangers(steps, done)
    fresh = [step for step in steps if step.version not in done]
    for step in fresh:
        _apply(connection, step, backend, lock_timeout_s)
    return MigrationReport(backend=backend, applied=tuple(step.name for step in fresh))


def _refuse_strangers(steps: list[Migration], done: dict[int, str]) -> None:
    known = {step.version: step for step in steps}
    for version, checksum in done.items():
        if version not in known:
            raise MigrationError(
                f"the database has step {version}, which this build does not know: "
                "it was migrated by a newer Loadstone; upgrade this one"
            )
        if known[version].checksum != checksum:
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
            connection.execute(for_backend(step.text, backend).encode())
            connection.execute(_RECORD, [step.version, step.name, step.checksum, backend.name])
    except errors.LockNotAvailable as error:
        raise MigrationError(
            f"step {step.version} ({step.name}) did not get its lock within {lock_timeout_s} s; "
            "nothing was changed: try again, or stop long-running queries first"
        ) from error
    except psycopg.Error as error:
        raise MigrationError(f"step {step.version} ({step.name}) failed: {error}") from error
