"""What-if questions on a site's forecast: load moved, or a warmer day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from api.context import Context
from api.errors import not_found, refused
from api.fast_json import FastJson
from api.forecast_answers import checked_days, quantiles, site_subject
from api.identity import SignedIn
from api.lookup import Reference
from api.models.what_if import ShiftBody, WhatIf, WhatIfBody, WindowBody
from api.what_if import OverlapError, ShiftAsked, Side, Tried, Window, try_out
from api.what_if_reads import WarmthRead, read_warmth
from forecast.quantiles import LEVELS
from loadstone.storage.screens.forecast_sites import forecast_sites
from loadstone.storage.screens.forecasts import SlotRow, newest_issues, slots_as_of
from loadstone.storage.screens.places import place

router = APIRouter(tags=["forecasts"])
_MOST_DAYS = 8
_P10, _P90 = LEVELS.index(0.1), LEVELS.index(0.9)


@router.post("/sites/{reference}/forecast/what-if", response_model=WhatIf)
def what_if(context: Context, viewer: SignedIn, reference: Reference, body: WhatIfBody) -> Response:
    """Try a change on the forecast as it stands; nothing is stored.

    Moved energy stays within its local day. Warmth goes by the site's own fitted response, which
    `response` tells; without 56 days of load and temperature `warmer_k` is refused.
    """
    now = context.now()
    with context.reading(viewer) as connection:
        subject = site_subject(connection, viewer, reference)
        if subject.site_id is None:
            raise not_found("site", reference)
        zone = ZoneInfo(subject.zone)
        today = now.astimezone(zone).date()
        tomorrow = today + timedelta(days=1)
        usual = (tomorrow, body.first_day or tomorrow)
        first, last = checked_days(body.first_day, body.last_day, usual, _MOST_DAYS)
        if first < today:
            raise refused("first_day", first, "must not lie before today at the site")
        start, end = _instant(first, zone), _instant(last + timedelta(days=1), zone)
        slots = slots_as_of(connection, subject.ids, max(start, now), end, None)
        if not slots:
            raise not_found("forecast", f"of {subject.code} for {first} to {last}")
        here = place(connection, subject.site_id, viewer.customer_id)
        issues = newest_issues(connection, subject.ids, first, last)
        warmth = None
        if body.warmer_k:
            site = next(
                one for one in forecast_sites(connection, subject.customer_id)
                if one.site_id == subject.site_id
            )  # fmt: skip
            mains = here.main_ids if here else []
            warmth = read_warmth(connection, site, mains, slots, body.warmer_k, today, now)
    _check_warmth(body, warmth)
    leading = next((one for one in issues if one.forecast_id == slots[-1].forecast_id), None)
    contract_kw = here.contract_demand_kw if here else None
    try:
        tried = try_out(
            slots, subject.zone, shift=_shift(body.shift), contract_kw=contract_kw,
            warmer=warmth.warmer if warmth else None,
            correlation_ratio=leading.error_correlation_ratio if leading else None,
        )  # fmt: skip
    except OverlapError as error:
        raise refused("shift.into", None, "must not overlap `out_of`") from error
    return FastJson(
        {
            "site_id": subject.site_id,
            "code": subject.code,
            "zone": subject.zone,
            "first_day": first,
            "last_day": last,
            "issued_at": max(slot.issued_at for slot in slots),
            "interval_s": int((slots[0].end_at - slots[0].start_at).total_seconds()),
            "contract_demand_kw": contract_kw,
            "moved_kwh": tried.moved_kwh,
            "unplaced_kwh": tried.unplaced_kwh,
            "response": _response(warmth),
            "before": _side(tried.before),
            "after": _side(tried.after),
            "data": _data(slots, tried),
        }
    )


def _instant(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _check_warmth(body: WhatIfBody, warmth: WarmthRead | None) -> None:
    if warmth is None:
        return
    if warmth.response is None:
        raise refused(
            "warmer_k", body.warmer_k,
            "needs 56 days of load and temperature of this site: its response is not known",
        )  # fmt: skip
    if warmth.warmer is None:
        raise refused("warmer_k", body.warmer_k, "needs temperatures foreseen for these days")


def _shift(body: ShiftBody | None) -> ShiftAsked | None:
    if body is None:
        return None
    return ShiftAsked(
        power_kw=body.power_kw, out_of=_window(body.out_of, "shift.out_of"),
        into=None if body.into is None else _window(body.into, "shift.into"),
    )  # fmt: skip


def _window(body: WindowBody, field: str) -> Window:
    begins, ends = _minutes(body.begins), _minutes(body.ends)
    if begins == ends:
        raise refused(f"{field}.ends", body.ends, "must not be where the window begins")
    return begins, ends


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _side(side: Side) -> dict[str, Any]:
    return {
        "energy_kwh": side.energy_kwh,
        "peak_kw": quantiles([float(value) for value in side.peak.peak_kw]),
        "exceeds_ratio": side.peak.exceeds_ratio,
    }


def _response(warmth: WarmthRead | None) -> dict[str, Any] | None:
    if warmth is None or warmth.response is None:
        return None
    response = warmth.response
    return {
        "method": "fitted",
        "days": response.days,
        "explained_ratio": response.explained_ratio,
        "cooling_base_c": response.cooling_base_c,
        "heating_base_c": response.heating_base_c,
        "cooling_kw_per_k": response.cooling_kw_per_k.tolist(),
        "heating_kw_per_k": response.heating_kw_per_k.tolist(),
    }


def _data(slots: Sequence[SlotRow], tried: Tried) -> list[dict[str, Any]]:
    return [
        {
            "start_at": slot.start_at,
            "end_at": slot.end_at,
            "mean_kw": slot.mean_kw,
            "p10_kw": slot.p10_kw,
            "p90_kw": slot.p90_kw,
            "changed_mean_kw": float(tried.after.mean_kw[at]),
            "changed_p10_kw": float(tried.after.quantiles_kw[at, _P10]),
            "changed_p90_kw": float(tried.after.quantiles_kw[at, _P90]),
        }
        for at, slot in enumerate(slots)
    ]
