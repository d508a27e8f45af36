"""The published JSON schemas and the decoders accept and refuse the same documents."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from collector.formats import payload_formats
from loadstone.domain.refusal import UndecodableError

SCHEMAS = Path(__file__).parents[2] / "docs" / "reference" / "schemas"

TELEMETRY = {
    "v": 1, "gw": "GW-3A7F", "boot": 17, "seq": 40213, "sent": 1763712001250,
    "clk": {"src": "ntp", "sync": True, "off_ms": -12}, "bf": False,
    "r": [{"m": "MTR-001", "t": 1763712000000, "k": "inst", "q": 0, "f": {"u_an": 228.4, "p": 1}}],
}  # fmt: skip
EVENT = {"v": 1, "gw": "GW-3A7F", "boot": 1, "seq": 2, "t": 1763712000000, "k": "power_fail"}
STATE = {"v": 1, "on": True, "boot": 17, "t": 1763712000000, "why": "start"}
BIRTH = {"v": 1, "gw": "GW-3A7F", "boot": 17, "model": "X", "meters": [{"m": "MTR-001"}]}
GONE = object()


def changed(document: dict, *path_and_value: object) -> dict:
    """A copy in which the value at a path is another, or gone."""
    *path, last, value = path_and_value
    fresh = copy.deepcopy(document)
    node = fresh
    for step in path:
        node = node[step]
    if value is GONE:
        del node[last]
    else:
        node[last] = value
    return fresh


CASES = [
    ("telemetry", TELEMETRY),
    *(
        ("telemetry", changed(TELEMETRY, *change))
        for change in [
            ("v", 2), ("v", GONE), ("gw", "-bad"), ("gw", "x" * 65), ("boot", -1), ("boot", 2**32),
            ("seq", -1), ("sent", 12), ("sent", "now"), ("clk", GONE), ("clk", "src", "sun"),
            ("clk", "off_ms", None), ("bf", 1), ("extra", 1), ("r", []), ("r", {}),
            ("r", 0, "m", "a b"), ("r", 0, "t", 0), ("r", 0, "t", 1763712000000.5),
            ("r", 0, "k", "tele"), ("r", 0, "k", "reg"), ("r", 0, "k", "int"),
            ("r", 0, "dt", 900), ("r", 0, "dt", 7), ("r", 0, "q", 65536), ("r", 0, "q", 65535),
            ("r", 0, "ep", -1), ("r", 0, "ep", 3), ("r", 0, "f", {}), ("r", 0, "f", {"p": None}),
            ("r", 0, "f", {"p": "1"}), ("r", 0, "f", {"p": True}), ("r", 0, "f", {"power": 1}),
            ("r", 0, "f", {"thd_u_a": 1.5, "ep_imp_t3": 2, "dem_p_imp": 3, "temp_amb": 20}),
            ("r", 0, "f", {"di_0": True, "x_note": False, "x_n": 1}),
            ("r", 0, "f", {"di_123": True}),
            ("r", 0, "dem_t", 1763712000000), ("r", 0, "dem_t", 5), ("r", 0, "z", 1),
        ]
    ),
    ("event", EVENT),
    ("event", changed(EVENT, "k", "Power fail")),
    ("event", changed(EVENT, "t", 5)),
    ("event", changed(EVENT, "seq", GONE)),
    ("state", STATE),
    ("state", changed(STATE, "on", "yes")),
    ("state", changed(STATE, "v", GONE)),
    ("birth", BIRTH),
    ("birth", changed(BIRTH, "gw", "")),
    ("birth", changed(BIRTH, "boot", GONE)),
]  # fmt: skip
CHANNEL = {"telemetry": "tele", "event": "event", "state": "state", "birth": "birth"}


def decoder_accepts(name: str, document: dict) -> bool:
    topic = f"loadstone/v1/gw/{document.get('gw', 'GW-3A7F')}/up/{CHANNEL[name]}"
    try:
        message = payload_formats()[f"{name}-v1"].decode(topic, json.dumps(document).encode())
    except UndecodableError:
        return False
    return not getattr(message, "bad", ())


@pytest.mark.parametrize(("name", "document"), CASES, ids=range(len(CASES)))
def test_schema_and_decoder_agree(name: str, document: dict):
    schema = json.loads((SCHEMAS / f"{name}.v1.schema.json").read_text())
    assert decoder_accepts(name, document) == Draft202012Validator(schema).is_valid(document)


def test_some_cases_are_refused_and_some_accepted():
    verdicts = [decoder_accepts(name, document) for name, document in CASES]
    assert verdicts.count(True) > 10
    assert verdicts.count(False) > 20
