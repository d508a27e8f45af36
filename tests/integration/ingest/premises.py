"""One customer with a gateway and its meters, as the ingest tests see them: bytes in, energy out.

The encoder is the tests' own, so that an error of the decoder shows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import psycopg
from psycopg.rows import class_row, dict_row

from collector.backlog import Delivery
from collector.formats import payload_formats
from collector.reader import Reader
from ingest.pipeline import IngestPipeline, Outcome
from loadstone.domain.registry import Customer, Gateway, Meter, Site
from loadstone.storage.ingest_connection import IngestConnection
from loadstone.storage.registry import (
    connect_meter,
    put_customer,
    put_gateway,
    put_meter,
    put_site,
)
from loadstone.storage.rollups import refresh_rollups

GATEWAY = "GW-1"
METER = "MTR-1"
PAYLOAD_LIMIT_BYTES = 1_048_576


def ms(at: datetime) -> int:
    """An instant in UTC epoch ms."""
    return round(at.timestamp() * 1000)


def reading(
    ts_ms: int, *, kind: str = "reg", meter: str = METER, **rest: object
) -> dict[str, object]:
    """One reading; `ep`, `q` and `dt` are the protocol's, all else are its fields."""
    own = {name: rest.pop(name) for name in ("ep", "q", "dt") if name in rest}
    return {"m": meter, "t": ts_ms, "k": kind, **own, "f": rest}


@dataclass(frozen=True, kw_only=True)
class Energy:
    """A row of read.energy."""

    meter_id: int
    start_at: datetime
    end_at: datetime
    energy_kwh: float | None
    measured_ratio: float
    estimated_ratio: float
    quality: str


class Premises:
    """A registered gateway with one meter, and the line from its messages into the database."""

    def __init__(
        self,
        url: str,
        *,
        zone: str = "Europe/Berlin",
        max_power_kw: float | None = 1500.0,
        modulus_kwh: float | None = None,
        interval_s: int = 60,
        energy_source: str = "register",
        gateway: str = GATEWAY,
        connection: psycopg.Connection | None = None,
        make_database: Callable[[], IngestConnection] | None = None,
    ) -> None:
        """Register all of it; on connections of its own, unless others are given."""
        self.gateway = gateway
        self.connection = connection or psycopg.connect(url, autocommit=True)
        self._make_database = make_database or (lambda: IngestConnection(url))
        customer = put_customer(
            self.connection, Customer(code="C", name_en="C", name_zh="客", kind="office")
        )
        site = Site(code="S", name_en="S", name_zh="站", zone=zone)
        self.site_id = put_site(self.connection, customer, site)
        self.gateway_id = put_gateway(self.connection, self.site_id, Gateway(code=gateway))
        self.meter_id = self.add_meter(
            METER,
            max_power_kw=max_power_kw,
            register_modulus_kwh=modulus_kwh,
            interval_s=interval_s,
            energy_source=energy_source,
        )
        self._reader = Reader.of(payload_formats(), PAYLOAD_LIMIT_BYTES)
        self._numbers = count(1)
        self.pipeline = self._make_pipeline()

    def close(self) -> None:
        self.connection.close()
        self._database.close()

    def add_meter(self, code: str, **what: object) -> int:
        meter = Meter(code=code, name_en=code, name_zh=code, **what)  # type: ignore[arg-type]
        meter_id = put_meter(self.connection, self.site_id, meter)
        connect_meter(self.connection, self.gateway_id, code, meter_id)
        return meter_id

    def _make_pipeline(self) -> IngestPipeline:
        self._database = self._make_database()
        return IngestPipeline(self._database)

    def restart(self) -> None:
        """Go on with a pipeline that remembers nothing."""
        self._database.close()
        self.pipeline = self._make_pipeline()

    def delivery(
        self, payload: bytes, received_ms: int, *, channel: str = "tele", gateway: str = GATEWAY
    ) -> Delivery:
        return Delivery(
            topic=f"loadstone/v1/gw/{gateway}/up/{channel}",
            payload=payload,
            received_ms=received_ms,
            mid=1,
            qos=1,
            generation=1,
        )

    def telemetry(
        self,
        readings: Sequence[Mapping[str, object]],
        *,
        received_ms: int | None = None,
        gateway: str = GATEWAY,
        seq: int | None = None,
        **envelope: object,
    ) -> Delivery:
        """A batch of readings, received a second after the last of them unless said."""
        received = received_ms or max(int(str(each["t"])) for each in readings) + 1000
        body = {
            "v": 1,
            "gw": gateway,
            "boot": 1,
            "seq": next(self._numbers) if seq is None else seq,
            "sent": received,
            **envelope,
            "r": list(readings),
        }
        return self.delivery(json.dumps(body).encode(), received, gateway=gateway)

    def exchange(
        self,
        at_ms: int,
        closing: Mapping[str, float],
        opening: Mapping[str, float],
        *,
        received_ms: int | None = None,
        meter: str = METER,
    ) -> Delivery:
        """A declared meter exchange."""
        body = {
            "v": 1, "gw": GATEWAY, "boot": 1, "seq": next(self._numbers), "t": at_ms,
            "k": "register_exchange", "m": meter, "d": {"closing": closing, "opening": opening},
        }  # fmt: skip
        received = received_ms or at_ms + 1000
        return self.delivery(json.dumps(body).encode(), received, channel="event")

    def feed(self, deliveries: Iterable[Delivery]) -> Outcome:
        """One batch through the line."""
        return self.pipeline.ingest([self._reader.read(each) for each in deliveries])

    def energy(
        self,
        start: datetime,
        end: datetime,
        step: timedelta,
        zone: str = "UTC",
        register: str = "imp",
        meter_id: int | None = None,
    ) -> list[Energy]:
        """What read.energy says of a meter, from fresh summaries."""
        refresh_rollups(self.connection)
        cursor = self.connection.cursor(row_factory=class_row(Energy))
        values = [[meter_id or self.meter_id], start, end, step, zone, register]
        return cursor.execute(
            "SELECT * FROM read.energy(%s, %s, %s, %s, %s, %s)", values
        ).fetchall()

    def total_kwh(self, start: datetime, end: datetime, register: str = "imp") -> float:
        """The energy of a window as one bucket."""
        rows = self.energy(start, end, end - start, register=register)
        return sum(row.energy_kwh or 0.0 for row in rows)

    def quarantine(self) -> list[dict[str, object]]:
        cursor = self.connection.cursor(row_factory=dict_row)
        return cursor.execute("SELECT * FROM core.quarantine ORDER BY quarantine_id").fetchall()

    def latest(self) -> dict[str, object] | None:
        cursor = self.connection.cursor(row_factory=dict_row)
        return cursor.execute(
            "SELECT * FROM core.meter_latest WHERE meter_id = %s", [self.meter_id]
        ).fetchone()

    def readings(self) -> list[dict[str, object]]:
        cursor = self.connection.cursor(row_factory=dict_row)
        return cursor.execute("SELECT * FROM core.reading ORDER BY meter_id, ts").fetchall()

    def epochs(self) -> list[dict[str, object]]:
        cursor = self.connection.cursor(row_factory=dict_row)
        return cursor.execute(
            "SELECT * FROM core.register_epoch ORDER BY meter_id, epoch"
        ).fetchall()


DAY = datetime(2026, 3, 2, tzinfo=UTC)
