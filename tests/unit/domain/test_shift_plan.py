from __future__ import annotations

import pytest

from loadstone.domain.shift_plan import USUAL_PLAN, Shift, ShiftPlan, ShiftPlanError


def plan(*starts_min: int) -> ShiftPlan:
    return ShiftPlan(shifts=tuple(Shift(start_min=start) for start in starts_min))


def test_the_usual_shifts_last_eight_hours_each() -> None:
    assert [USUAL_PLAN.length_min(number) for number in (1, 2, 3)] == [480, 480, 480]


def test_a_shift_may_go_over_midnight() -> None:
    night = plan(6 * 60, 14 * 60, 22 * 60)
    assert night.length_min(3) == 480
    late = plan(22 * 60 + 30, 7 * 60, 15 * 60)
    assert [late.length_min(number) for number in (1, 2, 3)] == [510, 480, 450]


@pytest.mark.parametrize(
    "starts", [(0, 480), (0, 960, 480), (0, 0, 480), (0, 7, 480), (0, 5, 1440)]
)
def test_a_plan_that_cannot_be_is_refused(starts: tuple[int, ...]) -> None:
    with pytest.raises(ShiftPlanError):
        plan(*starts)


def test_a_name_has_an_end() -> None:
    with pytest.raises(ShiftPlanError, match="name_1"):
        ShiftPlan(shifts=(Shift(start_min=0, name="x" * 41), *USUAL_PLAN.shifts[1:]))
