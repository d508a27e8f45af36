"""What every payload format owes the line: junk is refused with a reason."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.formats import PayloadFormat, payload_formats
from loadstone.domain.refusal import UndecodableError

FORMATS = sorted(payload_formats().values(), key=lambda each: each.name)

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
_NAMES = "v gw boot seq sent clk bf r m t k f dt ep q d on why model fw ep_imp p x_a"
_KEYS = st.sampled_from(_NAMES.split())
_JUNK = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=6),
    max_leaves=20,
)
_READING = st.fixed_dictionaries(
    {"m": _JUNK | st.just("M"), "t": _LEAVES | st.just(1_763_712_000_000), "k": st.just("inst")},
    optional={"f": st.dictionaries(_KEYS, _LEAVES, max_size=3), "dt": _LEAVES, "ep": _LEAVES},
)
_ALMOST = st.fixed_dictionaries(
    {
        "v": st.just(1),
        "gw": st.just("GW-1") | _LEAVES,
        "boot": st.just(1) | _LEAVES,
        "seq": st.just(1) | _LEAVES,
        "sent": st.just(1_763_712_000_000) | _LEAVES,
        "t": st.just(1_763_712_000_000) | _LEAVES,
        "k": st.just("clock_set") | _LEAVES,
        "r": st.lists(_READING, max_size=3) | _JUNK,
    },
    optional={"d": _JUNK, "on": _LEAVES, "clk": _JUNK, "why": _LEAVES},
)


def read(payload_format: PayloadFormat, payload: bytes) -> None:
    topic = payload_format.topic_filter.replace("+", "GW-1")
    refusal = None
    try:
        payload_format.decode(topic, payload)
    except UndecodableError as error:
        refusal = error.refusal
    assert refusal is None or (refusal.code and refusal.rule and refusal.severity == "refused")


@pytest.mark.parametrize("payload_format", FORMATS, ids=lambda each: each.name)
def test_no_bytes_raise_anything_but_a_refusal(payload_format: PayloadFormat) -> None:
    @settings(max_examples=150, deadline=None)
    @given(st.binary(max_size=64) | st.text(max_size=40).map(str.encode))
    def check(payload: bytes) -> None:
        read(payload_format, payload)

    check()


@pytest.mark.parametrize("payload_format", FORMATS, ids=lambda each: each.name)
def test_no_json_raises_anything_but_a_refusal(payload_format: PayloadFormat) -> None:
    @settings(max_examples=200, deadline=None)
    @given(document=_JUNK | _ALMOST, cut=st.integers(0, 400))
    def check(document: object, cut: int) -> None:
        text = json.dumps(document)
        read(payload_format, text.encode())
        read(payload_format, text[:cut].encode())

    check()


@pytest.mark.parametrize("payload_format", FORMATS, ids=lambda each: each.name)
def test_a_format_reads_the_topic_that_it_subscribes_to(payload_format: PayloadFormat) -> None:
    assert payload_format.topic_filter.startswith("loadstone/v1/gw/+/up/")
