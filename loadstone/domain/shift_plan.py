"""The three shifts of a site's day."""

from __future__ import annotations

from dataclasses import dataclass

SHIFTS = 3
_DAY_MIN = 1440


class ShiftPlanError(ValueError):
    """A plan that cannot be; `field` names the part that is wrong."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field
        self.rule = rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A shift and when it begins, in minutes after local midnight; some have no name."""

    start_min: int
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPlan:
    """Three shifts in order of the clock, each until the next begins, the last until the first.

    The shift day begins with the first one. Raises ShiftPlanError.
    """

    shifts: tuple[Shift, ...]

    def __post_init__(self) -> None:
        if len(self.shifts) != SHIFTS:
            raise ShiftPlanError("shifts", f"must be {SHIFTS}")
        for number, shift in enumerate(self.shifts, start=1):
            if not 0 <= shift.start_min < _DAY_MIN or shift.start_min % 15:
                raise ShiftPlanError(f"start_{number}", "must be a quarter hour of the day")
            if shift.name is not None and not 0 < len(shift.name) <= 40:
                raise ShiftPlanError(f"name_{number}", "must have 1 to 40 characters")
        lengths = [self.length_min(number) for number in range(1, SHIFTS + 1)]
        if sum(lengths) != _DAY_MIN:
            raise ShiftPlanError("start_2", "must follow each other round the clock")

    @property
    def starts_min(self) -> list[int]:
        """When each begins, in minutes after local midnight."""
        return [shift.start_min for shift in self.shifts]

    def length_min(self, number: int) -> int:
        """How long shift 1, 2 or 3 lasts, on a day without a change of the clock."""
        start = self.shifts[number - 1].start_min
        after = self.shifts[number % SHIFTS].start_min
        return (after - start) % _DAY_MIN or _DAY_MIN


USUAL_PLAN = ShiftPlan(
    shifts=(Shift(start_min=0), Shift(start_min=480), Shift(start_min=960)),
)
