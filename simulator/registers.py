"""Energy registers: the exact integral of the power since a fixed anchor."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simulator.blocks import (
    BLOCK_S,
    CHUNK_BLOCKS,
    Blocks,
    block_indices,
    chunk_of,
    line_integral,
    ripple_integral,
)
from simulator.flow import PowerFlow, block_of
from simulator.model import VirtualMeter
from simulator.noise import Floats, Ints
from simulator.phases import seen_ratio

_S_PER_H = 3600.0
# Rows of every register array here: import, export, then the reactive quadrants.
ROWS = ("ep_imp", "ep_exp", "eq_q1", "eq_q2", "eq_q3", "eq_q4")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Direction:
    """One quantity's energy in each block: its forward and backward part and its sign.

    A sign of 0 marks a block in which the power crosses zero; its energy is then spread evenly
    over the block, so that a register never runs backwards.
    """

    sign: Floats
    forward: Floats
    backward: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    """One chunk of a meter's registers, from 0 at the chunk's start; `prefix` is (6, blocks+1)."""

    flow: Blocks
    ratio: Floats
    active: _Direction
    reactive: _Direction
    prefix: Floats


class RegisterBook:
    """Registers of all meters of a power flow, computed once per chunk and meter.

    With `seen=False` it integrates the true power instead of what the meter's wiring lets it see.
    """

    def __init__(self, flow: PowerFlow, *, seen: bool = True) -> None:
        self._flow = flow
        self._seen = seen
        self._starts: dict[str, list[Floats]] = {}
        self._chunk = lru_cache(maxsize=flow.kept_chunks // 2)(self._compute_chunk)

    def since_anchor(self, meter: VirtualMeter, ts_s: Floats) -> Floats:
        """Return kWh and kvarh since the anchor, shape (6, instants), rows as in `ROWS`."""
        result = np.empty((len(ROWS), len(ts_s)))
        chunks = chunk_of(ts_s)
        for chunk in np.unique(chunks):
            here = chunks == chunk
            start = self._start(meter, int(chunk))
            result[:, here] = start[:, None] + self._inside(meter, int(chunk), ts_s[here])
        return result

    def _start(self, meter: VirtualMeter, chunk: int) -> Floats:
        first = self._flow.first_chunk
        if chunk < first:
            raise ValueError("the registers' anchor is later than the instant asked for")
        starts = self._starts.setdefault(meter.code, [np.zeros(len(ROWS))])
        while len(starts) <= chunk - first:
            last = self._chunk(meter.code, first + len(starts) - 1)
            starts.append(starts[-1] + last.prefix[:, -1])
        return starts[chunk - first]

    def _inside(self, meter: VirtualMeter, chunk: int, ts_s: Floats) -> Floats:
        book = self._chunk(meter.code, chunk)
        block, tau_s = block_of(ts_s, chunk)
        total = book.prefix[:, block]
        late = tau_s > 0
        if not late.any():
            return total
        total[:, late] += self._part_of_block(meter, chunk, block[late], tau_s[late])
        return total

    def _part_of_block(self, meter: VirtualMeter, chunk: int, block: Ints, tau_s: Floats) -> Floats:
        book, ripple = self._chunk(meter.code, chunk), self._flow.ripple(meter.code, chunk)
        flow, ratio = book.flow, book.ratio[block] / _S_PER_H
        active = ratio * (
            line_integral(flow.p0_kw[block], flow.p1_kw[block], tau_s)
            + ripple_integral(ripple.p_kw[block], tau_s)
        )
        reactive = ratio * (
            line_integral(flow.q0_kvar[block], flow.q1_kvar[block], tau_s)
            + ripple_integral(ripple.q_kvar[block], tau_s)
        )
        even = tau_s / BLOCK_S
        is_import = _is_import(flow)[block]
        return _rows(
            _part(book.active, block, active, even),
            _part(book.reactive, block, reactive, even),
            is_import,
        )

    def _compute_chunk(self, meter_code: str, chunk: int) -> _Chunk:
        flow = self._flow.blocks(meter_code, chunk)
        ratio = np.ones(CHUNK_BLOCKS)
        if self._seen:
            starts = block_indices(chunk) * BLOCK_S
            ratio = seen_ratio(self._flow, self._flow.meters[meter_code], starts)
        active = _direction(flow.p0_kw, flow.p1_kw, flow.p_ripple_kw, ratio)
        reactive = _direction(flow.q0_kvar, flow.q1_kvar, flow.q_ripple_kvar, ratio)
        rows = _rows(
            (active.forward, active.backward),
            (reactive.forward, reactive.backward),
            _is_import(flow),
        )
        prefix = np.zeros((len(ROWS), CHUNK_BLOCKS + 1))
        np.cumsum(rows, axis=1, out=prefix[:, 1:])
        return _Chunk(flow=flow, ratio=ratio, active=active, reactive=reactive, prefix=prefix)


def _is_import(flow: Blocks) -> NDArray[np.bool_]:
    return flow.p0_kw + flow.p1_kw >= 0


def _direction(y0: Floats, y1: Floats, ripple: Floats, ratio: Floats) -> _Direction:
    smallest = np.minimum(np.abs(y0), np.abs(y1))
    crosses = (y0 * y1 < 0) | (ripple > smallest + 1e-9)
    hours = BLOCK_S / _S_PER_H * ratio
    net = 0.5 * (y0 + y1) * hours
    span = np.where(y0 * y1 < 0, np.abs(y1 - y0), 1.0)
    positive = np.maximum(np.maximum(y0, y1), 0.0) ** 2 / (2 * span) * hours
    forward = np.where(y0 * y1 < 0, positive, np.maximum(net, 0.0))
    return _Direction(
        sign=np.where(crosses, 0.0, np.where(y0 + y1 >= 0, 1.0, -1.0)),
        forward=forward,
        backward=forward - net,
    )


def _part(direction: _Direction, block: Ints, net: Floats, even: Floats) -> tuple[Floats, Floats]:
    sign = direction.sign[block]
    forward = np.where(sign > 0, net, np.where(sign == 0, direction.forward[block] * even, 0.0))
    backward = np.where(sign < 0, -net, np.where(sign == 0, direction.backward[block] * even, 0.0))
    return forward, backward


def _rows(
    active: tuple[Floats, Floats], reactive: tuple[Floats, Floats], is_import: NDArray[np.bool_]
) -> Floats:
    inductive, capacitive = reactive
    return np.stack(
        [
            active[0],
            active[1],
            np.where(is_import, inductive, 0.0),
            np.where(is_import, 0.0, inductive),
            np.where(is_import, 0.0, capacitive),
            np.where(is_import, capacitive, 0.0),
        ]
    )
