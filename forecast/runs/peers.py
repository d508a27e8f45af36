"""The shape of like customers, for those that are too young to have one of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from forecast.batch import LoadBatch
from forecast.ladder import PEER_DAYS, measured_days
from forecast.quantiles import FloatArray

_LOOKED_AT_DAYS: Final = 56
_LEAST_PEERS: Final = 3


def peer_shapes(batch: LoadBatch, kinds: Sequence[str]) -> FloatArray | None:
    """[C, 2, S]: mean workday and day off of those of the same kind that are old enough.

    Where fewer than three of a kind are, all kinds speak; None where nobody at all is old enough,
    or nobody needs it.
    """
    old = measured_days(batch) >= PEER_DAYS
    if old.all() or old.sum() < _LEAST_PEERS:
        return None
    shapes = _own_shapes(batch, old)
    kind = np.array(kinds)
    everybody = _mean(shapes[old])
    found = np.repeat(everybody[None], len(kind), axis=0)
    for one in set(kinds):
        mine = kind == one
        if (mine & old).sum() >= _LEAST_PEERS:
            found[mine] = _mean(shapes[mine & old])
    return found


def _own_shapes(batch: LoadBatch, wanted: np.ndarray) -> FloatArray:
    """[C, 2, S]: each one's mean workday and day off lately, relative to its mean load."""
    load = batch.known_load()[:, : batch.origin_day][:, -_LOOKED_AT_DAYS:]
    off = np.stack([one.off for one in batch.calendars])[:, : batch.origin_day]
    off = off[:, -_LOOKED_AT_DAYS:]
    level = _mean_over(np.abs(load), np.ones_like(off))
    scale = level.mean(1) if load.size else np.ones(len(load))
    scale = np.where(np.isfinite(scale) & (scale > 0), scale, 1.0)
    both = np.stack([_mean_over(load, ~off), _mean_over(load, off)], axis=1)
    return np.where(wanted[:, None, None], both / scale[:, None, None], np.nan)


def _mean_over(load: FloatArray, days: np.ndarray) -> FloatArray:
    """[C, S]: mean of the chosen days, of all of them where none of the chosen is known."""
    known = np.isfinite(load) & days[..., None]
    every = np.isfinite(load)
    filled = np.where(every, load, 0.0)
    chosen = (filled * known).sum(1) / np.maximum(known.sum(1), 1)
    overall = filled.sum(1) / np.maximum(every.sum(1), 1)
    return np.asarray(np.where(known.sum(1) > 0, chosen, overall))


def _mean(shapes: FloatArray) -> FloatArray:
    """[2, S]."""
    return np.asarray(np.nanmean(shapes, axis=0))
