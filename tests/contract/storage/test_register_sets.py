"""A year of two real loads as registers show it, through the line into every kind of server.

The data is not ours to ship: LOADSTONE_TEST_DATA names the folder that holds `register_derived_a`
(reads.parquet in the order of arrival, truth.parquet with the energy of each quarter hour).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import psycopg
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from loadstone.storage.rollups import refresh_rollups
from tests.integration.ingest.premises import METER, Premises, reading

_VARIABLE = "LOADSTONE_TEST_DATA"
_READINGS_A_MESSAGE = 96
_MOST_ERROR = 0.001


@dataclass(frozen=True, kw_only=True)
class RegisterSet:
    """A series, the modulus of its register, and a stretch of it for the small server."""

    name: str
    modulus_kwh: float
    max_power_kw: float
    part: tuple[datetime, datetime]


SETS = (
    RegisterSet(
        name="daewoo_steel_gwangyang",
        modulus_kwh=100_000.0,
        max_power_kw=1000.0,
        part=(datetime(2018, 7, 10, tzinfo=UTC), datetime(2018, 8, 12, tzinfo=UTC)),
    ),
    RegisterSet(
        name="LP_G_MV",
        modulus_kwh=10_000.0,
        max_power_kw=500.0,
        part=(datetime(2018, 7, 20, tzinfo=UTC), datetime(2018, 8, 22, tzinfo=UTC)),
    ),
)


@pytest.fixture
def folder() -> Path:
    given = os.environ.get(_VARIABLE)
    path = Path(given or "") / "register_derived_a"
    if not given or not path.is_dir():
        pytest.skip(f"{_VARIABLE} names no folder with register_derived_a")
    return path


def _series(path: Path, name: str, *columns: str) -> list[NDArray[np.float64]]:
    """The columns of one series, instants as epoch ms."""
    table = pq.read_table(path)
    table = table.filter(pc.equal(table["series_id"], name))
    return [
        table[column].cast("timestamp[ms]", safe=False).cast("int64").to_numpy()
        if column.endswith("_utc")
        else table[column].to_numpy()
        for column in columns
    ]


def _feed(premises: Premises, ts_ms: Sequence[int], kwh: Sequence[float]) -> None:
    """The readings as they arrived, some a message and ten messages a batch."""
    received_ms = max(ts_ms) + 60_000
    messages = [
        premises.telemetry(
            [
                reading(t, meter=METER, ep_imp=v)
                for t, v in zip(
                    ts_ms[at : at + _READINGS_A_MESSAGE],
                    kwh[at : at + _READINGS_A_MESSAGE],
                    strict=True,
                )
            ],
            received_ms=received_ms,
        )
        for at in range(0, len(ts_ms), _READINGS_A_MESSAGE)
    ]
    for at in range(0, len(messages), 10):
        premises.feed(messages[at : at + 10])


def _rows(connection: psycopg.Connection, meter_id: int, edges: Sequence[datetime], step: str):
    return connection.execute(
        "SELECT start_at, energy_kwh, quality FROM read.energy(%s, %s, %s, %s::interval, 'UTC')",
        [[meter_id], *edges, step],
    ).fetchall()


@pytest.mark.parametrize("which", SETS, ids=lambda each: each.name)
def test_the_registers_of_a_real_year_give_its_energy(make_premises, store, folder, which) -> None:
    premises = make_premises(modulus_kwh=which.modulus_kwh, max_power_kw=which.max_power_kw)
    ts_ms, kwh = _series(folder / "reads.parquet", which.name, "ts_utc", "register_kwh")
    if store.small:
        first, last = (at.timestamp() * 1000 for at in which.part)
        inside = (ts_ms >= first) & (ts_ms <= last)
        ts_ms, kwh = ts_ms[inside], kwh[inside]
    _feed(premises, ts_ms.astype(np.int64).tolist(), kwh.tolist())
    while refresh_rollups(premises.connection):
        pass
    edges = [datetime.fromtimestamp(ms / 1000, UTC) for ms in (ts_ms.min(), ts_ms.max())]
    end_ms, truth = _series(folder / "truth.parquet", which.name, "ts_utc", "interval_truth_kwh")
    true_kwh = float(truth[(end_ms > ts_ms.min()) & (end_ms <= ts_ms.max())].sum())
    totals = []
    for step in ("15 minutes", "1 hour", "1 day", "1 month"):
        rows = _rows(premises.connection, premises.meter_id, edges, step)
        known = [energy for _, energy, _ in rows if energy is not None]
        assert min(known) >= 0
        totals.append(sum(known))
    assert totals == pytest.approx([totals[0]] * len(totals), abs=1e-6)
    assert totals[0] == pytest.approx(true_kwh, rel=_MOST_ERROR)
    _check_gaps(premises, edges, {int(ms) for ms in ts_ms})


def _check_gaps(premises: Premises, edges: Sequence[datetime], read_ms: set[int]) -> None:
    """A quarter of which no end was read is nobody's measurement."""
    quarter = timedelta(minutes=15)
    for start_at, _, quality in _rows(premises.connection, premises.meter_id, edges, "15 minutes"):
        ends = {round(at.timestamp() * 1000) for at in (start_at, start_at + quarter)}
        if not ends & read_ms:
            assert quality == "estimated", start_at
