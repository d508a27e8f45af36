"""`loadstone doctor`: what is there, what is missing, and what to do about it."""

from __future__ import annotations

import click
import psycopg

from loadstone.cli.doctor_store import sentence, store_lines
from loadstone.cli.environment import database_url, load_settings
from loadstone.clock import utc_now
from loadstone.storage.findings import reading_findings, store_findings
from loadstone.storage.migrate import pending_migrations
from loadstone.storage.newest import newest_reading_at
from loadstone.storage.pool import connect


@click.command()
def doctor() -> None:
    """Check the database, its version, readings, summaries and sizes; exits 1 on a finding."""
    settings = load_settings()
    findings = _examine(database_url(settings))
    for finding in findings:
        click.echo(f"✗ {finding}")
    if findings:
        raise SystemExit(1)
    click.echo("Nothing to do.")


def _examine(url: str) -> list[str]:
    now = utc_now()
    try:
        with connect(url) as connection:
            backend, pending = pending_migrations(connection)
            click.echo(f"✓ database answers: {backend.sentence}")
            if pending:
                return [f"{len(pending)} migrations are not applied: run `loadstone migrate`"]
            click.echo("✓ schema is up to date")
            newest = newest_reading_at(connection)
            for line in store_lines(connection, backend):
                click.echo(f"  {line}")
            newest_at = max(newest.values(), default=None)
            late = reading_findings(newest_at, now)
            if newest_at and not late:
                age_s = (now - newest_at).total_seconds()
                click.echo(f"✓ newest reading is {age_s:.0f} s old, of {len(newest)} meters")
            found = [*late, *store_findings(connection, backend, now)]
            return [sentence(finding) for finding in found]
    except psycopg.OperationalError as error:
        return [
            f"the database does not answer ({str(error).strip()}): check LOADSTONE_DATABASE_URL"
        ]
