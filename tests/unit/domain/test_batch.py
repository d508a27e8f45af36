"""Merging what was said of one meter and instant."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from loadstone.domain.batch import empty_batch, merge
from loadstone.domain.quantities import QUANTITIES

_READINGS = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.integers(0, 3),
        st.integers(0, 7),
        st.lists(st.none() | st.integers(0, 9), min_size=3, max_size=3),
    ),
    max_size=20,
)


@given(_READINGS)
def test_later_values_win_and_missing_ones_never_do(
    readings: list[tuple[int, int, int, list[int | None]]],
) -> None:
    n = len(readings)
    values = np.full((n, len(QUANTITIES)), np.nan)
    truth: dict[tuple[int, int], list[int | None]] = {}
    bits: dict[tuple[int, int], int] = {}
    for at, (meter, ts, quality, said) in enumerate(readings):
        key = (meter, ts)
        known = truth.setdefault(key, [None] * 3)
        truth[key] = [old if new is None else new for new, old in zip(said, known, strict=True)]
        bits[key] = bits.get(key, 0) | quality
        values[at, :3] = [np.nan if value is None else value for value in said]
    merged = merge(
        np.array([r[0] for r in readings], dtype=np.int32),
        np.array([r[1] for r in readings], dtype=np.int64),
        np.array([r[2] for r in readings], dtype=np.int32),
        np.zeros(n, dtype=np.int32),
        values,
    )
    batch = merged.batch
    keys = list(zip(batch.meter_id.tolist(), batch.ts_ms.tolist(), strict=True))
    assert keys == sorted(truth)
    for row, key in enumerate(keys):
        told = [None if np.isnan(v) else int(v) for v in batch.values[row, :3]]
        assert (told, int(batch.quality[row])) == (truth[key], bits[key])
    assert [keys[row] for row in merged.row_of] == [(r[0], r[1]) for r in readings]
    assert [merged.row_of[first] for first in merged.source] == list(range(len(batch)))


def test_an_empty_batch_has_the_columns_of_any_other() -> None:
    batch = empty_batch()
    assert len(batch) == 0
    assert batch.registers_wh.shape == (0, 8)
    assert batch.has_register.shape == (0,)
