"""A replay from the file to the comparison: read, register, send, wait, compare."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import click
import numpy as np
import psycopg

from loadstone.clock import Clock
from loadstone.domain.registry import Customer, Gateway, Meter, Site
from loadstone.domain.time_bounds import EARLIEST_MS
from loadstone.storage.replay_store import (
    ReplayTarget,
    arrival_stage,
    check_unused,
    refused_since,
    register_target,
    replay_connection,
    stored_energy_by_day,
)
from simulator.interval_clock import StampRules, interval_starts, shown
from simulator.interval_file import FileLayout, read_interval_file
from simulator.interval_series import (
    UNITS,
    EnergyRules,
    IntervalSeries,
    cut,
    energy_by_day,
    register_points,
    shift,
    to_series,
)
from simulator.replay import ReplayMeter, Sent, meter_code, replay
from simulator.replay_errors import IntervalFileError
from simulator.replay_line import ReplayLine

TOLERANCE_KWH = 0.01
_MOST_KW = 2_147_483  # what a reading can hold
_HEADROOM = 1.5  # so that no real jump counts as implausible
_REGISTRY_PATIENCE_S = 2.5  # a collector looks for names it does not know every 2 s


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file and how to read it; `start` and `end` as typed, `unit` None asks the file."""

    path: Path
    layout: FileLayout
    stamps: StampRules
    unit: str | None
    energy: EnergyRules
    start: str | None = None
    end: str | None = None
    shift_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """The servers, and the names to register; None is derived from the series."""

    database_url: str
    mqtt_url: str
    gateway: str
    zone: str
    customer: str
    meter: str | None = None
    customer_name: str | None = None
    site: str | None = None
    site_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayPlan:
    """Everything that `loadstone replay` was told; `speed_up` is infinite for max."""

    source: Source
    destination: Destination
    speed_up: float
    verify: bool
    timeout_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What was read: the series, its name, and how many rows it came from."""

    series: IntervalSeries
    name: str
    rows: int
    missing: int


def run_replay(plan: ReplayPlan, clock: Clock) -> bool:
    """Replay a file and print what came of it; whether the energies agree (True if not asked).

    Raises ReplayError and ReplayTargetError.
    """
    began = monotonic()
    loaded = load(plan.source, plan.destination.zone)
    _check_times(loaded.series, clock)
    _echo_file(loaded)
    target = _target(plan.destination, loaded)
    points = register_points(loaded.series)
    with replay_connection(plan.destination.database_url) as connection:
        kwh = points.import_kwh.tolist()
        check_unused(connection, target.meter.code, points.ts_ms.tolist(), kwh)
        meter_id = register_target(connection, target)
        sleep(_REGISTRY_PATIENCE_S)
        sending_at = clock()
        sent = _send(plan, target, loaded.series, clock)
        click.echo(f"messages     {sent.messages}\nreadings     {sent.readings}")
        if not plan.verify:
            return True
        last_at = datetime.fromtimestamp(int(points.ts_ms[-1]) / 1000, UTC)
        complaint = _wait(connection, meter_id, last_at, plan.timeout_s)
        _echo_refused(connection, target.gateway.code, sending_at)
        click.echo(f"seconds      {monotonic() - began:.1f}")
        if complaint is not None:
            click.echo(complaint, err=True)
            return False
        agrees = compare(connection, meter_id, loaded.series, plan.destination.zone, "imp")
        if not plan.source.energy.allow_export:
            return agrees
        return compare(connection, meter_id, loaded.series, plan.destination.zone, "exp") and agrees


def load(source: Source, site_zone: str) -> Loaded:
    """Read, check, cut and shift the series; raises IntervalFileError."""
    rows = read_interval_file(source.path, source.layout)
    unit = source.unit or rows.unit
    if unit not in UNITS:
        seen = "" if rows.unit is None else f" (column unit says {rows.unit})"
        raise IntervalFileError(f"say the unit with --unit: {', '.join(UNITS)}{seen}")
    starts, step_ms = interval_starts(rows, source.stamps)
    series = to_series(rows, starts, step_ms, replace(source.energy, unit=unit))
    if source.start or source.end:
        series = cut(series, _moment(source.start, site_zone), _moment(source.end, site_zone))
    return Loaded(
        series=shift(series, source.shift_days) if source.shift_days else series,
        name=rows.series or source.path.stem,
        rows=len(rows.row),
        missing=int(np.isnan(rows.value).sum()),
    )


def compare(
    connection: psycopg.Connection,
    meter_id: int,
    series: IntervalSeries,
    zone: str,
    register: Literal["imp", "exp"],
) -> bool:
    """Print the file's and the store's energy; whether no day nor the total is 0.01 kWh apart."""
    days, expected = energy_by_day(series, zone, export=register == "exp")
    begin, end = days[0], datetime.fromtimestamp(series.span_ms[1] / 1000, UTC)
    stored = stored_energy_by_day(connection, meter_id, begin, end, zone, register)
    found = np.array([stored.get(day) or 0.0 for day in days])
    total, worst = float((found - expected).sum()), int(np.abs(found - expected).argmax())
    apart = float(found[worst] - expected[worst])
    name = "energy" if register == "imp" else "export"
    click.echo(f"{name}, file  {expected.sum():.3f} kWh on {len(days)} local days ({zone})")
    click.echo(f"{name}, store {found.sum():.3f} kWh")
    local = days[worst].astimezone(ZoneInfo(zone)).date()
    click.echo(f"difference   {total:+.4f} kWh in all, at most {apart:+.4f} kWh a day ({local})")
    return abs(total) <= TOLERANCE_KWH and abs(apart) <= TOLERANCE_KWH


def checked_mqtt_url(url: str, gateway: str) -> str:
    """The broker's address, if its user is the gateway: a broker drops the rest unsaid."""
    user = urlsplit(url).username
    if user is not None and unquote(user) != gateway:
        raise click.ClickException(
            f"the broker's address is that of user {unquote(user)}, who may not speak for gateway "
            f"{gateway}: give the gateway's own with --mqtt-url mqtt://{gateway}:password@host:port"
        )
    return url


