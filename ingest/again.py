"""Judging stored readings of a meter again by today's rules: labels and epochs, never readings."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from ingest.registers import RegisterKeeper, write_judgement
from loadstone.domain.registers import Epoch
from loadstone.domain.registry import MeterLimits
from loadstone.storage.ingest_connection import Connection
from loadstone.storage.register_reads import epochs_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Relabelled:
    """Readings in a row, from the first to the last (epoch ms), whose label is another now."""

    from_ms: int
    to_ms: int
    readings: int
    was: int
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondJudgement:
    """What today's rules make of a stretch, against what was decided."""

    relabelled: list[Relabelled]
    epochs_before: list[Epoch]
    epochs_after: list[Epoch]


def judge_again(
    connection: Connection, meter: MeterLimits, start_ms: int, end_ms: int, *, apply: bool
) -> SecondJudgement:
    """Judge a meter's registers of [start_ms, end_ms) again; only shown unless `apply`.

    Whoever applies it must see to it that nobody judges at the same time, and that those who
    remember how the registers stood read it anew.
    """
    before = [epoch for _, epoch in epochs_of(connection, [meter.meter_id])]
    result, judgement = RegisterKeeper().again(connection, meter, start_ms, end_ms)
    changes = [
        (ts_ms, result.stored[ts_ms], now)
        for ts_ms, now in sorted(result.relabelled().items())
        if max(now, -1) != max(result.stored[ts_ms], -1)
    ]
    if apply:
        write_judgement(connection, judgement)
    return SecondJudgement(
        relabelled=_runs(changes),
        epochs_before=before,
        epochs_after=judgement.epochs[meter.meter_id],
    )


def _runs(changes: list[tuple[int, int, int]]) -> list[Relabelled]:
    runs = []
    for (was, now), group in groupby(changes, key=lambda change: change[1:]):
        instants = [ts_ms for ts_ms, _, _ in group]
        runs.append(
            Relabelled(
                from_ms=instants[0], to_ms=instants[-1], readings=len(instants), was=was, now=now
            )
        )
    return runs
