"""`loadstone demo`: everything, on one machine, with nothing to install."""

from __future__ import annotations

import os
import webbrowser
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic

import click
from rich.console import Console

from loadstone.cli.demo_home import DemoHome, default_home
from loadstone.cli.demo_start import DemoRun, StartedDemo, start_demo
from loadstone.cli.environment import stop_on_signals
from loadstone.embedded import EmbeddedServerError
from loadstone.storage.migrate import MigrationError
from loadstone.telemetry import configure_logging

DEFAULT_PORT = 8080


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help=f"Port of the pages and the API; {DEFAULT_PORT} or the next free one where not given.",
)
@click.option(
    "--meters", type=click.IntRange(min=1), help="About how many meters; 116 where not given."
)
@click.option(
    "--days",
    type=click.IntRange(1, 1500),
    default=120,
    show_default=True,
    help="Days of history to make on the first start.",
)
@click.option("--seed", default=1, show_default=True, help="Which virtual world.")
@click.option(
    "--interval-s",
    type=click.IntRange(1, 900),
    default=10,
    show_default=True,
    help="Time between two live readings.",
)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the data lie; a folder of the user's where not given.",
)
@click.option("--no-browser", is_flag=True, help="Do not open the page.")
def demo(
    port: int | None,
    meters: int | None,
    days: int,
    seed: int,
    interval_s: int,
    data_dir: Path | None,
    no_browser: bool,
) -> None:
    """Start a whole Loadstone with virtual premises; Ctrl-C stops all of it.

    A second start goes on with the same data.
    """
    begun_s = monotonic()
    configure_logging("console", "warning")
    console = Console(highlight=False)
    home = DemoHome(data_dir or default_home())
    stop = stop_on_signals()
    run = DemoRun(
        home=home,
        console=console,
        stop=stop,
        port=port,
        meters=meters,
        history=timedelta(days=days),
        seed=seed,
        interval_s=interval_s,
    )
    with ExitStack() as stack:
        try:
            started = start_demo(run, stack)
        except (EmbeddedServerError, MigrationError) as error:
            raise click.ClickException(str(error)) from error
        if started is None:
            console.print("Stopped.")
            return
        _greet(console, home, started.open_url, monotonic() - begun_s)
        if not no_browser and _has_screen():
            webbrowser.open(started.open_url)
        failed = _wait(started, stop)
        if failed:
            log = started.processes.log_of(failed[0])
            console.print(f"[red]{failed[0]} ended by itself; its log is {log}[/red]")
        console.print("Stopping …")
    console.print("Stopped.")
    if failed:
        raise SystemExit(1)


def _greet(console: Console, home: DemoHome, open_url: str, duration_s: float) -> None:
    console.print()
    console.print(f"[bold green]Loadstone is live[/bold green] after {duration_s:.1f} s.")
    console.print(f"  Open        [bold]{open_url}[/bold]", soft_wrap=True)
    console.print(f"  Addresses   {home.demo_file}", soft_wrap=True)
    console.print(f"  Logs        {home.logs}", soft_wrap=True)
    console.print("  Ctrl-C stops all of it; the data stay for the next start.")


def _wait(started: StartedDemo, stop: Event) -> list[str]:
    """Wait to be told to stop; returns the names of processes that ended before.

    Meanwhile the broker learns of passwords that gateways are given, and weather becomes known.
    """
    while not stop.wait(1.0):
        started.passwords.tell()
        started.weather.tell()
        ended = started.processes.ended()
        if ended:
            return ended
    return []


def _has_screen() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
