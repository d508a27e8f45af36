"""Long arrays out of PostgreSQL as numpy arrays, without a Python object for each number."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

# What array_send() gives: the number of dimensions, a flag and the element's type; then length and
# lower bound of each dimension; then each element behind its size. No NULL may be among them.
_FLOAT4: Final = np.dtype([("size", ">i4"), ("value", ">f4")])
_INT4: Final = np.dtype([("size", ">i4"), ("value", ">i4")])


def _elements(sent: bytes, kind: np.dtype[np.void]) -> tuple[NDArray[np.generic], list[int]]:
    dimensions = int.from_bytes(sent[:4])
    shape = [int.from_bytes(sent[at : at + 4]) for at in range(12, 12 + 8 * dimensions, 8)]
    return np.frombuffer(sent, dtype=kind, offset=12 + 8 * dimensions)["value"], shape or [0]


def floats_of(sent: bytes | None) -> NDArray[np.float32]:
    """The elements of array_send(real[]), in its shape."""
    if sent is None:
        return np.empty(0, dtype=np.float32)
    values, shape = _elements(sent, _FLOAT4)
    return values.astype(np.float32).reshape(shape)


def integers_of(sent: bytes | None) -> NDArray[np.int64]:
    """The elements of array_send(int[])."""
    if sent is None:
        return np.empty(0, dtype=np.int64)
    values, _ = _elements(sent, _INT4)
    return values.astype(np.int64)
