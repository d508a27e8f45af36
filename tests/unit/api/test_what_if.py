"""What-if questions from forecast slots: by the local clock, and what cannot be asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from api.pages.forecast_query import FormError, WhatIfWanted
from api.warmth import temperatures_at
from api.what_if import OverlapError, ShiftAsked, clock_of, try_out
from forecast.quantiles import NORMAL_SCORES
from loadstone.storage.screens.forecast_inputs import WeatherRow
from loadstone.storage.screens.forecasts import SlotRow

START = datetime(2026, 3, 28, 23, tzinfo=UTC)  # midnight in Berlin, a day of 23 hours


def slots(count: int, mean_kw: float = 100.0) -> list[SlotRow]:
    band = mean_kw * (1 + 0.05 * np.array(NORMAL_SCORES))
    names = ("p025", "p10", "p20", "p30", "p40", "p50", "p60", "p70", "p80", "p90", "p975")
    hour = timedelta(hours=1)
    return [
        SlotRow(
            start_at=START + n * hour, end_at=START + (n + 1) * hour, forecast_id=1, subject_id=1,
            kind="day_ahead", issued_at=START - hour, lead_days=1, model="day_ahead",
            mean_kw=mean_kw,
            **{f"{name}_kw": float(v) for name, v in zip(names, band, strict=True)},
        )
        for n in range(count)
    ]  # fmt: skip


def test_a_window_is_of_the_local_clock_on_a_day_of_23_hours() -> None:
    asked = ShiftAsked(power_kw=10, out_of=(14 * 60, 22 * 60), into=(0, 6 * 60))
    found = try_out(slots(23), "Europe/Berlin", shift=asked, warmer=None, contract_kw=110,
                    correlation_ratio=0.9)  # fmt: skip
    minute, day, _ = clock_of(slots(23), "Europe/Berlin")
    change = found.after.mean_kw - found.before.mean_kw
    assert set(day) == {0}
    assert 2 * 60 not in minute  # the hour that the clock skips
    assert change[(minute >= 14 * 60) & (minute < 22 * 60)] == pytest.approx(np.full(8, -10))
    assert change[minute < 6 * 60] == pytest.approx(np.full(5, 16))
    assert found.after.energy_kwh == pytest.approx(found.before.energy_kwh)
    assert found.before.peak.exceeds_ratio is not None


def test_nothing_asked_changes_nothing() -> None:
    found = try_out(slots(24), "Europe/Berlin", shift=None, warmer=None, contract_kw=None,
                    correlation_ratio=None)  # fmt: skip
    assert found.after.mean_kw == pytest.approx(found.before.mean_kw)
    assert found.after.peak.peak_kw == pytest.approx(found.before.peak.peak_kw)
    assert found.after.peak.exceeds_ratio is None


def test_windows_that_overlap_are_refused() -> None:
    asked = ShiftAsked(power_kw=10, out_of=(14 * 60, 22 * 60), into=(21 * 60, 60))
    with pytest.raises(OverlapError):
        try_out(slots(24), "Europe/Berlin", shift=asked, warmer=None, contract_kw=None,
                correlation_ratio=None)  # fmt: skip


def test_temperatures_are_not_made_up_far_from_known_ones() -> None:
    rows = [
        WeatherRow(valid_at=START + timedelta(hours=h), temperature_c=c, measured=False,
                   known_at=START, source="x")
        for h, c in ((0, 10.0), (2, 14.0), (20, 20.0))
    ]  # fmt: skip
    at = START.timestamp() + np.array([0.0, 1.0, 10.0, 19.0, 40.0]) * 3600
    found = temperatures_at(rows, at)
    assert found[[0, 1]].tolist() == [10.0, 12.0]
    assert np.isnan(found[[2, 4]]).all()
    assert np.isfinite(found[3])
    assert np.isnan(temperatures_at([], at)).all()


def form(**changed: str) -> WhatIfWanted:
    values = {"power": "60", "begins": "14:00", "ends": "22:00", "use": "into",
              "into_begins": "00:00", "into_ends": "24:00", "warmer": ""}  # fmt: skip
    return WhatIfWanted(**{**values, **changed})  # type: ignore[arg-type]


def test_a_form_is_read_as_people_write() -> None:
    shift, warmer = form(power="60,5", warmer="−2").parsed()
    assert shift == ShiftAsked(power_kw=60.5, out_of=(840, 1320), into=(0, 1440))
    assert warmer == -2
    assert form(use="drop").parsed()[0] == ShiftAsked(power_kw=60, out_of=(840, 1320), into=None)
    assert form(power="", warmer="3").parsed() == (None, 3.0)
    assert not form(power=" ", warmer="").is_asked
    assert form(power="").query() == {}


@pytest.mark.parametrize(
    "changed",
    [{"power": "0"}, {"power": "nan"}, {"power": "1e9"}, {"begins": "7"}, {"ends": "14:00"},
     {"into_ends": "24:30"}, {"warmer": "16"}, {"warmer": "inf"}],
)  # fmt: skip
def test_a_field_that_cannot_be_is_named(changed: dict[str, str]) -> None:
    with pytest.raises(FormError):
        form(**changed).parsed()
