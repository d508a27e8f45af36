"""What comes out depends on what was sent, not on when, in what batches, or on what crashed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from collector.backlog import Delivery
from tests.integration.ingest.premises import DAY, Premises, ms, reading

STEP_MIN = 5
MODULUS_KWH = 10_000.0
_NUMBERS = count(1)

HAPPENINGS = ["on"] * 5 + ["flat", "zero", "high", "reset", "gap", "exchange", "numbered"]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A reading (kWh, the gateway's number of its register), or an exchange (closing, opening)."""

    minute: int
    value: float
    number: int
    opening: float | None = None


@st.composite
def histories(draw: st.DrawFn) -> list[Sent]:
    """A register with all that happens to registers; 60 kW at most."""
    dial = draw(st.sampled_from([0.0, 5_000.0, 9_990.0, 9_999.0]))
    numbered = draw(st.booleans())
    minute, number, sent = 0, 0, []
    for what in draw(st.lists(st.sampled_from(HAPPENINGS), min_size=4, max_size=28)):
        minute += STEP_MIN * (12 if what == "gap" else 1)
        grown = 0.0 if what == "flat" else draw(st.sampled_from([0.5, 2.0, 4.75]))
        dial = round((dial + grown) % MODULUS_KWH, 3)
        shown = {"zero": 0.0, "high": 7_777.0}.get(what, dial)
        if what in ("reset", "numbered"):
            dial = shown = draw(st.sampled_from([0.0, 1.5]))
            number += what == "numbered"
        if what == "exchange":
            opening = draw(st.sampled_from([0.0, 12.5]))
            sent.append(Sent(minute=minute - 2, value=dial, number=number, opening=opening))
            dial = shown = opening + 0.25
            number += 1
        sent.append(Sent(minute=minute, value=shown, number=number if numbered else -1))
    return sent


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Sent], list[list[int]], list[bool]]:
    """A history, the batches of its parts in any order and some twice, and where it restarts."""
    history = draw(histories())
    order = draw(st.permutations(range(len(history))))
    if draw(st.booleans()):  # more often nearly in order than not at all
        order = sorted(order, key=lambda at: at + order[at] % 4)
    order += draw(st.lists(st.sampled_from(order), max_size=4))
    batches: list[list[int]] = []
    while order:
        size = draw(st.integers(1, 9))
        batches.append(order[:size])
        order = order[size:]
    restarts = [draw(st.booleans()) for _ in batches]
    return history, batches, restarts


class Line:
    """One more meter of the premises, and what is said of it."""

    def __init__(self, premises: Premises) -> None:
        self._premises = premises
        self._code = f"ANY-{next(_NUMBERS)}"
        self.meter_id = premises.add_meter(
            self._code, max_power_kw=60.0, register_modulus_kwh=MODULUS_KWH, interval_s=300
        )

    def message(self, sent: Sent) -> Delivery:
        at_ms = ms(DAY + timedelta(minutes=sent.minute))
        received_ms = ms(DAY + timedelta(days=1))
        if sent.opening is not None:
            closing, opening = {"ep_imp": sent.value}, {"ep_imp": sent.opening}
            return self._premises.exchange(
                at_ms, closing, opening, received_ms=received_ms, meter=self._code
            )
        number = {} if sent.number < 0 else {"ep": sent.number}
        one = reading(at_ms, meter=self._code, ep_imp=sent.value, **number)
        return self._premises.telemetry([one], received_ms=received_ms)

    def outcome(self) -> object:
        """Labels, epochs and energies, as they were decided in the end."""
        labels = [
            (row["ts"], row["epoch"], row["imp_wh"])
            for row in self._premises.readings()
            if row["meter_id"] == self.meter_id
        ]
        epochs = [
            (row["epoch"], row["starts_at"], row["reason"], row["offsets"], row["confirmed_at"])
            for row in self._premises.epochs()
            if row["meter_id"] == self.meter_id
        ]
        return labels, epochs

    def energies(self) -> list[tuple[float | None, str]]:
        rows = self._premises.energy(
            DAY, DAY + timedelta(hours=36), timedelta(minutes=15), meter_id=self.meter_id
        )
        return [(row.energy_kwh, row.quality) for row in rows]


@pytest.fixture
def shared_premises(premises: Premises) -> Premises:
    """Return premises that all examples share, each with meters of its own."""
    return premises


@settings(
    max_examples=20,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sent=deliveries())
def test_batches_order_repetition_and_restarts_change_nothing(
    shared_premises: Premises, sent: tuple[list[Sent], list[list[int]], list[bool]]
) -> None:
    history, batches, restarts = sent
    straight = Line(shared_premises)
    shared_premises.restart()
    shared_premises.feed([straight.message(each) for each in history])
    shuffled = Line(shared_premises)
    messages = [shuffled.message(each) for each in history]
    shared_premises.restart()
    for batch, restart in zip(batches, restarts, strict=True):
        shared_premises.feed([messages[at] for at in batch])
        if restart:
            shared_premises.restart()
    assert shuffled.outcome() == straight.outcome()
    told, truth = shuffled.energies(), straight.energies()
    assert told == truth
    assert all(energy is None or energy >= -1e-9 for energy, _ in truth)
