"""What a what-if question needs of the database: the forecast, foreseen warmth, the response."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from api.warmth import WhoseLoad, first_day_of_history, response_of, temperatures_at
from api.what_if import Warmer
from forecast.calendars.day_kinds import day_kinds
from forecast.calendars.production import EntryKind, ProductionEntry
from forecast.runs.countries import country_of
from forecast.temperature_response import TemperatureResponse
from loadstone.storage.production_days import production_days
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.forecast_inputs import weather_as_of
from loadstone.storage.screens.forecast_sites import ForecastSite
from loadstone.storage.screens.forecasts import SlotRow

_AROUND = timedelta(hours=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmthRead:
    """How the load answers, None where that is not known, and for how much it is foreseen."""

    response: TemperatureResponse | None
    warmer: Warmer | None
    foreseen_ratio: float


def read_warmth(
    connection: Connection, site: ForecastSite, main_ids: list[int], slots: list[SlotRow],
    warmer_k: float, today: date, now: datetime,
) -> WarmthRead:  # fmt: skip
    """The response fitted on the year before today, and what is foreseen for the slots."""
    yesterday = today - timedelta(days=1)
    first = first_day_of_history(yesterday)
    entries = tuple(
        ProductionEntry(
            name=row.name, kind=EntryKind(row.kind), start=row.first_day, end=row.last_day
        )
        for row in production_days(
            connection, customer_id=site.customer_id, site_id=site.site_id
        )
    )  # fmt: skip
    kinds = day_kinds(
        first, (yesterday - first).days + 1, site.country or country_of(site.zone),
        site.subdivision, entries,
    )  # fmt: skip
    whose = WhoseLoad(site_id=site.site_id, main_ids=main_ids, zone=site.zone)
    response = response_of(connection, whose, kinds, yesterday, now)
    if response is None or not slots:
        return WarmthRead(response=None, warmer=None, foreseen_ratio=0.0)
    foreseen = weather_as_of(
        connection, site.site_id, slots[0].start_at - _AROUND, slots[-1].end_at + _AROUND, now
    )
    middles_s = np.array(
        [(slot.start_at + (slot.end_at - slot.start_at) / 2).timestamp() for slot in slots]
    )
    temperature_c = temperatures_at(foreseen, middles_s)
    known = np.isfinite(temperature_c)
    warmer = Warmer(warmer_k=warmer_k, response=response, temperature_c=temperature_c)
    return WarmthRead(
        response=response, warmer=warmer if known.any() else None,
        foreseen_ratio=float(known.mean()),
    )  # fmt: skip
