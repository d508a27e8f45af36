"""Sums of intervals against the registers' difference, over lives that hold everything.

Then corrections, and their undoing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.correct import correct
from loadstone.domain.corrections import (
    AmountCorrection,
    Correction,
    CorrectionRefusedError,
    DeclaredExchange,
    EpochCorrection,
    RatioCorrection,
    TrustCorrection,
    Withdrawal,
)
from loadstone.storage.ledger import Author
from loadstone.storage.rollups import refresh_rollups
from tests.integration.ingest.premises import Premises
from tests.integration.ledger.brute_force import Laid, between_kwh, pieces
from tests.integration.ledger.lives import EXACT, STARTS, STEPS, Life

_CODES = count(1)
EXAMPLES = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(params=list(STARTS))
def zone(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def house(database_url, zone):
    premises = Premises(database_url, zone=zone)
    yield premises
    premises.close()


class History(Life):
    """A life whose register is corrected."""

    def correct(self, correction: Correction) -> int:
        with self.house.connection.transaction():
            row = correct(
                self.house.connection,
                self.meter_id,
                correction,
                Author(name="wang", note="by the property test"),
            )
        refresh_rollups(self.house.connection)
        return row.ledger_event_id


@EXAMPLES
@given(seed=st.integers(0, 2**32 - 1))
def test_intervals_sum_up_to_the_registers_whatever_happened(house, zone, seed):
    History(house, zone, seed).check(Laid())


@EXAMPLES
@given(seed=st.integers(0, 2**32 - 1))
def test_corrections_add_up_too_and_are_undone_without_a_trace(house, zone, seed):
    history = History(house, zone, seed)
    window = (history.start, history.end, "15 minutes")
    was = history.rows(*window)
    laid, done = Laid(), []
    for _ in range(2):
        start, end = history.stretch()
        try:
            factor = float(history.rng.choice([0.5, 2.0, 1.2]))
            ratio = RatioCorrection(start=start, end=end, ratio_factor=factor)
            done.append(history.correct(ratio))
            laid.ratios.append((start.timestamp(), end.timestamp(), ratio.ratio_factor))
        except CorrectionRefusedError:
            pass
    start, end = history.stretch()
    amount = AmountCorrection(start=start, end=end, register=0, amount_wh=77_777)
    done.append(history.correct(amount))
    laid.amounts.append((start.timestamp(), end.timestamp(), 77_777))
    _break_somewhere(history, laid, done)
    history.check(laid)
    for event in reversed(done):
        history.correct(Withdrawal(ledger_event_id=event))
    history.check(Laid())
    now = history.rows(*window)
    assert [q for _, q in now] == [q for _, q in was]
    assert [e for e, _ in now] == pytest.approx([e for e, _ in was], abs=EXACT, nan_ok=True)


def _break_somewhere(history: History, laid: Laid, done: list[int]) -> None:
    """Set an epoch right, and declare an exchange where the rules saw none."""
    epochs = history.house.connection.execute(
        "SELECT epoch, starts_at, offsets[1] FROM read.register_epoch WHERE meter_id = %s "
        "AND epoch > 0 ORDER BY epoch",
        [history.meter_id],
    ).fetchall()
    before = _trusted(history, epochs[0][1], "<", "DESC")
    after = _trusted(history, epochs[0][1], ">=", "")
    if before and after and after[2] == epochs[0][0]:
        # The offset at which 5 kWh flowed between the readings on either side.
        offset_before = history.house.connection.execute(
            "SELECT offsets[1] FROM read.register_epoch WHERE meter_id = %s AND epoch = %s",
            [history.meter_id, before[2]],
        ).fetchone()
        step = before[1] - after[1] + 5000
        offsets = (offset_before[0] + step, *[None] * 7)
        change = EpochCorrection(epoch=epochs[0][0], offsets=offsets, reason="manual")
        done.append(history.correct(change))
        laid.breaks.append((epochs[0][1].timestamp(), step))
    at = history.moment()
    first, then = _trusted(history, at, "<", "DESC"), _trusted(history, at, ">=", "")
    if first is None or then is None:
        return
    closing = (first[1] + 10, *[None] * 7)
    opening = (max(then[1] - 20, 0), *[None] * 7)
    try:
        done.append(history.correct(DeclaredExchange(at=at, closing=closing, opening=opening)))
        laid.breaks.append((at.timestamp(), closing[0] - opening[0]))
    except CorrectionRefusedError:
        pass


def _trusted(history: History, at: datetime, relation: str, order: str) -> tuple | None:
    return history.house.connection.execute(
        f"SELECT ts, imp_wh, epoch FROM core.reading WHERE meter_id = %s AND epoch >= 0 "
        f"AND imp_wh IS NOT NULL AND ts {relation} %s ORDER BY ts {order} LIMIT 1",
        [history.meter_id, at],
    ).fetchone()


@EXAMPLES
@given(seed=st.integers(0, 2**32 - 1))
def test_distrusted_readings_are_as_if_they_had_never_come(house, zone, seed):
    history = History(house, zone, seed)
    start, end = history.stretch()
    labels = _labels(history)
    try:
        event = history.correct(TrustCorrection(start=start, end=end, trusted=False))
    except CorrectionRefusedError:
        return
    course = pieces(history.house, history.meter_id, Laid())
    for step in STEPS:
        rows = history.rows(history.start, history.end, step)
        known = sum(energy for energy, _ in rows if energy is not None)
        truth = between_kwh(course, history.start, history.end)
        assert known == pytest.approx(truth, abs=EXACT)
    history.correct(Withdrawal(ledger_event_id=event))
    assert _labels(history) == labels


def _labels(history: History) -> list[tuple[datetime, int]]:
    return history.house.connection.execute(
        "SELECT ts, epoch FROM core.reading WHERE meter_id = %s ORDER BY ts", [history.meter_id]
    ).fetchall()


@EXAMPLES
@given(seed=st.integers(0, 2**32 - 1))
def test_virtual_meters_and_balances_are_the_combination_of_their_meters(house, zone, seed):
    main, sub = History(house, zone, seed), History(house, zone, seed + 1)
    handover = main.moment()
    connection: psycopg.Connection = house.connection
    connection.execute(
        "UPDATE core.meter SET parent_meter_id = %s, role = 'sub' WHERE meter_id = %s",
        [main.meter_id, sub.meter_id],
    )
    row = connection.execute(
        "INSERT INTO core.virtual_meter (customer_id, code, name_en, name_zh, changed_by) "
        "SELECT min(customer_id), %s, 'V', 'V', 'test' FROM core.customer "
        "RETURNING virtual_meter_id",
        [f"V-{next(_CODES)}"],
    ).fetchone()
    connection.execute(
        "INSERT INTO core.virtual_term VALUES (%(v)s, %(a)s, 1, '-infinity', %(t)s), "
        "(%(v)s, %(a)s, 2.5, %(t)s, 'infinity'), (%(v)s, %(b)s, -1, '-infinity', 'infinity')",
        {"v": row[0], "a": main.meter_id, "b": sub.meter_id, "t": handover},
    )
    start = main.start + timedelta(hours=6)
    end = main.end - timedelta(hours=6)
    courses = [pieces(house, each.meter_id, Laid()) for each in (main, sub)]
    middle = min(max(handover, start), end)
    own, below = (between_kwh(course, start, end) for course in courses)
    truth = (
        between_kwh(courses[0], start, middle) + 2.5 * between_kwh(courses[0], middle, end) - below
    )
    for step in STEPS:
        energy = connection.execute(
            "SELECT sum(energy_kwh), bool_or(energy_kwh IS NULL) "
            "FROM read.virtual_energy(%s, %s, %s, %s::interval, %s)",
            [[row[0]], start, end, step, zone],
        ).fetchone()
        assert not energy[1]
        assert energy[0] == pytest.approx(truth, abs=EXACT)
        balance = connection.execute(
            "SELECT sum(energy_kwh), sum(children_kwh), sum(unaccounted_kwh) "
            "FROM read.balance(%s, %s, %s, %s::interval, %s)",
            [[main.meter_id], start, end, step, zone],
        ).fetchone()
        assert balance == pytest.approx((own, below, own - below), abs=EXACT)
