"""`loadstone simulate`: virtual gateways for a broker."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from loadstone.cli.environment import load_settings, mqtt_url, stop_on_signals
from loadstone.cli.gateway_passwords import derived_password
from loadstone.clock import utc_now
from simulator.demo_premises import demo_premises
from simulator.faults.demo import demo_faults
from simulator.fleet import run_fleet

_INSTANT = click.DateTime(formats=["%Y-%m-%dT%H:%M:%S%z"])


@click.command()
@click.option("--seed", default=1, show_default=True, help="Which virtual world.")
@click.option("--meters", type=click.IntRange(min=1), help="About how many meters.")
@click.option(
    "--interval-s",
    default=10,
    show_default=True,
    type=click.IntRange(1, 3600),
    help="Time between two readings.",
)
@click.option("--speed-up", default=1.0, show_default=True, help="How fast virtual time runs.")
@click.option("--faults-from", type=_INSTANT, help="Instant that the demo's faults lie around.")
@click.option("--back-fill-from", type=_INSTANT, help="Send what lies since then, too.")
@click.option(
    "--secret-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Secret from which each gateway's password is derived.",
)
@click.option(
    "--state-dir", type=click.Path(file_okay=False, path_type=Path),
    help="Where gateways remember how often they started.",
)  # fmt: skip
def simulate(
    seed: int,
    meters: int | None,
    interval_s: int,
    speed_up: float,
    faults_from: datetime | None,
    back_fill_from: datetime | None,
    secret_file: Path,
    state_dir: Path | None,
) -> None:
    """Run the gateways of virtual premises against the broker of LOADSTONE_MQTT_URL."""
    settings = load_settings()
    secret = secret_file.read_text(encoding="utf-8").strip()
    portfolio, _ = demo_premises(seed, meters)
    run_fleet(
        portfolio,
        mqtt_url(settings),
        lambda code: derived_password(secret, code),
        utc_now,
        stop=stop_on_signals(),
        interval_s=interval_s,
        speed_up=speed_up,
        faults=demo_faults(portfolio, faults_from) if faults_from else (),
        from_ts=back_fill_from,
        state_folder=state_dir,
    )
