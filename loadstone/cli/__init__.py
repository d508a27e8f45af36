"""The roof: the command line wires everything and owns the processes."""

from __future__ import annotations

import click

from loadstone.cli.collect import collect
from loadstone.cli.dashboards import dashboards
from loadstone.cli.demo import demo
from loadstone.cli.doctor import doctor
from loadstone.cli.forecast import forecast
from loadstone.cli.gateway import gateway
from loadstone.cli.migrate import migrate
from loadstone.cli.move import move
from loadstone.cli.replay import replay
from loadstone.cli.report import report
from loadstone.cli.serve import serve
from loadstone.cli.simulate import simulate
from loadstone.cli.user import user
from loadstone.cli.weather import weather
from loadstone.cli.work import work


@click.group(context_settings={"max_content_width": 100})
@click.version_option(package_name="loadstone")
def main() -> None:
    """Power-load monitoring for key-account premises."""


for _command in (
    collect, dashboards,
    demo, doctor, forecast, gateway, migrate, move, replay, report, serve, simulate, user,
    weather, work,
):  # fmt: skip
    main.add_command(_command)
