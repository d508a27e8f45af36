"""Quarter-hour blocks of power with an exact integral, grouped in chunks of thirty days.

Inside a block the power is a straight line plus a ripple of sines with whole periods. The ripple's
integral is known in closed form and vanishes at the block's ends, so a register is exact at any
instant and costs no more than its chunk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simulator.noise import Floats, Ints

BLOCK_S = 900
CHUNK_BLOCKS = 2880
CHUNK_S = BLOCK_S * CHUNK_BLOCKS
RIPPLE_PERIODS: Floats = np.array([2.0, 7.0, 19.0, 41.0])  # in a block: 450 s down to 22 s
RIPPLE_SHARES: Floats = np.array([0.35, 0.3, 0.2, 0.15])


def chunk_of(ts_s: Floats | Ints) -> Ints:
    """Return the chunk number of each instant (s since the epoch)."""
    return np.floor_divide(ts_s, CHUNK_S).astype(np.int64)


def block_indices(chunk: int) -> Ints:
    """Return the numbers, counted from the epoch, of the chunk's blocks."""
    return np.arange(chunk * CHUNK_BLOCKS, (chunk + 1) * CHUNK_BLOCKS, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """One chunk of power: kW and kvar at each block's start and end, and the ripple's bounds."""

    p0_kw: Floats
    p1_kw: Floats
    q0_kvar: Floats
    q1_kvar: Floats
    p_ripple_kw: Floats
    q_ripple_kvar: Floats

    @staticmethod
    def zero() -> Blocks:
        """Return a chunk without power."""
        nothing = np.zeros(CHUNK_BLOCKS)
        return Blocks(
            p0_kw=nothing,
            p1_kw=nothing,
            q0_kvar=nothing,
            q1_kvar=nothing,
            p_ripple_kw=nothing,
            q_ripple_kvar=nothing,
        )

    def plus(self, other: Blocks) -> Blocks:
        """Return the sum of two flows."""
        return Blocks(
            p0_kw=self.p0_kw + other.p0_kw,
            p1_kw=self.p1_kw + other.p1_kw,
            q0_kvar=self.q0_kvar + other.q0_kvar,
            q1_kvar=self.q1_kvar + other.q1_kvar,
            p_ripple_kw=self.p_ripple_kw + other.p_ripple_kw,
            q_ripple_kvar=self.q_ripple_kvar + other.q_ripple_kvar,
        )

    def times(self, factor: Floats) -> Blocks:
        """Return the flow scaled by a factor (0 or more) for each block."""
        return Blocks(
            p0_kw=self.p0_kw * factor,
            p1_kw=self.p1_kw * factor,
            q0_kvar=self.q0_kvar * factor,
            q1_kvar=self.q1_kvar * factor,
            p_ripple_kw=self.p_ripple_kw * factor,
            q_ripple_kvar=self.q_ripple_kvar * factor,
        )

    def with_offset(self, p_kw: Floats, q_kvar: Floats) -> Blocks:
        """Return the flow with a constant added in each block."""
        return replace(
            self,
            p0_kw=self.p0_kw + p_kw,
            p1_kw=self.p1_kw + p_kw,
            q0_kvar=self.q0_kvar + q_kvar,
            q1_kvar=self.q1_kvar + q_kvar,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ripple:
    """The sines' amplitudes of one chunk, shape (blocks, periods), in kW and kvar."""

    p_kw: Floats
    q_kvar: Floats

    @staticmethod
    def zero() -> Ripple:
        """Return a chunk without ripple."""
        nothing = np.zeros((CHUNK_BLOCKS, len(RIPPLE_PERIODS)))
        return Ripple(p_kw=nothing, q_kvar=nothing)

    def plus(self, other: Ripple) -> Ripple:
        """Return the sum of two ripples, which have the same periods."""
        return Ripple(p_kw=self.p_kw + other.p_kw, q_kvar=self.q_kvar + other.q_kvar)

    def times(self, factor: Floats) -> Ripple:
        """Return the ripple scaled by a factor for each block."""
        return Ripple(p_kw=self.p_kw * factor[:, None], q_kvar=self.q_kvar * factor[:, None])


def line_integral(y0: Floats, y1: Floats, tau_s: Floats) -> Floats:
    """Return the integral (unit·s) of the straight line from the block's start to `tau_s`."""
    return y0 * tau_s + (y1 - y0) * tau_s * tau_s / (2 * BLOCK_S)


def ripple_value(amplitudes: Floats, tau_s: Floats) -> Floats:
    """Return the ripple at `tau_s`; the amplitudes are those of each instant's block."""
    angle = (2 * np.pi / BLOCK_S) * tau_s[:, None] * RIPPLE_PERIODS
    total: Floats = (amplitudes * np.sin(angle)).sum(axis=1)
    return total


def ripple_integral(amplitudes: Floats, tau_s: Floats) -> Floats:
    """Return the ripple's integral (unit·s) from the block's start to `tau_s`."""
    speed = (2 * np.pi / BLOCK_S) * RIPPLE_PERIODS
    total: Floats = (amplitudes * (1 - np.cos(tau_s[:, None] * speed)) / speed).sum(axis=1)
    return total
