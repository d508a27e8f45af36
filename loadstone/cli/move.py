"""`loadstone move`: a whole database from one server to another."""

from __future__ import annotations

import click
import psycopg

from loadstone.cli.environment import database_url, load_settings
from loadstone.storage.migrate import MigrationError
from loadstone.storage.move import MoveError
from loadstone.storage.move import move as move_database


@click.command()
@click.option("--from", "source_url", required=True, help="Address of the database to copy.")
def move(source_url: str) -> None:
    """Copy a database into the empty one of LOADSTONE_DATABASE_URL, and compare both."""
    target_url = database_url(load_settings())
    try:
        moved = move_database(source_url, target_url, click.echo)
    except (MoveError, MigrationError) as error:
        raise click.ClickException(str(error)) from error
    except psycopg.OperationalError as error:
        raise click.ClickException(f"a database does not answer: {str(error).strip()}") from error
    click.echo(
        f"Moved {moved.readings:,} readings and {moved.rows:,} other rows; "
        f"counts and the energy of {moved.meters:,} meters are the same at both ends."
    )
