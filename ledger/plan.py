"""What a correction comes to: the event to write down, and what is in force from then on."""

from __future__ import annotations

from dataclasses import dataclass

from loadstone.domain.corrections import CorrectionRefusedError
from loadstone.storage.corrections import CorrectionRow
from loadstone.storage.ledger import NewEvent

REGISTER_NAMES = (
    "import_kwh",
    "export_kwh",
    "reactive_q1_kvarh",
    "reactive_q2_kvarh",
    "reactive_q3_kvarh",
    "reactive_q4_kvarh",
    "reactive_import_kvarh",
    "reactive_export_kvarh",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One event, and the correction that holds by it, if any."""

    event: NewEvent
    correction: CorrectionRow | None = None


def kwh(value_wh: int) -> str:
    """A register as people read it, from Wh or varh."""
    return f"{value_wh / 1000:.12g}"


def refuse_if_taken(field: str, value: object, ledger_event_id: int | None) -> None:
    """Two corrections of the same thing would hide each other: the earlier one goes first."""
    if ledger_event_id is not None:
        rule = f"is corrected already by event {ledger_event_id}: withdraw that one first"
        raise CorrectionRefusedError(field, value, rule)