def _target(where: Destination, loaded: Loaded) -> ReplayTarget:
    code = where.meter or meter_code(loaded.name)
    site = where.site or f"REPLAY-{code}"
    customer_name = where.customer_name or where.customer
    site_name = where.site_name or loaded.name
    most_kw = float(np.abs(loaded.series.power_kw).max())
    if most_kw > _MOST_KW:
        raise IntervalFileError(
            f"a mean power of {most_kw:g} kW is more than a reading can hold ({_MOST_KW} kW); is "
            "--unit right? Else make it smaller with --scale"
        )
    return ReplayTarget(
        customer=Customer(
            code=where.customer, name_en=customer_name, name_zh=customer_name, kind="replay"
        ),
        site=Site(code=site, name_en=site_name, name_zh=site_name, zone=where.zone),
        gateway=Gateway(code=where.gateway, model="interval replay"),
        meter=Meter(
            code=code,
            name_en=loaded.name,
            name_zh=loaded.name,
            max_power_kw=max(_HEADROOM * most_kw, 1.0),
            interval_s=loaded.series.step_ms // 1000,
        ),
    )


def _send(plan: ReplayPlan, target: ReplayTarget, series: IntervalSeries, clock: Clock) -> Sent:
    who = ReplayMeter(
        gateway=target.gateway.code,
        boot=int(clock().timestamp()),  # higher at each start, as a gateway's boot counter is
        meter=target.meter.code,
        has_export=plan.source.energy.allow_export,
    )
    with (
        ReplayLine(plan.destination.mqtt_url, who.gateway, who.boot, clock) as line,
        click.progressbar(length=100, label="sending") as bar,
    ):
        return replay(
            line, who, series, speed_up=plan.speed_up, clock=clock,
            progress=lambda done, total: bar.update(100 * done // total - bar.pos),
        )  # fmt: skip


def _wait(
    connection: psycopg.Connection, meter_id: int, last_at: datetime, timeout_s: float
) -> str | None:
    """Wait until the last reading is summarised; else what to look at."""
    gives_up = monotonic() + timeout_s
    while (stage := arrival_stage(connection, meter_id, last_at)) != "summarised":
        if monotonic() > gives_up:
            missing = "collector" if stage == "on the way" else "worker (loadstone work)"
            return f"after {timeout_s:g} s the last reading is {stage}: is the {missing} running?"
        sleep(0.2)
    return None


def _check_times(series: IntervalSeries, clock: Clock) -> None:
    first, last = series.span_ms
    now_ms = int(clock().timestamp() * 1000)
    if first < EARLIEST_MS:
        days = -(-(EARLIEST_MS - first) // (7 * 86_400_000)) * 7
        raise IntervalFileError(
            f"the data begin at {shown(first)}, and no clock before {shown(EARLIEST_MS)} is "
            f"believed: use --shift-days {days} or more (or --from)"
        )
    if last > now_ms:
        days = -(-(last - now_ms) // (7 * 86_400_000)) * 7
        raise IntervalFileError(
            f"the data end at {shown(last)}, in the future, which the server refuses: use "
            f"--shift-days -{days} or less (or --to)"
        )


def _moment(text: str | None, zone: str) -> int | None:
    """A date or time as typed, in UTC epoch ms."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise IntervalFileError(f"{text!r} is not a date or time such as 2026-01-31") from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return int(aware.timestamp() * 1000)


def _echo_file(loaded: Loaded) -> None:
    series = loaded.series
    first, last = series.span_ms
    click.echo(
        f"rows read    {loaded.rows} of {loaded.name}, {len(series.start_ms)} intervals of "
        f"{series.step_ms // 1000} s from {shown(first)} to {shown(last)}"
    )
    if series.repeated or loaded.missing or series.holes:
        click.echo(
            f"             {loaded.missing} rows without a value, {series.repeated} repeated; "
            f"{series.holes} holes, in which no energy is known"
        )


def _echo_refused(connection: psycopg.Connection, gateway: str, since: datetime) -> None:
    refused, reason = refused_since(connection, gateway, since)
    if refused:
        click.echo(f"quarantined  {refused}, e.g. {reason}; see /api/v1/quarantine", err=True)
