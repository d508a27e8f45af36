"""Two customers of the simulator with some weeks of history: what boards are tried on.

The hotel (two sites) is who looks; the hospital is everybody else. Besides readings there are
forecasts, prices, findings, refusals, events and a silent meter, so that no panel stays empty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import psycopg
from psycopg import sql

from loadstone.cli.demo_history import make_history
from loadstone.cli.demo_world import register_world
from loadstone.domain.prices import Price, PriceWindow
from loadstone.storage.prices import put_prices
from loadstone.storage.rollups import refresh_rollups
from simulator.context import PortfolioContext
from simulator.portfolio import demo_portfolio

OURS, THEIRS = "KA-005", "KA-004"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardWorld:
    """Ids of the customer who looks, and of the other one's rows."""

    customer_id: int
    sites: list[int]
    mains: list[int]
    foreign: dict[str, set[int]]
    foreign_codes: set[str]


def fill(url: str, now: datetime, *, days: int = 35) -> BoardWorld:
    """Fill a migrated database up to `now`; the same month of last year is there too."""
    portfolio = tuple(c for c in demo_portfolio(meters=30) if c.code in (OURS, THEIRS))
    with psycopg.connect(url) as connection:
        register_world(connection, portfolio)
    context = PortfolioContext(portfolio)
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0) - _DAY
    last_year = month - timedelta(days=365)
    make_history(context, url, last_year, last_year + timedelta(days=34), lambda: None)
    make_history(context, url, now - days * _DAY, now, lambda: None)
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        connection.execute(_OUTAGE, {"now": now})
        while refresh_rollups(connection):
            connection.commit()
        _tell_the_rest(connection, now)
        connection.execute("ANALYZE")
        return _world(connection)


def _tell_the_rest(connection: psycopg.Connection, now: datetime) -> None:
    for statement in _REST.split(";\n"):
        connection.execute(sql.SQL(statement), {"now": now})
    customers = connection.execute("SELECT customer_id FROM core.customer").fetchall()
    for (customer_id,) in customers:
        put_prices(connection, customer_id, [_price(now)])


def _price(now: datetime) -> Price:
    def window(period: str, start_h: int, end_h: int) -> PriceWindow:
        return PriceWindow(period=period, start_min=60 * start_h, end_min=60 * end_h)  # type: ignore[arg-type]

    return Price(
        valid_from=(now - timedelta(days=800)).date(), flat_per_kwh=Decimal("0.65"),
        sharp_per_kwh=Decimal("1.35"), peak_per_kwh=Decimal("1.08"),
        valley_per_kwh=Decimal("0.31"), deep_valley_per_kwh=Decimal("0.22"),
        windows=(window("peak", 8, 11), window("peak", 17, 22), window("sharp", 19, 21),
                 window("valley", 23, 7), window("deep_valley", 2, 4)),
        basis="actual", demand_per_kw_month=Decimal("40"),
    )  # fmt: skip


# The gateways' lines were down for five hours yesterday; registers tell how much was used.
_OUTAGE = """
DELETE FROM core.reading
WHERE ts > %(now)s - interval '20 hours' AND ts < %(now)s - interval '15 hours'
"""

