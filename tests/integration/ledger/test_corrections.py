"""Every kind of correction: what it does to the energy, what it writes down, and that it is undone.

100 kW for six hours, one reading a minute, as whole Wh.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import psycopg
import pytest

from ledger.correct import correct
from loadstone.domain.corrections import (
    AmountCorrection,
    Correction,
    CorrectionRefusedError,
    DeclaredExchange,
    EpochCorrection,
    EpochJoin,
    RatioCorrection,
    TrustCorrection,
    Withdrawal,
)
from loadstone.storage.ledger import Author, LedgerRow
from loadstone.storage.rollups import refresh_rollups
from tests.integration.ingest.premises import DAY, Premises, ms, reading

HOURS = 6
END = DAY + timedelta(hours=HOURS)
EXACT = 1e-6
WHOLE_WH = 2e-3  # kWh; where a window ends on a register rounded to Wh
STEPS = [timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6)]


def at(minute: float) -> datetime:
    return DAY + timedelta(minutes=minute)


def line(start: int, end: int, first_kwh: float, load_kw: float = 100.0) -> dict[int, float]:
    return {m: round(first_kwh + load_kw * (m - start) / 60, 3) for m in range(start, end)}


def feed(premises: Premises, values: dict[int, float], **envelope: object) -> None:
    readings = [reading(ms(at(m)), ep_imp=value) for m, value in values.items()]
    for first in range(0, len(readings), 50):
        premises.feed([premises.telemetry(readings[first : first + 50], **envelope)])


def registers(**imported: float) -> tuple[int | None, ...]:
    return (round(imported["kwh"] * 1000), *[None] * 7)


def total(premises: Premises, start: datetime = DAY, end: datetime = END) -> float:
    """The energy of a window, which every step must agree on."""
    sums = [sum(row.energy_kwh or 0 for row in premises.energy(start, end, step)) for step in STEPS]
    assert sums == pytest.approx([sums[0]] * len(sums), abs=EXACT)
    return sums[0]


def qualities(premises: Premises) -> list[str]:
    return [row.quality for row in premises.energy(DAY, END, timedelta(hours=1))]


def reset(premises: Premises) -> None:
    """After three hours (300 kWh) the register begins again; ingest counts it from zero."""
    feed(premises, line(0, 181, 5000))
    feed(premises, line(181, 361, 40))


def amend_by_hand(premises: Premises, correction: Correction) -> LedgerRow:
    refresh_rollups(premises.connection)
    with premises.connection.transaction():
        author = Author(name="wang", note="because")
        return correct(premises.connection, premises.meter_id, correction, author)


def test_ingest_writes_its_own_decisions_down(premises, events):
    reset(premises)
    found = [(e.kind, e.reason, e.decided_by) for e in events()]
    assert ("epoch_opened", "first", "ingest") in found
    assert ("epoch_opened", "reset", "ingest") in found
    opened = next(e for e in events() if e.reason == "reset")
    assert opened.details["before"] is None
    assert opened.details["after"]["offsets_wh"][0] != 0


def test_epochs_that_are_copied_with_their_ledger_are_not_written_down_again(premises, events):
    reset(premises)
    was = events()
    connection = premises.connection
    connection.execute("CREATE TEMP TABLE kept AS SELECT * FROM core.register_epoch")
    connection.execute("ALTER TABLE core.register_epoch DISABLE TRIGGER USER")
    connection.execute("DELETE FROM core.register_epoch")
    connection.execute("ALTER TABLE core.register_epoch ENABLE TRIGGER USER")
    connection.execute("INSERT INTO core.register_epoch SELECT * FROM kept")
    assert events() == was
    connection.execute("DELETE FROM core.register_epoch WHERE epoch = 1")
    connection.execute("INSERT INTO core.register_epoch SELECT * FROM kept WHERE epoch = 1")
    assert [e.kind for e in events()[len(was) :]] == ["epoch_removed", "epoch_opened"]


def test_the_ledger_is_append_only(premises, events):
    reset(premises)
    assert events()
    for statement in ("UPDATE core.ledger_event SET note = 'x'", "DELETE FROM core.ledger_event"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            premises.connection.execute(statement)


def test_a_declared_exchange_replaces_what_the_rules_made_of_it(premises, amend, events):
    reset(premises)
    before = total(premises)
    row = amend(
        DeclaredExchange(at=at(180.5), closing=registers(kwh=5301), opening=registers(kwh=39.5))
    )
    # 301 to the closing, and from the opening 39.5 on to 40 + 100 kW x 179 min.
    assert total(premises) == pytest.approx(301 + 0.5 + 100 * 179 / 60, abs=WHOLE_WH)
    assert qualities(premises)[3] == "corrected"
    assert row.details["after"]["steps_wh"][0] == 5_261_500
    assert (row.decided_by, row.note, row.in_force) == ("wang", "work order 4711", True)
    undone = amend(Withdrawal(ledger_event_id=row.ledger_event_id))
    assert total(premises) == pytest.approx(before, abs=EXACT)
    assert undone.withdraws == row.ledger_event_id
    assert [e.in_force for e in events() if e.kind == "exchange"] == [False]


def test_an_exchange_declared_before_the_new_register_was_heard_is_not_counted_twice(
    premises, amend
):
    feed(premises, line(0, 181, 5000))
    amend(DeclaredExchange(at=at(180.5), closing=registers(kwh=5301), opening=registers(kwh=39.5)))
    feed(premises, line(181, 361, 40))
    assert total(premises) == pytest.approx(301 + 0.5 + 100 * 179 / 60, abs=WHOLE_WH)


def test_late_readings_leave_a_correction_where_it_is(premises, amend):
    early = line(0, 181, 5000)
    late = {minute: early.pop(minute) for minute in range(150, 175)}
    feed(premises, early)
    feed(premises, line(186, 361, 45))
    amend(DeclaredExchange(at=at(180.5), closing=registers(kwh=5301), opening=registers(kwh=39.5)))
    feed(premises, {**late, **line(183, 186, 42)}, received_ms=ms(END))
    assert total(premises) == pytest.approx(301 + 45 - 39.5 + 100 * 174 / 60, abs=WHOLE_WH)


def test_an_exchange_that_contradicts_the_readings_is_refused(premises, amend):
    reset(premises)
    for closing, opening, field in ((4000, 39.5, "closing"), (5301, 41, "opening")):
        with pytest.raises(CorrectionRefusedError, match=f"{field}.import_kwh"):
            amend(
                DeclaredExchange(
                    at=at(180.5), closing=registers(kwh=closing), opening=registers(kwh=opening)
                )
            )


def test_an_epochs_offset_and_reason_can_be_corrected(premises, amend):
    reset(premises)
    premises.energy(DAY, END, timedelta(hours=1))
    row = amend(EpochCorrection(epoch=1, offsets=registers(kwh=5262.5), reason="reset"))
    # 5262.5 + 40 follows on 5300: 2.5 kWh between, the rest as read.
    assert total(premises) == pytest.approx(300 + 2.5 + 100 * 179 / 60, abs=WHOLE_WH)
    assert qualities(premises)[3] == "estimated"
    with pytest.raises(CorrectionRefusedError, match=f"event {row.ledger_event_id}"):
        amend(EpochCorrection(epoch=1, offsets=None, reason="manual"))


def test_an_epoch_that_was_none_is_joined_and_the_jump_counts(make_premises):
    premises = make_premises(max_power_kw=150.0)
    feed(premises, line(0, 181, 5000))
    feed(premises, line(181, 361, 5400))
    assert total(premises) == pytest.approx(300 + 100 * 179 / 60, abs=2)
    amend_by_hand(premises, EpochJoin(epoch=1))
    assert total(premises) == pytest.approx(400 + 100 * 179 / 60, abs=WHOLE_WH)
    assert qualities(premises)[3] == "corrected"


def test_an_epoch_in_which_a_register_fell_is_not_joined(premises, amend):
    reset(premises)
    with pytest.raises(CorrectionRefusedError, match="fell from 5300 to 40"):
        amend(EpochJoin(epoch=1))


def test_distrusted_readings_do_not_count_and_stay_out_when_sent_again(premises, amend):
    values = line(0, 361, 5000)
    wrong = {minute: values[minute] + 20 for minute in range(60, 90)}
    feed(premises, {**values, **wrong})
    stretch = TrustCorrection(start=at(60), end=at(90), trusted=False)
    row = amend(stretch)
    # The rules took the way back for a reset; without the wrong readings there was none.
    amend(EpochJoin(epoch=1))
    assert total(premises) == pytest.approx(600, abs=EXACT)
    quarter = premises.energy(DAY, END, timedelta(minutes=15))[4]
    assert (quarter.quality, quarter.energy_kwh) == ("corrected", pytest.approx(25, abs=WHOLE_WH))
    feed(premises, {minute: value + 1 for minute, value in wrong.items()}, received_ms=ms(END))
    assert total(premises) == pytest.approx(600, abs=EXACT)
    amend(Withdrawal(ledger_event_id=row.ledger_event_id))
    labels = {r["epoch"] for r in premises.readings()}
    assert -2 not in labels


def test_readings_that_the_rules_do_not_trust_can_be_trusted(make_premises):
    premises = make_premises(max_power_kw=150.0)
    feed(premises, line(0, 181, 5000))
    feed(premises, {181: 5330.0, 182: 5330.0})
    assert [r["epoch"] for r in premises.readings()][-2:] == [-1, -1]
    row = amend_by_hand(premises, TrustCorrection(start=at(181), end=at(183), trusted=True))
    assert total(premises) == pytest.approx(330, abs=EXACT)
    amend_by_hand(premises, Withdrawal(ledger_event_id=row.ledger_event_id))
    assert total(premises) == pytest.approx(300, abs=EXACT)


def test_readings_by_which_a_register_would_fall_are_not_trusted(make_premises):
    premises = make_premises()
    feed(premises, {**line(0, 181, 5000), 100: 3.0})
    with pytest.raises(CorrectionRefusedError, match="would fall from"):
        amend_by_hand(premises, TrustCorrection(start=at(100), end=at(101), trusted=True))
    assert [r["epoch"] for r in premises.readings()][100] == -1


def test_a_dated_ratio_multiplies_energy_exactly_between_its_dates(premises, amend):
    feed(premises, line(0, 361, 5000))
    row = amend(RatioCorrection(start=at(67), end=at(203.5), ratio_factor=1.5))
    assert total(premises) == pytest.approx(600 + 0.5 * 100 * 136.5 / 60, abs=WHOLE_WH)
    assert total(premises, at(60), at(120)) == pytest.approx(
        100 + 0.5 * 100 * 53 / 60, abs=WHOLE_WH
    )
    assert qualities(premises) == ["measured", *["corrected"] * 3, "measured", "measured"]
    with pytest.raises(CorrectionRefusedError, match="withdraw"):
        amend(RatioCorrection(start=at(200), end=None, ratio_factor=2.0))
    amend(Withdrawal(ledger_event_id=row.ledger_event_id))
    assert total(premises) == pytest.approx(600, abs=EXACT)


def test_an_amount_replaces_what_the_register_says_of_a_stretch(premises, amend):
    feed(premises, line(0, 361, 5000))
    row = amend(AmountCorrection(start=at(95), end=at(125), register=0, amount_wh=10_000))
    assert total(premises) == pytest.approx(600 - 50 + 10, abs=EXACT)
    assert total(premises, at(60), at(120)) == pytest.approx(
        100 - 100 * 25 / 60 + 10 * 25 / 30, abs=WHOLE_WH
    )
    assert qualities(premises)[1:3] == ["corrected", "corrected"]
    amend(Withdrawal(ledger_event_id=row.ledger_event_id))
    assert total(premises) == pytest.approx(600, abs=EXACT)


def test_an_amount_fills_a_stretch_of_which_nothing_was_known(premises, amend):
    feed(premises, line(120, 361, 5200))
    assert qualities(premises)[0] == "missing"
    amend(AmountCorrection(start=DAY, end=at(60), register=0, amount_wh=97_000))
    first = premises.energy(DAY, END, timedelta(hours=1))[0]
    assert (first.energy_kwh, first.quality) == (pytest.approx(97), "corrected")


def test_a_request_that_is_sent_twice_is_done_once(premises, amend, events):
    feed(premises, line(0, 361, 5000))
    wanted = RatioCorrection(start=at(60), end=at(120), ratio_factor=2.0)
    assert amend(wanted, "key-1") == amend(wanted, "key-1")
    assert [e.kind for e in events()].count("ratio") == 1


def test_a_correction_is_withdrawn_once(premises, amend):
    feed(premises, line(0, 361, 5000))
    row = amend(RatioCorrection(start=at(60), end=at(120), ratio_factor=2.0))
    amend(Withdrawal(ledger_event_id=row.ledger_event_id))
    with pytest.raises(CorrectionRefusedError, match="in force"):
        amend(Withdrawal(ledger_event_id=row.ledger_event_id))


def test_corrections_change_no_reading(premises, amend):
    reset(premises)
    was = premises.readings()
    amend(DeclaredExchange(at=at(180.5), closing=registers(kwh=5301), opening=registers(kwh=39.5)))
    amend(RatioCorrection(start=at(10), end=at(20), ratio_factor=2.0))
    amend(AmountCorrection(start=at(30), end=at(40), register=0, amount_wh=1))
    assert premises.readings() == was
