"""Chance as a pure function of (key, index), so that a value never depends on the window asked."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def key_of(text: str) -> int:
    """Return a stable 64-bit key of a text (blake2b; Python's own hash changes per process)."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def uniform(key: int, index: Ints) -> Floats:
    """Return independent values in [-1, 1), one for each index (splitmix64 as a counter hash)."""
    mixed = index.astype(np.uint64) * _GOLDEN
    mixed ^= np.uint64(key)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_1
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-52 - 1.0


def smooth(key: int, ts_s: Ints, period_s: int) -> Floats:
    """Return value noise in [-1, 1] that moves over about `period_s`."""
    cell, rest = np.divmod(ts_s, period_s)
    first, last = (int(cell.min()), int(cell.max()) + 1) if len(cell) else (0, 0)
    if last - first > len(cell) * 2:  # sparse instants: a table would be larger than they
        here, there = uniform(key, cell), uniform(key, cell + 1)
    else:
        table = uniform(key, np.arange(first, last + 1, dtype=np.int64))
        here, there = table[cell - first], table[cell - first + 1]
    part = rest / period_s
    part = part * part * (3.0 - 2.0 * part)
    return here + (there - here) * part
