"""Temperatures at sites, as they were known when."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.fast_json import FastJson
from api.identity import SignedIn
from api.lookup import Reference, the_site
from api.models.forecast import Weather
from api.routes.forecasts import ForecastWanted
from loadstone.storage.screens.forecast_inputs import weather_as_of

router = APIRouter(tags=["forecasts"])


@router.get("/sites/{reference}/weather", response_model=Weather)
def weather(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[ForecastWanted, Query()],
) -> Response:
    """Temperatures of [from, to): measured where they were by `as_of`, else as foreseen last."""
    with context.reading(viewer) as connection:
        site = the_site(connection, viewer, reference)
        start, end = wanted.bounds(site.zone, context.now())
        rows = weather_as_of(connection, site.site_id, start, end, wanted.as_of)
    return FastJson(
        {
            "site_id": site.site_id,
            "code": site.code,
            "zone": site.zone,
            "start_at": start,
            "end_at": end,
            "as_of": wanted.as_of,
            "data": rows,
        }
    )
