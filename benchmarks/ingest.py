"""Rows a second from the broker into the database, beside the database's own limit, in one run.

Nothing is asserted: it prints a table, to be compared with other runs on the same machine only.
"""

from __future__ import annotations

import signal
import statistics
import sys
from pathlib import Path

import click
import numpy as np

from benchmarks.straight_line.cases import Case, Rate
from benchmarks.straight_line.facts import machine_facts
from benchmarks.straight_line.raw_copy import copy_seconds, keep_rows
from benchmarks.straight_line.stack import Stack, running_stack
from benchmarks.straight_line.world import METERS_PER_GATEWAY
from loadstone.embedded.broker import BrokerKind

_PER_SECOND = 1000.0
_DEFAULT_LINGER_MS = 20
_SHORT_LINGER_MS = 5


class Results:
    """The figures of all rounds, by name."""

    def __init__(self) -> None:
        self.copies: list[tuple[float, float | None]] = []
        self.rates: dict[str, list[Rate]] = {}
        self.delays_ms: dict[int, list[list[float]]] = {}

    def lines(self) -> list[str]:
        """The table: medians, with the least and the most of the rounds."""
        limit = statistics.median(rows_per_s for rows_per_s, _ in self.copies)
        lines = [
            f"{'':34}{'rows/s':>10}{'least..most':>20}{'of COPY':>9}"
            f"{'collector':>12}{'database':>10}",
            f"{'':34}{'':>10}{'':>20}{'':>9}{'µs/row':>12}{'µs/row':>10}",
            _line("psql's binary COPY", [rate for rate, _ in self.copies], limit, None,
                  _median([cost for _, cost in self.copies])),
        ]  # fmt: skip
        for name, rates in self.rates.items():
            lines.append(
                _line(name, [rate.rows_per_s for rate in rates], limit,
                      _median([rate.collector_us_per_row for rate in rates]),
                      _median([rate.database_us_per_row for rate in rates]))
            )  # fmt: skip
        lines.append("")
        for linger_ms, rounds in self.delays_ms.items():
            p50 = statistics.median(float(np.percentile(each, 50)) for each in rounds)
            p99 = statistics.median(float(np.percentile(each, 99)) for each in rounds)
            lines.append(
                f"publish to commit at 1,000 messages/s, linger {linger_ms:>2} ms:"
                f"   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   ({len(rounds[0])} messages a round)"
            )
        lost = [
            f"{name}: {rate.stored_rows} of {rate.sent_rows} rows stored"
            for name, rates in self.rates.items()
            for rate in rates
            if rate.stored_rows != rate.sent_rows
        ]
        return lines + (lost or ["every row that was sent is stored, none twice"])


def _line(
    name: str,
    rates: list[float],
    limit: float,
    collector: float | None,
    database: float | None,
) -> str:
    middle = statistics.median(rates)
    span = f"{min(rates):,.0f}..{max(rates):,.0f}"
    costs = [f"{'-' if cost is None else f'{cost:.1f}'}" for cost in (collector, database)]
    return f"{name:34}{middle:>10,.0f}{span:>20}{middle / limit:>9.2f}{costs[0]:>12}{costs[1]:>10}"


def _median(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def _one_round(
    stack: Stack,
    results: Results,
    source: Path,
    source_rows: int,
    rows: dict[int, int],
    seconds: float,
) -> None:
    stack.empty()
    before = stack.postgres_cpu_s()
    took_s = copy_seconds(stack, source)
    after = stack.postgres_cpu_s()
    cost = None if before is None or after is None else (after - before) * 1e6 / source_rows
    results.copies.append((source_rows / took_s, cost))
    for rows_each in rows:
        instants = max(1, rows[rows_each] // stack.world.meters)
        words = f"{rows_each} row{'s' if rows_each > 1 else ''} a message"
        for name, measure in (("live", Case.live), ("backlog", Case.backlog)):
            rate = measure(Case(stack, rows_each=rows_each, instants=instants))
            results.rates.setdefault(f"{words}, {name}", []).append(rate)
    instants = round(seconds * _PER_SECOND / stack.world.meters)
    for linger_ms in (_DEFAULT_LINGER_MS, _SHORT_LINGER_MS):
        if not instants:
            break
        case = Case(stack, rows_each=1, instants=instants)
        delays_ms = case.latencies_ms(per_second=_PER_SECOND, linger_ms=linger_ms)
        results.delays_ms.setdefault(linger_ms, []).append(delays_ms)


@click.command(help=__doc__)
@click.option("--rows", default=200_000, help="Rows at 50 a message, and of the COPY.")
@click.option("--rows-single", default=60_000, help="Rows at 1 a message; 0 leaves it out.")
@click.option("--meters", default=1000, help="Meters, 50 on each gateway.")
@click.option("--seconds", default=6.0, help="How long each latency is measured; 0 leaves it out.")
@click.option("--rounds", default=3, help="Rounds; the table shows the medians.")
@click.option("--broker", type=click.Choice(["mosquitto", "iotcore"]), default=None)
@click.option("--timescale", is_flag=True, help="Debian's TimescaleDB (see scripts/).")
@click.option("--database-url", default=None, help="An empty database of your own; it is filled.")
def main(
    rows: int,
    rows_single: int,
    meters: int,
    seconds: float,
    rounds: int,
    broker: BrokerKind | None,
    timescale: bool,
    database_url: str | None,
) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is stopped
    with running_stack(meters, broker, database_url, timescale=timescale) as stack:
        print("\n".join(machine_facts(stack)), flush=True)
        Case(stack, rows_each=METERS_PER_GATEWAY, instants=max(1, rows // meters)).live()
        source = stack.home / "rows.copy"
        source_rows = keep_rows(stack, source)
        results = Results()
        for number in range(1, rounds + 1):
            print(f"round {number} of {rounds} …", flush=True)
            counts = {1: rows_single, METERS_PER_GATEWAY: rows}
            wanted = {each: count for each, count in counts.items() if count}
            _one_round(stack, results, source, source_rows, wanted, seconds)
    print()
    print("\n".join(results.lines()))


if __name__ == "__main__":
    main()
