"""Canonical telemetry v1 as bytes, written independently of any decoder of ours."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Literal

from simulator.model import VirtualGateway

Reading = dict[str, object]
Kind = Literal["inst", "reg"]
EventKind = Literal["register_exchange", "register_reset", "power_fail", "clock_set"]


def reading(
    meter: str,
    ts_ms: int,
    kind: Kind,
    fields: Mapping[str, float],
    *,
    quality: int = 0,
    epoch: int | None = None,
) -> Reading:
    """Return one reading; a NaN is sent as null (the meter could not say)."""
    body: Reading = {"m": meter, "t": ts_ms, "k": kind}
    if epoch is not None:
        body["ep"] = epoch
    if quality:
        body["q"] = quality
    body["f"] = {name: None if math.isnan(value) else value for name, value in fields.items()}
    return body


def telemetry_message(
    gw: str,
    boot: int,
    seq: int,
    sent_ms: int,
    readings: Sequence[Mapping[str, object]],
    backfill: bool,
    *,
    clock: Mapping[str, object] | None = None,
) -> bytes:
    """Return a batch of readings for `up/tele`; `clock` is the gateway's word on its own clock."""
    body: dict[str, object] = {"v": 1, "gw": gw, "boot": boot, "seq": seq, "sent": sent_ms}
    if clock is not None:
        body["clk"] = clock
    if backfill:
        body["bf"] = True
    body["r"] = list(readings)
    return _bytes(body)


def birth_message(
    gateway: VirtualGateway,
    boot: int,
    ts_ms: int,
    *,
    fields: Mapping[str, Sequence[str]],
    serials: Mapping[str, str],
    interval_s: int,
) -> bytes:
    """Return what a gateway says of itself and its meters (retained on `up/birth`)."""
    meters = [
        {
            "m": meter.code,
            "serial": serials[meter.code],
            "wiring": meter.wiring,
            "ct": [meter.ct_primary_a, meter.ct_secondary_a],
            "pt": [meter.pt_primary_v, meter.pt_secondary_v],
            "un_v": meter.nominal_voltage_v,
            "reg_mod": meter.register_modulus_kwh,
            "dt_s": interval_s,
            "fields": list(fields[meter.code]),
        }
        for meter in gateway.meters
    ]
    head = {"v": 1, "gw": gateway.code, "boot": boot, "t": ts_ms}
    return _bytes(head | {"fw": gateway.firmware, "model": gateway.model, "meters": meters})


def state_message(
    *, on: bool, boot: int, ts_ms: int, why: Literal["clean", "lwt", "start"]
) -> bytes:
    """Return a gateway's presence (retained on `up/state`, and its last will)."""
    return _bytes({"v": 1, "on": on, "boot": boot, "t": ts_ms, "why": why})


def event_message(
    gw: str,
    boot: int,
    seq: int,
    ts_ms: int,
    kind: EventKind,
    detail: Mapping[str, object],
    *,
    meter: str | None = None,
) -> bytes:
    """Return something that happened, for `up/event`."""
    body: dict[str, object] = {"v": 1, "gw": gw, "boot": boot, "seq": seq, "t": ts_ms, "k": kind}
    if meter is not None:
        body["m"] = meter
    return _bytes(body | {"d": dict(detail)})


def _bytes(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
