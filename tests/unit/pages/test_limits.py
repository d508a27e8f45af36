from __future__ import annotations

import pytest

from api.pages.overview_rows import level_of
from api.pages.site_charts import voltage_limits
from loadstone.storage.screens.site import MeterView


def meter(wiring: str, nominal_voltage_v: float | None) -> MeterView:
    return MeterView(
        meter_id=1, code="M", name_en="", name_zh="", category=None, role="main",
        parent_meter_id=None, wiring=wiring, nominal_voltage_v=nominal_voltage_v,
        rated_power_kw=None, interval_s=60, ts=None, power_kw=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wiring", "nominal_voltage_v", "low_v", "high_v"),
    [
        ("3P4W", 400, 214.77, 247.11),  # phase to neutral, ±7 %
        ("3P3W", 10_000, 9300, 10_700),  # line to line, ±7 %
        ("1P2W", 220, 198, 235.4),  # GB/T 12325: +7 %, −10 %
    ],
)
def test_voltage_limits_follow_the_wiring(
    wiring: str, nominal_voltage_v: float, low_v: float, high_v: float
) -> None:
    limits = voltage_limits(meter(wiring, nominal_voltage_v))
    assert limits is not None
    assert limits[:2] == pytest.approx((low_v, high_v), abs=0.01)


def test_without_a_nominal_voltage_there_are_no_limits() -> None:
    assert voltage_limits(meter("3P4W", None)) is None


@pytest.mark.parametrize(
    ("percent", "level"),
    [(None, "unknown"), (89.9, "calm"), (90, "near"), (99.9, "near"), (100, "full")],
)
def test_levels_begin_at_90_and_100_percent(percent: float | None, level: str) -> None:
    assert level_of(percent) == level
