"""When a fault is on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from simulator.noise import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The instants `[start, end)` of a fault; without an end it stays on."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None or (self.end and self.end.utcoffset() is None):
            raise ValueError("a fault's start and end must be aware instants")
        if self.end is not None and self.end <= self.start:
            raise ValueError("a fault must end after its start")

    def is_on(self, ts_s: Ints | Floats) -> NDArray[np.bool_]:
        """Say for each instant (s since the epoch) whether the fault is on."""
        on: NDArray[np.bool_] = ts_s >= self.start.timestamp()
        return on if self.end is None else on & (ts_s < self.end.timestamp())

    def describe_window(self) -> str:
        """Return the window as text for a log or a demo's legend."""
        until = "on" if self.end is None else f"to {self.end:%Y-%m-%d %H:%M}Z"
        return f"from {self.start:%Y-%m-%d %H:%M}Z {until}"
