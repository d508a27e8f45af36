"""Sums say what they lack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.energy_sums import name_missing, sum_load, sum_over_time, worst
from loadstone.storage.energy_sums import EnergySumRow
from loadstone.storage.series import EnergyRow, LoadRow, MainMeter

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def meter(meter_id: int, since: datetime | None = None, until: datetime | None = None) -> MainMeter:
    return MainMeter(meter_id=meter_id, code=f"M{meter_id}", since=since, until=until)


def energy(
    meter_id: int, value: float | None, quality: str = "measured", hour: int = 0
) -> EnergyRow:
    known = float(value is not None)
    return EnergyRow(
        meter_id=meter_id,
        start_at=START + hour * HOUR,
        end_at=START + (hour + 1) * HOUR,
        value=value,
        measured_ratio=known if quality == "measured" else 0.0,
        estimated_ratio=known if quality == "estimated" else 0.0,
        quality=quality if value is not None else "missing",
    )


def load(meter_id: int, power_kw: float | None, estimated_kw: float | None = None) -> LoadRow:
    return LoadRow(
        meter_id=meter_id,
        start_at=START,
        end_at=START + HOUR,
        power_kw=power_kw,
        estimated_kw=estimated_kw,
        power_min_kw=None,
        power_max_kw=None,
        samples=0,
        quality="measured" if power_kw is not None else "missing",
    )


def test_the_worst_quality_wins_and_nothing_at_all_is_missing():
    assert worst(["measured", "estimated", "corrected"]) == "estimated"
    assert worst(["measured", "missing"]) == "missing"
    assert worst([]) == "missing"


def test_a_missing_meter_is_named_and_leaves_no_sum_but_a_known_part():
    row = EnergySumRow(
        start_at=START, end_at=START + HOUR, value=2.0, measured_ratio=0.5, estimated_ratio=0.0,
        quality="missing", known_meters=1, missing_meters=[2],
    )  # fmt: skip
    (hour,) = name_missing([row], [meter(1), meter(2)])
    assert (hour.whole_value, hour.value, hour.missing_meters) == (None, 2.0, ["M2"])
    assert hour.quality == "missing"


def test_of_no_intervals_the_total_is_missing():
    assert sum_over_time([]).quality == "missing"


def test_the_total_weighs_ratios_by_time_and_counts_qualities():
    rows = [energy(1, 2.0), energy(1, 3.0, "estimated", hour=1), energy(1, None, hour=2)]
    total = sum_over_time(rows)
    assert (total.value, total.quality) == (5.0, "missing")
    assert total.measured_ratio == pytest.approx(1 / 3)
    assert total.estimated_ratio == pytest.approx(1 / 3)
    assert total.counts == {"measured": 1, "corrected": 0, "estimated": 1, "missing": 1}


def test_zero_is_a_value_and_not_a_gap():
    (hour,) = sum_load([load(1, 0.0), load(2, 0.0)], [meter(1), meter(2)])
    assert (hour.power_kw, hour.missing_meters, hour.quality) == (0.0, [], "measured")


def test_a_sites_load_with_an_estimate_says_so():
    (hour,) = sum_load([load(1, 4.0), load(2, None, 1.5)], [meter(1), meter(2)])
    assert (hour.power_kw, hour.estimated_kw, hour.quality) == (None, 5.5, "estimated")
    assert hour.missing_meters == ["M2"]


def test_a_sites_load_without_any_idea_of_a_meter_is_missing():
    (hour,) = sum_load([load(1, 4.0), load(2, None)], [meter(1), meter(2)])
    assert (hour.power_kw, hour.estimated_kw, hour.quality) == (None, None, "missing")
