"""What is known of cumulative registers: readings, epochs, and what can follow what.

A register only ever grows. Where it does not, an *epoch* ends and the next begins; every epoch
carries an offset per register so that `value + offset` is continuous. Readings keep what the meter
said; only their epoch label and the offsets express our judgement. Label -1 means: not trusted.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from loadstone.domain.quantities import REGISTERS

UNTRUSTED = -1
HEADROOM = 1.2  # DOMAIN "Registers": a delta may be 1.2 x what the rated power allows
MS_PER_HOUR = 3_600_000

Values = tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPoint:
    """Registers of a meter at one instant, in Wh and varh, in the order of `REGISTERS`.

    `read_ms` says when each was read, where not all were at `ts_ms`.
    """

    ts_ms: int
    values: Values
    declared_epoch: int | None = None
    read_ms: tuple[int, ...] | None = None

    def read_at(self, register: int) -> int:
        """When this register was read, UTC epoch ms."""
        return self.ts_ms if self.read_ms is None else self.read_ms[register]

    @property
    def mask(self) -> int:
        """The registers that have a value, as bits."""
        return sum(1 << at for at, value in enumerate(self.values) if value is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """A stretch of continuous register; `offsets` (Wh, varh) make it follow on from the one before.

    Reasons: first, rollover, reset, jump, exchange, declared, manual. `confirmed_ms` is the reading
    that made it certain, `registers` the registers read until now, as bits.
    """

    number: int
    starts_ms: int
    offsets: tuple[int, ...]
    reason: str
    confirmed_ms: int
    declared_epoch: int | None = None
    registers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A meter exchange that was declared: what the old registers closed with, the new open with."""

    ts_ms: int
    closing: Values
    opening: Values


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


def combined(main: RegisterPoint, other: RegisterPoint | None) -> RegisterPoint:
    """`main`, with the registers it lacks taken from `other`."""
    if other is None or None not in main.values:
        return main
    values, read_ms = [], []
    for at, value in enumerate(main.values):
        source = main if value is not None else other
        values.append(source.values[at])
        read_ms.append(source.read_at(at))
    return RegisterPoint(
        ts_ms=main.ts_ms,
        values=tuple(values),
        declared_epoch=main.declared_epoch,
        read_ms=tuple(read_ms),
    )


def offending(
    before: RegisterPoint,
    after: RegisterPoint,
    limits: RegisterLimits,
    exempt: Collection[int] = (),
) -> tuple[int, int, int] | None:
    """The first register that fell or grew impossibly: its position, value before and after."""
    for at, (old, new) in enumerate(zip(before.values, after.values, strict=True)):
        if old is None or new is None or at in exempt:
            continue
        if not 0 <= new - old <= limits.most_wh(after.read_at(at) - before.read_at(at)):
            return at, old, new
    return None


def grown(
    before: RegisterPoint,
    after: RegisterPoint,
    limits: RegisterLimits,
    exempt: Collection[int] = (),
) -> bool:
    """Whether `after` can follow `before` on the same register: not less, not impossibly more."""
    return offending(before, after, limits, exempt) is None


def rollover_modulus(old: int, new: int, limits: RegisterLimits, most_wh: float) -> int | None:
    """The modulus (Wh) by which this drop is a rollover, or None; DOMAIN "Registers"."""
    if limits.modulus_wh is not None:
        if old > limits.modulus_wh:
            return None
        flowed = new - old + limits.modulus_wh
        bound = most_wh if limits.max_power_w is not None else limits.modulus_wh / 20
        return limits.modulus_wh if flowed <= bound else None
    for modulus in usual_moduli_wh(limits.ratio):
        near_the_top = modulus * 0.95 <= old <= modulus
        if near_the_top and new - old + modulus <= min(most_wh, modulus / 20):
            return modulus
    return None


def usual_moduli_wh(ratio: float) -> list[int]:
    """Where registers of four to nine digits roll over, on the primary side of the transformers."""
    return [round(10.0**digits * 1000 * ratio) for digits in range(4, 10)]


def no_offsets() -> tuple[int, ...]:
    """The offsets of a register that begins."""
    return (0,) * len(REGISTERS)
