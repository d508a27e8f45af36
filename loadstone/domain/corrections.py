"""What a person may correct of a meter's registers; laid over the rules, never into readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from loadstone.domain.registers import Values

EpochReason = Literal["rollover", "reset", "jump", "exchange", "declared", "manual"]


class CorrectionRefusedError(ValueError):
    """A correction that cannot be: the field that is wrong, its value and the rule it breaks."""

    def __init__(self, field: str, value: object, rule: str) -> None:
        super().__init__(f"{field} = {value}: {rule}")
        self.field = field
        self.value = value
        self.rule = rule


def _forward(start: datetime, end: datetime | None) -> None:
    if end is not None and start >= end:
        raise CorrectionRefusedError("to", end.isoformat(), "must be after `from`")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredExchange:
    """At an instant the registers closed and opened with these values, Wh and varh."""

    at: datetime
    closing: Values
    opening: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochCorrection:
    """An epoch's offsets (Wh, varh; None leaves one as it is), or the reason why it began."""

    epoch: int
    offsets: Values | None
    reason: EpochReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochJoin:
    """An epoch that is none: the registers simply went on from the one before."""

    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustCorrection:
    """Registers of readings in [start, end) are to be trusted, or not."""

    start: datetime
    end: datetime
    trusted: bool

    def __post_init__(self) -> None:
        _forward(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioCorrection:
    """Energy of [start, end) times a factor: CT or PT ratios were not what the gateway reckoned."""

    start: datetime
    end: datetime | None
    ratio_factor: float

    def __post_init__(self) -> None:
        _forward(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountCorrection:
    """Energy of one register (its position) over [start, end) as a person knows it, Wh or varh."""

    start: datetime
    end: datetime
    register: int
    amount_wh: int

    def __post_init__(self) -> None:
        _forward(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """An earlier correction no longer holds."""

    ledger_event_id: int


Correction = (
    DeclaredExchange
    | EpochCorrection
    | EpochJoin
    | TrustCorrection
    | RatioCorrection
    | AmountCorrection
    | Withdrawal
)
