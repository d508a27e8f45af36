"""The finder's formulas against worked examples (energy conservation measures, with their sums)."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from forecast.opportunities.adjustment import adjustment_pct, rounded_power_factor
from forecast.opportunities.charges import (
    best_contract_kw,
    contract_money,
    mean_contract_money,
)
from forecast.opportunities.rules.load_shift import shift_money
from forecast.opportunities.rules.off_hours_base import off_hours_kwh
from forecast.opportunities.rules.phase_balance import neutral_a, square_ratio, unbalance_pct
from forecast.opportunities.rules.power_factor import (
    compensation_kvar,
    copper_loss_change_pct,
    freed_kva,
)
from forecast.opportunities.rules.transformer_capacity import economic_use_ratio, loss_kw
from forecast.opportunities.rules.voltage import energy_change_pct

# Hubei, January 2026, two-part 1-10 kV, CNY/kWh (鄂发改价管〔2024〕77号).
SHARP, VALLEY = 1.049999, 0.432924


def test_off_hours_of_a_month_at_the_valley_price():
    energy_kwh = off_hours_kwh(120, 70, 456)
    assert energy_kwh == pytest.approx(22_800, abs=1e-6)
    assert energy_kwh * VALLEY == pytest.approx(9_870.6672, abs=1e-6)


def test_moving_500_kwh_a_day_from_sharp_to_valley():
    assert shift_money(500, SHARP, VALLEY) == pytest.approx(308.5375, abs=1e-6)


def test_a_demand_cut_is_worth_nothing_while_the_peak_is_within_105_percent_of_the_contract():
    before, after = contract_money(1200, 1260, 42), contract_money(1200, 1100, 42)
    assert before == after == 50_400
    # 1200 · 42 + 140 · 84: what is above 105 % counts double.
    assert contract_money(1200, 1400, 42) == pytest.approx(62_160, abs=1e-6)
    # 40 % of 2000 kVA is the least.
    assert contract_money(500, 700, 42, 2000) == pytest.approx(33_600, abs=1e-6)


def test_the_best_contract_of_six_months():
    peaks = [1050, 1100, 1150, 1180, 1220, 1300]
    best = best_contract_kw(peaks, 42)
    assert best == 1120
    assert mean_contract_money(best, peaks, 42) == pytest.approx(49_448, abs=1e-6)
    every = [mean_contract_money(c, peaks, 42) for c in range(900, 1400, 10)]
    assert min(every) == pytest.approx(49_448, abs=1e-6)


def test_compensation_of_800_kw_from_082_to_096():
    assert compensation_kvar(800, 0.82, 0.96) == pytest.approx(325.07, abs=5e-3)
    assert freed_kva(800, 0.82, 0.96) == pytest.approx(142.28, abs=5e-3)
    assert copper_loss_change_pct(0.82, 0.96) == pytest.approx(-27.04, abs=5e-3)


def test_compensation_by_a_months_registers():
    # 480 MWh and 335 Mvarh in 600 working hours, to 0.95.
    bank = 335_000 / 600 - 480_000 / 600 * np.tan(np.arccos(0.95))
    assert bank == pytest.approx(295.4, abs=0.05)
    ratio = 480_000 / np.hypot(480_000, 335_000)
    assert compensation_kvar(480_000 / 600, ratio, 0.95) == pytest.approx(bank, abs=1e-6)


@pytest.mark.parametrize(
    ("standard", "power_factor", "percent"),
    [
        ("0.90", "0.90", "0"), ("0.90", "0.92", "-0.30"), ("0.90", "0.95", "-0.75"),
        ("0.90", "1.00", "-0.75"), ("0.90", "0.82", "4.0"), ("0.90", "0.70", "10.0"),
        ("0.90", "0.65", "15.0"), ("0.90", "0.60", "25.0"), ("0.90", "0.97", "-0.75"),
        ("0.85", "0.90", "-0.5"), ("0.85", "0.91", "-0.65"), ("0.85", "0.92", "-0.80"),
        ("0.85", "0.93", "-0.95"), ("0.85", "0.94", "-1.10"), ("0.85", "0.99", "-1.10"),
        ("0.85", "0.65", "10.0"), ("0.85", "0.60", "15.0"),
        ("0.80", "0.90", "-1.0"), ("0.80", "0.91", "-1.15"), ("0.80", "0.92", "-1.30"),
        ("0.80", "0.99", "-1.30"), ("0.80", "0.60", "10.0"), ("0.80", "0.55", "15.0"),
    ],
)  # fmt: skip
def test_the_table_of_1983(standard, power_factor, percent):
    assert adjustment_pct(Decimal(power_factor), Decimal(standard)) == Decimal(percent)


def test_a_billed_power_factor_is_rounded_half_up():
    # Fujian, August 2025: 263 595 kWh and 61 680 kvarh are 0.97 on the bill.
    assert rounded_power_factor(263_595 / np.hypot(263_595, 61_680)) == Decimal("0.97")
    assert rounded_power_factor(0.985) == Decimal("0.99")


def test_two_half_loaded_transformers_lose_less_than_one():
    assert economic_use_ratio() == pytest.approx(0.4063, abs=5e-5)
    assert loss_kw(0.3, 2) == pytest.approx(5.254, abs=1e-6)
    assert loss_kw(0.6) == pytest.approx(5.408, abs=1e-6)


def test_three_percent_less_voltage_are_two_point_four_percent_less_energy():
    assert energy_change_pct(-3) == pytest.approx(-2.40, abs=1e-6)


def test_currents_of_100_80_and_60_amperes():
    current = np.array([[100.0], [80.0], [60.0]])
    assert neutral_a(current)[0] == pytest.approx(34.641016, abs=1e-6)
    assert square_ratio(current)[0] == pytest.approx(1.0416667, abs=1e-6)
    assert unbalance_pct(current)[0] == pytest.approx(25, abs=1e-6)
