"""Waiting for what a demo's processes are to have done."""

from __future__ import annotations

from datetime import datetime
from threading import Event
from time import monotonic
from urllib.error import URLError
from urllib.request import urlopen

import click
from rich.progress import Progress

from loadstone.cli.demo_file import DemoFile
from loadstone.cli.demo_processes import DemoProcesses
from loadstone.storage.newest import hours_to_summarise, newest_reading_at
from loadstone.storage.opportunities import forget_searches
from loadstone.storage.pool import connect

LIVE_PATIENCE_S = 60.0


def await_summaries(stop: Event, progress: Progress, url: str) -> bool:
    """Wait until all is summarised, and have every site searched anew; False when told to stop."""
    with connect(url) as connection:
        connection.autocommit = True
        most = max(1, hours_to_summarise(connection))
        task = progress.add_task("Summarising it", total=most)
        while True:
            left = hours_to_summarise(connection)
            progress.update(task, completed=max(0, most - left))
            if left == 0:
                forget_searches(connection)
                return True
            if stop.wait(0.3):
                return False


def await_live(stop: Event, document: DemoFile, processes: DemoProcesses) -> bool:
    """Wait for the pages and for the first live reading; False when told to stop.

    Raises ClickException where a process ended or nothing came in time.
    """
    begun_s = monotonic()
    started = datetime.fromisoformat(document.started_at)
    with connect(document.database_url) as connection:
        connection.autocommit = True
        while monotonic() - begun_s < LIVE_PATIENCE_S:
            ended = processes.ended()
            if ended:
                log = processes.log_of(ended[0])
                raise click.ClickException(f"{ended[0]} did not start; its log is {log}")
            live = any(at >= started for at in newest_reading_at(connection).values())
            if live and _answers(f"{document.url}/api/v1/health"):
                return True
            if stop.wait(0.2):
                return False
    raise click.ClickException(
        f"no live value within {LIVE_PATIENCE_S:.0f} s; the logs are in {processes.logs}"
    )


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as response:  # noqa: S310 - our own http address
            return bool(response.status == 200)
    except (URLError, OSError):
        return False
