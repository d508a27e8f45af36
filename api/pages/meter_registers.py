"""A meter's registers: what they say, what is added, and every decision that made it so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.pages.frame import Frame
from api.pages.meter_values import REGISTERS
from loadstone.storage.ledger import LedgerRow
from loadstone.storage.series import EpochRow


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One register: as the meter shows it, what is added to it, and what it comes to."""

    name: str
    unit: str
    reading: str
    offset: str
    counted: str


def register_rows(frame: Frame, latest: object, epochs: Sequence[EpochRow]) -> list[RegisterRow]:
    """The registers that the meter sends; nothing is added where its reading is not trusted."""
    epoch = getattr(latest, "epoch", None)
    offsets = next((e.offsets for e in epochs if e.epoch == epoch), None)
    rows = []
    for slot, (field, key, unit, digits) in enumerate(REGISTERS):
        value: float | None = getattr(latest, field)
        if value is None:
            continue
        offset = offsets[slot] / 1000 if offsets else None
        rows.append(
            RegisterRow(
                name=frame.t(key), unit=unit, reading=frame.f.number(value, digits),
                offset=frame.f.number(offset, digits),
                counted=frame.f.number(None if offset is None else value + offset, digits),
            )
        )  # fmt: skip
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochLine:
    """One stretch of continuous registers; `step` is what its import began above the one before."""

    epoch: int
    since: str
    reason: str
    step: str
    corrected_by: int | None
    can_be_corrected: bool


def epoch_lines(
    frame: Frame, epochs: Sequence[EpochRow], zone: str, now: datetime
) -> list[EpochLine]:
    """The newest first."""
    lines, before = [], 0
    for at, one in enumerate(epochs):
        lines.append(
            EpochLine(
                epoch=one.epoch, since=frame.f.instant(one.starts_at, zone, now),
                reason=frame.t.known(f"reason.{one.reason}", one.reason),
                step=frame.f.number((one.offsets[0] - before) / 1000, 2) if at else "",
                corrected_by=one.corrected_by, can_be_corrected=at > 0,
            )
        )  # fmt: skip
        before = one.offsets[0]
    return lines[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """One entry of the ledger in words; `withdraw_id` where it can be taken back."""

    event_id: int
    what: str
    when: str
    about: str
    who: str
    by_rules: bool
    note: str
    before: str
    after: str
    state: str
    withdraw_id: int | None


def decision_lines(
    frame: Frame, events: Sequence[LedgerRow], zone: str, now: datetime, *, may_correct: bool
) -> list[DecisionLine]:
    """In the order given."""
    return [_decision(frame, event, zone, now, may_correct=may_correct) for event in events]


def _decision(
    frame: Frame, event: LedgerRow, zone: str, now: datetime, *, may_correct: bool
) -> DecisionLine:  # fmt: skip
    t, f = frame.t, frame.f
    about = f.instant(event.starts_at, zone, now)
    if event.ends_at:
        about += f" – {f.instant(event.ends_at, zone, now)}"
    what = t.known(f"ledger.{event.kind}", event.kind)
    if event.reason:
        what += f" ({t.known(f'reason.{event.reason}', event.reason)})"
    by_rules = event.decided_by == "ingest"
    state = "" if event.in_force is None else t(
        "ledger.in_force" if event.in_force else "ledger.withdrawn"
    )  # fmt: skip
    return DecisionLine(
        event_id=event.ledger_event_id, what=what, when=f.instant(event.decided_at, zone, now),
        about=about, who=t("ledger.rules") if by_rules else event.decided_by, by_rules=by_rules,
        note=event.note or "", before=_said(frame, event.details.get("before")),
        after=_said(frame, event.details.get("after")), state=state,
        withdraw_id=event.ledger_event_id if event.in_force and may_correct else None,
    )  # fmt: skip


def _said(frame: Frame, state: Any) -> str:  # noqa: ANN401 - JSON of the ledger, by kind
    """What a register's state was: its import offset, a ratio, an amount, or whether trusted."""
    if not isinstance(state, dict):
        return ""
    t, f = frame.t, frame.f
    if "trusted" in state:
        return t("ledger.trusted" if state["trusted"] else "ledger.not_trusted")
    if "ratio_factor" in state:
        return f"× {f.number(state['ratio_factor'], 4).rstrip('0').rstrip('.')}"
    if "amount_wh" in state:
        amount = state["amount_wh"]
        return t("ledger.by_register") if amount is None else f"{f.number(amount / 1000, 2)} kWh"
    offsets = state.get("offsets_wh") or state.get("steps_wh")
    if isinstance(offsets, list) and offsets and isinstance(offsets[0], int | float):
        return t("ledger.offset", energy=f.number(offsets[0] / 1000, 2))
    return ""
