"""What may be said of measures and events, for the API and for pages alike."""

from __future__ import annotations

from datetime import date, datetime

from api.errors import not_found, refused
from api.models.savings import SavingMeasureBody
from forecast.savings.verify import TooLittleToJudgeError
from forecast.verification.run import NotImplementedYetError, judge_measure, keep_judgement
from loadstone.storage.non_routine_events import events_of_measure
from loadstone.storage.read_only import Connection
from loadstone.storage.saving_measures import MeasurePlan, MeasureRow, measure
from loadstone.storage.screens.site import meters_of


def the_measure(connection: Connection, measure_id: int) -> MeasureRow:
    """The measure, or 404."""
    row = measure(connection, measure_id)
    if row is None:
        raise not_found("measure", measure_id)
    return row


def plan_of(connection: Connection, site_id: int, body: SavingMeasureBody) -> MeasurePlan:
    """What is wanted, checked against the site; 422 where it cannot be."""
    _check_dates(body)
    own = {one.meter_id for one in meters_of(connection, site_id)}
    for meter_id in body.meter_ids:
        if meter_id not in own:
            raise refused("meter_ids", meter_id, "must be meters in service at the site")
    if body.option == "B" and not body.meter_ids:
        raise refused("meter_ids", [], "are needed for option B: the measure's own meters")
    return MeasurePlan(
        what=body.what.strip() or body.what, status=body.status, option=body.option,
        meter_ids=tuple(sorted(set(body.meter_ids))), planned_on=body.planned_on,
        implemented_on=body.implemented_on, baseline_from=body.baseline_from,
        expected_kwh=body.expected_kwh, owner=body.owner, note=body.note,
    )  # fmt: skip


def _check_dates(body: SavingMeasureBody) -> None:
    for field in ("planned_on", "implemented_on", "baseline_from"):
        day: date | None = getattr(body, field)
        if day is not None and not 1990 <= day.year <= 2199:
            raise refused(field, day.isoformat(), "must lie in the years 1990 to 2199")
    if body.status in ("implemented", "verified") and body.implemented_on is None:
        raise refused("implemented_on", None, "is needed for what is implemented")
    if body.baseline_from and body.implemented_on and body.baseline_from >= body.implemented_on:
        raise refused("baseline_from", body.baseline_from.isoformat(), "must be before the measure")


def check_event_days(first_day: date, end_day: date, row: MeasureRow) -> str:
    """The period in which the days lie; 422 where they are no stretch within one period."""
    if end_day <= first_day:
        raise refused("end_day", end_day.isoformat(), "must be after `first_day`")
    if not 1990 <= first_day.year <= end_day.year <= 2199:
        raise refused("first_day", first_day.isoformat(), "must lie in the years 1990 to 2199")
    if row.implemented_on is None:
        raise refused("measure_id", row.measure_id, "is not implemented yet")
    if first_day < row.implemented_on < end_day:
        raise refused("first_day", first_day.isoformat(), "must lie in one period with `end_day`")
    return "baseline" if first_day < row.implemented_on else "reporting"


def judge_now(connection: Connection, row: MeasureRow, who: str, now: datetime) -> int:
    """Judge a measure by what is known now and keep it; 422 where nothing can be judged."""
    events = events_of_measure(connection, row.measure_id)
    try:
        judged = judge_measure(connection, row, events, now)
    except NotImplementedYetError as error:
        raise refused("implemented_on", None, "must be known before anything is judged") from error
    except TooLittleToJudgeError as error:
        rule = "too little is known before or after it: a fortnight before and a day after"
        raise refused("implemented_on", str(row.implemented_on), rule) from error
    return keep_judgement(connection, row, judged, who, now)
