"""What the load generator sends: plausible three-phase readings, encoded before the clock runs.

One object of the list `r` holds instantaneous values and registers together, under kind "reg", as
gateways send them that read a meter in one go: so one object is one reading is one row.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

STEP_MS = 1000
_FACTOR = 0.95  # power factor of every reading


def reading(channel: str, meter: int, instant: int, start_ms: int) -> dict[str, object]:
    """One reading of one meter; registers are the integral of the power."""
    phase_kw = 12.0 + (meter * 37 + instant * 11) % 97 / 16
    per_step_kwh = 20.0 * 3 * STEP_MS / 3_600_000  # more than the least power, less than the most
    power_kw = round(3 * phase_kw, 3)
    reactive_kvar = round(power_kw * math.tan(math.acos(_FACTOR)), 3)
    volts = 229.0 + (meter + instant) % 31 / 10
    amps = round(phase_kw * 1000 / (_FACTOR * volts), 3)
    fields = {
        "u_an": volts, "u_bn": round(volts + 0.4, 1), "u_cn": round(volts - 0.3, 1),
        "i_a": amps, "i_b": amps, "i_c": amps,
        "p": power_kw, "p_a": round(phase_kw, 3), "p_b": round(phase_kw, 3),
        "p_c": round(phase_kw, 3),
        "q": reactive_kvar, "s": round(math.hypot(power_kw, reactive_kvar), 3),
        "pf": _FACTOR, "hz": 50.01,
        "ep_imp": round(184_000 + meter + instant * per_step_kwh, 2), "ep_exp": 0.0,
        "eq_q1": round(61_000 + meter + instant * per_step_kwh / 3, 2), "eq_q4": 0.0,
    }  # fmt: skip
    return {"m": channel, "t": start_ms + instant * STEP_MS, "k": "reg", "f": fields}


def messages(
    gateway: str,
    channels: list[str],
    first_meter: int,
    instants: range,
    *,
    rows_each: int,
    start_ms: int,
    sent_ms: int,
    boot: int,
    first_seq: int,
) -> Iterator[bytes]:
    """The payloads of one gateway in time order, `rows_each` readings in every message."""
    seq = first_seq
    for instant in instants:
        for at in range(0, len(channels), rows_each):
            part = channels[at : at + rows_each]
            rows = [
                reading(channel, first_meter + at + place, instant, start_ms)
                for place, channel in enumerate(part)
            ]
            envelope = {"v": 1, "gw": gateway, "boot": boot, "seq": seq, "sent": sent_ms}
            clock = {"src": "ntp", "sync": True, "off_ms": 3}
            yield json.dumps({**envelope, "clk": clock, "r": rows}, separators=(",", ":")).encode()
            seq += 1
