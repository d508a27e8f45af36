"""A small stored portfolio for the runs of forecasts: hourly interval meters with a rhythm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg

from forecast.runs.issue import Issue, IssueKind
from loadstone.domain.registry import Customer, Meter, Site
from loadstone.storage import registry
from loadstone.storage.forecast_subjects import Subject, ensure_subjects, list_subjects

ZONE = "Asia/Shanghai"
DAYS = 70
END = datetime(2026, 3, 20, 16, tzinfo=UTC)
"""Local midnight: the history ends with 20 March."""
SITES = (("CUS-A", "A1"), ("CUS-B", "B1"), ("CUS-B", "B2"))

_READINGS = """
INSERT INTO core.interval_reading (meter_id, ts, interval_s, quality, lag_s, imp_wh)
SELECT %(meter)s, g, 3600, 0, 0, 1000 * (
    %(size)s * (40 + 60 * (extract(hour FROM g + interval '8 hours') BETWEEN 7 AND 17
        AND extract(isodow FROM g + interval '8 hours') < 6)::int)
    + mod(abs(hashint8(extract(epoch FROM g)::bigint + %(meter)s)), 1000) / 200.0)
FROM generate_series(%(start)s::timestamptz, %(end)s::timestamptz - interval '1 hour', '1 hour') g
"""


@dataclass(frozen=True, kw_only=True)
class World:
    """Subjects by code, and meters by the code of their site."""

    url: str
    subjects: dict[str, Subject]
    meters: dict[str, int]


def make_world(url: str) -> World:
    """Two customers, the second with two sites; four subjects."""
    meters = {}
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        customers = {
            code: registry.put_customer(
                connection, Customer(code=code, name_en=code, name_zh="客", kind="office")
            )
            for code in ("CUS-A", "CUS-B")
        }
        for number, (customer, code) in enumerate(SITES, start=1):
            site = Site(
                code=code, name_en=code, name_zh="站", zone=ZONE, contract_demand_kw=120.0 * number,
                latitude_deg=30.5 + number, longitude_deg=114.3,
            )  # fmt: skip
            site_id = registry.put_site(connection, customers[customer], site)
            meter = Meter(code=f"M-{code}", name_en=code, name_zh="表", interval_s=3600)
            meters[code] = registry.put_meter(connection, site_id, meter)
            connection.execute(
                "UPDATE core.meter SET energy_source = 'interval' WHERE meter_id = %s",
                [meters[code]],
            )
            put_hours(connection, meters[code], END - timedelta(days=DAYS), END, float(number))
        ensure_subjects(connection)
        subjects = {one.code: one for one in list_subjects(connection)}
    return World(url=url, subjects=subjects, meters=meters)


def put_hours(
    connection: psycopg.Connection, meter_id: int, start: datetime, end: datetime, size: float
) -> None:
    """Hours of load, `size` times the usual 100 kW."""
    values = {"meter": meter_id, "start": start, "end": end, "size": size}
    connection.execute(_READINGS, values)


def issue_at(at: datetime, kind: IssueKind = "day_ahead") -> Issue:
    """An issue of hourly forecasts in the world's zone."""
    return Issue(kind=kind, zone=ZONE, issued_at=at, interval_s=3600, history_days=120)


def morning(days_before_end: int) -> datetime:
    """07:30 local of the day that lies so many days before the end of the history."""
    return END - timedelta(days=days_before_end) + timedelta(hours=7.5)


NOW = END + timedelta(minutes=10)
"""Ten minutes past midnight."""


def clock() -> datetime:
    """Always now."""
    return NOW
