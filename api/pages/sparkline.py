"""A small curve as the points of SVG polylines, with its holes left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """Runs of "x,y x,y" in a box of `width` × `height`; `gaps` are (x, width) of the holes."""

    width: int
    height: int
    runs: list[str]
    gaps: list[tuple[float, float]]
    low_kw: float | None
    high_kw: float | None


def sparkline(
    values: Sequence[float | None], *, width: int = 120, height: int = 28, skip: int = 2
) -> Sparkline:
    """Draw from zero up, every `skip`-th value; the last slot may be missing as it just began."""
    known = [value for value in values if value is not None]
    top = max([*known, 0.001])
    step = width / max(len(values) - 1, 1)
    runs: list[str] = []
    points: list[str] = []
    gaps: list[tuple[float, float]] = []
    for at, value in enumerate(values):
        if value is None:
            _close(runs, points)
            points = []
            _widen(gaps, at * step, step)
        elif at % skip == 0 or not points:
            y = height - 1.5 - max(value, 0) / top * (height - 3)
            points.append(f"{at * step:.1f},{y:.1f}")
    _close(runs, points)
    return Sparkline(
        width=width, height=height, runs=runs, gaps=[gap for gap in gaps if gap[1] > step * 1.5],
        low_kw=min(known, default=None), high_kw=max(known, default=None),
    )  # fmt: skip


def _close(runs: list[str], points: list[str]) -> None:
    if points:
        runs.append(" ".join(points if len(points) > 1 else points * 2))


def _widen(gaps: list[tuple[float, float]], x: float, step: float) -> None:
    if gaps and abs(gaps[-1][0] + gaps[-1][1] - x) < step / 2:
        gaps[-1] = (gaps[-1][0], round(gaps[-1][1] + step, 1))
    else:
        gaps.append((round(x, 1), round(step, 1)))
