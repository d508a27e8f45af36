"""Faults on the way: what is measured is right, what arrives is not."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.faults.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayOutage(Window):
    """A gateway is offline; afterwards it sends what it kept, or (lost) it kept nothing."""

    gateway: str
    lost: bool

    def describe(self) -> str:
        """Say in one line what is wrong."""
        after = "data lost" if self.lost else "back-filled later"
        return f"{self.gateway}: offline {self.describe_window()}, {after}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicates(Window):
    """Every n-th message of a gateway is sent twice."""

    gateway: str
    every: int = 5

    def describe(self) -> str:
        """Say in one line what is wrong."""
        return f"{self.gateway}: every {self.every}th message twice {self.describe_window()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reordering(Window):
    """Every n-th message of a gateway is held back until the next one has been sent."""

    gateway: str
    every: int = 4

    def describe(self) -> str:
        """Say in one line what is wrong."""
        return f"{self.gateway}: every {self.every}th message late {self.describe_window()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSkew(Window):
    """A gateway's clock is off; it may know (not synchronised) or not."""

    gateway: str
    offset_s: float
    synchronised: bool = False

    def describe(self) -> str:
        """Say in one line what is wrong."""
        return f"{self.gateway}: clock off by {self.offset_s:g} s {self.describe_window()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroGlitch(Window):
    """A meter's readings, registers too, arrive as 0."""

    meter: str

    def describe(self) -> str:
        """Say in one line what is wrong."""
        return f"{self.meter}: reads 0 {self.describe_window()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckValue(Window):
    """A meter's readings, registers too, stay what they were at the start."""

    meter: str

    def describe(self) -> str:
        """Say in one line what is wrong."""
        return f"{self.meter}: readings stuck {self.describe_window()}"
