"""The seven days after the issue as one batch a day, all from the same arrays."""

from __future__ import annotations

from collections.abc import Iterator

from forecast.batch import LoadBatch


def days_of(week: LoadBatch) -> Iterator[LoadBatch]:
    """Batches with leads 1 up to that of `week`, each ending on its own day."""
    total = week.load_kw.shape[1]
    for lead in range(1, week.lead_days + 1):
        days = total - week.lead_days + lead
        yield LoadBatch(
            first_day=week.first_day,
            load_kw=week.load_kw[:, :days],
            temperature_c=None if week.temperature_c is None else week.temperature_c[:, :days],
            calendars=tuple(one.part(days) for one in week.calendars),
            lead_days=lead,
            origin_slot=week.origin_slot,
            signed=week.signed,
            peer_shape=week.peer_shape,
        )
