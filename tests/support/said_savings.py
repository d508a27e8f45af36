"""Measures of a site as the pages show them: one proven, one doubted, one only proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
import psycopg

from forecast.savings.placebo import Traits
from forecast.savings.rows import EnergyRows
from forecast.savings.verify import Settled, verify
from forecast.verification.money import Worth
from forecast.verification.run import Judged, keep_judgement
from loadstone.storage.non_routine_events import Decision, decide_event, events_of_measure
from loadstone.storage.saving_measures import MeasurePlan, measure, put_measure
from tests.support.made_energy import daily, split

HISTORY_DAYS = 730


def put_savings(connection: psycopg.Connection, site_ids: Sequence[int], now: datetime) -> None:
    """Measures of the first site, judged from made-up days that end yesterday."""
    site_id = site_ids[0]
    put_measure(connection, site_id, MeasurePlan(what="M0"), who="ada", at=now)
    # The doubted one first: a page shows the newest that was judged.
    _judged(connection, site_id, now, days=50, saved_ratio=0.02, price=None)
    _judged(connection, site_id, now, days=180, saved_ratio=0.2, price=Decimal("0.8"))


def _judged(
    connection: psycopg.Connection, site_id: int, now: datetime, *,
    days: int, saved_ratio: float, price: Decimal | None,
) -> None:  # fmt: skip
    history, reporting = _rows(now.date(), days, saved_ratio)
    plan = MeasurePlan(
        what=f"M{days}", status="implemented", owner="ada", expected_kwh=60_000.0,
        implemented_on=now.date() - timedelta(days=days),
    )  # fmt: skip
    made = put_measure(connection, site_id, plan, who="ada", at=now)
    row = measure(connection, made)
    assert row is not None
    like = [
        Traits(found_ratio=0.01, drift_ratio=0.0, scale=0.05),
        Traits(found_ratio=-0.02, drift_ratio=0.0, scale=0.05),
    ]
    result = verify(history, reporting, comparable=like, settled=Settled(non_routine_kwh=-120.0))
    worth = None
    if price is not None:
        each = [Decimal(f"{one:.2f}") * price for one in (
            result.savings_kwh, result.interval.low_kwh, result.interval.high_kwh)]  # fmt: skip
        worth = Worth(saved_money=each[0], low_money=each[1], high_money=each[2], currency="CNY")
    told = Judged(result=result, worth=worth, weather_source="CSV")
    keep_judgement(connection, row, told, "ada", now)
    events = events_of_measure(connection, made)
    if len(events) > 1:
        decision = Decision(status="dismissed", note="XLSX")
        decide_event(connection, events[0].event_id, decision, "ada", now)


def _rows(today: date, days: int, saved_ratio: float) -> tuple[EnergyRows, EnergyRows]:
    every = HISTORY_DAYS + days
    factor = np.where(np.arange(every) < HISTORY_DAYS, 1.0, 1.0 - saved_ratio)
    rows = daily(every, factor=factor)
    energy = rows.energy_kwh.copy()
    energy[200:206] *= 0.2
    energy[HISTORY_DAYS + 20 : HISTORY_DAYS + 26] *= 0.3
    shift = today.toordinal() - every - int(rows.day[0])
    # Whole weeks, so that the kinds of day stay what they are.
    shift -= shift % 7
    rows = replace(rows, day=rows.day + shift, energy_kwh=energy)
    return split(rows, HISTORY_DAYS)
