"""`loadstone user`: who may look."""

from __future__ import annotations

from typing import get_args

import click

from loadstone.cli.environment import database_url, load_settings
from loadstone.storage.codes import customer_id_of
from loadstone.storage.identity import Language, Role, create_token, put_user, user_by_name
from loadstone.storage.pool import connect


@click.group()
def user() -> None:
    """Manage users."""


@user.command()
@click.argument("name")
@click.option("--display-name", help="The name that others see; NAME where not given.")
@click.option("--role", type=click.Choice(get_args(Role)), required=True)
@click.option("--customer", help="Code of the one customer this user may see.")
@click.option("--language", type=click.Choice(get_args(Language)), default="en", show_default=True)
@click.password_option()
def add(
    name: str,
    display_name: str | None,
    role: Role,
    customer: str | None,
    language: Language,
    password: str,
) -> None:
    """Add a user, or change the one called NAME."""
    if role == "facility_manager" and customer is None:
        raise click.UsageError("a facility_manager belongs to a customer: give --customer CODE")
    with connect(database_url(load_settings())) as connection:
        customer_id = None if customer is None else customer_id_of(connection, customer)
        if customer is not None and customer_id is None:
            raise click.ClickException(f"no customer has the code {customer!r}")
        put_user(
            connection,
            name=name,
            display_name=display_name or name,
            role=role,
            password=password,
            language=language,
            customer_id=customer_id,
        )
    click.echo(f"{name} can log in.")


@user.command()
@click.argument("name")
@click.option("--label", default="cli", show_default=True, help="What the token is for.")
def token(name: str, label: str) -> None:
    """Make an API token for the user called NAME and print it; it cannot be had again."""
    with connect(database_url(load_settings())) as connection:
        found = user_by_name(connection, name)
        if found is None:
            raise click.ClickException(f"no user is called {name!r}")
        click.echo(create_token(connection, found.user_id, label, None))
