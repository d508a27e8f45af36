"""The ledger's events as answered, and corrections as asked for."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.models.fields import Answer, Instant, RegisterName
from api.parameters import IdParameter, InstantParameter
from api.registers import energy_field
from ledger.plan import REGISTER_NAMES
from loadstone.domain import corrections as domain
from loadstone.domain.registers import Values

_WH_PER_KWH = 1000
_REGISTER_SLOTS: tuple[RegisterName, ...] = ("imp", "exp", "q1", "q2", "q3", "q4", "rimp", "rexp")
_Reading = Annotated[float | None, Field(ge=0, le=1e12, examples=[1234567.89])]
_Offset = Annotated[float | None, Field(ge=-1e12, le=1e12, examples=[1000000.0])]


class LedgerEvent(Answer):
    """One decision on a meter's registers: by ingest's rules or by a person."""

    ledger_event_id: Annotated[int, Field(examples=[17])]
    kind: Annotated[
        Literal[
            "epoch_opened", "epoch_changed", "epoch_removed", "exchange", "epoch", "join", "trust",
            "distrust", "ratio", "amount", "withdraw", "rejudge",
        ],
        Field(description="The first three are the rules', the others people's."),
    ]  # fmt: skip
    starts_at: Instant
    ends_at: Annotated[Instant | None, Field(description="Not part of it; null: open, or no end.")]
    epoch: Annotated[int | None, Field(description="The register epoch it is about.")]
    reason: str | None
    details: Annotated[
        dict[str, Any], Field(description="What was `before` and is `after`; Wh and varh.")
    ]
    decided_by: Annotated[str, Field(description="`ingest`, or a user.", examples=["wang"])]
    decided_at: Instant
    note: Annotated[str | None, Field(description="Why, in the person's words.")]
    withdraws: Annotated[int | None, Field(description="The event that this one undoes.")]
    in_force: Annotated[bool | None, Field(description="null: not a correction.")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    note: Annotated[
        str,
        Field(min_length=3, max_length=2000, description="Why.", examples=["Work order 4711"]),
    ]


class RegisterValues(BaseModel):
    """Registers in kWh and kvarh; one that is left out is not said."""

    model_config = ConfigDict(extra="forbid")

    import_kwh: _Reading = None
    export_kwh: _Reading = None
    reactive_q1_kvarh: _Reading = None
    reactive_q2_kvarh: _Reading = None
    reactive_q3_kvarh: _Reading = None
    reactive_q4_kvarh: _Reading = None
    reactive_import_kvarh: _Reading = None
    reactive_export_kvarh: _Reading = None

    def values(self) -> Values:
        """In Wh and varh, in the order of REGISTERS."""
        said = [getattr(self, name) for name in REGISTER_NAMES]
        return tuple(None if v is None else round(v * _WH_PER_KWH) for v in said)


class OffsetValues(RegisterValues):
    """Offsets in kWh and kvarh; one that is left out stays."""

    import_kwh: _Offset = None
    export_kwh: _Offset = None
    reactive_q1_kvarh: _Offset = None
    reactive_q2_kvarh: _Offset = None
    reactive_q3_kvarh: _Offset = None
    reactive_q4_kvarh: _Offset = None
    reactive_import_kvarh: _Offset = None
    reactive_export_kvarh: _Offset = None


class ExchangeBody(_Body):
    """The meter was exchanged: what the old registers closed with, and the new ones opened with."""

    kind: Literal["exchange"]
    at: InstantParameter
    closing: RegisterValues
    opening: RegisterValues

    def correction(self) -> domain.Correction:
        """As the ledger knows it."""
        return domain.DeclaredExchange(
            at=self.at, closing=self.closing.values(), opening=self.opening.values()
        )


class EpochBody(_Body):
    """An epoch's offsets or its reason are other than the rules found."""

    kind: Literal["epoch"]
    epoch: Annotated[int, Field(ge=0, le=32767)]
    offsets: OffsetValues | None = None
    reason: domain.EpochReason | None = None

    def correction(self) -> domain.Correction:
        """As the ledger knows it."""
        offsets = self.offsets.values() if self.offsets else None
        return domain.EpochCorrection(epoch=self.epoch, offsets=offsets, reason=self.reason)


class JoinBody(_Body):
    """An epoch that is none: the registers went on from the one before."""

    kind: Literal["join"]
    epoch: Annotated[int, Field(ge=0, le=32767)]

    def correction(self) -> domain.Correction:
        """As the ledger knows it."""
        return domain.EpochJoin(epoch=self.epoch)


class _StretchBody(_Body):
    from_: Annotated[InstantParameter, Field(alias="from")]
    to: InstantParameter


class TrustBody(_StretchBody):
    """Registers of readings in [from, to) are (`trust`) or are not (`distrust`) to be trusted."""

    kind: Literal["trust", "distrust"]

    def correction(self) -> domain.Correction:
        """As the ledger knows it."""
        trusted = self.kind == "trust"
        return domain.TrustCorrection(start=self.from_, end=self.to, trusted=trusted)


class RatioBody(_Body):
    """Energy of [from, to) times a factor: the gateway reckoned with wrong CT or PT ratios."""

    kind: Literal["ratio"]
    from_: Annotated[InstantParameter, Field(alias="from")]
    to: Annotated[InstantParameter | None, Field(description="null: until further notice.")] = None
    ratio_factor: Annotated[float, Field(gt=0, le=1e6, examples=[1.5])]

    def correction(self) -> domain.Correction:
        """As the ledger knows it."""
        return domain.RatioCorrection(start=self.from_, end=self.to, ratio_factor=self.ratio_factor)


class AmountBody(_StretchBody):
    """Energy of one register in [from, to) as a person knows it, whatever the register says."""

    kind: Literal["amount"]
    register_name: Annotated[RegisterName, Field(alias="register")] = "imp"
    energy_kwh: Annotated[
        float | None, Field(ge=0, le=1e12, description="For imp and exp.", examples=[420.5])
    ] = None
    reactive_energy_kvarh: Annotated[
        float | None, Field(ge=0, le=1e12, description="For the reactive registers.")
    ] = None

    def correction(self) -> domain.Correction:
        """As the ledger knows it."""
        name = energy_field(self.register_name)
        amount: float | None = getattr(self, name)
        if amount is None:
            rule = f"is required for the register {self.register_name}"
            raise domain.CorrectionRefusedError(name, None, rule)
        return domain.AmountCorrection(
            start=self.from_,
            end=self.to,
            register=_REGISTER_SLOTS.index(self.register_name),
            amount_wh=round(amount * _WH_PER_KWH),
        )


class WithdrawBody(_Body):
    """An earlier correction no longer holds; what the rules decided counts again."""

    kind: Literal["withdraw"]
    ledger_event_id: IdParameter

    def correction(self) -> domain.Correction:
        """As the ledger knows it."""
        return domain.Withdrawal(ledger_event_id=self.ledger_event_id)


CorrectionBody = Annotated[
    ExchangeBody | EpochBody | JoinBody | TrustBody | RatioBody | AmountBody | WithdrawBody,
    Field(discriminator="kind"),
]
