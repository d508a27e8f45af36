"""`loadstone dashboards`: boards in Grafana, an organisation and a database role a customer."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
from psycopg import Connection

from dashboards.publish.export import PASSWORD_VARIABLE, export
from dashboards.publish.push import Change, Login, push
from dashboards.publish.wanted import Database, Tenant
from loadstone.cli.environment import database_url, load_settings
from loadstone.clock import utc_now
from loadstone.settings import Settings
from loadstone.storage.audit import Actor, act_as
from loadstone.storage.backend import probe_backend
from loadstone.storage.dashboard_roles import give_role, list_roles, role_of, take_role
from loadstone.storage.dashboard_tenants import TenantRow, tenants
from loadstone.storage.pool import connect

if TYPE_CHECKING:
    from dashboards.publish.grafana import Grafana

_CUSTOMER = click.option("--customer", "codes", multiple=True, help="Code of a customer.")
_STAFF = click.option("--staff", is_flag=True, help="The staff's, who see everything.")


@click.group()
def dashboards() -> None:
    """Boards in Grafana."""


@contextmanager
def _store(settings: Settings) -> Iterator[Connection]:
    with connect(database_url(settings)) as connection:
        act_as(connection, _actor())
        yield connection


def _wanted(connection: Connection, codes: tuple[str, ...]) -> list[TenantRow]:
    found = tenants(connection, list(codes) or None)
    unknown = sorted(set(codes) - {row.code for row in found})
    if unknown:
        raise click.ClickException(f"no customer in service with sites has the code {unknown[0]!r}")
    return found


def _database(connection: Connection, settings: Settings) -> Database:
    """The database as Grafana finds it, with TimescaleDB on or off as the server has it."""
    parts = urlsplit(database_url(settings))
    host = settings.grafana_database_host or f"{parts.hostname}:{parts.port or 5432}"
    return Database(
        host=host,
        name=parts.path.lstrip("/"),
        timescaledb=probe_backend(connection).has_hypertables,
        sslmode=settings.grafana_database_sslmode,
    )


def _grafana(settings: Settings) -> Grafana:
    if settings.grafana_url is None:
        raise click.ClickException(
            "LOADSTONE_GRAFANA_URL is not set: e.g. http://admin:password@host:3000"
        )
    try:
        module = importlib.import_module("dashboards.publish.grafana")
    except ImportError as error:
        raise click.ClickException("install it with: pip install 'loadstone[grafana]'") from error
    grafana: Grafana = module.Grafana(settings.grafana_url.get_secret_value())
    return grafana


class _DatabaseLogins:
    """Roles as the database has them; a password counts once Grafana was told of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def give(self, tenant: Tenant, *, anew: bool) -> Login:
        """The tenant's role; one that does not exist has no name until it is asked for anew."""
        if not anew:
            known = role_of(self._connection, tenant.customer_id)
            return Login(role_name=known.role_name if known else "(new)", password=None)
        given = give_role(self._connection, tenant.customer_id, utc_now())
        return Login(role_name=given.role_name, password=given.password)

    def settle(self) -> None:
        """Keep what was given; what comes after is put down to the same actor."""
        self._connection.commit()
        act_as(self._connection, _actor())


def _actor() -> Actor:
    return Actor(who="command line: loadstone dashboards", at=utc_now())


@dashboards.command("push")
@_CUSTOMER
@_STAFF
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--rotate", is_flag=True, help="Give each database role a new password.")
def push_(codes: tuple[str, ...], staff: bool, dry_run: bool, rotate: bool) -> None:
    """Bring each customer's organisation in Grafana to what it should be.

    All customers where none is named; with --staff also organisation 1. What is so already is left
    alone, so that a second push changes nothing.
    """
    settings = load_settings()
    grafana = _grafana(settings)
    changed = 0
    with _store(settings) as connection:
        database = _database(connection, settings)
        wished = [
            Tenant(organisation=f"Loadstone {row.code}", customer_id=row.customer_id,
                   zone=row.zone, emails=tuple(row.emails))
            for row in _wanted(connection, codes)
        ]  # fmt: skip
        if staff:
            wished.insert(0, Tenant(organisation="staff", customer_id=None, organisation_id=1))

        logins = _DatabaseLogins(connection)
        for tenant in wished:
            try:
                changes = push(grafana, tenant, database, logins, rotate=rotate, dry_run=dry_run)
            except RuntimeError as error:
                raise click.ClickException(f"{tenant.organisation}: {error}") from error
            changed += len(changes)
            _tell(changes)
    verb = "would change" if dry_run else "changed"
    click.echo(f"{len(wished)} organisations, {changed} things {verb}.")


def _tell(changes: list[Change]) -> None:
    for change in changes:
        click.echo(f"{change.organisation}: {change.what}")
        for line in change.lines:
            click.echo(f"    {line}")


@dashboards.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--zone", default="Asia/Shanghai", show_default=True, help="Time zone of the boards.")
def export_(folder: Path, zone: str) -> None:
    """Write FOLDER, Grafana's `provisioning` for the staff's organisation, and print its password.

    The staff's role gets a new password, which Grafana reads from an environment variable.
    """
    settings = load_settings()
    with _store(settings) as connection:
        database = _database(connection, settings)
        login = give_role(connection, None, utc_now())
    files = export(folder, database, login.role_name, zone)
    click.echo(f"{len(files)} files below {folder}. Start Grafana with", err=True)
    click.echo(f"{PASSWORD_VARIABLE}={login.password}")


@dashboards.command("list")
def list_() -> None:
    """List the database roles that dashboards log in as, and the customers that have none."""
    settings = load_settings()
    with _store(settings) as connection:
        roles = list_roles(connection)
        without = {row.code for row in tenants(connection)} - {role.customer_code for role in roles}
    for role in roles:
        state = "" if role.may_log_in else " (may not log in: push with --rotate)"
        whose = role.customer_code or "staff"
        click.echo(f"{whose}: {role.role_name}, password of {role.rotated_at:%Y-%m-%d}{state}")
    for code in sorted(without):
        click.echo(f"{code}: no role yet")


@dashboards.command("role")
@_CUSTOMER
@_STAFF
@click.option("--remove", is_flag=True, help="Take the role away instead.")
def role_(codes: tuple[str, ...], staff: bool, remove: bool) -> None:
    """Make the database role of a customer, or give it a new password, and print it once.

    For a Grafana that is looked after by hand; `push` does it by itself.
    """
    if not codes and not staff:
        raise click.UsageError("name a --customer, or --staff")
    settings = load_settings()
    with _store(settings) as connection:
        wished: list[tuple[str, int | None]] = [
            (row.code, row.customer_id) for row in _wanted(connection, codes) if codes
        ]
        if staff:
            wished.append(("staff", None))
        for whose, customer_id in wished:
            known = role_of(connection, customer_id)
            if not remove:
                login = give_role(connection, customer_id, utc_now())
                click.echo(f"{whose}: {login.role_name} {login.password}")
            elif known:
                take_role(connection, known.role_name)
                click.echo(f"{whose}: {known.role_name} is gone.")
