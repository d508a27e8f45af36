"""Live values of a site: server-sent events, and the same as plain JSON for those who poll."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from api.context import AppContext, Context
from api.event_stream import EventStream, event
from api.identity import SignedIn
from api.pages.calendar import QUARTER_S, floor_to
from api.pages.frame import Frame
from api.pages.site import visible_place
from api.pages.site_figures import load_now, load_words
from api.routes.live import wait_for_changes
from loadstone.storage.read_only import DATABASE_AWAY
from loadstone.storage.screens.live import LiveRow, live_rows
from loadstone.storage.screens.places import Place

router = APIRouter(include_in_schema=False)
_SIGN_OF_LIFE_S = 15.0
# A stream ends now and then, and the browser's new one is asked again who is looking.
_LONGEST_STREAM_S = 300.0


@router.get("/live/sites/{site_id}")
def live_site(
    site_id: int, request: Request, context: Context, viewer: SignedIn, once: bool = False
) -> Response:
    """Events with what changed since the last; with `once` a single JSON document."""
    frame = Frame(request, viewer)
    with context.reading(frame.reader) as connection:
        place = visible_place(connection, frame, site_id)
    if once:
        return JSONResponse(_look(context, frame, place))
    return EventStream(_events(context, frame, place), context.stream_slots, viewer.user_id)


async def _events(context: AppContext, frame: Frame, place: Place) -> AsyncIterator[bytes]:
    began_s = looked_s = time.monotonic()
    number = -1
    yield b"retry: 2000\n\n"
    try:
        while time.monotonic() - began_s < _LONGEST_STREAM_S:
            newest = context.live.newest_of(place.site_id)
            if newest != number or time.monotonic() - looked_s > _SIGN_OF_LIFE_S:
                number, looked_s = newest, time.monotonic()
                seen = await run_in_threadpool(_look, context, frame, place)
                yield event(json.dumps(seen, ensure_ascii=False).encode())
            await wait_for_changes(context.live, context)
    except DATABASE_AWAY:
        return  # the browser comes back, and finds out whether it is there again


def _look(context: AppContext, frame: Frame, place: Place) -> dict[str, Any]:
    """One query, in words: `values` go into the page as they are."""
    now = context.now()
    this_quarter = floor_to(now, QUARTER_S)
    with context.reading(frame.reader) as connection:
        rows = live_rows(
            connection, place.site_id, this_quarter - timedelta(seconds=QUARTER_S),
            this_quarter + timedelta(seconds=QUARTER_S),
        )  # fmt: skip
    mains = [row for row in rows if row.meter_id in place.main_ids]
    load = load_now([(row.ts, row.power_kw) for row in mains], place.interval_s, now)
    words = load_words(frame, place, load)
    values = {"load": words.load, "contract": words.contract, "headroom": words.headroom}
    energies = [row.today_kwh for row in mains]
    if energies and all(energy is not None for energy in energies):
        values["energy"] = frame.f.energy(sum(energy or 0 for energy in energies))[0]
    for row in rows:
        values[f"m{row.meter_id}"] = frame.f.power(row.power_kw)
        values[f"e{row.meter_id}"] = frame.f.number(row.today_kwh)
    return {
        "now_ms": int(now.timestamp() * 1000),
        "at_ms": int(load.at.timestamp() * 1000) if load.at else None,
        "time": frame.f.instant(load.at, place.zone, now) if load.at else "",
        "is_current": load.is_current,
        "contract_pct": words.contract_pct,
        "level": words.level,
        "values": values,
        "quarters": _quarters(mains),
    }


def _quarters(mains: list[LiveRow]) -> list[tuple[int, float]]:
    """Start (epoch s) and summed mean power of the newest quarter hours that all meters know."""
    sums: dict[int, list[float]] = {}
    for row in mains:
        pairs = zip(row.quarter_starts_s or [], row.quarter_powers_kw or [], strict=True)
        for start_s, power_kw in pairs:
            if power_kw is not None:
                sums.setdefault(start_s, []).append(power_kw)
    return [(s, round(sum(v), 1)) for s, v in sorted(sums.items()) if len(v) == len(mains)]
