"""The register cases of the design, with nothing lost and nothing invented.

A constant load for 12 hours, one reading a minute; the truth is power times time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest

from collector.backlog import Delivery
from tests.integration.ingest.premises import DAY, Premises, ms, reading

MINUTES = 12 * 60
END = DAY + timedelta(hours=12)
START_KWH = 123_456.78
LOADS_KW = [61.0, 500.0, 1000.0]
EXACT = 1e-6  # kWh; sums of floats over whole Wh
EXCHANGE_AT = DAY + timedelta(hours=6, seconds=30)

MakePremises = Callable[..., Premises]


def register_kwh(minute: float, load_kw: float) -> float:
    """What the register shows: whole Wh, as the database keeps them."""
    return round(START_KWH + load_kw * minute / 60, 3)


def at_ms(minute: float) -> int:
    return ms(DAY + timedelta(minutes=minute))


def points(load_kw: float, minutes: Sequence[int] = range(MINUTES + 1)) -> dict[int, float]:
    return {minute: register_kwh(minute, load_kw) for minute in minutes}


def feed(
    premises: Premises,
    values: dict[int, float],
    *,
    a_batch: int = 40,
    received: float | None = None,
) -> None:
    """One message a reading, several to a batch."""
    received_ms = None if received is None else at_ms(received)
    messages = [
        premises.telemetry([reading(at_ms(minute), ep_imp=value)], received_ms=received_ms)
        for minute, value in values.items()
    ]
    for first in range(0, len(messages), a_batch):
        premises.feed(messages[first : first + a_batch])


def truth_kwh(load_kw: float) -> float:
    return register_kwh(MINUTES, load_kw) - register_kwh(0, load_kw)


@pytest.fixture(params=LOADS_KW, ids=lambda kw: f"{kw:g}kW")
def load_kw(request: pytest.FixtureRequest) -> float:
    return float(request.param)


def check(premises: Premises, load_kw: float) -> None:
    """The total is exact, and every sum of parts is the total."""
    truth = truth_kwh(load_kw)
    assert premises.total_kwh(DAY, END) == pytest.approx(truth, abs=EXACT)
    for step in (timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1)):
        rows = premises.energy(DAY, END, step)
        amounts = [row.energy_kwh for row in rows]
        assert None not in amounts
        assert min(amounts) >= 0  # type: ignore[type-var]
        assert sum(amounts) == pytest.approx(truth, abs=EXACT)  # type: ignore[arg-type]


def hourly(premises: Premises) -> tuple[list[float | None], list[str]]:
    rows = premises.energy(DAY, END, timedelta(hours=1))
    return [row.energy_kwh for row in rows], [row.quality for row in rows]


def test_an_undisturbed_half_day_is_measured(premises: Premises, load_kw: float) -> None:
    feed(premises, points(load_kw))
    check(premises, load_kw)
    amounts, quality = hourly(premises)
    assert amounts == pytest.approx([load_kw] * 12, abs=0.002)
    assert set(quality) == {"measured"}
    assert premises.quarantine() == []


def test_an_outage_of_4_h_with_an_intact_register_is_spread_and_estimated(
    premises: Premises, load_kw: float
) -> None:
    heard = [minute for minute in range(MINUTES + 1) if not 240 < minute < 480]
    feed(premises, points(load_kw, heard))
    check(premises, load_kw)
    amounts, quality = hourly(premises)
    assert amounts == pytest.approx([load_kw] * 12, abs=0.002)
    assert quality == ["measured"] * 4 + ["estimated"] * 4 + ["measured"] * 4


@pytest.mark.parametrize("modulus_kwh", [1_000_000.0, None])
def test_a_six_digit_register_rolls_over(
    make_premises: MakePremises, load_kw: float, modulus_kwh: float | None
) -> None:
    premises = make_premises(modulus_kwh=modulus_kwh)
    shift = 1_000_000 - START_KWH - load_kw * 5.51
    values = {m: round((v + shift) % 1_000_000, 3) for m, v in points(load_kw).items()}
    feed(premises, values)
    check(premises, load_kw)
    assert hourly(premises)[1] == ["measured"] * 12
    assert [row["reason"] for row in premises.epochs()] == ["first", "rollover"]


def test_an_outage_with_later_backfill_is_measured_afterwards(
    premises: Premises, load_kw: float
) -> None:
    heard = [minute for minute in range(MINUTES + 1) if not 240 < minute < 480]
    feed(premises, points(load_kw, heard))
    kept = list(range(241, 480))
    late = [
        premises.telemetry(
            [reading(at_ms(m), ep_imp=register_kwh(m, load_kw)) for m in kept[first : first + 50]],
            received_ms=at_ms(MINUTES),
            bf=True,
        )
        for first in range(0, len(kept), 50)
    ]
    premises.feed(late[:2])
    premises.feed(late[2:])
    check(premises, load_kw)
    amounts, quality = hourly(premises)
    assert amounts == pytest.approx([load_kw] * 12, abs=0.002)
    assert quality == ["measured"] * 12
    assert premises.quarantine() == []


def exchanged(premises: Premises, load_kw: float) -> tuple[dict[int, float], Delivery]:
    """A history with another meter after 6 h 30 s, opened at 17 kWh; and its declaration."""
    closing = register_kwh(360.5, load_kw)
    values = {
        minute: value if minute <= 360 else round(value - closing + 17, 3)
        for minute, value in points(load_kw).items()
    }
    event = premises.exchange(ms(EXCHANGE_AT), {"ep_imp": closing}, {"ep_imp": 17.0})
    return values, event


@pytest.mark.parametrize("when", ["before", "in time", "same batch", "soon after", "long after"])
def test_a_declared_meter_exchange_loses_nothing_whenever_it_is_told(
    premises: Premises, load_kw: float, when: str
) -> None:
    values, event = exchanged(premises, load_kw)
    told_after = {
        "before": 300,
        "in time": 360,
        "same batch": None,
        "soon after": 361,
        "long after": 720,
    }
    if told_after[when] is None:
        messages = [premises.telemetry([reading(at_ms(m), ep_imp=v)]) for m, v in values.items()]
        premises.feed([*messages[:300], event, *messages[300:]])
    else:
        feed(premises, {m: v for m, v in values.items() if m <= told_after[when]})
        premises.feed([event])
        feed(premises, {m: v for m, v in values.items() if m > told_after[when]})
    check(premises, load_kw)
    amounts, quality = hourly(premises)
    assert amounts == pytest.approx([load_kw] * 12, abs=0.002)
    assert [i for i, q in enumerate(quality) if q != "measured"] == [6]
    assert quality[6] == "corrected"
    assert [row["reason"] for row in premises.epochs()] == ["first", "exchange"]


def test_a_single_zero_glitch_costs_nothing(premises: Premises, load_kw: float) -> None:
    values = points(load_kw) | {333: 0.0}
    feed(premises, values)
    check(premises, load_kw)
    (entry,) = premises.quarantine()
    assert (entry["code"], entry["field"], entry["value"]) == ("register_break", "ep_imp", "0")
    assert entry["severity"] == "flagged"
    assert len(premises.epochs()) == 1


def test_two_successive_glitches_cost_nothing(premises: Premises, load_kw: float) -> None:
    feed(premises, points(load_kw) | {333: 0.0, 334: 0.0})
    check(premises, load_kw)
    assert len(premises.epochs()) == 1


def test_an_upward_jump_is_not_counted(premises: Premises, load_kw: float) -> None:
    feed(premises, points(load_kw) | {333: 900_000.0})
    check(premises, load_kw)
    assert [entry["code"] for entry in premises.quarantine()] == ["register_jump"]


def test_a_glitch_at_the_end_is_settled_by_what_follows(premises: Premises) -> None:
    values = points(61.0) | {333: 0.0}
    feed(premises, {m: v for m, v in values.items() if m <= 333})
    premises.restart()
    feed(premises, {m: v for m, v in values.items() if m > 333})
    check(premises, 61.0)


def reset_after(load_kw: float, minute: int) -> dict[int, float]:
    """The register begins at zero right after the reading of this minute, told to nobody."""
    zero = register_kwh(minute, load_kw)
    return {m: v if m <= minute else round(v - zero, 3) for m, v in points(load_kw).items()}


def test_an_undeclared_reset_is_counted_from_zero(premises: Premises, load_kw: float) -> None:
    feed(premises, reset_after(load_kw, 360))
    check(premises, load_kw)
    assert [row["reason"] for row in premises.epochs()] == ["first", "reset"]
    assert all(row["epoch"] >= 0 for row in premises.readings())  # type: ignore[operator]


def test_a_glitch_amid_a_reset_that_is_not_confirmed_yet_costs_nothing(
    premises: Premises, load_kw: float
) -> None:
    for glitch in (0.0, 900_000.0):
        values = reset_after(load_kw, 360) | {362: glitch}
        feed(premises, {m: v for m, v in values.items() if m <= 362})
    premises.restart()
    feed(premises, {m: v for m, v in values.items() if m > 362})
    check(premises, load_kw)


def test_a_new_register_that_the_gateway_numbers_is_taken_at_once(premises: Premises) -> None:
    load_kw = 61.0
    values = reset_after(load_kw, 360)
    for minute, value in values.items():
        epoch = 4 if minute <= 360 else 5
        if minute in (0, 360, 361, 362, 720):
            premises.feed([premises.telemetry([reading(at_ms(minute), ep_imp=value, ep=epoch)])])
    assert premises.total_kwh(DAY, END) == pytest.approx(truth_kwh(load_kw), abs=EXACT)
    assert [row["reason"] for row in premises.epochs()] == ["first", "declared"]
    assert premises.quarantine() == []


def test_an_exchange_that_the_gateway_numbers_too_is_one_exchange(premises: Premises) -> None:
    load_kw = 500.0
    values, event = exchanged(premises, load_kw)
    messages = {
        m: premises.telemetry([reading(at_ms(m), ep_imp=v, ep=0 if m <= 360 else 1)])
        for m, v in values.items()
    }
    premises.feed([message for m, message in messages.items() if m <= 400])
    premises.feed([event])
    premises.feed([message for m, message in messages.items() if m > 400])
    check(premises, load_kw)
    assert [row["reason"] for row in premises.epochs()] == ["first", "exchange"]


def test_a_closing_reading_below_the_register_is_refused_with_its_reason(
    premises: Premises,
) -> None:
    feed(premises, points(61.0))
    event = premises.exchange(ms(EXCHANGE_AT), {"ep_imp": 5.0}, {"ep_imp": 0.0})
    premises.feed([event])
    check(premises, 61.0)
    (entry,) = premises.quarantine()
    assert (entry["code"], entry["field"]) == ("exchange_contradicts", "d.closing.ep_imp")


def test_late_data_across_a_rollover_finds_its_place(make_premises: MakePremises) -> None:
    load_kw = 500.0
    premises = make_premises(modulus_kwh=1_000_000.0)
    shift = 1_000_000 - START_KWH - load_kw * 5.51
    values = {m: round((v + shift) % 1_000_000, 3) for m, v in points(load_kw).items()}
    late = range(300, 360)  # the rollover is at minute 330.6
    feed(premises, {m: v for m, v in values.items() if m not in late})
    feed(premises, {m: values[m] for m in reversed(late)}, a_batch=7, received=MINUTES)
    check(premises, load_kw)
    assert hourly(premises)[1] == ["measured"] * 12
    assert all(row["epoch"] >= 0 for row in premises.readings())  # type: ignore[operator]


def test_late_data_before_a_reset_adds_what_was_not_known(premises: Premises) -> None:
    load_kw = 61.0
    values = reset_after(load_kw, 360)
    late = range(300, 361)
    feed(premises, {m: v for m, v in values.items() if m not in late})
    known = premises.total_kwh(DAY, END)
    assert known == pytest.approx(truth_kwh(load_kw) - 61 * load_kw / 60, abs=0.01)
    feed(premises, {m: values[m] for m in late}, received=MINUTES)
    check(premises, load_kw)


def test_a_history_before_the_first_reading_moves_nothing(premises: Premises) -> None:
    values = points(1000.0)
    feed(premises, {m: v for m, v in values.items() if m >= 300})
    feed(premises, {m: v for m, v in values.items() if m < 300}, received=MINUTES)
    check(premises, 1000.0)


def test_repetitions_and_disorder_change_nothing(premises: Premises, load_kw: float) -> None:
    values = reset_after(load_kw, 360)
    messages = [
        premises.telemetry([reading(at_ms(m), ep_imp=v)], received_ms=at_ms(m + 5))
        for m, v in values.items()
    ]

    def shaken() -> Iterator[Delivery]:
        for first in range(0, len(messages), 4):
            some = messages[first : first + 4]
            yield from (some[2:] + some[:2] + some[1:3])

    line = list(shaken())
    for first in range(0, len(line), 9):
        premises.feed(line[first : first + 9])
        if first % 5 == 0:
            premises.feed(line[first : first + 9])
    check(premises, load_kw)
    assert len(premises.readings()) == MINUTES + 1


def test_a_register_that_comes_seldom_is_not_taken_for_a_jump(premises: Premises) -> None:
    load_kw = 1000.0
    for minute, value in points(load_kw).items():
        fields = {"ep_imp": value} | ({"ep_exp": value / 2} if minute % 60 == 0 else {})
        premises.feed([premises.telemetry([reading(at_ms(minute), **fields)])])
        if minute % 45 == 0:
            premises.restart()
    check(premises, load_kw)
    assert premises.quarantine() == []
    assert premises.total_kwh(DAY, END, "exp") == pytest.approx(truth_kwh(load_kw) / 2, abs=0.002)


def test_a_register_that_an_exchange_did_not_name_never_runs_backwards(premises: Premises) -> None:
    load_kw = 500.0
    values, event = exchanged(premises, load_kw)
    for minute in range(0, MINUTES + 1, 5):
        exported = 1000 + minute / 60 if minute <= 360 else (minute - 360.5) / 60
        fields = {"ep_imp": values[minute], "ep_exp": round(exported, 3)}
        if minute == 365:
            premises.feed([event])
        premises.feed([premises.telemetry([reading(at_ms(minute), **fields)])])
    rows = premises.energy(DAY, END, timedelta(hours=1), register="exp")
    assert all(row.energy_kwh is not None and row.energy_kwh >= 0 for row in rows)
    total = sum(row.energy_kwh or 0 for row in rows)
    assert total == pytest.approx(12 - 0.5 / 60, abs=0.002)
    assert premises.total_kwh(DAY, END) == pytest.approx(truth_kwh(load_kw), abs=EXACT)
