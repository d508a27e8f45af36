"""A site with two and a half years of hours and weather, and a saving of 20 % from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import psycopg

from loadstone.domain.prices import Price
from loadstone.domain.registry import Meter, Site
from loadstone.storage import registry
from loadstone.storage.prices import put_prices
from loadstone.storage.rollups import refresh_rollups
from tests.support.made_energy import warm_days

ZONE = "Asia/Shanghai"
FIRST = date(2024, 8, 1)
SINCE = date(2026, 2, 1)
END = date(2026, 10, 27)
SAVED_RATIO = 0.2
SHUT = (date(2026, 6, 8), date(2026, 6, 15))
_ENERGY = "COPY core.interval_reading (meter_id, ts, interval_s, quality, lag_s, imp_wh) FROM STDIN"
_WEATHER = (
    "COPY core.weather_value (site_id, valid_at, known_at, source, measured, temperature_c) "
    "FROM STDIN"
)


@dataclass(frozen=True, kw_only=True)
class SavingSite:
    """Where it is, and what would have been used without the measure."""

    site_id: int
    meter_id: int
    code: str
    truth_kwh: float


def put_saving_site(
    connection: psycopg.Connection, customer_id: int, code: str, *, shut: bool = True
) -> SavingSite:
    """Put a site whose main meter sends the energy of each hour, a fifth saved from a day on."""
    site = Site(code=code, name_en=code, name_zh="节能站", zone=ZONE)
    site_id = registry.put_site(connection, customer_id, site)
    meter = Meter(
        code=f"MTR-{code}", name_en=code, name_zh="表", role="main", interval_s=3600,
        energy_source="interval",
    )  # fmt: skip
    meter_id = registry.put_meter(connection, site_id, meter)
    days = (END - FIRST).days
    start = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    warm, used, saved = _hours(days, shut=shut)
    with connection.cursor() as cursor:
        with cursor.copy(_ENERGY) as copy:
            for at, energy_kwh in enumerate(used.tolist()):
                ts = start + timedelta(hours=at)
                copy.write_row([meter_id, ts, 3600, 0, 0, round(1000 * energy_kwh)])
        with cursor.copy(_WEATHER) as copy:
            for at, warm_c in enumerate(warm.tolist()):
                ts = start + timedelta(hours=at)
                copy.write_row([site_id, ts, ts, "made-up", True, round(warm_c, 2)])
    put_prices(connection, customer_id, [_price()])
    connection.commit()
    refresh_rollups(connection)
    connection.commit()
    return SavingSite(site_id=site_id, meter_id=meter_id, code=code, truth_kwh=saved)


def _hours(days: int, *, shut: bool) -> tuple[np.ndarray, np.ndarray, float]:
    warm = np.repeat(warm_days(days), 24)
    hour = np.tile(np.arange(24), days)
    day = np.repeat(np.arange(days), 24)
    weekday = (day + FIRST.weekday()) % 7
    busy = (weekday < 5) & (hour >= 8) & (hour < 18)
    load = np.where(busy, 70.0, 25.0) + 0.5 * np.maximum(12 - warm, 0)
    load = load + 1.5 * np.maximum(warm - 20, 0)
    load = load * np.random.default_rng(5).normal(1, 0.04, len(load))
    since = day >= (SINCE - FIRST).days
    used = np.where(since, (1 - SAVED_RATIO) * load, load)
    if shut:
        closed = (day >= (SHUT[0] - FIRST).days) & (day < (SHUT[1] - FIRST).days)
        used = np.where(closed, 0.1 * used, used)
    return warm, used, float((load - used)[since].sum())


def _price() -> Price:
    return Price(valid_from=date(2020, 1, 1), currency="CNY", flat_per_kwh=Decimal("0.8"))