# One meter is silent; every gateway lost something, told something and was refused something; the
# sites are forecast up to the day after tomorrow.
_REST = """
UPDATE core.site SET contract_demand_kw = x.peak_kw * 0.93
FROM (SELECT m.site_id, max(r.active_power_mean_kw) AS peak_kw FROM read.load_15m r
    JOIN core.meter m USING (meter_id) WHERE m.role = 'main'
        AND r.start_at > %(now)s - interval '12 hours' GROUP BY 1) x
WHERE x.site_id = site.site_id;
UPDATE core.meter_latest SET ts = %(now)s - interval '1 hour', received_at = %(now)s
FROM (SELECT meter_id FROM core.meter WHERE role = 'sub' ORDER BY 1 DESC LIMIT 1) x
WHERE x.meter_id = meter_latest.meter_id;
UPDATE core.meter_latest SET ts = now() + interval '1 hour', received_at = now() + interval '1 hour'
WHERE ts > %(now)s - interval '30 minutes';
INSERT INTO core.gateway_state (gateway_id, online, boot, state_at, last_message_at, clock_skew_ms)
SELECT gateway_id, true, 1, %(now)s, %(now)s, 40 FROM core.gateway
ON CONFLICT (gateway_id) DO NOTHING;
INSERT INTO core.gateway_sequence (gateway_id, boot, first_seq, last_seq, received, repeated, gaps,
    updated_at)
SELECT gateway_id, 1, 0, 99, 95, 2, '{[10,15)}', %(now)s FROM core.gateway
ON CONFLICT DO NOTHING;
INSERT INTO core.gateway_event (gateway_id, boot, seq, ts, received_at, kind, details)
SELECT gateway_id, 1, n, %(now)s - n * interval '5 hours', %(now)s - n * interval '5 hours',
    (ARRAY['power_fail', 'register_reset'])[n], '{}'
FROM core.gateway, generate_series(1, 2) n;
INSERT INTO core.quarantine (fingerprint, received_at, last_seen_at, times_seen, severity,
    gateway_code, meter_id, meter_code, topic, code, rule, payload, payload_bytes)
SELECT sha256((g.code || m.code || n)::bytea), %(now)s - n * interval '3 hours',
    %(now)s - n * interval '3 hours', 4 * n, (ARRAY['refused', 'flagged'])[n], g.code, m.meter_id,
    m.code, 't', (ARRAY['unknown_meter', 'power_too_high'])[n], 'r', '', 0
FROM core.gateway g JOIN core.meter_channel c USING (gateway_id) JOIN core.meter m USING (meter_id),
    generate_series(1, 2) n;
INSERT INTO core.forecast_subject (customer_id, site_id)
SELECT customer_id, site_id FROM core.site UNION ALL SELECT customer_id, NULL FROM core.customer;
INSERT INTO core.forecast (subject_id, kind, target_day, issued_at, reckoned_at, lead_days, zone,
    starts_at, ends_at, interval_s, model, reason, mean_kw, p025_kw, p10_kw, p20_kw, p30_kw, p40_kw,
    p50_kw, p60_kw, p70_kw, p80_kw, p90_kw, p975_kw, peak_kw, energy_kwh, contract_demand_kw,
    exceeds_ratio)
SELECT f.subject_id, k.kind, d.day, d.starts_at - interval '15 hours', d.starts_at, 1, d.zone,
    d.starts_at, d.starts_at + interval '24 hours', 900, 'day_ahead', 'tried_days',
    v.kw, v.kw, v.kw, v.kw, v.kw, v.kw, v.kw, v.kw, v.kw, v.kw, v.high_kw, v.high_kw,
    array_fill(s.contract_demand_kw::real, ARRAY[11]), array_fill(9000::real, ARRAY[11]),
    s.contract_demand_kw, 0.35
FROM core.forecast_subject f JOIN core.site s ON coalesce(f.site_id,
    (SELECT min(t.site_id) FROM core.site t WHERE t.customer_id = f.customer_id)) = s.site_id
CROSS JOIN LATERAL (
    SELECT g::date AS day, g::date::timestamp AT TIME ZONE s.zone AS starts_at, s.zone
    FROM generate_series((%(now)s AT TIME ZONE s.zone)::date - 20,
        (%(now)s AT TIME ZONE s.zone)::date + 2, interval '1 day') g) d
CROSS JOIN (VALUES ('day_ahead'), ('today')) k (kind)
CROSS JOIN LATERAL (
    SELECT array_agg((s.contract_demand_kw * (0.6 + 0.25 * sin(i / 15.0)))::real ORDER BY i) AS kw,
        array_agg((s.contract_demand_kw * (0.7 + 0.25 * sin(i / 15.0)))::real ORDER BY i) AS high_kw
    FROM generate_series(0, 95) i) v;
INSERT INTO core.forecast_month (subject_id, month, issued_at, reckoned_at, zone, interval_s, model,
    reason, energy_kwh, peak_kw, so_far_kwh, so_far_peak_kw, contract_demand_kw, exceeds_ratio)
SELECT f.subject_id, m.month, %(now)s - interval '1 day', %(now)s, 'Asia/Shanghai', 900, 'month',
    'paths', array_fill(m.energy_kwh::real, ARRAY[11]), array_fill(500::real, ARRAY[11]),
    m.energy_kwh / 2, 450, 480, 0.4
FROM core.forecast_subject f CROSS JOIN LATERAL (
    SELECT date_trunc('month', %(now)s AT TIME ZONE 'Asia/Shanghai')::date AS month,
        200000.0 AS energy_kwh) m;
INSERT INTO core.forecast_score (subject_id, kind, target_day, lead_days, forecast_id, issued_at,
    replayed, model, scored_at, slots, special, measured_sum_kw, error_sum_kw, bias_sum_kw,
    pinball_sum_kw, inside_80, inside_95, skill_slots, skill_error_sum_kw, naive_day_sum_kw,
    naive_week_sum_kw, week_change_kw, peak_kw, peak_error_kw, peak_shift_h)
SELECT subject_id, 'day_ahead', target_day, 1, forecast_id, issued_at, false, model, reckoned_at,
    96, false, 40000, 1600, 200, 700, 78, 91, 96, 1600, 2600, 2300, 25, 500, 12, 0.5
FROM core.forecast WHERE kind = 'day_ahead' AND target_day < (%(now)s AT TIME ZONE zone)::date;
INSERT INTO core.weather_value (site_id, valid_at, known_at, source, measured, temperature_c)
SELECT site_id, %(now)s - n * interval '1 hour', %(now)s, 'simulator', true, 18 + n %% 7
FROM core.site, generate_series(0, 480) n;
INSERT INTO core.opportunity (site_id, code, params, evidence, energy_kwh, energy_low_kwh,
    energy_high_kwh, demand_kw, money, low_money, high_money, currency, confidence, effort,
    status, first_found_at, last_found_at)
SELECT s.site_id, k.code, '{}', '{}', 12000, 9000, 15000, 20, 9000, 7000, 11000, 'CNY', 'high',
    'low', 'new', %(now)s, %(now)s
FROM core.site s, unnest(ARRAY['off_hours_base', 'load_shift', 'contract_demand']) k (code);
INSERT INTO core.saving_measure (site_id, what, status, implemented_on, expected_kwh, made_by,
    made_at, changed_at)
SELECT site_id, 'LED', 'verified', '2026-01-01', 20000, 'ann', %(now)s, %(now)s FROM core.site;
INSERT INTO core.saving_verification (measure_id, known_at, made_by, baseline_from, baseline_to,
    reporting_from, reporting_to, verdict, saved_kwh, low_kwh, high_kwh, result)
SELECT measure_id, %(now)s - n * interval '30 days', 'ann', '2025-01-01', '2026-01-01',
    '2026-01-01', '2026-07-01', (ARRAY['proven', 'not_proven'])[n], 9000, 7000, 11000, '{}'
FROM core.saving_measure, generate_series(1, 2) n
"""


