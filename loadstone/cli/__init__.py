"""The roof: the command line wires everything and owns the processes."""

from __future__ import annotations

import click

from loadstone.cli.lazy_group import LazyGroup

_COMMANDS = (
    "collect", "dashboards", "demo", "doctor", "forecast", "gateway", "migrate", "move", "replay",
    "report", "serve", "simulate", "user", "weather", "work",
)  # fmt: skip


@click.group(
    cls=LazyGroup,
    modules={name: f"loadstone.cli.{name}" for name in _COMMANDS},
    context_settings={"max_content_width": 100},
)
@click.version_option(package_name="loadstone")
def main() -> None:
    """Power-load monitoring for key-account premises."""
