"""A meter exchange that was declared: closing and opening readings join the two registers."""

from __future__ import annotations

from ingest.registers import RegisterKeeper, write_judgement
from loadstone.domain.messages import GatewayEvent
from loadstone.domain.quantities import REGISTERS
from loadstone.domain.refusal import Refusal
from loadstone.domain.registers import Exchange
from loadstone.domain.registry import MeterLimits
from loadstone.storage.ingest_connection import Connection
from loadstone.storage.register_writes import store_exchange

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
    exchange = Exchange(ts_ms=event.ts_ms, closing=closing, opening=opening)
    store_exchange(connection, meter.meter_id, exchange)
    judgement, refusal = keeper.exchange(connection, meter, exchange)
    write_judgement(connection, judgement)
    return refusal


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
