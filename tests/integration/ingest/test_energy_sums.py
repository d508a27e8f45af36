"""Energy adds up: any window, any step, any zone, any gaps.

The truth is the register joined by straight pieces, at the edges of the window.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.integration.ingest.premises import Premises, ms, reading

SPANS = {  # each with a change of clocks, where the zone has one
    "Europe/Berlin": datetime(2026, 3, 28, 12, tzinfo=UTC),
    "America/Los_Angeles": datetime(2026, 10, 31, 12, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 4, 4, 6, tzinfo=UTC),
    "Asia/Kolkata": datetime(2026, 3, 28, 12, tzinfo=UTC),
    "Asia/Shanghai": datetime(2026, 3, 28, 12, tzinfo=UTC),
}
MINUTES = 2 * 24 * 60
STEPS = [timedelta(minutes=m) for m in (1, 7, 15, 30, 60, 180)] + [timedelta(days=1)]


def load(premises: Premises, start: datetime) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Two days of a register at odd seconds, with gaps; one part comes late."""
    random = np.random.default_rng(ms(start) // 1000)
    steps_s = random.choice([60, 61, 300, 7_200], MINUTES // 3, p=[0.6, 0.3, 0.09, 0.01])
    stamps = ms(start) + np.cumsum(steps_s) * 1000
    stamps = stamps[stamps < ms(start) + MINUTES * 60_000]
    energy = np.round(np.cumsum(random.uniform(0, 1.2, len(stamps))), 3)
    points = list(zip(stamps.tolist(), energy.tolist(), strict=True))
    late = points[40:70]
    for part in (points[:40], points[70:], late):
        messages = [
            premises.telemetry([reading(t, ep_imp=e)], received_ms=points[-1][0]) for t, e in part
        ]
        premises.feed(messages)
    return stamps, energy


@pytest.mark.parametrize("zone", SPANS)
def test_the_sum_of_any_buckets_is_the_difference_of_the_registers(
    make_premises: Callable[..., Premises], zone: str
) -> None:
    start = SPANS[zone]
    premises = make_premises(zone=zone, max_power_kw=None)
    stamps, energy = load(premises, start)

    def truth(at: datetime) -> float:
        return float(np.interp(at.timestamp() * 1000, stamps, energy))

    @settings(
        max_examples=25,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(
        bounds=st.tuples(st.integers(0, MINUTES), st.integers(0, MINUTES)).filter(
            lambda each: each[0] != each[1]
        ),
        grain=st.sampled_from([1, 15, 60]),
        step=st.sampled_from(STEPS),
    )
    def check(bounds: tuple[int, int], grain: int, step: timedelta) -> None:
        low, high = sorted(bound // grain * grain for bound in bounds)
        a, z = start + timedelta(minutes=low), start + timedelta(minutes=max(high, low + grain))
        rows = premises.energy(a, z, step, zone)
        assert (rows[0].start_at, rows[-1].end_at) == (a, z)
        assert all(this.end_at == following.start_at for this, following in pairwise(rows))
        for row in rows:
            expected = truth(row.end_at) - truth(row.start_at)
            assert (row.energy_kwh or 0.0) == pytest.approx(expected, abs=1e-6)
            assert row.quality in ("measured", "estimated", "missing")
        total = sum(row.energy_kwh or 0.0 for row in rows)
        assert total == pytest.approx(truth(z) - truth(a), abs=1e-6)

    check()


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23.0),
        ("Europe/Berlin", "2026-10-25", 25.0),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Asia/Kolkata", "2026-03-29", 24.0),
    ],
)
def test_a_day_has_the_hours_that_its_clocks_give_it(
    make_premises: Callable[..., Premises], zone: str, day: str, hours: float
) -> None:
    premises = make_premises(zone=zone)
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    start = midnight.astimezone(UTC)
    end = (midnight + timedelta(days=1)).astimezone(UTC)
    first = start - timedelta(hours=2)
    messages = [
        premises.telemetry([reading(ms(first) + m * 60_000, ep_imp=float(m))])
        for m in range(0, 29 * 60, 5)
    ]
    premises.feed(messages)
    for step, buckets in ((timedelta(days=1), 1), (timedelta(minutes=15), round(hours * 4))):
        rows = premises.energy(start, end, step, zone)
        assert len(rows) == buckets
        assert sum(row.energy_kwh or 0 for row in rows) == pytest.approx(hours * 60, abs=1e-6)
        assert {row.quality for row in rows} == {"measured"}
    (row,) = premises.energy(start, end, timedelta(days=1), zone)
    assert (row.start_at, row.end_at) == (start, end)
