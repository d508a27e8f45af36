"""`loadstone gateway`: gateways and the meters they carry."""

from __future__ import annotations

from pathlib import Path

import click

from loadstone.cli.environment import database_url, load_settings
from loadstone.domain.registry import Gateway, Meter
from loadstone.storage.codes import gateway_id_of, site_id_of
from loadstone.storage.gateway_credentials import password_hashes
from loadstone.storage.pool import connect
from loadstone.storage.registry import connect_meter, put_gateway, put_meter


@click.group()
def gateway() -> None:
    """Manage gateways and their meters."""


@gateway.command()
@click.argument("code")
@click.option("--site", required=True, help="Code of the site where it stands.")
@click.option("--model", help="Make and model.")
def add(code: str, site: str, model: str | None) -> None:
    """Register the gateway CODE; its code is its MQTT user name and its level in the topic."""
    with connect(database_url(load_settings())) as connection:
        site_id = site_id_of(connection, site)
        if site_id is None:
            raise click.ClickException(f"no site has the code {site!r}")
        put_gateway(connection, site_id, Gateway(code=code, model=model))
    click.echo(f"{code} may publish below loadstone/v1/gw/{code}/up/.")


@gateway.command()
@click.option(
    "--with",
    "others",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A password file whose lines come first: collector, commander, people.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write here instead, whole and only where something changed.",
)
def passwords(others: Path | None, out: Path | None) -> None:
    """Print mosquitto's password file: a line for each gateway that may log in, hashes only.

    With --out it says whether the file changed; the broker reads it again on SIGHUP.
    """
    with connect(database_url(load_settings())) as connection:
        hashes = password_hashes(connection)
    own = others.read_text(encoding="utf-8").rstrip("\n") if others else ""
    lines = [*own.splitlines(), *(f"{code}:{hashed}" for code, hashed in hashes.items())]
    text = "".join(f"{line}\n" for line in lines)
    if out is None:
        click.echo(text, nl=False)
        return
    if out.exists() and out.read_text(encoding="utf-8") == text:
        click.echo("unchanged")
        return
    fresh = out.with_name(out.name + ".new")
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(out)
    click.echo(f"changed: {len(hashes)} gateways")


@gateway.command("add-meter")
@click.argument("code")
@click.option("--gateway", "gateway_code", required=True, help="Code of its gateway.")
@click.option("--channel", help="What the gateway calls it; CODE where not given.")
@click.option("--name", help="Its name in English; CODE where not given.")
@click.option("--name-zh", help="Its name in Chinese.")
@click.option("--voltage-v", type=float, help="Nominal voltage, line to line, primary side.")
@click.option("--ct-primary-a", type=float, help="Primary current of its current transformers.")
@click.option("--ct-secondary-a", type=float, default=5.0, show_default=True)
@click.option("--modulus-kwh", type=float, help="Where the register starts again from zero.")
@click.option("--interval-s", type=int, default=60, show_default=True, help="Time of one reading.")
@click.option("--sub", is_flag=True, help="It measures a part of its site's load.")
def add_meter(
    code: str,
    gateway_code: str,
    channel: str | None,
    name: str | None,
    name_zh: str | None,
    voltage_v: float | None,
    ct_primary_a: float | None,
    ct_secondary_a: float,
    modulus_kwh: float | None,
    interval_s: int,
    sub: bool,
) -> None:
    """Register the meter CODE on a gateway."""
    with connect(database_url(load_settings())) as connection:
        found = gateway_id_of(connection, gateway_code)
        if found is None:
            raise click.ClickException(f"no gateway has the code {gateway_code!r}")
        gateway_id, site_id = found
        meter = Meter(
            code=code,
            name_en=name or code,
            name_zh=name_zh or name or code,
            role="sub" if sub else "main",
            nominal_voltage_v=voltage_v,
            ct_primary_a=ct_primary_a,
            ct_secondary_a=ct_secondary_a if ct_primary_a else None,
            register_modulus_kwh=modulus_kwh,
            interval_s=interval_s,
        )
        meter_id = put_meter(connection, site_id, meter)
        connect_meter(connection, gateway_id, channel or code, meter_id)
    click.echo(f"{code} is read through {gateway_code}.")
