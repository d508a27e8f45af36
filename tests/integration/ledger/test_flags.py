"""Which quality an hour's energy has, by what happened in it. 100 kW, a reading a minute."""

from __future__ import annotations

from datetime import timedelta

import pytest

from loadstone.domain.quality import Quality
from tests.integration.ingest.premises import DAY, Premises, ms, reading

END = DAY + timedelta(hours=4)
MIDDLE = 121  # the first reading of the third hour but one minute


def feed(premises: Premises, values: dict[int, float], **rest: object) -> None:
    readings = [
        reading(ms(DAY + timedelta(minutes=minute)), ep_imp=value, **rest)
        for minute, value in values.items()
    ]
    premises.feed([premises.telemetry(readings)])


def line(start: int, end: int, first_kwh: float) -> dict[int, float]:
    return {m: round(first_kwh + 100 * (m - start) / 60, 3) for m in range(start, end)}


def qualities(premises: Premises) -> list[str]:
    return [row.quality for row in premises.energy(DAY, END, timedelta(hours=1))]


def test_an_exact_rollover_is_measured(make_premises):
    premises = make_premises(modulus_kwh=1000.0)
    whole = line(0, 241, 795.0)
    feed(premises, {minute: round(value % 1000, 3) for minute, value in whole.items()})
    assert [e["reason"] for e in premises.epochs()] == ["first", "rollover"]
    assert qualities(premises) == ["measured"] * 4
    assert premises.total_kwh(DAY, END) == pytest.approx(400, abs=1e-6)


def test_a_declared_exchange_is_corrected(premises):
    feed(premises, line(0, MIDDLE, 5000))
    at_ms = ms(DAY + timedelta(minutes=120, seconds=30))
    premises.feed([premises.exchange(at_ms, {"ep_imp": 5201.0}, {"ep_imp": 7.0})])
    feed(premises, line(MIDDLE, 241, 8))
    assert qualities(premises) == ["measured", "measured", "corrected", "measured"]


@pytest.mark.parametrize(
    ("first_kwh", "ep", "reason"),
    [(40.0, None, "reset"), (9000.0, None, "jump"), (40.0, 2, "declared")],
)
def test_what_nobody_declared_with_readings_is_estimated(premises, first_kwh, ep, reason):
    declared = {} if ep is None else {"ep": 1}
    feed(premises, line(0, MIDDLE, 5000), **declared)
    feed(premises, line(MIDDLE, 241, first_kwh), **({} if ep is None else {"ep": ep}))
    assert [e["reason"] for e in premises.epochs()] == ["first", reason]
    assert qualities(premises) == ["measured", "measured", "estimated", "measured"]


@pytest.mark.parametrize("bit", [Quality.ESTIMATED, Quality.INTERPOLATED])
def test_what_the_gateway_marks_as_its_own_estimate_is_estimated(premises, bit):
    feed(premises, line(0, 70, 5000))
    feed(premises, line(70, 100, 5000 + 100 * 70 / 60), q=int(bit))
    feed(premises, line(100, 241, 5000 + 100 * 100 / 60))
    assert qualities(premises) == ["measured", "estimated", "measured", "measured"]
    rows = premises.energy(DAY, END, timedelta(minutes=5))
    marked = [at * 5 for at, row in enumerate(rows) if row.quality == "estimated"]
    # From the reading before the first estimate to the reading after the last.
    assert marked == list(range(65, 100, 5))
    assert premises.total_kwh(DAY, END) == pytest.approx(400, abs=1e-6)


def test_a_silence_that_an_edge_cuts_is_estimated_and_one_inside_is_not(premises):
    values = line(0, 241, 5000)
    feed(premises, {m: v for m, v in values.items() if not (50 < m < 80 or 130 < m < 140)})
    assert qualities(premises) == ["estimated", "estimated", "measured", "measured"]
