"""What the parts of reports say of made-up facts, and that they say it in both languages."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest

from forecast.reports.document import Section, digest, to_builtins
from forecast.reports.facts.ahead import Ahead
from forecast.reports.facts.holes import holes_of
from forecast.reports.facts.loads import MonthLoad
from forecast.reports.facts.money import month_cost
from forecast.reports.facts.months import Month
from forecast.reports.facts.premises import Premises
from forecast.reports.facts.savings import Judged
from forecast.reports.render import rendered
from forecast.reports.render.imprint import without_archive
from forecast.reports.sections.ahead import forecast_blocks, hours_table, outlook_statement
from forecast.reports.sections.demand import load_chart, peaks_table
from forecast.reports.sections.energy import daily_chart, daily_table
from forecast.reports.sections.opportunities import opportunity_blocks
from forecast.reports.sections.savings import measure_blocks, measures_table
from forecast.reports.sections.tariff import tariff_blocks
from forecast.savings.result import (
    ComparisonAdjusted,
    DailyCurve,
    Doubt,
    FitStatistics,
    Method,
    Option,
    PlaceboInterval,
    SavingsResult,
    Verdict,
)
from loadstone.domain.price_book import PriceBook
from loadstone.domain.prices import Price, PriceWindow
from loadstone.storage.opportunities import OpportunityRow
from loadstone.storage.portfolio import CustomerRow
from loadstone.storage.report_reads import ForecastHour, MonthOutlook
from loadstone.storage.saving_measures import MeasureRow
from loadstone.storage.saving_verifications import VerificationRow
from tests.support.report_documents import full_document

ZONE = "Europe/Berlin"
MARCH = Month(first=date(2026, 3, 1), zone=ZONE)  # 2972 quarters: a clock change
AT = datetime(2026, 4, 2, tzinfo=UTC)
CUSTOMER = CustomerRow(
    customer_id=1, code="CUS-A", name_en="A", name_zh="甲", kind="office", tier="A", manager=None,
    region=None, contract_demand_kw=None, transformer_kva=1000.0, site_count=1, meter_count=1,
    retired_at=None,
)  # fmt: skip
PREMISES = Premises(
    customer=CUSTOMER, sites=(), meters=(), zone=ZONE, contract_demand_kw=500.0, step_s=900
)
PRICE = Price(
    valid_from=date(2026, 1, 1), flat_per_kwh=Decimal("0.6"), peak_per_kwh=Decimal("1.0"),
    valley_per_kwh=Decimal("0.3"), basis="actual", demand_per_kw_month=Decimal(40),
    windows=(
        PriceWindow(period="peak", start_min=600, end_min=720),
        PriceWindow(period="valley", start_min=1380, end_min=420),
    ),
)  # fmt: skip


def march(*, lacking: slice | None = None, guessed: slice | None = None) -> MonthLoad:
    start_s = np.arange(int(MARCH.start.timestamp()), int(MARCH.end.timestamp()), 900)
    energy = 50 + 40 * np.sin(np.arange(len(start_s)) / 96 * 2 * np.pi)
    whole = energy.copy()
    estimated = np.zeros(len(start_s))
    if guessed is not None:
        estimated[guessed] = 1.0
    if lacking is not None:
        energy[lacking] = np.nan
    return MonthLoad(
        month=MARCH, step_s=900, start_s=start_s, energy_kwh=energy,
        known_kwh=np.where(np.isnan(energy), np.nan, whole), estimated=estimated > 0,
        estimated_ratio=estimated, measured_ratio=np.where(np.isnan(energy), 0, 1 - estimated),
    )  # fmt: skip


def test_a_month_costs_what_its_quarter_hours_cost_one_by_one():
    load = march()
    cost = month_cost(load, PREMISES, PriceBook([PRICE], ZONE))
    by_hand = {"peak": 0.0, "valley": 0.0, "flat": 0.0}
    for start_s, energy in zip(load.start_s, load.energy_kwh, strict=True):
        clock = datetime.fromtimestamp(int(start_s), ZoneInfo(ZONE))
        minute = clock.hour * 60 + clock.minute
        period = "peak" if 600 <= minute < 720 else "valley" if not 420 <= minute < 1380 else "flat"
        by_hand[period] += energy * {"peak": 1.0, "valley": 0.3, "flat": 0.6}[period]
    found = {one.period: float(one.energy_money) for one in cost.periods}
    assert found == pytest.approx(by_hand, abs=0.006)
    assert float(cost.demand_money) == pytest.approx(40 * 360, abs=0.01)
    assert cost.unpriced_kwh == 0


def test_energy_before_the_first_price_is_in_no_sum_and_is_told():
    later = Price(valid_from=date(2026, 3, 16), flat_per_kwh=Decimal("0.6"))
    load = march()
    cost = month_cost(load, PREMISES, PriceBook([later], ZONE))
    assert cost.unpriced_kwh == pytest.approx(load.energy_kwh[: 15 * 96].sum())
    table, warning = tariff_blocks(cost)
    assert "lie before the first price" in warning.text.en
    assert table.rows[-1].cells[1] == pytest.approx(load.energy_kwh[15 * 96 :].sum(), abs=0.01)


def test_the_contract_and_the_capacity_may_be_what_is_charged():
    base = {"valid_from": date(2026, 1, 1), "flat_per_kwh": Decimal(1)}
    contract = Price(**base, basis="contract", demand_per_kw_month=Decimal(40))
    capacity = Price(**base, basis="capacity", capacity_per_kva_month=Decimal(25))
    for price, money in ((contract, 20_000), (capacity, 25_000)):
        cost = month_cost(march(), PREMISES, PriceBook([price], ZONE))
        assert cost.demand_money == money
    assert month_cost(march(), PREMISES, PriceBook([], ZONE)) is None


def test_a_stretch_without_readings_is_told_with_its_estimate_or_none():
    load = march(lacking=slice(100, 104), guessed=slice(200, 296))
    guessed, lacking = holes_of(load)
    assert (guessed.duration_s, lacking.duration_s) == (86_400, 3600)
    assert guessed.energy_kwh == pytest.approx(load.known_kwh[200:296].sum())
    assert lacking.energy_kwh is None
    assert lacking.start == datetime(2026, 3, 2, 1, 0, tzinfo=ZoneInfo(ZONE))


def test_a_day_with_an_estimate_is_marked_and_all_days_sum_up_to_the_month():
    load = march(guessed=slice(200, 296))
    table = daily_table(load, PriceBook([PRICE], ZONE), {}, {})
    *days, total = table.rows
    assert [row.cells[0] for row in days if row.estimated] == ["2026-03-03", "2026-03-04"]
    assert sum(row.cells[2] for row in days) == pytest.approx(total.cells[2], abs=0.05)
    assert total.cells[2] == pytest.approx(load.known_kwh.sum(), abs=0.01)
    assert sum(row.cells[7] for row in days) == pytest.approx(total.cells[7], abs=0.01)


def test_the_highest_demands_lie_apart_and_a_gap_is_none_of_them():
    load = march(lacking=slice(0, 96))
    table = peaks_table(load, 500.0)
    times = [datetime.fromisoformat(row.cells[1]) for row in table.rows]
    assert len(times) == 5
    assert min(abs(a - b) for a in times for b in times if a != b) >= timedelta(hours=1)
    assert all(at.day > 1 for at in times)
    assert table.rows[0].cells[2] == 360.0
    assert table.rows[0].cells[3] == 72.0


def test_bars_of_a_month_are_cut_by_tariff_where_there_is_a_price():
    priced = daily_chart(march(), PriceBook([PRICE], ZONE))
    assert [series.style for series in priced.series] == ["peak", "flat", "valley"]
    plain = daily_chart(march(guessed=slice(200, 296)), PriceBook([], ZONE))
    assert [series.style for series in plain.series] == ["plain", "estimated"]
    assert len(priced.axis.names) == 31


def opportunity(code: str, money: str | None) -> OpportunityRow:
    amount = None if money is None else Decimal(money)
    return OpportunityRow(
        opportunity_id=1, site_id=1, site_code="S", site_en="Site", site_zh="站", zone=ZONE,
        customer_id=1, customer_code="C", customer_en="C", customer_zh="客", meter_id=None,
        meter_code=None, meter_en=None, meter_zh=None, code=code, params={}, evidence={},
        energy_kwh=1000.0, energy_low_kwh=800.0, energy_high_kwh=1200.0, demand_kw=10.0,
        money=amount, low_money=amount, high_money=amount, currency="CNY" if amount else None,
        confidence="high", effort="low", status="new", owner=None, note=None, measure_id=None,
        first_found_at=AT, last_found_at=AT, gone_at=None, changed_at=AT,
    )  # fmt: skip


def test_opportunities_are_added_up_with_the_words_up_to():
    table, together = opportunity_blocks(
        [opportunity("weekend_run_on", "1500"), opportunity("power_factor", None)]
    )
    assert table.rows[1].cells[4] is None
    assert together.text.en == "Together up to 1,500.00 CNY a year."
    assert "named nothing" in opportunity_blocks([])[0].text.en


def judged(verdict: Verdict, *doubts: Doubt) -> Judged:
    days = tuple(date(2026, 1, 1) + timedelta(days=n) for n in range(60))
    result = SavingsResult(
        method=Method.DAILY_CHANGE_POINT, option=Option.C, baseline_from=date(2025, 1, 1),
        baseline_to=date(2026, 1, 1), reporting_from=days[0], reporting_to=date(2026, 3, 2),
        observed_kwh=5280.0, baseline_kwh=6000.0, non_routine_kwh=-12.0, savings_kwh=720.0,
        savings_pct=12.0,
        interval=PlaceboInterval(
            low_pct=8.0, high_pct=15.0, low_kwh=480.0, high_kwh=900.0, spread_pct=3.5
        ),
        statistics=FitStatistics(
            rows=365, parameters=5.0, cvrmse_ratio=0.12, nmbe_ratio=0.001, r2=0.9, lag1=0.4,
            effective_rows=150.0, fsu_68_ratio=0.14, fsu_90_ratio=0.24, minimum_provable_pct=4.7,
        ),
        verdict=verdict, doubts=doubts, findings=(), events=(),
        curve=DailyCurve(days=days, actual_kwh=(88.0,) * 60, baseline_kwh=(100.0,) * 60),
        comparison=ComparisonAdjusted(
            customers=4, drift_pct=1.0, savings_kwh=660.0, savings_pct=11.0
        ),
    )  # fmt: skip
    measure = MeasureRow(
        measure_id=7, customer_id=1, site_id=1, what="=New chillers", status="verified",
        option="C", meter_ids=[], planned_on=None, implemented_on=days[0], baseline_from=None,
        expected_kwh=None, owner=None, note=None, opportunity_id=None, made_by="x", made_at=AT,
        changed_at=AT,
    )  # fmt: skip
    verification = VerificationRow(
        verification_id=1, measure_id=7, site_id=1, customer_id=1, known_at=AT, made_by="x",
        baseline_from=date(2025, 1, 1), baseline_to=date(2026, 1, 1), reporting_from=days[0],
        reporting_to=date(2026, 3, 2), verdict=verdict.value, saved_kwh=720.0, low_kwh=480.0,
        high_kwh=900.0, saved_money=Decimal(500), low_money=None, high_money=None, currency="CNY",
        weather_source=None, result={},
    )  # fmt: skip
    return Judged(measure=measure, verification=verification, result=result)


def test_a_saving_is_told_with_its_interval_verdict_and_what_speaks_against_it():
    proven, doubtful = (
        judged(Verdict.PROVEN), judged(Verdict.NOT_PROVEN, Doubt.PLACEBO_INCLUDES_ZERO)
    )  # fmt: skip
    row = measures_table([proven], "CNY").rows[0]
    assert row.cells[2:5] == (720.0, "480 – 900", 12.0)
    chart, verdict, adjusted, statistics = measure_blocks(proven)
    assert sum(chart.series[0].values) == pytest.approx(60 * 88)
    assert (verdict.tone, verdict.text.zh[:3]) == ("good", "已证实")
    assert "8.0 to 15.0 %" in verdict.text.en
    assert "4 comparable customers: 11.0 %" in adjusted.text.en
    assert "CVRMSE 12.0 %" in statistics.text.en
    against = measure_blocks(doubtful)[1]
    assert against.tone == "warning"
    assert "未采取措施的年份" in against.text.zh


def ahead() -> Ahead:
    start = datetime(2026, 3, 28, 6, tzinfo=UTC)
    hours = [
        ForecastHour(start_at=start + timedelta(hours=n), mean_kw=300.0 + n, low_kw=290.0 + n,
                     high_kw=420.0 + n)
        for n in range(100)
    ]  # fmt: skip
    outlook = MonthOutlook(
        month=MARCH.first, issued_at=start, energy_kwh=[float(n) for n in range(100, 1200, 100)],
        peak_kw=[400.0 + n for n in range(11)], exceeds_ratio=0.25,
    )  # fmt: skip
    return Ahead(start=start, hours=hours, running=MARCH, outlook=outlook, accuracy=None)


def test_what_is_ahead_is_told_with_its_band_and_its_risk():
    chart, highest = forecast_blocks(ahead(), 500.0)
    assert chart.axis.count == 100
    assert "one in ten times above 519 kW" in highest.text.en
    assert highest.tone == "warning"
    table = hours_table(ahead(), ZONE)
    assert [row.cells[0] for row in table.rows][:2] == ["2026-03-28", "2026-03-29"]
    assert [row.cells[1] for row in table.rows][:2] == [17.0, 23.0]  # a day of 23 hours
    said = outlook_statement(ahead(), 500.0)
    assert "600 kWh (8 of 10 cases: 200 to 1,000)" in said.text.en
    assert "25 %" in said.text.zh
    assert "No forecast" in forecast_blocks(None, None)[0].text.en


BLOCKS = {
    "load": lambda: (load_chart(march(guessed=slice(200, 296)), 500.0),),
    "savings": lambda: (
        measures_table([judged(Verdict.PROVEN)], "CNY"), *measure_blocks(judged(Verdict.PROVEN))
    ),
    "opportunities": lambda: opportunity_blocks([opportunity("load_shift", "1")]),
    "ahead": lambda: (*forecast_blocks(ahead(), 500.0), hours_table(ahead(), ZONE)),
    "tariff": lambda: tariff_blocks(month_cost(march(), PREMISES, PriceBook([PRICE], ZONE))),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_every_part_can_be_set_and_speaks_both_languages(name):
    blocks = BLOCKS[name]()
    part = Section(title=full_document().sections[0].title, blocks=blocks)
    document = msgspec.structs.replace(full_document(), sections=(part,))
    assert digest(document)
    for form in ("pdf", "html", "xlsx"):
        for language in ("en", "zh", "both"):
            assert rendered(document, without_archive(document), form, language)
    for pair in pairs(to_builtins(document)["sections"]):
        assert (
            bool(re.search(r"[A-Za-z]{4}", pair["en"]))
            <= bool(re.search(r"[\u3400-\u9fff]", pair["zh"]))
            or pair["en"] == pair["zh"]
        ), pair


def pairs(found: object) -> list[dict[str, str]]:
    if isinstance(found, dict):
        if set(found) == {"en", "zh"}:
            return [found]
        return [pair for value in found.values() for pair in pairs(value)]
    if isinstance(found, list | tuple):
        return [pair for value in found for pair in pairs(value)]
    return []
