"""A meter exchange that was declared: closing and opening readings join the two registers."""

from __future__ import annotations

from dataclasses import replace

from ingest.registers import RegisterKeeper, write_judgement
from loadstone.domain.messages import GatewayEvent
from loadstone.domain.quantities import REGISTERS
from loadstone.domain.refusal import Refusal
from loadstone.domain.registers import Epoch, RegisterPoint
from loadstone.domain.registry import MeterLimits
from loadstone.storage.ingest_connection import Connection
from loadstone.storage.ingest_reads import points_around
from loadstone.storage.ingest_writes import store_epochs
from loadstone.storage.readings import split_epoch

Registers = tuple[int | None, ...]


def declare_exchange(
    connection: Connection,
    keeper: RegisterKeeper,
    event: GatewayEvent,
    meter: MeterLimits | None,
) -> Refusal | None:
    """Begin a new register epoch at the event's time, or set right the one already noticed.

    The event's details hold `closing` and `opening`: telemetry register fields in kWh and kvarh.
    Returns why it could not be done. Readings keep their values; only labels and offsets change.
    """
    if meter is None:
        rule = "must be a meter that the registry connects to this gateway at that time"
        return Refusal(code="unknown_meter", field="m", value=event.channel or "missing", rule=rule)
    closing, opening = _registers(event, "closing"), _registers(event, "opening")
    if isinstance(closing, Refusal):
        return closing
    if isinstance(opening, Refusal):
        return opening
    track = keeper.track(connection, meter.meter_id, {meter.meter_id: meter})
    around = points_around(connection, meter.meter_id, event.ts_ms, event.ts_ms)
    before = next((row for row in reversed(around) if row.ts_ms < event.ts_ms), None)
    after = next((row for row in around if row.ts_ms >= event.ts_ms), None)
    number = before.epoch if before else 0
    offsets = _joined(_offsets(track.epochs, number), closing, opening)
    if after is not None and after.epoch == number:
        split_epoch(connection, meter.meter_id, event.ts_ms, number)
        epochs = [
            e if e.number <= number else replace(e, number=e.number + 1) for e in track.epochs
        ]
    else:
        epochs = list(track.epochs)
    store_epochs(
        connection, meter.meter_id, _with_exchange(epochs, number + 1, event.ts_ms, offsets)
    )
    opened = RegisterPoint(ts_ms=event.ts_ms, values=opening)
    write_judgement(connection, keeper.restart(connection, meter, opened))
    return None


def _registers(event: GatewayEvent, which: str) -> Registers | Refusal:
    said = event.details.get(which)
    if not isinstance(said, dict) or not said:
        rule = "an exchange must give the registers it closes and opens with, e.g. {ep_imp: 12.3}"
        return Refusal(code="schema", field=f"d.{which}", value=str(said)[:120], rule=rule)
    wrong = [k for k, v in said.items() if isinstance(v, bool) or not isinstance(v, int | float)]
    if wrong:
        field = f"d.{which}.{wrong[0]}"
        value = str(said[wrong[0]])[:120]
        return Refusal(code="schema", field=field, value=value, rule="must be a number")
    return tuple(
        round(said[quantity.field] * quantity.scale) if quantity.field in said else None
        for quantity in REGISTERS
    )


def _offsets(epochs: list[Epoch], number: int) -> tuple[int, ...]:
    known = next((epoch.offsets for epoch in epochs if epoch.number == number), None)
    return known or (0,) * len(REGISTERS)


def _joined(offsets: tuple[int, ...], closing: Registers, opening: Registers) -> tuple[int, ...]:
    """The new register's offsets: at its opening it goes on where the old one closed."""
    return tuple(
        offset if closed is None or opened is None else offset + closed - opened
        for offset, closed, opened in zip(offsets, closing, opening, strict=True)
    )


def _with_exchange(
    epochs: list[Epoch], number: int, starts_ms: int, offsets: tuple[int, ...]
) -> list[Epoch]:
    """Epochs with the exchange in its place; the ones after it move with its offsets."""
    old = _offsets(epochs, number) if any(e.number == number for e in epochs) else offsets
    moved = [new - was for new, was in zip(offsets, old, strict=True)]
    new = Epoch(number=number, starts_ms=starts_ms, offsets=offsets, reason="exchange")
    declared = next((e.declared_epoch for e in epochs if e.number == number), None)
    kept = [e for e in epochs if e.number < number] or [
        Epoch(number=0, starts_ms=starts_ms, offsets=(0,) * len(REGISTERS), reason="first")
    ]
    later = [
        replace(e, offsets=tuple(o + m for o, m in zip(e.offsets, moved, strict=True)))
        for e in epochs
        if e.number > number
    ]
    return [*kept, replace(new, declared_epoch=declared), *later]
