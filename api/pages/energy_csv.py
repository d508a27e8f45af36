"""The energy page's numbers as CSV."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.context import Context
from api.pages.csv_cells import csv_response
from api.pages.downloads import note_download
from api.pages.energy import EnergyQuery, read_subject
from api.pages.energy_buckets import Step, bucketed
from api.pages.energy_scope import cut
from api.pages.frame import PageFrame

router = APIRouter(include_in_schema=False)


@router.get("/energy.csv")
def energy_csv(frame: PageFrame, context: Context, wanted: EnergyQuery) -> Response:
    """The parts by bucket, with full digits; by hours of shifts they are days."""
    with context.reading(frame.reader) as connection:
        subject = read_subject(connection, frame, wanted, context.now())
        parts, terms = cut(frame.t, subject.scope, subject.by)
        step: Step = "day" if subject.grain == "shift" else subject.grain
        found = bucketed(connection, subject.scope.meters, terms, subject.period, step, subject.now)
    rows = [
        [start.isoformat(), end.isoformat(), part.label, part.note, _six(cell.energy_kwh),
         _six(cell.estimated_kwh), _six(cell.known_ratio)]
        for part in parts
        for start, end, cell in zip(
            found.starts, found.ends, found.cells[part.number], strict=True
        )
        if cell is not None
    ]  # fmt: skip
    header = ["start_local", "end_local", "part", "of", "energy_kwh", "estimated_kwh",
              "known_ratio"]  # fmt: skip
    period = subject.period
    name = f"energy-{period.first}-{period.last}.csv"
    scope = subject.scope
    note_download(context, frame, "energy", name, customer=scope.customer_id, site=scope.site_id)
    return csv_response(name, header, rows)


def _six(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
