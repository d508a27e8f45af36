"""Curves on a grid of quarter hours: sums of meters, holes, completeness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.calendar import QUARTER_S
from loadstone.storage.screens.overview import Curve


def on_grid(curve: Curve, grid: range, interval_s: int) -> list[float | None]:
    """Power by slot of the grid; a slot between two readings of a slow meter keeps the earlier.

    None where the meter was silent for longer than twice its interval.
    """
    tolerance_s = max(QUARTER_S, 2 * interval_s)
    values: list[float | None] = [None] * len(grid)
    last_at, last_kw = None, None
    for start_s, power_kw in zip(curve.starts_s, curve.powers_kw, strict=True):
        at = (start_s - grid.start) // grid.step
        if 0 <= at < len(grid):
            values[at] = power_kw
        if last_at is not None and start_s - last_at <= tolerance_s:
            for between in range(last_at + grid.step, start_s, grid.step):
                if between in grid:
                    values[grid.index(between)] = last_kw
        last_at, last_kw = start_s, power_kw
    return values


def total(curves: Sequence[Sequence[float | None]]) -> list[float | None]:
    """Sum by slot; None where any of them is, since a part of a sum looks like a drop."""
    summed: list[float | None] = []
    for values in zip(*curves, strict=True):
        known = [value for value in values if value is not None]
        summed.append(sum(known) if known and len(known) == len(values) else None)
    return summed


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A run of slots [start_s, end_s) without a value; `open_end` while it lasts."""

    start_s: int
    end_s: int
    open_end: bool


def holes(values: Sequence[float | None], grid: range, until_s: int) -> list[Hole]:
    """Runs of missing slots before `until_s`, at which the last one may still be open.

    A slot that only just began has not been missed yet.
    """
    found: list[Hole] = []
    began: int | None = None
    for start_s, value in zip(grid, values, strict=True):
        if start_s >= until_s:
            break
        if value is None and began is None:
            began = start_s
        if value is not None and began is not None:
            found.append(Hole(start_s=began, end_s=start_s, open_end=False))
            began = None
    if began is not None and until_s - began > grid.step:
        last_s = min(until_s, grid.stop)
        found.append(Hole(start_s=began, end_s=last_s, open_end=until_s <= grid.stop))
    return found
