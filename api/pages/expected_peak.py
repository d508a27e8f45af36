"""What the live page says of the rest of today: the peak that is expected, and its chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.pages.crumbs import site_href
from api.pages.frame import Frame
from loadstone.storage.screens.forecasts import DaySlot
from loadstone.storage.screens.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedPeak:
    """A sentence, and where the whole forecast is."""

    text: str
    href: str


def expected_peak(
    frame: Frame, here: Place, foreseen: Sequence[DaySlot], now: datetime
) -> ExpectedPeak | None:
    """The peak of the rest of the day, that which 9 of 10 stay below, and the chance to exceed."""
    coming = [slot for slot in foreseen if slot.end_at > now]
    if not coming:
        return None
    top = max(coming, key=lambda slot: slot.mean_kw)
    f = frame.f
    values = {
        "time": f.clock(top.start_at, here.zone),
        "peak": f.power(top.mean_kw if top.peak_p50_kw is None else top.peak_p50_kw),
        "p90": f.power(top.p90_kw if top.peak_p90_kw is None else top.peak_p90_kw),
    }
    href = f"{site_href(here.site_id)}/forecast"
    if top.exceeds_ratio is None:
        return ExpectedPeak(text=frame.t("fc.expected", **values), href=href)
    values["chance"] = f.percent(100 * top.exceeds_ratio)
    return ExpectedPeak(text=frame.t("fc.expected_chance", **values), href=href)
