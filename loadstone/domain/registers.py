"""Register epochs: how a cumulative register stays continuous over rollover, exchange and glitches.

A register only ever grows. Where it does not, an *epoch* ends and the next begins; every epoch
carries an offset per register so that `value + offset` is continuous. Readings keep what the meter
said; only their epoch label and the offsets express our judgement. Label -1 means: not trusted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from loadstone.domain.quantities import REGISTERS
from loadstone.domain.refusal import Refusal

UNTRUSTED = -1
CONFIRMING_READINGS = 3
HEADROOM = 1.2  # DOMAIN "Registers": a delta may be 1.2 x what the rated power allows
MS_PER_HOUR = 3_600_000

Values = tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPoint:
    """All registers of a meter at one instant, in Wh and varh, in the order of `REGISTERS`."""

    ts_ms: int
    values: Values
    declared_epoch: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """A stretch of continuous register; `offsets` (Wh, varh) make it follow on from the one before.

    Reasons: first, rollover, reset, jump, exchange, declared, manual.
    """

    number: int
    starts_ms: int
    offsets: tuple[int, ...]
    reason: str
    declared_epoch: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLimits:
    """What the meter can count: rated power in W (None: unknown), modulus in Wh, one step in Wh."""

    max_power_w: float | None = None
    modulus_wh: int | None = None
    ratio: float = 1.0

    @property
    def slack_wh(self) -> float:
        """Two counting steps of a 0.01 kWh register behind its transformers, at least 1 kWh."""
        return max(1000.0, 20.0 * self.ratio)

    def most_wh(self, elapsed_ms: int) -> float:
        """The most energy that can have flowed, Wh; infinite where the rating is unknown."""
        if self.max_power_w is None:
            return math.inf
        return self.max_power_w * HEADROOM * elapsed_ms / MS_PER_HOUR + self.slack_wh


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Readings of [from_ms, to_ms] labelled `was` get the label `epoch`; `why` if not trusted."""

    from_ms: int
    to_ms: int
    epoch: int
    was: int | None = None
    why: Refusal | None = None


def grown(before: RegisterPoint, after: RegisterPoint, limits: RegisterLimits) -> bool:
    """Whether `after` can follow `before` on the same register: not less, not impossibly more."""
    most = limits.most_wh(after.ts_ms - before.ts_ms)
    return all(
        0 <= new - old <= most
        for old, new in zip(before.values, after.values, strict=True)
        if old is not None and new is not None
    )


def offending(
    before: RegisterPoint, after: RegisterPoint, limits: RegisterLimits
) -> tuple[str, int, int]:
    """The field that broke the rule, with its value before and after."""
    most = limits.most_wh(after.ts_ms - before.ts_ms)
    for quantity, old, new in zip(REGISTERS, before.values, after.values, strict=True):
        if old is not None and new is not None and not 0 <= new - old <= most:
            return quantity.field, old, new
    raise ValueError("no register is out of order")


def rollover_modulus(old: int, new: int, limits: RegisterLimits, most_wh: float) -> int | None:
    """The modulus (Wh) by which this drop is a rollover, or None; DOMAIN "Registers"."""
    if limits.modulus_wh is not None:
        if old <= limits.modulus_wh and new - old + limits.modulus_wh <= most_wh < math.inf:
            return limits.modulus_wh
        if limits.max_power_w is not None:
            return None
        return limits.modulus_wh if new - old + limits.modulus_wh < limits.modulus_wh / 20 else None
    for digits in range(4, 10):
        modulus = round(10.0**digits * 1000 * limits.ratio)
        near_the_top = modulus * 0.95 <= old <= modulus
        if near_the_top and new - old + modulus <= min(most_wh, modulus / 20):
            return modulus
    return None


