"""`loadstone migrate`: bring the database to this build's version."""

from __future__ import annotations

import click

from loadstone.cli.environment import database_url, load_settings
from loadstone.storage.migrate import MigrationError
from loadstone.storage.migrate import migrate as apply_migrations


@click.command()
def migrate() -> None:
    """Create or upgrade the database; safe to run twice and beside a running collector."""
    url = database_url(load_settings())
    try:
        report = apply_migrations(url)
    except MigrationError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Found {report.backend.sentence}.")
    if report.applied:
        click.echo(f"Applied {len(report.applied)}: {', '.join(report.applied)}.")
    else:
        click.echo("Nothing to apply: the database is up to date.")
    if report.chunk_span:
        hours = report.chunk_span.total_seconds() / 3600
        click.echo(f"New chunks of readings span {hours:g} hours, which fits the meters.")
