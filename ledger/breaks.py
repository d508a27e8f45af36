"""Corrections of where a register breaks, and by how much its offset rises there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ledger.plan import REGISTER_NAMES, Plan, kwh, refuse_if_taken
from loadstone.domain.corrections import (
    CorrectionRefusedError,
    DeclaredExchange,
    EpochCorrection,
    EpochJoin,
)
from loadstone.domain.quantities import REGISTERS
from loadstone.domain.registers import MS_PER_HOUR
from loadstone.domain.registry import MeterLimits
from loadstone.storage.corrections import (
    CorrectionRow,
    CountedEpoch,
    counted_epochs,
    same_break,
    value_beside,
)
from loadstone.storage.ledger import NewEvent
from loadstone.storage.read_only import Connection

Steps = list[int | None]


def break_by_exchange(
    connection: Connection, limits: MeterLimits, exchange: DeclaredExchange
) -> Plan:
    """The old registers closed with these values, and the new ones opened with those."""
    meter_id, at = limits.meter_id, exchange.at
    refuse_if_taken("at", at.isoformat(), same_break(connection, meter_id, at))
    steps: Steps = []
    for register, name in enumerate(REGISTER_NAMES):
        closing, opening = exchange.closing[register], exchange.opening[register]
        if (closing is None) != (opening is None):
            lacking = "closing" if closing is None else "opening"
            raise CorrectionRefusedError(f"{lacking}.{name}", None, "is required beside the other")
        if closing is None or opening is None:
            steps.append(None)
            continue
        _check_closing(connection, limits, register, at, closing)
        _check_opening(connection, meter_id, register, at, opening)
        steps.append(closing - opening)
    if all(step is None for step in steps):
        raise CorrectionRefusedError("closing", None, "must give at least one register")
    epochs = counted_epochs(connection, meter_id)
    details = {
        "before": _shown_epochs(epochs),
        "after": {
            "closing_wh": list(exchange.closing),
            "opening_wh": list(exchange.opening),
            "steps_wh": steps,
        },
    }
    return Plan(
        event=NewEvent(kind="exchange", starts_at=at, reason="exchange", details=details),
        correction=_break(at, "exchange", steps),
    )


def break_at_epoch(connection: Connection, meter_id: int, change: EpochCorrection) -> Plan:
    """An epoch's offsets above the epoch before, or its reason, are other than the rules say."""
    before, epoch = _pair(connection, meter_id, change.epoch)
    refuse_if_taken("epoch", change.epoch, epoch.corrected_by)
    if change.offsets is None and change.reason is None:
        raise CorrectionRefusedError("offsets", None, "must be given, or `reason`")
    offsets = change.offsets or (None,) * len(REGISTERS)
    steps: Steps = [
        None if new is None else new - old for new, old in zip(offsets, before.offsets, strict=True)
    ]
    reason = change.reason or "manual"
    after = [old if new is None else new for new, old in zip(offsets, epoch.offsets, strict=True)]
    return _epoch_plan("epoch", epoch, steps, reason, after)


def break_joined(connection: Connection, meter_id: int, join: EpochJoin) -> Plan:
    """The registers went on: refused where one of them fell, since a register cannot."""
    before, epoch = _pair(connection, meter_id, join.epoch)
    refuse_if_taken("epoch", join.epoch, epoch.corrected_by)
    for register, name in enumerate(REGISTER_NAMES):
        old = value_beside(connection, meter_id, register, epoch.starts_at, before=True)
        new = value_beside(connection, meter_id, register, epoch.starts_at, before=False)
        if old is not None and new is not None and new.value < old.value:
            rule = (
                f"cannot be joined: {name} fell from {kwh(old.value)} to {kwh(new.value)}, which "
                "no register does that goes on; correct the epoch's offsets instead"
            )
            raise CorrectionRefusedError("epoch", join.epoch, rule)
    return _epoch_plan("join", epoch, [0] * len(REGISTERS), "manual", before.offsets)


def _epoch_plan(
    kind: str, epoch: CountedEpoch, steps: Steps, reason: str, after: list[int]
) -> Plan:
    details = {
        "before": {"reason": epoch.reason, "offsets_wh": epoch.offsets},
        "after": {"reason": reason, "offsets_wh": after, "steps_wh": steps},
    }
    return Plan(
        event=NewEvent(
            kind=kind,
            starts_at=epoch.starts_at,
            epoch=epoch.epoch,
            reason=reason,
            details=details,
        ),
        correction=_break(epoch.starts_at, reason, steps),
    )


def _break(at: datetime, reason: str, steps: Steps) -> CorrectionRow:
    # A rollover that a person names is their word, not a measurement.
    counted = "manual" if reason == "rollover" else reason
    return CorrectionRow(kind="break", starts_at=at, ends_at=at, reason=counted, steps_wh=steps)


def _pair(connection: Connection, meter_id: int, number: int) -> tuple[CountedEpoch, CountedEpoch]:
    """The epoch of the last trusted reading before this one, and this one."""
    epochs = {epoch.epoch: epoch for epoch in counted_epochs(connection, meter_id)}
    epoch = epochs.get(number)
    if epoch is not None:
        sides = [
            value_beside(connection, meter_id, register, epoch.starts_at, before=True)
            for register in range(len(REGISTERS))
        ]
        last = max((side for side in sides if side), key=lambda side: side.ts, default=None)
        if last is not None and last.epoch in epochs:
            return epochs[last.epoch], epoch
    rule = "must be an epoch of this meter, and not its first, which follows on nothing"
    raise CorrectionRefusedError("epoch", number, rule)


def _check_closing(
    connection: Connection, limits: MeterLimits, register: int, at: datetime, closing: int
) -> None:
    last = value_beside(connection, limits.meter_id, register, at, before=True)
    if last is None:
        return
    hours = (at - last.ts).total_seconds() * 1000 / MS_PER_HOUR
    most = limits.registers.most_wh(int(hours * MS_PER_HOUR))
    if not 0 <= closing - last.value <= most:
        rule = (
            f"after {kwh(last.value)} at {last.ts.isoformat()} the register can neither have "
            "fallen nor have grown by more than the rated power allows"
        )
        raise CorrectionRefusedError(f"closing.{REGISTER_NAMES[register]}", kwh(closing), rule)


def _check_opening(
    connection: Connection, meter_id: int, register: int, at: datetime, opening: int
) -> None:
    first = value_beside(connection, meter_id, register, at, before=False)
    if first is not None and first.value < opening:
        rule = f"the first reading after it, at {first.ts.isoformat()}, is {kwh(first.value)}: less"
        raise CorrectionRefusedError(f"opening.{REGISTER_NAMES[register]}", kwh(opening), rule)


def _shown_epochs(epochs: list[CountedEpoch]) -> list[dict[str, Any]]:
    return [
        {"epoch": e.epoch, "starts_at": e.starts_at.isoformat(), "reason": e.reason,
         "offsets_wh": e.offsets}
        for e in epochs[-3:]
    ]  # fmt: skip