@dataclass(slots=True, kw_only=True)
class RegisterTrack:
    """The end of one meter's register history, to which new readings are added in time order."""

    limits: RegisterLimits
    epochs: list[Epoch] = field(default_factory=list)
    last: RegisterPoint | None = None
    pending: list[RegisterPoint] = field(default_factory=list)
    changed: bool = False

    @property
    def epoch(self) -> int:
        """The number of the current epoch; 0 before the first reading."""
        return self.epochs[-1].number if self.epochs else 0

    def follow(self, point: RegisterPoint) -> list[Verdict]:
        """Judge one reading later than all before; also relabels readings judged too early."""
        if not self.epochs:
            self._open(point, "first", (0,) * len(REGISTERS))
        if self.last is None:
            return [self._take(point)]
        if self._newly_declared(point):
            return self._declared(point)
        if grown(self.last, point, self.limits):
            return [self._take(point)]
        rolled = self._rollover_offsets(self.last, point)
        if rolled is not None:
            self._open(point, "rollover", rolled)
            return [self._take(point)]
        return self._suspect(point)

    def _take(self, point: RegisterPoint) -> Verdict:
        known = self.last.values if self.last else point.values
        merged = tuple(
            old if new is None else new for old, new in zip(known, point.values, strict=True)
        )
        self.last = replace(point, values=merged)
        self.pending.clear()
        return Verdict(from_ms=point.ts_ms, to_ms=point.ts_ms, epoch=self.epoch)

    def _open(self, point: RegisterPoint, reason: str, offsets: tuple[int, ...]) -> None:
        declared = point.declared_epoch
        if declared is None and self.epochs:
            declared = self.epochs[-1].declared_epoch
        number = self.epoch + 1 if self.epochs else 0
        self.epochs.append(
            Epoch(
                number=number,
                starts_ms=point.ts_ms,
                offsets=offsets,
                reason=reason,
                declared_epoch=declared,
            )
        )
        self.changed = True

    def _newly_declared(self, point: RegisterPoint) -> bool:
        known = self.epochs[-1].declared_epoch
        if point.declared_epoch is None or point.declared_epoch == known:
            return False
        if known is None:  # it only starts to say so: nothing has changed
            self.epochs[-1] = replace(self.epochs[-1], declared_epoch=point.declared_epoch)
            self.changed = True
            return False
        return True

    def _declared(self, point: RegisterPoint) -> list[Verdict]:
        """The gateway says that a new register begins; its readings tell how it goes on."""
        if self.last is not None and grown(self.last, point, self.limits):
            offsets = self.epochs[-1].offsets
        else:
            offsets = self._restart_offsets(point)
        self._open(point, "declared", offsets)
        return [self._take(point)]

    def _rollover_offsets(
        self, before: RegisterPoint, after: RegisterPoint
    ) -> tuple[int, ...] | None:
        most = self.limits.most_wh(after.ts_ms - before.ts_ms)
        offsets = list(self.epochs[-1].offsets)
        for at, (old, new) in enumerate(zip(before.values, after.values, strict=True)):
            if old is None or new is None or 0 <= new - old <= most:
                continue
            modulus = rollover_modulus(old, new, self.limits, most) if new < old else None
            if modulus is None:
                return None
            offsets[at] += modulus
        return tuple(offsets)

    def _restart_offsets(self, first: RegisterPoint) -> tuple[int, ...]:
        """Offsets for a register that begins anew at `first`: counted from zero where that can be.

        A register that restarts at more than the gap can have brought had an unknown opening value:
        it is taken to have been `first` itself.
        """
        assert self.last is not None  # noqa: S101 - only called once there is a history
        most = self.limits.most_wh(first.ts_ms - self.last.ts_ms)
        offsets = list(self.epochs[-1].offsets)
        for at, (old, new) in enumerate(zip(self.last.values, first.values, strict=True)):
            if old is None or new is None:
                continue
            offsets[at] += old if new < old and new <= most else old - new
        return tuple(offsets)

    def _suspect(self, point: RegisterPoint) -> list[Verdict]:
        if self.pending and grown(self.pending[-1], point, self.limits):
            self.pending.append(point)
        else:
            self.pending = [point]
        if self._confirmed():
            return self._believe()
        assert self.last is not None  # noqa: S101 - a suspect needs something it contradicts
        name, old, new = offending(self.last, point, self.limits)
        why = Refusal(
            code="register_break" if new < old else "register_jump",
            field=name,
            value=f"{new / 1000:g}",
            rule=(
                f"after {old / 1000:g} the register may neither fall nor grow by more than the "
                "rated power allows; kept, but not counted until later readings confirm it"
            ),
            severity="flagged",
        )
        return [Verdict(from_ms=point.ts_ms, to_ms=point.ts_ms, epoch=UNTRUSTED, why=why)]

    def _confirmed(self) -> bool:
        if len(self.pending) < CONFIRMING_READINGS:
            return False
        first, newest = self.pending[0], self.pending[-1]
        return any(
            old is not None and new is not None and new > old
            for old, new in zip(first.values, newest.values, strict=True)
        )

    def _believe(self) -> list[Verdict]:
        """Enough later readings agree with each other: the register did begin anew."""
        first, newest = self.pending[0], self.pending[-1]
        assert self.last is not None  # noqa: S101 - a suspect needs something it contradicts
        _, old, new = offending(self.last, first, self.limits)
        self._open(first, "reset" if new < old else "jump", self._restart_offsets(first))
        believed = self._take(newest)
        earlier = Verdict(
            from_ms=first.ts_ms, to_ms=newest.ts_ms - 1, epoch=self.epoch, was=UNTRUSTED
        )
        return [earlier, believed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A late reading's epoch, and by how much a reset's offsets (Wh) must move because of it."""

    epoch: int
    shift: tuple[int, ...] | None = None
    why: Refusal | None = None


def place_late(
    point: RegisterPoint,
    before: tuple[RegisterPoint, Epoch] | None,
    after: tuple[RegisterPoint, Epoch] | None,
    epochs: list[Epoch],
    limits: RegisterLimits,
) -> Placed:
    """Find the epoch in which a late reading lies between its neighbours in time.

    `before` and `after` are the nearest trusted readings; either may be missing. Between them the
    reading fits the first epoch whose offset puts it between the two continuous values.
    """
    low = before[1].number if before else (after[1].number if after else 0)
    high = after[1].number if after else low
    for epoch in (e for e in epochs if low <= e.number <= high):
        if _fits(point, epoch, before, after, limits):
            return Placed(epoch=epoch.number)
    if before and after and _ends_before_reset(point, before, after, limits):
        moved = tuple(
            0 if value is None or old is None else max(0, value - old)
            for value, old in zip(point.values, before[0].values, strict=True)
        )
        return Placed(epoch=before[1].number, shift=moved)
    value = next((v for v in point.values if v is not None), 0)
    why = Refusal(
        code="register_out_of_place",
        field="ep_imp",
        value=f"{value / 1000:g}",
        rule="a late register reading must lie between the readings before and after it",
        severity="flagged",
    )
    return Placed(epoch=UNTRUSTED, why=why)


def _fits(
    point: RegisterPoint,
    epoch: Epoch,
    before: tuple[RegisterPoint, Epoch] | None,
    after: tuple[RegisterPoint, Epoch] | None,
    limits: RegisterLimits,
) -> bool:
    here = _continuous(point, epoch)
    if before is not None:
        earlier = _continuous(before[0], before[1])
        if not grown(earlier, here, limits):
            return False
    return after is None or grown(here, _continuous(after[0], after[1]), limits)


def _ends_before_reset(
    point: RegisterPoint,
    before: tuple[RegisterPoint, Epoch],
    after: tuple[RegisterPoint, Epoch],
    limits: RegisterLimits,
) -> bool:
    """Whether the reading belongs to the register that was reset afterwards."""
    reset_follows = after[1].number == before[1].number + 1 and after[1].reason == "reset"
    return reset_follows and grown(before[0], point, limits)


def _continuous(point: RegisterPoint, epoch: Epoch) -> RegisterPoint:
    values = tuple(
        None if value is None else value + offset
        for value, offset in zip(point.values, epoch.offsets, strict=True)
    )
    return replace(point, values=values)
