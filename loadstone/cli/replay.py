"""`loadstone replay`: real interval data as gateway messages."""

import click


@click.command()
def replay() -> None:
    """Being written."""
