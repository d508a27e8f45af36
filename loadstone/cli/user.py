"""`loadstone user`: who may look, at what, and how they sign in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from getpass import getuser
from typing import get_args

import click
from psycopg import Connection

from loadstone.cli.environment import database_url, load_settings
from loadstone.clock import utc_now
from loadstone.domain.password_rule import password_fault
from loadstone.domain.permissions import ROLES, Role
from loadstone.domain.scope import EVERYTHING, Scope, of_customers, of_sites
from loadstone.storage.audit import Actor, act_as
from loadstone.storage.codes import customer_id_of, site_id_of
from loadstone.storage.credentials import list_tokens, revoke_token
from loadstone.storage.identity import Access, Language, create_token, put_user
from loadstone.storage.pool import connect
from loadstone.storage.scopes import create_role, scope_of, set_scope
from loadstone.storage.second_step import drop_totp
from loadstone.storage.users import (
    UserRow,
    change_role,
    enable_user,
    find_user,
    list_users,
    set_password,
)

_MOST = 100_000
_CUSTOMER = click.option("--customer", "customers", multiple=True, help="Code of a customer.")
_SITE = click.option("--site", "sites", multiple=True, help="Code of a site.")


@click.group()
def user() -> None:
    """Manage users."""


@contextmanager
def _store() -> Iterator[Connection]:
    """A transaction whose changes the audit log puts down to the account at this machine."""
    with connect(database_url(load_settings())) as connection:
        act_as(connection, Actor(who=f"command line: {_account()}", at=utc_now()))
        yield connection


def _account() -> str:
    try:
        return getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "?"


def _found(connection: Connection, name: str) -> UserRow:
    row = find_user(connection, name, utc_now())
    if row is None or row.name != name:
        raise click.ClickException(f"no user is called {name!r}")
    return row


def _scope(connection: Connection, customers: tuple[str, ...], sites: tuple[str, ...]) -> Scope:
    if customers and sites:
        raise click.UsageError("give customers or sites, not both")
    ids = []
    for code in (*customers, *sites):
        found = (customer_id_of if customers else site_id_of)(connection, code)
        if found is None:
            what = "customer" if customers else "site"
            raise click.ClickException(f"no {what} has the code {code!r}")
        ids.append(found)
    if not ids:
        return EVERYTHING
    return of_customers(*ids) if customers else of_sites(*ids)


def _checked(password: str, name: str) -> str:
    fault = password_fault(password, name)
    if fault:
        raise click.ClickException(f"the password {fault}")
    return password


@user.command()
@click.argument("name")
@click.option("--display-name", help="The name that others see; NAME where not given.")
@click.option("--role", type=click.Choice(ROLES), required=True)
@_CUSTOMER
@_SITE
@click.option("--email", help="By which a single sign-on provider's user is recognised.")
@click.option("--language", type=click.Choice(get_args(Language)), default="en", show_default=True)
@click.password_option()
def add(
    name: str,
    display_name: str | None,
    role: Role,
    customers: tuple[str, ...],
    sites: tuple[str, ...],
    email: str | None,
    language: Language,
    password: str,
) -> None:
    """Add a user, or change the one called NAME; without customers and sites everything is seen."""
    if role == "facility_manager" and not customers and not sites:
        raise click.UsageError("a facility_manager sees some customers or sites: give --customer")
    with _store() as connection:
        put_user(
            connection,
            name=name,
            display_name=display_name or name,
            role=role,
            password=_checked(password, name),
            language=language,
            scope=_scope(connection, customers, sites),
            email=email,
        )
    click.echo(f"{name} can log in.")


@user.command("list")
def list_() -> None:
    """List the users: role, scope, second step, tokens, last login."""
    with _store() as connection:
        rows = list_users(connection, utc_now(), most=_MOST)
    for row in rows:
        seen = "everything" if row.sees == "all" else ", ".join(row.seen_codes) or "nothing"
        second = "TOTP" if row.has_totp else "no second step"
        last = f"{row.last_login_at:%Y-%m-%d %H:%M} UTC" if row.last_login_at else "never"
        off = " (disabled)" if row.disabled_at else ""
        click.echo(
            f"{row.name}{off}: {row.role}, sees {seen}; {second}, {row.tokens} tokens; "
            f"last login: {last}"
        )


@user.command()
@click.argument("name")
@click.option("--undo", is_flag=True, help="Let the user in again.")
def disable(name: str, undo: bool) -> None:
    """End all sessions and tokens of the user called NAME at once, and let in no more."""
    with _store() as connection:
        enable_user(connection, _found(connection, name), utc_now(), enabled=undo)
    click.echo(f"{name} is {'enabled' if undo else 'disabled'}.")


@user.command()
@click.argument("name")
@click.option("--forget-totp", is_flag=True, help="Forget the lost authenticator app as well.")
@click.password_option()
def password(name: str, forget_totp: bool, password: str) -> None:
    """Give the user called NAME a new password; ends all sessions."""
    with _store() as connection:
        row = _found(connection, name)
        set_password(connection, row.user_id, _checked(password, name), utc_now())
        if forget_totp:
            drop_totp(connection, row.user_id)
    click.echo(f"{name} has a new password.")


@user.command()
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
def role(name: str, role: Role) -> None:
    """Give the user called NAME another role."""
    with _store() as connection:
        row = _found(connection, name)
        if role == "facility_manager" and row.sees == "all":
            raise click.ClickException("a facility_manager must not see everything: set a scope")
        change_role(connection, row.user_id, role)
    click.echo(f"{name} is {role}.")


@user.command()
@click.argument("name")
@_CUSTOMER
@_SITE
def scope(name: str, customers: tuple[str, ...], sites: tuple[str, ...]) -> None:
    """Set what the user called NAME sees; without customers and sites it is everything."""
    with _store() as connection:
        row = _found(connection, name)
        wanted = _scope(connection, customers, sites)
        if row.role == "facility_manager" and wanted.sees == "all":
            raise click.ClickException("a facility_manager must not see everything")
        set_scope(connection, row.database_role, wanted)
        seen = _found(connection, name)
    codes = ", ".join(seen.seen_codes)
    click.echo(f"{name} sees {codes or 'everything'}.")


@user.command()
@click.argument("name")
@click.option("--label", default="cli", show_default=True, help="What the token is for.")
@click.option("--access", type=click.Choice(get_args(Access)), default="write", show_default=True)
@click.option("--days", type=click.IntRange(1, 3650), help="For how long; for ever if not given.")
@_CUSTOMER
@_SITE
@click.option("--revoke", type=int, help="End the token of this id instead of making one.")
@click.option("--list", "show", is_flag=True, help="List the user's tokens instead of making one.")
def token(
    name: str,
    label: str,
    access: Access,
    days: int | None,
    customers: tuple[str, ...],
    sites: tuple[str, ...],
    revoke: int | None,
    show: bool,
) -> None:
    """Make an API token for the user called NAME and print it; it cannot be had again."""
    with _store() as connection:
        row = _found(connection, name)
        mine = {t.token_id: t for t in list_tokens(connection, row.user_id, most=_MOST)}
        if show:
            for found in mine.values():
                state = "revoked" if found.revoked_at else f"until {found.expires_at or 'revoked'}"
                click.echo(f"{found.token_id}: {found.name}, {found.access}, {state}")
            return
        if revoke is not None:
            if revoke not in mine:
                raise click.ClickException(f"{name} has no token {revoke}")
            revoke_token(connection, revoke, utc_now())
            click.echo(f"Token {revoke} is revoked.")
            return
        narrowed = _scope(connection, customers, sites)
        database_role = None
        if narrowed != scope_of(connection, row.database_role) and narrowed.sees != "all":
            database_role = create_role(connection, narrowed, within=row.database_role)
        until = utc_now() + timedelta(days=days) if days else None
        made = create_token(
            connection, row.user_id, label, until, access=access, database_role=database_role
        )
    click.echo(made)
