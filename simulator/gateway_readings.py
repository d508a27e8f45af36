"""What a gateway reads from its meters, in the form of its messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from simulator.blocks import CHUNK_S
from simulator.context import PortfolioContext
from simulator.encoder import Reading, event_message, reading
from simulator.faults.register import MeterExchange
from simulator.faults.transmission import ClockSkew
from simulator.history import (
    QUALITY_CLOCK_UNSYNCED,
    clock_offset_s,
    is_lost,
    transmitted_values,
)
from simulator.model import VirtualGateway, VirtualMeter
from simulator.noise import Floats


class GatewayReadings:
    """Reads all meters of one gateway; its faults (lost, stuck, zero, skewed) are in the result."""

    def __init__(self, context: PortfolioContext, gateway: VirtualGateway) -> None:
        self._context = context
        self._gateway = gateway

    def kept(self, ts_s: Sequence[float]) -> list[float]:
        """Return the instants whose readings the gateway has not lost."""
        instants = np.asarray(ts_s, dtype=np.float64)
        lost = is_lost(self._context, self._gateway.meters[0], instants)
        return [float(instant) for instant in instants[~lost]]

    def at(self, ts_s: Sequence[float]) -> list[Reading]:
        """Return `inst` and `reg` readings of all meters at each instant, in time order."""
        instants = np.asarray(ts_s, dtype=np.float64)
        offset = clock_offset_s(self._context, self._gateway.meters[0], instants)
        stamps = np.round((instants + offset) * 1000).astype(np.int64)
        rows: list[list[Reading]] = [[] for _ in instants]
        for meter in self._gateway.meters:
            values = transmitted_values(self._context, meter, instants)
            epochs = self._context.dials.epoch(meter, instants)
            for place, row in enumerate(rows):
                inst, reg = _split(values, place)
                quality = self._quality(float(instants[place]))
                stamp = int(stamps[place])
                row.append(reading(meter.code, stamp, "inst", inst, quality=quality))
                epoch = int(epochs[place])
                row.append(reading(meter.code, stamp, "reg", reg, quality=quality, epoch=epoch))
        return [one for row in rows for one in row]

    def clock(self, now_s: float) -> dict[str, object]:
        """Return what the gateway says of its clock."""
        skew = self._skew(now_s)
        if skew is None:
            return {"src": "ntp", "sync": True, "off_ms": 0}
        return {"src": "ntp" if skew.synchronised else "rtc", "sync": skew.synchronised}

    def clock_offset_s(self, now_s: float) -> float:
        """Return how far the gateway's clock is ahead."""
        skew = self._skew(now_s)
        return 0.0 if skew is None else skew.offset_s

    def fields(self) -> dict[str, list[str]]:
        """Return the fields of each meter for the birth message."""
        now = np.array([(self._context.flow.first_chunk + 1) * float(CHUNK_S)])
        return {
            meter.code: list(transmitted_values(self._context, meter, now))
            for meter in self._gateway.meters
        }

    def serials(self, now_s: float) -> dict[str, str]:
        """Return each meter's serial number at an instant, after exchanges."""
        return {meter.code: self._serial(meter, now_s) for meter in self._gateway.meters}

    def events(self) -> list[tuple[datetime, str]]:
        """Return the instants and meters of declared exchanges and resets, in time order."""
        return sorted(
            (declared.fault.at, meter.code)
            for meter in self._gateway.meters
            for declared in self._context.dials.declared(meter)
        )

    def event(self, at: datetime, meter_code: str, *, boot: int, seq: int) -> bytes:
        """Return the message of a declared exchange or reset with its readings."""
        meter = self._context.meters[meter_code]
        declared = next(d for d in self._context.dials.declared(meter) if d.fault.at == at)
        fault = declared.fault
        detail: dict[str, object] = {"closing": declared.closing, "opening": declared.opening}
        if isinstance(fault, MeterExchange):
            detail |= {"reason": fault.reason, "serial": fault.new_serial}
        return event_message(
            self._gateway.code,
            boot,
            seq,
            int(at.timestamp() * 1000),
            "register_exchange" if isinstance(fault, MeterExchange) else "register_reset",
            detail,
            meter=meter_code,
        )

    def _skew(self, now_s: float) -> ClockSkew | None:
        now = np.array([now_s])
        skews = self._context.flow.faults_of(ClockSkew, self._gateway.code)
        return next((skew for skew in skews if skew.is_on(now)[0]), None)

    def _quality(self, now_s: float) -> int:
        skew = self._skew(now_s)
        return 0 if skew is None or skew.synchronised else QUALITY_CLOCK_UNSYNCED

    def _serial(self, meter: VirtualMeter, now_s: float) -> str:
        exchanges = self._context.flow.faults_of(MeterExchange, meter.code)
        past = [e for e in exchanges if e.at.timestamp() <= now_s]
        return max(past, key=lambda e: e.at).new_serial if past else meter.serial


def _split(values: dict[str, Floats], place: int) -> tuple[dict[str, float], dict[str, float]]:
    inst: dict[str, float] = {}
    reg: dict[str, float] = {}
    for name, array in values.items():
        (reg if name.startswith("e") else inst)[name] = float(array[place])
    return inst, reg
