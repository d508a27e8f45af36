"""`loadstone forecast`: make forecasts at once, or replay the past and score it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from forecast.runs.backtest import Wanted, backtest
from forecast.runs.cards import cards_of
from forecast.runs.issue import KINDS, Issue
from forecast.runs.run import Engine, LocalEngine, run_issue
from loadstone.cli.environment import database_url, load_settings, stop_on_signals
from loadstone.cli.forecast_jobs import worker_of
from loadstone.cli.forecast_plan import plan_of
from loadstone.clock import utc_now
from loadstone.settings import Settings
from loadstone.storage.forecast_runs import failures_of, newest_run
from loadstone.storage.forecast_scores import StoredCard
from loadstone.storage.forecast_subjects import (
    Subject,
    ensure_subjects,
    list_subjects,
    subjects_in,
)
from loadstone.storage.pool import connect

_ONCE_A_DAY = ("day_ahead", "week_ahead", "month")


@click.group()
def forecast() -> None:
    """Make forecasts at once, or see how good they would have been.

    `loadstone work` makes them by itself.
    """


@forecast.command()
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(KINDS),
    multiple=True,
    help="What to forecast; the days ahead and the month where not given.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"]),
    help="Forecast with what was known at this instant, such as 2026-03-01T07:30+0800.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Where to reckon; dask needs the extra of that name.",
)
@click.option("--dask-address", help="A running Dask scheduler; else workers of this machine.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=2,
    show_default=True,
    help="Dask workers on this machine.",
)
def run(
    kinds: tuple[str, ...],
    as_of: datetime | None,
    engine: str,
    dask_address: str | None,
    workers: int,
) -> None:
    """Forecast everybody now; a run that was cut off goes on where it stopped."""
    settings = load_settings()
    url = database_url(settings)
    console = Console(highlight=False)
    with connect(url) as connection:
        ensure_subjects(connection)
        zones = subjects_in(list_subjects(connection))
    with _engine(engine, dask_address, workers) as where:
        for kind in kinds or _ONCE_A_DAY:
            for zone, subjects in zones.items():
                issue = _issue(kind, zone, as_of, settings)
                run_issue(url, issue, subjects, utc_now, where)
                _tell(console, url, issue)


def _issue(kind: str, zone: str, as_of: datetime | None, settings: Settings) -> Issue:
    """Now is the newest whole interval that its data have had time to come for."""
    plan = plan_of(settings)
    at = as_of or utc_now() - timedelta(seconds=plan.settle_s)
    whole_s = int(at.timestamp()) // plan.interval_s * plan.interval_s
    known = next(one for one in KINDS if one == kind)
    return Issue(
        kind=known,
        zone=zone,
        issued_at=at.astimezone(UTC) if as_of else datetime.fromtimestamp(whole_s, UTC),
        interval_s=plan.interval_s,
        history_days=plan.history_days,
        model=plan.model,
    )


@contextmanager
def _engine(name: str, address: str | None, workers: int) -> Iterator[Engine]:
    if name == "local":
        yield LocalEngine()
        return
    try:
        dask = importlib.import_module("forecast.runs.dask_engine")
    except ImportError as error:
        raise click.ClickException(
            "Dask is not installed: pip install 'loadstone[dask]'"
        ) from error
    with dask.open_client(address, workers) as client:
        yield dask.DaskEngine(client=client)


def _tell(console: Console, url: str, issue: Issue) -> None:
    with connect(url) as connection:
        done = newest_run(connection, issue.kind, issue.zone)
        if done is None:
            return
        console.print(
            f"{issue.kind} {issue.zone} issued {issue.issued_at:%Y-%m-%d %H:%M} UTC: "
            f"{done.stored} of {done.subjects} stored, {done.refused} refused, "
            f"{done.failed} failed"
        )
        for subject_id, reason in failures_of(connection, done.run_id):
            console.print(f"  subject {subject_id}: {reason}", soft_wrap=True)


@forecast.command()
def follow() -> None:
    """Make what is due until told to stop, as `loadstone work` does where LOADSTONE_FORECAST is on.

    For those who want forecasts in a process of their own.
    """
    settings = load_settings()
    stop = stop_on_signals()
    worker_of(settings).run(stop)


@forecast.command(name="backtest")
@click.option(
    "--from",
    "first",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day of the first issue; four weeks before the last where not given.",
)
@click.option(
    "--to",
    "last",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day of the last issue; the day before yesterday where not given.",
)
@click.option(
    "--kind",
    type=click.Choice(["day_ahead", "week_ahead"]),
    default="day_ahead",
    show_default=True,
    help="What to forecast.",
)
@click.option("--site", "codes", multiple=True, help="Code of a site; everybody where not given.")
def backtest_command(
    first: datetime | None, last: datetime | None, kind: str, codes: tuple[str, ...]
) -> None:
    """Forecast stored history as it would have been forecast then, and print the score cards.

    Each issue sees only what was known before it. Nothing is stored.
    """
    settings = load_settings()
    now = utc_now()
    console = Console(highlight=False)
    with connect(database_url(settings)) as connection:
        ensure_subjects(connection)
        chosen = [one for one in list_subjects(connection) if not codes or one.code in codes]
        if not chosen:
            raise click.ClickException("there is no site with such a code")
        cards: dict[int, StoredCard] = {}
        for zone, subjects in subjects_in(chosen).items():
            until = last.date() if last else now.astimezone(ZoneInfo(zone)).date() - _TWO_DAYS
            wanted = Wanted(
                kind="week_ahead" if kind == "week_ahead" else "day_ahead",
                zone=zone,
                first_day=first.date() if first else until - timedelta(days=27),
                last_day=until,
                issue_at=plan_of(settings).issue_at,
                interval_s=settings.forecast_interval_s,
                history_days=settings.forecast_history_days,
            )
            cards |= cards_of(backtest(connection, subjects, wanted, now))
    console.print(_table({one.subject_id: one for one in chosen}, cards))


_TWO_DAYS = timedelta(days=2)
_COLUMNS = (
    ("days", "days"), ("WAPE %", "wape_pct"), ("MASE", "mase_ratio"), ("pinball %", "pinball_pct"),
    ("in 80 %", "coverage_80_pct"), ("in 95 %", "coverage_95_pct"), ("bias %", "bias_pct"),
    ("special %", "special_wape_pct"), ("peak %", "peak_error_pct"), ("peak h", "peak_shift_h"),
    ("skill", "skill_ratio"),
)  # fmt: skip


def _table(subjects: Mapping[int, Subject], cards: Mapping[int, StoredCard]) -> Table:
    table = Table("subject", *(title for title, _ in _COLUMNS))
    for who, card in cards.items():
        values = [getattr(card, name) for _, name in _COLUMNS]
        cells = ["" if one is None else f"{one:.3g}" for one in values]
        table.add_row(subjects[who].code, *cells)
    return table
