"""What the live page says of the rest of today: the peak that is expected, and its chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.pages.crumbs import site_href
from api.pages.forecast_bands import P90
from api.pages.frame import Frame
from forecast.quantiles import MEDIAN
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.forecasts import (
    IssueRow,
    SlotRow,
    newest_issues,
    slots_as_of,
    subjects_of,
)
from loadstone.storage.screens.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenDay:
    """What stands of one local day of a site; both empty where it is not forecast."""

    slots: list[SlotRow]
    issues: list[IssueRow]


def foreseen_day(
    connection: Connection, here: Place, bounds: tuple[datetime, datetime]
) -> ForeseenDay:
    """The forecast of the local day [start, end): as it was said last for each interval."""
    ids = [one.subject_id for one in subjects_of(connection, site_id=here.site_id)]
    slots = slots_as_of(connection, ids, *bounds, None) if ids else []
    if not slots:
        return ForeseenDay(slots=[], issues=[])
    used = {slot.forecast_id for slot in slots}
    around = [slot.issued_at for slot in slots]
    days = newest_issues(connection, ids, bounds[0].date(), bounds[1].date(), as_of=max(around))
    return ForeseenDay(slots=slots, issues=[one for one in days if one.forecast_id in used])


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedPeak:
    """A sentence, and where the whole forecast is."""

    text: str
    href: str


def expected_peak(
    frame: Frame, here: Place, foreseen: ForeseenDay, now: datetime
) -> ExpectedPeak | None:
    """The peak of the rest of the day, that which 9 of 10 stay below, and the chance to exceed."""
    coming = [slot for slot in foreseen.slots if slot.end_at > now]
    if not coming:
        return None
    top = max(coming, key=lambda slot: slot.mean_kw)
    issue = next((one for one in foreseen.issues if one.forecast_id == top.forecast_id), None)
    f = frame.f
    peak = issue.peak_kw if issue is not None else None
    values = {
        "time": f.clock(top.start_at, here.zone),
        "peak": f.power(peak[MEDIAN] if peak else top.mean_kw),
        "p90": f.power(peak[P90] if peak else top.p90_kw),
    }
    chance = issue.exceeds_ratio if issue is not None else None
    href = f"{site_href(here.site_id)}/forecast"
    if chance is None:
        return ExpectedPeak(text=frame.t("fc.expected", **values), href=href)
    values["chance"] = f.percent(100 * chance)
    return ExpectedPeak(text=frame.t("fc.expected_chance", **values), href=href)
