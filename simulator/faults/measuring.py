"""Faults between the conductor and the meter: the truth goes on, the meter sees less of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from simulator.faults.window import Window

Phase = Literal["a", "b", "c"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversedCt(Window):
    """One phase's current transformer is wired the wrong way round (3P4W meters only)."""

    meter: str
    phase: Phase

    def describe(self) -> str:
        """Say in one line what is wrong."""
        return f"{self.meter}: CT of phase {self.phase} reversed {self.describe_window()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseLoss(Window):
    """The fuse of one phase's voltage circuit is gone, the current still flows (3P4W only)."""

    meter: str
    phase: Phase

    def describe(self) -> str:
        """Say in one line what is wrong."""
        return f"{self.meter}: voltage of phase {self.phase} lost {self.describe_window()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoltageSag(Window):
    """All phases drop to a share of the nominal voltage; the loads draw the same power."""

    meter: str
    remaining_ratio: float

    def describe(self) -> str:
        """Say in one line what is wrong."""
        percent = self.remaining_ratio * 100
        return f"{self.meter}: voltage sags to {percent:.0f} % {self.describe_window()}"
