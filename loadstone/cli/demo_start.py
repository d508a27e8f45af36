"""The steps from an empty folder to live values."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from loadstone.cli.broker_passwords import BrokerPasswords
from loadstone.cli.demo_file import DemoFile, DemoFileMqtt, DemoFileUser, write_demo_file
from loadstone.cli.demo_history import make_history
from loadstone.cli.demo_home import DemoHome, DemoMemory
from loadstone.cli.demo_measure import put_demo_measure
from loadstone.cli.demo_processes import DemoProcesses
from loadstone.cli.demo_waits import await_live, await_summaries
from loadstone.cli.demo_weather import WORK_SETTINGS, DemoWeather, start_forecasts
from loadstone.cli.demo_world import (
    DEMO_ACCOUNTS,
    LAB_GATEWAY,
    LAB_METER,
    broker_users,
    register_users,
    register_world,
)
from loadstone.cli.gateway_passwords import derived_password
from loadstone.clock import utc_now
from loadstone.embedded import Broker, EmbeddedPostgres, start_broker
from loadstone.embedded.ports import is_free
from loadstone.storage.identity import create_token
from loadstone.storage.migrate import migrate
from loadstone.storage.newest import newest_reading_at
from loadstone.storage.pool import connect
from simulator.context import PortfolioContext
from simulator.demo_premises import demo_premises
from simulator.faults.demo import demo_faults
from simulator.model import Portfolio

FIRST_PORT, LAST_PORT = 8080, 8179
SHORT_BREAK = timedelta(hours=2)  # a longer one is filled from the simulator, not by the gateways


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRun:
    """What was asked for; `history` counts on the first start only."""

    home: DemoHome
    console: Console
    stop: Event
    port: int | None
    meters: int | None
    history: timedelta
    seed: int
    interval_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedDemo:
    """A demo that is live."""

    open_url: str
    processes: DemoProcesses
    passwords: BrokerPasswords
    weather: DemoWeather


def start_demo(run: DemoRun, stack: ExitStack) -> StartedDemo | None:
    """Start everything; what must be stopped is put on `stack`. None when told to stop meanwhile.

    Raises EmbeddedServerError or MigrationError when a server or the database does not come up.
    """
    names = [account.name for account in DEMO_ACCOUNTS]
    memory, first = run.home.remember(
        utc_now, seed=run.seed, meters=run.meters, days=run.history.days, users=names
    )
    port = _choose_port(run.port)
    run.console.print("Starting PostgreSQL …")
    server = EmbeddedPostgres(run.home.folder)
    url = server.start()
    stack.callback(server.stop)
    backend = migrate(url).backend
    processes = DemoProcesses(run.home.logs, _environment(run, url))
    stack.callback(processes.stop)
    portfolio, _ = demo_premises(memory.seed, memory.meters)
    with connect(url) as connection:
        register_world(connection, portfolio)
        users = register_users(connection, portfolio, memory.user_passwords)
        token_user = next(user_id for account, user_id, _ in users if account.role == "admin")
        token = create_token(connection, token_user, "demo", None)
    processes.start("work", ["work"], WORK_SETTINGS)
    if not _fill_history(run, memory, portfolio, url, first=first):
        return None
    since = _midnight(memory.created_at - timedelta(days=memory.days))
    weather = start_forecasts(processes, url, portfolio, since)
    put_demo_measure(url, portfolio, memory.created_at, utc_now())
    users_of_broker = broker_users(portfolio, memory.secret)
    broker = start_broker(run.home.folder, users_of_broker)
    stack.callback(broker.stop)
    stack.callback(processes.stop)  # again: what speaks to the broker leaves before it does
    _start_line(run, memory, processes, broker, url, port)
    document = DemoFile(
        url=f"http://127.0.0.1:{port}",
        open_url=f"http://127.0.0.1:{port}/demo?key={memory.key}",
        key=memory.key,
        api_token=token,
        database_url=url,
        backend=backend.name,
        mqtt=_mqtt(broker, memory),
        users=[
            DemoFileUser(
                name=account.name,
                password=memory.user_passwords[account.name],
                role=account.role,
                display_name=account.display_name,
                customer=customer,
            )
            for account, _, customer in users
        ],
        pid=os.getpid(),
        created_at=memory.created_at.isoformat(),
        started_at=utc_now().isoformat(timespec="seconds"),
    )
    write_demo_file(run.home.demo_file, document)
    processes.start(
        "serve", ["serve"],
        {"LOADSTONE_HTTP_PORT": str(port), "LOADSTONE_DEMO_FILE": str(run.home.demo_file)},
    )  # fmt: skip
    run.console.print("Starting broker, collector, gateways and pages …")
    if not await_live(run.stop, document, processes):
        return None
    passwords = BrokerPasswords(broker, users_of_broker, url)
    return StartedDemo(
        open_url=document.open_url, processes=processes, passwords=passwords, weather=weather
    )


def _environment(run: DemoRun, url: str) -> dict[str, str]:
    return {"LOADSTONE_DATABASE_URL": url, "LOADSTONE_LOG_FORMAT": "json"}


def _choose_port(wanted: int | None) -> int:
    if wanted is not None:
        if not is_free(wanted):
            raise click.ClickException(f"port {wanted} is in use: give another --port")
        return wanted
    free = next((port for port in range(FIRST_PORT, LAST_PORT) if is_free(port)), None)
    if free is None:
        raise click.ClickException(f"no port from {FIRST_PORT} on is free: give --port")
    return free


def _fill_history(
    run: DemoRun, memory: DemoMemory, portfolio: Portfolio, url: str, *, first: bool
) -> bool:
    """Make what is missing of the past, showing how far it is; False when told to stop."""
    with connect(url) as connection:
        newest = newest_reading_at(connection)
    now = utc_now()
    wanted = {meter.code for c in portfolio for s in c.sites for meter in s.meters}
    complete = len(newest) >= len(wanted) and not first
    if complete and now - max(newest.values()) < SHORT_BREAK:
        return True
    context = PortfolioContext(portfolio, demo_faults(portfolio, memory.created_at))
    start = _midnight(memory.created_at - timedelta(days=memory.days))
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=run.console) as progress:
        title = f"Making {memory.days} days of history" if not complete else "Filling the gap"
        task = progress.add_task(title, total=len(wanted))

        tenths = iter(range(1, 11))
        tenth = next(tenths)

        def advance() -> None:
            nonlocal tenth
            progress.advance(task)
            done = progress.tasks[task].completed / len(wanted)
            if not run.console.is_terminal and done * 10 >= tenth:  # no bar is drawn there
                run.console.print(f"{title}: {tenth * 10} %")
                tenth = next(tenths, 11)
            if run.stop.is_set():
                raise _StoppedError

        try:
            make_history(context, url, start, now, advance)
        except _StoppedError:
            return False
        return await_summaries(run.stop, progress, url)


class _StoppedError(Exception):
    """Told to stop in the middle of the history."""


def _midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=16, minute=0, second=0, microsecond=0)  # 00:00 in China


def _start_line(
    run: DemoRun,
    memory: DemoMemory,
    processes: DemoProcesses,
    broker: Broker,
    url: str,
    port: int,
) -> None:
    """Collector and gateways."""
    base = broker.url.removeprefix("mqtt://")
    collector = derived_password(memory.secret, "collector")
    processes.start(
        "collect", ["collect"], {"LOADSTONE_MQTT_URL": f"mqtt://collector:{collector}@{base}"}
    )
    with connect(url) as connection:
        newest = newest_reading_at(connection)
    processes.start(
        "simulate",
        _simulate_arguments(run, memory, max(newest.values())),
        {"LOADSTONE_MQTT_URL": broker.url},
    )


def _simulate_arguments(run: DemoRun, memory: DemoMemory, since: datetime) -> Sequence[str]:
    arguments = [
        "simulate",
        "--seed", str(memory.seed),
        "--interval-s", str(run.interval_s),
        "--faults-from", _stamp(memory.created_at),
        "--back-fill-from", _stamp(since),
        "--secret-file", str(run.home.secret_file),
        "--state-dir", str(run.home.folder / "gateways"),
    ]  # fmt: skip
    return arguments if memory.meters is None else [*arguments, "--meters", str(memory.meters)]


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _mqtt(broker: Broker, memory: DemoMemory) -> DemoFileMqtt:
    def with_user(name: str) -> str:
        return broker.url.replace("://", f"://{name}:{derived_password(memory.secret, name)}@")

    return DemoFileMqtt(
        url=broker.url,
        broker=broker.kind,
        gateway=LAB_GATEWAY,
        meter=LAB_METER,
        username=LAB_GATEWAY,
        password=derived_password(memory.secret, LAB_GATEWAY),
        gateway_url=with_user(LAB_GATEWAY),
        collector_url=with_user("collector"),
    )
