"""What comes out depends on what was sent, not on when, in what batches, or on what crashed."""

from __future__ import annotations

from dataclasses import dataclass, replace
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

SAID = ["said"] * 4 + ["silent"] * 3 + ["behind"]
SECOND = ["on"] * 8 + ["unread"] * 3 + ["alone"] * 3 + ["zero", "high"]
_GROWTHS = st.sampled_from([0.0, 0.5, 3.0])
HAPPENINGS = ["on"] * 5 + ["flat", "zero", "high", "reset", "gap", "exchange", "numbered"]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A reading (kWh, the gateway's number of its register), or an exchange (closing, opening).

    `other` and `other_opening` are a second register; a value that is None was not sent.
    """

    minute: int
    value: float | None
    number: int = -1
    opening: float | None = None
    other: float | None = None
    other_opening: float | None = None


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
    if numbered and draw(st.booleans()):
        sent = [_said_sometimes(each, draw(st.sampled_from(SAID))) for each in sent]
    return draw(with_a_second_register(sent)) if draw(st.booleans()) else sent


def _said_sometimes(sent: Sent, how: str) -> Sent:
    """A reading that is silent of its register's number, or behind."""
    if sent.opening is not None or how == "said":
        return sent
    return replace(sent, number=-1 if how == "silent" else max(0, sent.number - 1))


@st.composite
def with_a_second_register(draw: st.DrawFn, history: list[Sent]) -> list[Sent]:
    """The same with a register that goes its own way; not each is read each time."""
    dial, both = draw(st.sampled_from([0.0, 100.0, 9_995.0])), []
    for sent in history:
        if sent.opening is not None:
            told = draw(st.booleans())
            closing, opening = (dial, 3.0) if told else (None, None)
            both.append(replace(sent, other=closing, other_opening=opening))
            dial = 3.0
            continue
        what = draw(st.sampled_from(SECOND))
        dial = 0.0 if what == "zero" else round((dial + draw(_GROWTHS)) % MODULUS_KWH, 3)
        other = {"high": 8_888.0, "unread": None}.get(what, dial)
        both.append(replace(sent, other=other, value=None if what == "alone" else sent.value))
    return both


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
            closing = _fields(sent.value, sent.other)
            opening = _fields(sent.opening, sent.other_opening)
            return self._premises.exchange(
                at_ms, closing, opening, received_ms=received_ms, meter=self._code
            )
        number = {} if sent.number < 0 else {"ep": sent.number}
        one = reading(at_ms, meter=self._code, **number, **_fields(sent.value, sent.other))
        return self._premises.telemetry([one], received_ms=received_ms)

    def outcome(self) -> object:
        """Labels, epochs and energies, as they were decided in the end."""
        labels = [
            (row["ts"], row["epoch"], row["imp_wh"], row["exp_wh"])
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
        end, step = DAY + timedelta(hours=36), timedelta(minutes=15)
        return [
            (row.energy_kwh, row.quality)
            for register in ("imp", "exp")
            for row in self._premises.energy(
                DAY, end, step, register=register, meter_id=self.meter_id
            )
        ]


def _fields(value: float | None, other: float | None) -> dict[str, float]:
    both = {"ep_imp": value, "ep_exp": other}
    return {name: kwh for name, kwh in both.items() if kwh is not None}


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
    ends_alike(shared_premises, *sent)


# What was once found to depend on the order: a history, and the batches that came out otherwise.
FOUND = {
    "a_reading_keeps_its_number_while_it_is_not_trusted": (
        [
            Sent(minute=5, value=4.75, number=0),
            Sent(minute=8, value=5.25, opening=12.5),
            Sent(minute=10, value=12.75, number=1),
            Sent(minute=15, value=1.5, number=2),
        ],
        [[0], [3], [1], [2]],
    ),
    "a_number_that_came_later_is_not_said_of_readings_before": (
        [
            Sent(minute=5, value=0.0),
            Sent(minute=75, value=3.0, number=2),
            Sent(minute=80, value=7.75, number=1),
        ],
        [[0, 2], [1]],
    ),
    "a_register_that_was_not_read_at_once_is_joined_once": (
        [
            Sent(minute=5, value=17.25, other=3.0, number=3),
            Sent(minute=30, value=None, other=7.5, number=4),
            Sent(minute=40, value=0.0, other=7.5),
            Sent(minute=45, value=10.5, other=8.0, number=4),
        ],
        [[1, 3], [0], [2]],
    ),
    "a_register_that_is_read_later_is_not_forgotten_by_the_joint": (
        [
            Sent(minute=5, value=None, other=8_888.0, number=5),
            Sent(minute=35, value=1.5, other=10.5),
            Sent(minute=40, value=1.5, number=6),
            Sent(minute=45, value=3.5, other=14.0, number=6),
        ],
        [[0], [2], [3], [1]],
    ),
    "a_reading_that_no_longer_counts_is_not_built_upon": (
        [
            Sent(minute=5, value=7_777.0, other=7.5, number=4),
            Sent(minute=10, value=1.5, other=8.0, number=5),
            Sent(minute=70, value=None, other=11.0, number=5),
            Sent(minute=75, value=0.0, other=14.0, number=4),
            Sent(minute=80, value=1.5),
            Sent(minute=100, value=0.0, other=3.0, number=6),
        ],
        [[2], [4, 0], [5, 3], [1]],
    ),
    "an_exchange_that_is_no_longer_taken_is_not_built_upon": (
        [
            Sent(minute=5, value=5_004.75, other=3.0, number=0),
            Sent(minute=10, value=5_006.75, other=8_888.0, number=0),
            Sent(minute=95, value=5_019.25, number=0),
            Sent(minute=108, value=5_029.25, other=17.0, opening=0.0, other_opening=0.0),
            Sent(minute=215, value=None, other=4.5, number=1),
            Sent(minute=230, value=27.5, other=10.5, number=1),
        ],
        [[5], [4], [3, 2, 0], [1]],
    ),
}


@pytest.mark.parametrize("restarting", [False, True], ids=["in_one_go", "restarting"])
@pytest.mark.parametrize("found", list(FOUND))
def test_what_once_depended_on_the_order_no_longer_does(
    premises: Premises, found: str, restarting: bool
) -> None:
    history, batches = FOUND[found]
    ends_alike(premises, history, batches, [restarting] * len(batches))


def ends_alike(
    premises: Premises, history: list[Sent], batches: list[list[int]], restarts: list[bool]
) -> None:
    """Demand the same of a history in these batches, with restarts, as of it in its own order."""
    straight = Line(premises)
    premises.restart()
    premises.feed([straight.message(each) for each in history])
    shuffled = Line(premises)
    messages = [shuffled.message(each) for each in history]
    premises.restart()
    for batch, restart in zip(batches, restarts, strict=True):
        premises.feed([messages[at] for at in batch])
        if restart:
            premises.restart()
    assert shuffled.outcome() == straight.outcome()
    told, truth = shuffled.energies(), straight.energies()
    assert told == truth
    assert all(energy is None or energy >= -1e-9 for energy, _ in truth)
