"""All gateways of a portfolio in one process, driven by one scheduler."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import structlog

from loadstone.clock import Clock
from simulator.context import PortfolioContext
from simulator.faults.kinds import Fault
from simulator.gateway import VirtualGatewayClient
from simulator.model import Portfolio
from simulator.noise import key_of

_log = structlog.get_logger(__name__)

BACKFILL_STEP_S = 60
_LONGEST_WAIT_S = 0.4  # so that a stop is heard and a backlog goes on
_STAGGER_SHARE = 0.8  # of the interval: gateways do not all send in the same millisecond


def run_fleet(
    portfolio: Portfolio,
    broker_url: str,
    password_for: Callable[[str], str],
    clock: Clock,
    *,
    stop: threading.Event,
    interval_s: int = 10,
    speed_up: float = 1.0,
    faults: Sequence[Fault] = (),
    from_ts: datetime | None = None,
    state_folder: Path | None = None,
) -> None:
    """Run every gateway until `stop` is set; blocks, so give it a thread or a process.

    `from_ts` is where the last run ended: each gateway first sends what lies between, once a
    minute, as back-fill. `speed_up` makes the virtual clock run faster than `clock` from the
    start on (the readings' times are virtual then).
    """
    context = PortfolioContext(portfolio, faults)
    now_s = _virtual_now(clock, speed_up)
    clients = [
        VirtualGatewayClient(
            context,
            gateway,
            broker_url=broker_url,
            password=password_for(gateway.code),
            now_s=now_s,
            interval_s=interval_s,
            state_folder=state_folder,
        )
        for gateway in context.gateways.values()
    ]
    try:
        for client in clients:
            client.start(backfill=_missed(from_ts, now_s()))
        _log.info("fleet_started", gateways=len(clients), interval_s=interval_s)
        _schedule(clients, now_s, interval_s, speed_up, stop)
    finally:
        for client in clients:
            client.stop()
        _log.info("fleet_stopped", gateways=len(clients))


def _schedule(
    clients: Sequence[VirtualGatewayClient],
    now_s: Callable[[], float],
    interval_s: int,
    speed_up: float,
    stop: threading.Event,
) -> None:
    """Sample each gateway at the wall clock's multiples of the interval, a little staggered."""
    first_s = (now_s() // interval_s + 1) * interval_s
    due = [(first_s + _stagger_s(c.gateway.code, interval_s), i) for i, c in enumerate(clients)]
    heapq.heapify(due)
    while not stop.is_set():
        at_s, place = due[0]
        ahead_s = (at_s - now_s()) / speed_up
        if ahead_s > 0:
            for client in clients:
                if client.waiting:
                    client.flush()
            ahead_s = (at_s - now_s()) / speed_up
            stop.wait(max(0.0, min(ahead_s, _LONGEST_WAIT_S)))
            continue
        heapq.heapreplace(due, (at_s + interval_s, place))
        clients[place].sample(at_s // interval_s * interval_s)


def _stagger_s(gateway_code: str, interval_s: int) -> float:
    return key_of(f"stagger:{gateway_code}") % 1000 / 1000 * _STAGGER_SHARE * interval_s


def _missed(from_ts: datetime | None, now_s: float) -> list[float]:
    if from_ts is None:
        return []
    first = -(-from_ts.timestamp() // BACKFILL_STEP_S)
    return [
        float(ts_s) for ts_s in np.arange(first, now_s // BACKFILL_STEP_S + 1) * BACKFILL_STEP_S
    ]


def _virtual_now(clock: Clock, speed_up: float) -> Callable[[], float]:
    if speed_up == 1.0:
        return lambda: clock().timestamp()
    start_s = clock().timestamp()
    return lambda: start_s + (clock().timestamp() - start_s) * speed_up