def _world(connection: psycopg.Connection) -> BoardWorld:
    def ids(query: str, code: str) -> list[int]:
        return [row[0] for row in connection.execute(query, [code]).fetchall()]  # type: ignore[arg-type]

    site = (
        "SELECT site_id FROM core.site JOIN core.customer c USING (customer_id) WHERE c.code = %s"
    )
    meter = (
        "SELECT meter_id FROM core.meter JOIN core.site s USING (site_id) "
        "JOIN core.customer c USING (customer_id) WHERE c.code = %s"
    )
    customer = "SELECT customer_id FROM core.customer WHERE code = %s"
    codes = (
        "SELECT s.code FROM core.site s JOIN core.customer c USING (customer_id) WHERE c.code = %s "
        "UNION SELECT m.code FROM core.meter m JOIN core.site s USING (site_id) "
        "JOIN core.customer c USING (customer_id) WHERE c.code = %s "
        "UNION SELECT g.code FROM core.gateway g JOIN core.site s USING (site_id) "
        "JOIN core.customer c USING (customer_id) WHERE c.code = %s "
        "UNION SELECT unnest(ARRAY[c.code, c.name_en, c.name_zh]) FROM core.customer c "
        "WHERE c.code = %s"
    )  # names too: what a catalogue or an error may tell
    return BoardWorld(
        customer_id=ids(customer, OURS)[0],
        sites=ids(site + " ORDER BY 1", OURS),
        mains=ids(meter + " AND role = 'main' ORDER BY 1", OURS),
        foreign={
            "customer": set(ids(customer, THEIRS)),
            "site": set(ids(site, THEIRS)),
            "meter": set(ids(meter, THEIRS)),
        },
        foreign_codes={str(row[0]) for row in connection.execute(codes, [THEIRS] * 4)},
    )


Fill = Callable[[str, datetime], BoardWorld]
