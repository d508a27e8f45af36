"""`loadstone report`: make a report, archive it, and write it to a file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from getpass import getuser
from pathlib import Path
from typing import get_args

import click
from psycopg import Connection

from forecast.reports.archive import REPORTS, archived, make_report
from forecast.reports.mail import file_name
from forecast.reports.report import Asked, Format, NothingToReportError
from forecast.reports.text import LANGUAGES, Language
from loadstone.cli.environment import database_url, load_settings
from loadstone.clock import utc_now
from loadstone.storage.audit import Actor, act_as
from loadstone.storage.codes import customer_id_of, site_id_of
from loadstone.storage.pool import connect

_MONTH = click.DateTime(formats=["%Y-%m"])
_INSTANT = click.DateTime(formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"])


@click.command()
@click.argument("kind", type=click.Choice(sorted(REPORTS)))
@click.option("--customer", help="Code of the customer; a portfolio is of all without it.")
@click.option("--site", help="Code of one of the customer's sites; all of them without it.")
@click.option("--month", type=_MONTH, help="The month, as 2026-10; the last one without it.")
@click.option("--language", default="en", show_default=True, type=click.Choice(LANGUAGES))
@click.option(
    "--format", "form", default="pdf", show_default=True, type=click.Choice(get_args(Format))
)
@click.option("--as-known-at", type=_INSTANT, help="As known then, with offset; now without it.")
@click.option("--out", type=click.Path(path_type=Path), help="File or folder to write to.")
def report(
    kind: str, customer: str | None, site: str | None, month: datetime | None,
    language: Language, form: Format, as_known_at: datetime | None, out: Path | None,
) -> None:  # fmt: skip
    """Make a report, archive it, and write it to a file."""
    now = utc_now()
    with connect(database_url(load_settings())) as connection:
        connection.execute("SET plan_cache_mode = force_custom_plan")
        act_as(connection, Actor(who=f"command line: {_account()}", at=now))
        asked = Asked(
            customer_id=_customer(connection, customer),
            site_id=_site(connection, site),
            month=month.date() if month else _last_month(now),
            as_known_at=(as_known_at or now).astimezone(UTC).replace(microsecond=0),
        )
        if asked.as_known_at > now:
            raise click.BadParameter("lies ahead", param_hint="--as-known-at")
        try:
            report_id = make_report(
                connection, kind, asked, language=language, made_by="command line", made_at=now
            )
        except NothingToReportError as error:
            raise click.ClickException(str(error)) from error
        made = archived(connection, report_id)
    assert made is not None  # noqa: S101 - it was made just now
    path = _path(out, file_name(made, form))
    path.write_bytes(made.file(form, language))
    click.echo(f"{path}: {made.imprint.name}, sha256 {made.imprint.sha256.hex()}")


def _path(out: Path | None, name: str) -> Path:
    if out is None:
        return Path(name)
    return out / name if out.is_dir() else out


def _customer(connection: Connection, code: str | None) -> int | None:
    if code is None:
        return None
    found = customer_id_of(connection, code)
    if found is None:
        raise click.ClickException(f"no customer has the code {code!r}")
    return found


def _site(connection: Connection, code: str | None) -> int | None:
    if code is None:
        return None
    found = site_id_of(connection, code)
    if found is None:
        raise click.ClickException(f"no site has the code {code!r}")
    return found


def _last_month(now: datetime) -> date:
    first = now.date().replace(day=1)
    return (first - timedelta(days=1)).replace(day=1)


def _account() -> str:
    try:
        return getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "?"
