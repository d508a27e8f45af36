"""Where a value and a place of the axis lie on the drawing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Edges in the drawing's units, the ends of the axis of values, and places side by side."""

    left: float
    right: float
    top: float
    bottom: float
    least: float
    most: float
    places: int

    def y(self, value: float) -> float:
        """Where a value lies, from the top."""
        return self.bottom - (value - self.least) / (self.most - self.least) * self.height

    def x(self, at: float) -> float:
        """Where a place begins."""
        return self.left + at * self.step

    def middle(self, at: int) -> float:
        """The middle of a place."""
        return self.x(at + 0.5)

    @property
    def step(self) -> float:
        """How wide a place is."""
        return (self.right - self.left) / max(1, self.places)

    @property
    def height(self) -> float:
        """From the bottom to the top."""
        return self.bottom - self.top
