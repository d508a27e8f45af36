"""The register rules, on single numbers (DOMAIN "Registers")."""

from __future__ import annotations

import math

import pytest

from loadstone.domain.register_track import RegisterTrack
from loadstone.domain.registers import (
    RegisterLimits,
    RegisterPoint,
    combined,
    offending,
    rollover_modulus,
)

MINUTE_MS = 60_000
UNRATED = RegisterLimits()


def point(minute: int, *values: int | None) -> RegisterPoint:
    padded = (*values, *[None] * (8 - len(values)))
    return RegisterPoint(ts_ms=minute * MINUTE_MS, values=padded)


@pytest.mark.parametrize(
    ("old", "new", "modulus"),
    [
        (999_998_750, 3_500, 1_000_000_000),  # 999 998.75 -> 3.50 kWh, mod 1e6: 4.75 kWh
        (123_456_000, 2_000, None),
        (9_990_000, 5_000, 10_000_000),
        (99_999_000, 0, 100_000_000),
    ],
)
def test_a_drop_near_the_top_is_a_rollover(old: int, new: int, modulus: int | None) -> None:
    assert rollover_modulus(old, new, UNRATED, math.inf) == modulus


def test_a_known_modulus_decides_with_the_rated_power() -> None:
    limits = RegisterLimits(max_power_w=1_000.0, modulus_wh=1_000_000)
    assert rollover_modulus(999_000, 500, limits, 2_000.0) == 1_000_000
    assert rollover_modulus(900_000, 500, limits, 2_000.0) is None
    assert rollover_modulus(1_000_001, 0, limits, 2_000.0) is None


def test_a_rollover_scales_with_the_transformers() -> None:
    limits = RegisterLimits(ratio=6000.0)
    top = 10_000_000 * 6000
    assert rollover_modulus(top - 60_000, 60_000, limits, math.inf) == top


def test_growth_is_bounded_by_the_rated_power_and_two_steps() -> None:
    limits = RegisterLimits(max_power_w=60_000.0)
    most = 60_000 * 1.2 / 60 + 1_000
    assert offending(point(0, 0), point(1, int(most)), limits) is None
    assert offending(point(0, 0), point(1, int(most) + 1), limits) == (0, 0, int(most) + 1)
    assert offending(point(0, 5), point(1, 4), limits) == (0, 5, 4)
    assert offending(point(0, 5), point(1, 10**15), UNRATED) is None


def test_a_register_is_compared_over_its_own_span() -> None:
    limits = RegisterLimits(max_power_w=60_000.0)
    known = combined(point(60, 60_000), point(0, 0, 0))
    assert known.values[:2] == (60_000, 0)
    assert (known.read_at(0), known.read_at(1)) == (60 * MINUTE_MS, 0)
    assert offending(known, point(61, 61_000, 60_000), limits) is None


def labels(track: RegisterTrack, *values: int) -> list[int]:
    said: dict[int, int] = {}
    for minute, value in enumerate(values):
        for verdict in track.follow(point(minute, value)):
            for at in range(minute + 1):
                inside = verdict.from_ms <= at * MINUTE_MS <= verdict.to_ms
                if inside and (verdict.was is None or said.get(at) == verdict.was):
                    said[at] = verdict.epoch
    return [said[at] for at in range(len(values))]


def track() -> RegisterTrack:
    return RegisterTrack(limits=RegisterLimits(max_power_w=60_000.0))


def test_a_reset_is_believed_once_three_readings_count_on() -> None:
    steady = track()
    assert labels(steady, 9_000, 9_500, 0, 500, 1_000, 1_500) == [0, 0, 1, 1, 1, 1]
    assert steady.epochs[1].offsets[0] == 9_500
    assert (steady.epochs[1].starts_ms, steady.epochs[1].confirmed_ms) == (120_000, 240_000)


def test_a_value_that_is_stuck_is_never_believed() -> None:
    assert labels(track(), 9_000, 0, 0, 0, 0, 9_500) == [0, -1, -1, -1, -1, 0]


def test_a_jump_that_stays_is_taken_without_its_energy() -> None:
    jumped = track()
    assert labels(jumped, 1_000, 90_000, 90_500, 91_000) == [0, 1, 1, 1]
    assert jumped.epochs[1].reason == "jump"
    assert jumped.epochs[1].offsets[0] == 1_000 - 90_000


def test_a_modulus_that_the_meter_has_shown_is_known_from_then_on() -> None:
    shown = track()
    assert labels(shown, 9_999_500, 0) == [0, 1]
    shown.follow(RegisterPoint(ts_ms=180 * 3_600_000, values=(9_000_000, *[None] * 7)))
    shown.follow(RegisterPoint(ts_ms=200 * 3_600_000, values=(50_000, *[None] * 7)))
    assert [epoch.reason for epoch in shown.epochs] == ["first", "rollover", "rollover"]
    assert shown.epochs[-1].offsets[0] == 20_000_000
