"""One meter's period as a strip: where it was measured, estimated, missing or not counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

from api.pages.frame import Frame
from loadstone.storage.screens.quality_map import QualityCell

Kind = Literal["measured", "estimated", "missing", "untrusted", "ahead"]
_ENOUGH = 0.999


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Cells of one kind side by side: [from_s, to_s) in epoch s, its place in percent, its text."""

    kind: Kind
    from_s: int
    to_s: int
    left_pct: float
    width_pct: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityStrip:
    """The runs in order, and what they come to in percent of the time due."""

    runs: list[Run]
    measured: str
    estimated: str
    missing: str
    received: int
    expected: int
    untrusted: int
    lag: str
    ticks: list[tuple[float, str]]


def quality_strip(
    frame: Frame, cells: Sequence[QualityCell], start: datetime, end: datetime, zone: str,
    step: str, now: datetime,
) -> QualityStrip:  # fmt: skip
    """From read.quality's cells of one meter."""
    due = sum(cell.due_s for cell in cells)
    measured, estimated = sum(c.measured_s for c in cells), sum(c.estimated_s for c in cells)
    lags = [cell.lag_max_s for cell in cells if cell.lag_max_s is not None]
    f = frame.f
    return QualityStrip(
        runs=_runs(frame, cells, start, end, zone, now),
        measured=f.percent(100 * measured / due if due else None, 1),
        estimated=f.percent(100 * estimated / due if due else None, 1),
        missing=f.percent(max(0.0, 100 - 100 * (measured + estimated) / due) if due else None, 1),
        received=sum(c.received_readings for c in cells),
        expected=sum(c.expected_readings for c in cells if c.start_at < now),
        untrusted=sum(c.untrusted_readings for c in cells),
        lag=f.span(timedelta(seconds=max(lags))) if lags else f.number(None),
        ticks=_ticks(frame, start, end, zone, step),
    )  # fmt: skip


def _kind(cell: QualityCell) -> Kind:
    if cell.due_s <= 0:
        return "ahead"
    if cell.untrusted_readings and cell.measured_s < cell.due_s * _ENOUGH:
        return "untrusted"
    if cell.measured_s >= cell.due_s * _ENOUGH:
        return "measured"
    if cell.measured_s + cell.estimated_s >= cell.due_s * _ENOUGH:
        return "estimated"
    return "missing"


def _runs(
    frame: Frame, cells: Sequence[QualityCell], start: datetime, end: datetime, zone: str,
    now: datetime,
) -> list[Run]:  # fmt: skip
    edges = [cell.start_at for cell in cells[1:]] + [end]
    whole_s = (end - start).total_seconds() or 1
    runs = []
    for kind, group in groupby(zip(cells, edges, strict=True), key=lambda pair: _kind(pair[0])):
        members = list(group)
        first, last = members[0][0].start_at, members[-1][1]
        text = frame.t(
            f"strip.{kind}", start=frame.f.instant(first, zone, now),
            end=frame.f.instant(last, zone, now),
        )  # fmt: skip
        runs.append(
            Run(
                kind=kind, from_s=int(first.timestamp()), to_s=int(last.timestamp()),
                left_pct=100 * (first - start).total_seconds() / whole_s,
                width_pct=100 * (last - first).total_seconds() / whole_s, text=text,
            )
        )  # fmt: skip
    return runs


def _ticks(
    frame: Frame, start: datetime, end: datetime, zone: str, step: str
) -> list[tuple[float, str]]:
    """Marks below the strip: hours of a day, days of a longer period; (percent, text)."""
    span = end - start
    by_hours = step == "15 minutes"
    count = 8 if by_hours else min(8, max(1, span.days))
    marks = []
    for at in range(count):
        instant = start + span * at / count
        text = frame.f.clock(instant, zone) if by_hours else frame.f.instant(instant, zone, end)
        marks.append((100 * at / count, text if by_hours else text.rsplit(" ", 1)[0]))
    return marks
