from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from forecast.savings.rows import EnergyRows, kinds_of
from forecast.savings.verify import verify
from simulator.cities import CITIES
from simulator.context import PortfolioContext
from simulator.faults.kinds import Fault
from simulator.faults.physical import Saving, day_saving_pct
from simulator.portfolio import demo_portfolio
from simulator.registers import RegisterBook
from simulator.weather import temperature_c

ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2025, 1, 2, tzinfo=ZONE)
SINCE = datetime(2026, 1, 2, tzinfo=ZONE)
DAYS = 730
EPOCH_DAY = 719_163
SITE = next(one for one in demo_portfolio() if one.kind == "hotel").sites[0]
METER = SITE.meters[0]


def rows(*faults: Fault) -> EnergyRows:
    """Two years of hours at the hotel's main meter."""
    context = PortfolioContext(demo_portfolio(), faults)
    edges = BEGIN.timestamp() + 3600.0 * np.arange(DAYS * 24 + 1)
    register = RegisterBook(context.flow, seen=False).since_anchor(METER, edges)
    local = edges[:-1].astype(np.int64) + 8 * 3600
    day = local // 86_400 + EPOCH_DAY
    return EnergyRows(
        hourly=True,
        day=day,
        hour=local % 86_400 // 3600,
        day_kind=kinds_of(day),
        energy_kwh=np.diff(register[0] - register[1]),
        temperature_c=temperature_c(CITIES[SITE.city_en], edges[:-1].astype(np.int64)),
    )


def test_what_the_simulator_saves_at_night_and_overall_is_found_again() -> None:
    plain = rows()
    after = plain.day >= SINCE.date().toordinal()
    night = (plain.hour >= 22) | (plain.hour < 6)
    energy = plain.energy_kwh[after]
    share = float(energy[night[after]].sum() / energy.sum())
    saved = rows(
        Saving(
            meter=METER.code,
            saving_pct=day_saving_pct(12.0, 8.0, share),
            night_pct=8.0,
            start=SINCE.astimezone(UTC),
        )
    )
    ratio = saved.energy_kwh[after] / energy
    assert ratio[night[after]].mean() == pytest.approx(0.92, abs=0.001)
    injected = 100 * (1 - float(saved.energy_kwh[after].sum() / energy.sum()))
    assert injected == pytest.approx(12.0, abs=0.02)
    before = plain.only(~after)
    placebo = verify(before, plain.only(after)).savings_pct
    found = verify(before, saved.only(after)).savings_pct
    assert abs(found - (injected + placebo)) < 0.2
    assert abs(placebo) < 1.0


def test_without_the_measure_nothing_is_saved_and_none_is_on_by_default() -> None:
    before = SINCE.date().toordinal()
    saved = rows(Saving(meter=METER.code, saving_pct=9.0, night_pct=8.0, start=SINCE))
    first = saved.day < before
    assert np.array_equal(saved.energy_kwh[first], rows().energy_kwh[first])


def test_a_share_saved_at_night_must_be_a_share() -> None:
    with pytest.raises(ValueError, match="less than 100"):
        Saving(meter=METER.code, saving_pct=9.0, night_pct=100.0, start=SINCE)
