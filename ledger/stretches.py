"""Corrections of a stretch of time: trust in readings, a ratio, an amount."""

from __future__ import annotations

from ledger.plan import REGISTER_NAMES, Plan, kwh, refuse_if_taken
from loadstone.domain.corrections import (
    AmountCorrection,
    CorrectionRefusedError,
    RatioCorrection,
    TrustCorrection,
)
from loadstone.storage.corrections import CorrectionKind, CorrectionRow, overlapping
from loadstone.storage.ledger import NewEvent
from loadstone.storage.read_only import Connection
from loadstone.storage.trust import distrust, first_fall, trust

MOST_READINGS = 100_000


def trust_plan(connection: Connection, meter_id: int, wanted: TrustCorrection) -> Plan:
    """Label readings as trusted or not, and keep them so whatever comes late."""
    kind: CorrectionKind = "trust" if wanted.trusted else "distrust"
    row = CorrectionRow(kind=kind, starts_at=wanted.start, ends_at=wanted.end)
    taken = overlapping(connection, meter_id, row, ("trust", "distrust"))
    refuse_if_taken("from", wanted.start.isoformat(), taken)
    change = trust if wanted.trusted else distrust
    moved = change(connection, meter_id, wanted.start, wanted.end)
    if not moved or len(moved) > MOST_READINGS:
        rule = f"must hold 1 to {MOST_READINGS} readings whose registers are " + (
            "not trusted" if wanted.trusted else "trusted"
        )
        raise CorrectionRefusedError("from", wanted.start.isoformat(), rule)
    if wanted.trusted:
        _refuse_fall(connection, meter_id, wanted)
    details = {
        "before": {"trusted": not wanted.trusted},
        "after": {"trusted": wanted.trusted},
        "readings": len(moved),
        "instants": [ts.isoformat() for ts in moved] if wanted.trusted else None,
    }
    event = NewEvent(kind=kind, starts_at=wanted.start, ends_at=wanted.end, details=details)
    return Plan(event=event, correction=row)


def _refuse_fall(connection: Connection, meter_id: int, wanted: TrustCorrection) -> None:
    fall = first_fall(connection, meter_id, wanted.start, wanted.end)
    if fall is not None:
        rule = (
            f"cannot be trusted: {REGISTER_NAMES[fall.register]} would fall from "
            f"{kwh(fall.before)} to {kwh(fall.after)} at {fall.ts.isoformat()}"
        )
        raise CorrectionRefusedError("from", wanted.start.isoformat(), rule)


def ratio_plan(connection: Connection, meter_id: int, wanted: RatioCorrection) -> Plan:
    """Multiply the energy of a stretch; readings stay as they came."""
    row = CorrectionRow(
        kind="ratio",
        starts_at=wanted.start,
        ends_at=wanted.end,
        ratio_factor=wanted.ratio_factor,
    )
    refuse_if_taken(
        "from", wanted.start.isoformat(), overlapping(connection, meter_id, row, ("ratio",))
    )
    details = {
        "before": {"ratio_factor": 1},
        "after": {"ratio_factor": wanted.ratio_factor},
    }
    event = NewEvent(
        kind="ratio", starts_at=wanted.start, ends_at=wanted.end, reason="manual", details=details
    )
    return Plan(event=event, correction=row)


def amount_plan(connection: Connection, meter_id: int, wanted: AmountCorrection) -> Plan:
    """Say what a register counted in a stretch; the sum is exact, spread evenly over it."""
    row = CorrectionRow(
        kind="amount",
        starts_at=wanted.start,
        ends_at=wanted.end,
        register_slot=wanted.register + 1,
        amount_wh=wanted.amount_wh,
    )
    refuse_if_taken(
        "from", wanted.start.isoformat(), overlapping(connection, meter_id, row, ("amount",))
    )
    details = {
        "register": REGISTER_NAMES[wanted.register],
        "before": {"amount_wh": None},
        "after": {"amount_wh": wanted.amount_wh},
    }
    event = NewEvent(
        kind="amount", starts_at=wanted.start, ends_at=wanted.end, reason="manual", details=details
    )
    return Plan(event=event, correction=row)
