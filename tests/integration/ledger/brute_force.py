"""What the registers say, reckoned reading by reading: no summaries, no SQL for the energy.

Only labels and offsets are taken from the database; corrections are applied here a second time.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from tests.integration.ingest.premises import Premises


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Energy d_wh that flowed evenly from p_s to q_s, epoch seconds."""

    p_s: float
    q_s: float
    d_wh: float

    def part(self, start_s: float, end_s: float) -> float:
        """Its energy within [start_s, end_s), Wh."""
        inside = min(self.q_s, end_s) - max(self.p_s, start_s)
        return self.d_wh * max(inside, 0.0) / (self.q_s - self.p_s)


@dataclass(frozen=True, kw_only=True)
class Laid:
    """Corrections as they are laid over: instants in epoch seconds."""

    breaks: list[tuple[float, int]] = field(default_factory=list)
    ratios: list[tuple[float, float, float]] = field(default_factory=list)
    amounts: list[tuple[float, float, float]] = field(default_factory=list)


def pieces(premises: Premises, meter_id: int, laid: Laid) -> list[Piece]:
    """The course of the import register."""
    rows = premises.connection.execute(
        "SELECT extract(epoch FROM r.ts)::float8, r.imp_wh, e.offsets[1] FROM core.reading r "
        "JOIN core.register_epoch e USING (meter_id, epoch) "
        "WHERE r.meter_id = %s AND r.imp_wh IS NOT NULL ORDER BY r.ts",
        [meter_id],
    ).fetchall()
    found = []
    for (p_s, old, old_offset), (q_s, new, new_offset) in pairwise(rows):
        step = next((step for at, step in laid.breaks if p_s < at <= q_s), None)
        raised = new_offset - old_offset if step is None else step
        found.append(Piece(p_s=p_s, q_s=q_s, d_wh=new - old + raised))
    for start_s, end_s, ratio in laid.ratios:
        found = [part for piece in found for part in _times(piece, start_s, end_s, ratio)]
    for start_s, end_s, amount_wh in laid.amounts:
        found = [part for piece in found for part in _times(piece, start_s, end_s, 0.0)]
        found.append(Piece(p_s=start_s, q_s=end_s, d_wh=amount_wh))
    return found


def _times(piece: Piece, start_s: float, end_s: float, ratio: float) -> list[Piece]:
    edges = [piece.p_s, *(at for at in (start_s, end_s) if piece.p_s < at < piece.q_s), piece.q_s]
    parts = []
    for p_s, q_s in pairwise(edges):
        by = ratio if start_s <= p_s < end_s else 1.0
        parts.append(replace(piece, p_s=p_s, q_s=q_s, d_wh=piece.part(p_s, q_s) * by))
    return parts


def between_kwh(course: list[Piece], start: datetime, end: datetime) -> float:
    """Energy of [start, end)."""
    a, z = start.timestamp(), end.timestamp()
    return sum(piece.part(a, z) for piece in course) / 1000
