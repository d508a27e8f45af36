"""One correction: checked, written down, and put in force, in the caller's transaction."""

from __future__ import annotations

from ledger.breaks import break_at_epoch, break_by_exchange, break_joined
from ledger.plan import Plan
from ledger.stretches import amount_plan, ratio_plan, trust_plan
from ledger.withdrawal import withdrawal_plan
from loadstone.domain.corrections import (
    AmountCorrection,
    Correction,
    CorrectionRefusedError,
    DeclaredExchange,
    EpochCorrection,
    EpochJoin,
    RatioCorrection,
    TrustCorrection,
)
from loadstone.domain.registry import MeterLimits
from loadstone.storage.corrections import put_correction
from loadstone.storage.ledger import (
    Author,
    LedgerRow,
    append_event,
    find_event,
    find_request,
    lock_meter,
)
from loadstone.storage.read_only import Connection


def correct(
    connection: Connection, meter_id: int, correction: Correction, author: Author
) -> LedgerRow:
    """Correct a meter's registers; the same request of the same author is only answered again.

    Raises CorrectionRefusedError, naming field, value and rule.
    """
    limits = lock_meter(connection, meter_id)
    known = find_request(connection, author)
    if known is not None:
        return _as_before(connection, meter_id, known, author)
    plan = _plan(connection, limits, correction)
    ledger_event_id = append_event(connection, meter_id, plan.event, author)
    if plan.correction is not None:
        put_correction(connection, ledger_event_id, meter_id, plan.correction)
    return _written(connection, meter_id, ledger_event_id)


def _plan(connection: Connection, limits: MeterLimits, correction: Correction) -> Plan:
    meter_id = limits.meter_id
    if isinstance(correction, DeclaredExchange):
        return break_by_exchange(connection, limits, correction)
    if isinstance(correction, EpochCorrection):
        return break_at_epoch(connection, meter_id, correction)
    if isinstance(correction, EpochJoin):
        return break_joined(connection, meter_id, correction)
    if isinstance(correction, TrustCorrection):
        return trust_plan(connection, meter_id, correction)
    if isinstance(correction, RatioCorrection):
        return ratio_plan(connection, meter_id, correction)
    if isinstance(correction, AmountCorrection):
        return amount_plan(connection, meter_id, correction)
    return withdrawal_plan(connection, meter_id, correction)


def _as_before(
    connection: Connection, meter_id: int, known: tuple[int, int], author: Author
) -> LedgerRow:
    if known[0] != meter_id:
        rule = "was used for another meter: take a new key for a new request"
        raise CorrectionRefusedError("Idempotency-Key", author.request_key, rule)
    return _written(connection, meter_id, known[1])


def _written(connection: Connection, meter_id: int, ledger_event_id: int) -> LedgerRow:
    row = find_event(connection, meter_id, ledger_event_id)
    if row is None:
        raise LookupError(f"there is no ledger event {ledger_event_id} of meter {meter_id}")
    return row
