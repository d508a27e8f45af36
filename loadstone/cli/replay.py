"""`loadstone replay`: real interval data as gateway messages."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from loadstone.cli.demo_file import read_demo_file
from loadstone.cli.environment import database_url, load_settings, mqtt_url
from loadstone.cli.option_types import code, duration_ms, factor, zone_name
from loadstone.cli.replay_run import Destination, ReplayPlan, Source, checked_mqtt_url, run_replay
from loadstone.clock import utc_now
from loadstone.storage.replay_store import ReplayTargetError
from simulator.interval_clock import Label, Order, StampRules
from simulator.interval_file import FileLayout
from simulator.interval_series import UNITS, Duplicates, EnergyRules
from simulator.replay_errors import ReplayError


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--time-column", help="Column with the time; guessed: ts_utc, timestamp, time, ...")
@click.option("--time-format", help="How times are written (strptime), where not ISO 8601.")
@click.option("--value-column", default="value", show_default=True, help="Column with the values.")
@click.option("--decimal-comma", is_flag=True, help="Values are written 1,5 for one and a half.")
@click.option("--series-column", help="Column that names the series; guessed: series_id, series.")
@click.option("--series", help="Which series to replay, where the file holds several.")
@click.option("--unit", type=click.Choice(UNITS), help="Energy or mean power of each interval.")
@click.option("--scale", type=float, default=1.0, show_default=True, help="Multiplies each value.")
@click.option(
    "--stamps",
    type=click.Choice(["start", "end"]),
    default="start",
    show_default=True,
    help="Which end of its interval a time labels.",
)
@click.option(
    "--zone",
    type=zone_name,
    metavar="ZONE",
    default="UTC",
    show_default=True,
    help="Zone of times that name none, and of the site.",
)
@click.option(
    "--site-zone",
    type=zone_name,
    metavar="ZONE",
    help="The site's zone, where the meter's differs.",
)
@click.option(
    "--step",
    type=duration_ms,
    metavar="DURATION",
    help="Length of an interval; guessed from the times.",
)
@click.option(
    "--order",
    type=click.Choice(["strict", "time", "file"]),
    default="strict",
    show_default=True,
    help="What to do where times step back: refuse, sort, or count rows.",
)
@click.option(
    "--duplicates",
    type=click.Choice(["refuse", "last", "sum"]),
    default="refuse",
    show_default=True,
    help="What to do with two values for one interval.",
)
@click.option("--allow-export", is_flag=True, help="Negative values count as export.")
@click.option("--from", "from_", help="Begin here: a date or time in the site's zone.")
@click.option("--to", help="End before this: a date or time in the site's zone.")
@click.option(
    "--shift-days",
    type=int,
    default=0,
    show_default=True,
    help="Move all times by so many days; 364 keeps the weekdays.",
)
@click.option(
    "--speed-up",
    type=factor,
    metavar="FACTOR",
    default="max",
    show_default=True,
    help="3600 sends an hour in a second; max as fast as the broker acknowledges.",
)
@click.option(
    "--meter", type=code, metavar="CODE", help="Code of the meter; made from the series' name."
)
@click.option(
    "--gateway",
    type=code,
    metavar="CODE",
    default="GW-REPLAY",
    show_default=True,
    help="Code of the gateway: its MQTT user name.",
)
@click.option(
    "--customer",
    type=code,
    metavar="CODE",
    default="REPLAY",
    show_default=True,
    help="Code of the customer, registered if new.",
)
@click.option("--customer-name", help="Name of the customer, if new.")
@click.option(
    "--site", type=code, metavar="CODE", help="Code of the site; REPLAY- and the meter's code."
)
@click.option("--site-name", help="Name of the site, if new.")
@click.option(
    "--demo",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="demo.json of a running demo: database, broker and credentials come from it.",
)
@click.option("--mqtt-url", help="The gateway's broker address: mqtt://user:password@host:port.")
@click.option("--no-verify", is_flag=True, help="Do not wait and compare energies afterwards.")
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(min=1),
    default=300.0,
    show_default=True,
    help="Seconds to wait for the last reading to be stored and summarised.",
)
def replay(
    file: Path,
    time_column: str | None,
    time_format: str | None,
    value_column: str,
    decimal_comma: bool,
    series_column: str | None,
    series: str | None,
    unit: str | None,
    scale: float,
    stamps: Label,
    zone: str,
    site_zone: str | None,
    step: int | None,
    order: Order,
    duplicates: Duplicates,
    allow_export: bool,
    from_: str | None,
    to: str | None,
    shift_days: int,
    speed_up: float,
    meter: str | None,
    gateway: str,
    customer: str,
    customer_name: str | None,
    site: str | None,
    site_name: str | None,
    demo: Path | None,
    mqtt_url: str | None,
    no_verify: bool,
    timeout_s: float,
) -> None:
    """Send interval data (CSV or Parquet) as a gateway would, and compare the energy of each day.

    The intervals become cumulative registers and mean powers, go over MQTT to the collector, and
    are read back from the database. Ends with 1 when a day or the total differs by 0.01 kWh.
    """
    database, broker = _addresses(demo, mqtt_url, gateway)
    layout = FileLayout(
        time_column=time_column,
        value_column=value_column,
        series_column=series_column,
        series=series,
        time_format=time_format,
        decimal_comma=decimal_comma,
    )
    source = Source(
        path=file,
        layout=layout,
        stamps=StampRules(label=stamps, zone=zone, order=order, step_ms=step),
        unit=unit,
        energy=EnergyRules(
            unit=unit or "",
            scale=scale,
            duplicates=duplicates,
            allow_export=allow_export,
        ),
        start=from_,
        end=to,
        shift_days=shift_days,
    )
    destination = Destination(
        database_url=database,
        mqtt_url=broker,
        gateway=gateway,
        meter=meter,
        zone=site_zone or zone,
        customer=customer,
        customer_name=customer_name,
        site=site,
        site_name=site_name,
    )
    plan = ReplayPlan(
        source=source,
        destination=destination,
        speed_up=speed_up,
        verify=not no_verify,
        timeout_s=timeout_s,
    )
    try:
        agrees = run_replay(plan, utc_now)
    except (ReplayError, ReplayTargetError) as error:
        raise click.ClickException(str(error)) from error
    if not agrees:
        raise click.exceptions.Exit(1)


def _addresses(demo: Path | None, given_mqtt_url: str | None, gateway: str) -> tuple[str, str]:
    """The database's and the broker's address, the latter with the gateway's credentials."""
    settings = load_settings()
    if demo is None:
        broker = given_mqtt_url or mqtt_url(settings)
        return database_url(settings), checked_mqtt_url(broker, gateway)
    try:
        document = read_demo_file(demo)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{demo} is not a demo.json: {error}") from error
    broker = given_mqtt_url or document.mqtt.gateway_url
    return document.database_url, checked_mqtt_url(broker, gateway)
