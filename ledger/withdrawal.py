"""Undoing a correction, which is a correction itself."""

from __future__ import annotations

from datetime import datetime

from ledger.plan import Plan
from loadstone.domain.corrections import CorrectionRefusedError, Withdrawal
from loadstone.storage.corrections import CorrectionRow, take_correction
from loadstone.storage.ledger import LedgerRow, NewEvent, find_event
from loadstone.storage.read_only import Connection
from loadstone.storage.trust import doubt_again, trust


def withdrawal_plan(connection: Connection, meter_id: int, wanted: Withdrawal) -> Plan:
    """Take a correction out of force; what the rules decided counts again."""
    event = find_event(connection, meter_id, wanted.ledger_event_id)
    row = take_correction(connection, meter_id, wanted.ledger_event_id)
    if event is None or row is None:
        rule = "must be a correction of this meter that is in force"
        raise CorrectionRefusedError("ledger_event_id", wanted.ledger_event_id, rule)
    _give_labels_back(connection, meter_id, event, row)
    return Plan(
        event=NewEvent(
            kind="withdraw",
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            epoch=event.epoch,
            details={
                "before": event.details.get("after"),
                "after": event.details.get("before"),
                "kind": event.kind,
            },
            withdraws=event.ledger_event_id,
        )
    )


def _give_labels_back(
    connection: Connection, meter_id: int, event: LedgerRow, row: CorrectionRow
) -> None:
    if row.kind == "distrust" and row.ends_at is not None:
        trust(connection, meter_id, row.starts_at, row.ends_at, was_distrusted=True)
    elif row.kind == "trust":
        instants = [datetime.fromisoformat(ts) for ts in event.details["instants"]]
        doubt_again(connection, meter_id, instants)
