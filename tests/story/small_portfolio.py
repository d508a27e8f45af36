"""A portfolio with known weak points, made without the simulator: what the pages are tested on.

Local day curves of 15-minute (history) and 5-minute (today) readings; registers are the integral of
the power. Site `S-00` lost its gateway from 12:45 to 15:30 today, customer 1 goes beyond its
contract demand, the gateway of customer 2 has been silent for three hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import psycopg
from numpy.typing import NDArray

from loadstone.domain.batch import ReadingBatch
from loadstone.domain.quantities import POSITION, QUANTITIES
from loadstone.domain.registry import Customer, Equipment, Gateway, Meter, Site
from loadstone.storage import readings, registry, rollups
from loadstone.storage.forecasts import put_forecasts
from tests.support.said_forecasts import DAY, SaidSite, put_entry, put_site, said, subject_of

ZONE = "Asia/Shanghai"
STEP_S = 300
GAP_FROM_S, GAP_TO_S = int(12.75 * 3600), int(15.5 * 3600)

_KINDS: tuple[tuple[str, str, str, float], ...] = (
    ("broadcast_tower", "Skyline Broadcast Tower", "天际广播电视塔", 560),
    ("data_centre", "Harbour Data Centre", "港湾数据中心", 2400),
    ("hospital", "First People's Hospital", "第一人民医院", 1300),
    ("hotel", "Lakeside Grand Hotel", "湖滨大酒店", 640),
    ("office", "Pearl Office Plaza", "明珠写字楼", 820),
    ("mall", "Garden Shopping Mall", "花园购物中心", 1500),
    ("factory", "Eastern Precision Works", "东方精密制造厂", 3100),
    ("cold_store", "Northport Cold Store", "北港冷库", 900),
    ("school", "Riverside School", "河畔学校", 300),
    ("metro_station", "Central Metro Station", "中心地铁站", 1100),
    ("office", "Cloud Tower", "云端大厦", 700),
    ("hotel", "Station Hotel", "车站酒店", 380),
)
_SUBS: tuple[tuple[str, str, str, float], ...] = (
    ("chiller", "Chiller plant", "制冷机房", 0.34),
    ("lighting", "Lighting", "照明", 0.22),
    ("pump", "Pumps", "水泵", 0.12),
    ("lift", "Lifts", "电梯", 0.09),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallPortfolio:
    """The ids that tests need."""

    customers: list[int]
    sites: list[int]
    mains: list[int]
    now: datetime


def seed(
    connection: psycopg.Connection, now: datetime, *, customers: int = 12, days: int = 20
) -> SmallPortfolio:
    """Fill an empty, migrated database with `customers` (one site each) and their history."""
    made = SmallPortfolio(customers=[], sites=[], mains=[], now=now)
    readings.prepare_connection(connection)
    known: set[int] = set()
    for at in range(customers):
        _seed_customer(connection, made, at, days, known)
    while rollups.refresh_rollups(connection):
        connection.commit()
    connection.execute("ANALYZE")
    connection.commit()
    return made


def foresee(connection: psycopg.Connection, made: SmallPortfolio) -> None:
    """Forecasts of all sites but those after the fourth: one refused, one by a simpler model."""
    for at, (site_id, customer_id) in enumerate(zip(made.sites, made.customers, strict=True)):
        contract_kw = _KINDS[at % len(_KINDS)][3]
        level_kw = contract_kw * (0.75 if at == 1 else 0.55)
        site = SaidSite(site_id=site_id, customer_id=customer_id, zone=ZONE, level_kw=level_kw,
                        contract_kw=contract_kw)  # fmt: skip
        today = made.now.astimezone(ZoneInfo(ZONE)).date()
        if at < 2:
            put_site(connection, site, made.now)
            put_entry(
                connection, site, "检修 Overhaul", today + DAY * 30, today + DAY * 33, made.now
            )
        elif at < 4:
            subject = subject_of(connection, site_id)
            reasons: tuple[dict[str, object], ...] = ({"code": "nothing_measured"},)
            if at == 3:
                reasons = ({"code": "like_days"},
                           {"code": "naive_better", "skill_ratio": -0.1, "days": 28})  # fmt: skip
            one = said(
                subject, site, today + DAY, made.now, "day_ahead", reasons=reasons,
                model="refused" if at == 2 else "usual_profile",
            )  # fmt: skip
            put_forecasts(connection, [one])
    connection.commit()


def append_reading(
    connection: psycopg.Connection, meter_id: int, at: datetime, power_kw: float, import_kwh: float
) -> None:
    """Store one more reading, as the collector would."""
    ts_ms = np.array([int(at.timestamp() * 1000)])
    batch = _batch(meter_id, ts_ms, np.array([power_kw]), np.array([import_kwh]))
    readings.prepare_connection(connection)
    readings.store_readings(connection, batch, fresh=True)
    readings.store_latest(connection, batch, ts_ms + 400)
    readings.mark_dirty(connection, batch.meter_id, batch.ts_ms)
    connection.commit()
    rollups.refresh_rollups(connection)
    connection.commit()


def _seed_customer(
    connection: psycopg.Connection, made: SmallPortfolio, at: int, days: int, known: set[int]
) -> None:
    kind, name_en, name_zh, contract_kw = _KINDS[at % len(_KINDS)]
    more = "" if at < len(_KINDS) else f" {at // len(_KINDS) + 1}"
    customer_id = registry.put_customer(
        connection,
        Customer(
            code=f"C-{at:02}", name_en=name_en + more, name_zh=name_zh + more, kind=kind,
            tier="ABCN"[at % 4], contract_demand_kw=contract_kw, transformer_kva=contract_kw * 1.6,
        ),
    )  # fmt: skip
    site_id = registry.put_site(
        connection, customer_id,
        Site(
            code=f"S-{at:02}", name_en=f"{name_en}{more}, main premises",
            name_zh=f"{name_zh}{more}本部", zone=ZONE, contract_demand_kw=contract_kw,
            city_en="Shanghai", city_zh="上海",
        ),
    )  # fmt: skip
    main_id = _put_meter(connection, site_id, f"M-{at:02}-0", ("Incomer", "总进线"), None, None)
    gateway_id = registry.put_gateway(
        connection, site_id, Gateway(code=f"GW-{at:04}", model="LS-400", firmware="2.3.1")
    )
    registry.connect_meter(connection, gateway_id, "m0", main_id)
    ts_ms = _instants(made.now, days, at)
    factor = 1.24 if at == 1 else 0.87 + 0.05 * (at % 3)
    power = _power(ts_ms, contract_kw * factor, seed_at=at)
    _store(connection, main_id, ts_ms, power, made.now, known)
    for number, (category, sub_en, sub_zh, share) in enumerate(_SUBS, start=1):
        equipment_id = registry.put_equipment(
            connection, site_id,
            Equipment(code=f"E{number}", name_en=sub_en, name_zh=sub_zh, category=category,
                      rated_power_kw=round(contract_kw * share)),
        )  # fmt: skip
        meter_id = _put_meter(
            connection, site_id, f"M-{at:02}-{number}", (sub_en, sub_zh), main_id, equipment_id
        )
        registry.connect_meter(connection, gateway_id, f"m{number}", meter_id)
        _store(connection, meter_id, ts_ms, power * share, made.now, known)
    _heard(connection, gateway_id, at, made.now)
    connection.commit()
    made.customers.append(customer_id)
    made.sites.append(site_id)
    made.mains.append(main_id)


def _put_meter(
    connection: psycopg.Connection, site_id: int, code: str, names: tuple[str, str],
    parent_meter_id: int | None, equipment_id: int | None,
) -> int:  # fmt: skip
    meter = Meter(
        code=code, name_en=names[0], name_zh=names[1], interval_s=STEP_S, nominal_voltage_v=400,
        role="main" if parent_meter_id is None else "sub",
    )  # fmt: skip
    return registry.put_meter(
        connection, site_id, meter, equipment_id=equipment_id, parent_meter_id=parent_meter_id
    )


def _instants(now: datetime, days: int, at: int) -> NDArray[np.int64]:
    """(n,) UTC epoch ms: quarter hours of the past, five minutes of today, without the holes."""
    midnight = now.astimezone(ZoneInfo(ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    day_s, now_s = int(midnight.timestamp()), int(now.timestamp())
    past = np.arange(day_s - days * 86_400, day_s, 900)
    today = np.arange(day_s, now_s + 1, STEP_S)
    if at == 0:
        today = today[(today < day_s + GAP_FROM_S) | (today >= day_s + GAP_TO_S)]
        past = past[(past < day_s - 40 * 3600) | (past >= day_s - 36 * 3600)]
    if at == 2:
        today = today[today < now_s - 3 * 3600]
    return np.concatenate([past, today]) * 1000


def _power(ts_ms: NDArray[np.int64], top_kw: float, *, seed_at: int) -> NDArray[np.float64]:
    local_h = (ts_ms / 3_600_000 + 8) % 24
    weekday = ((ts_ms / 3_600_000 + 8) // 24 + 3) % 7
    work = np.clip(np.sin((local_h - 5.5) / 15 * np.pi), 0, 1) ** 1.3
    noise = np.random.default_rng(seed_at).normal(0, 0.012, len(ts_ms))
    day: NDArray[np.float64] = np.where(weekday >= 5, 0.7, 1.0)
    result: NDArray[np.float64] = top_kw * day * (0.38 + 0.6 * work + noise)
    return result


def _batch(
    meter_id: int,
    ts_ms: NDArray[np.int64],
    power_kw: NDArray[np.float64],
    import_kwh: NDArray[np.float64],
) -> ReadingBatch:
    count = len(ts_ms)
    values = np.full((count, len(QUANTITIES)), np.nan)
    swing = np.sin(ts_ms / 9e6)
    values[:, POSITION["p"]] = power_kw
    values[:, POSITION["q"]] = power_kw * 0.31
    values[:, POSITION["pf"]] = 0.955
    values[:, POSITION["hz"]] = 50.0
    values[:, POSITION["ep_imp"]] = import_kwh
    for at, phase in enumerate("abc"):
        values[:, POSITION[f"u_{phase}n"]] = 230 + 2.2 * swing + 1.3 * at - power_kw / 1500
        values[:, POSITION[f"i_{phase}"]] = power_kw / 3 / 0.23 * (1 + 0.03 * (at - 1))
    zeros = np.zeros(count, np.int32)
    return ReadingBatch(
        meter_id=np.full(count, meter_id, np.int32), ts_ms=ts_ms, quality=zeros, lag_s=zeros,
        epoch=np.zeros(count, np.int16), values=values,
    )  # fmt: skip


def _store(
    connection: psycopg.Connection, meter_id: int, ts_ms: NDArray[np.int64],
    power_kw: NDArray[np.float64], now: datetime, known: set[int],
) -> None:  # fmt: skip
    hours = np.diff(ts_ms, prepend=ts_ms[0]) / 3_600_000
    register = np.round(120_000 + np.cumsum(np.roll(power_kw, 1) * hours), 2)
    batch = _batch(meter_id, ts_ms, power_kw, register)
    readings.ensure_partitions(connection, batch.ts_ms, known)
    readings.store_readings(connection, batch, fresh=True)
    readings.store_latest(connection, batch, batch.ts_ms + 400)
    readings.mark_dirty(connection, batch.meter_id, batch.ts_ms)
    connection.commit()


_HEARD = """
INSERT INTO core.gateway_state (gateway_id, online, boot, state_at, last_message_at)
VALUES (%s, %s, 1, %s, %s)
"""


def _heard(connection: psycopg.Connection, gateway_id: int, at: int, now: datetime) -> None:
    silent = at == 2
    last = now - timedelta(hours=3) if silent else now - timedelta(seconds=50)
    connection.execute(_HEARD, [gateway_id, not silent, last, last])


_REFUSED = """
INSERT INTO core.quarantine (fingerprint, received_at, last_seen_at, times_seen, severity,
    gateway_code, meter_code, meter_id, ts, topic, code, field, value, rule, payload, payload_bytes)
VALUES (%s, %s, %s, 3, 'refused', %s, 'm0', %s, NULL, %s, %s, %s, %s, %s, %s, %s)
"""


def refuse(
    connection: psycopg.Connection, at: datetime, gateway_code: str, *, code: str, field: str,
    value: str, rule: str, payload: bytes, meter_id: int | None = None,
) -> None:  # fmt: skip
    """Put one message aside, as the pipeline would."""
    topic = f"loadstone/v1/gw/{gateway_code}/up/data"
    key = f"{gateway_code}{code}{value}".encode()
    connection.execute(
        _REFUSED,
        [key, at - timedelta(minutes=40), at - timedelta(minutes=4), gateway_code, meter_id, topic,
         code, field, value, rule, payload, len(payload)],
    )  # fmt: skip
    connection.commit()
