"""Bytes in, values out: recorded payloads against values written by hand.

`mixed` is the example with which the protocol was described; the others were written for these
tests.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collector.formats import payload_formats
from loadstone.domain.messages import Telemetry
from loadstone.domain.quantities import QUANTITIES

FOLDER = Path(__file__).parent
PAYLOADS = sorted(FOLDER.glob("*/*.payload"))


def told(message: Telemetry) -> dict[str, object]:
    """A message as plain values; fields without a value are left out."""
    return {
        "gateway": message.gateway,
        "boot": message.boot,
        "seq": message.seq,
        "sent_ms": message.sent_ms,
        "backfill": message.backfill,
        "clock_synced": message.clock_synced,
        "bad": [
            {"code": b.refusal.code, "field": b.refusal.field, "value": b.refusal.value}
            for b in message.bad
        ],
        "readings": [
            {
                "channel": each.channel,
                "ts_ms": each.ts_ms,
                "kind": each.kind,
                "quality": each.quality,
                "interval_s": each.interval_s,
                "register_epoch": each.register_epoch,
                "extras": each.extras,
                "values": {
                    quantity.field: value
                    for quantity, value in zip(QUANTITIES, each.values, strict=True)
                    if value is not None
                },
            }
            for each in message.readings
        ],
    }


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_recorded_payload_says_what_it_always_said(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    topic = f"loadstone/v1/gw/{expected['gateway']}/up/tele"
    message = payload_formats()[path.parent.name].decode(topic, path.read_bytes())
    assert isinstance(message, Telemetry)
    assert told(message) == expected
