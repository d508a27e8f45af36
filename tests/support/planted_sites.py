"""Sites of the simulator as the finder sees them, without a database in between."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from forecast.calendars.day_kinds import day_kinds
from forecast.opportunities.premises import SITE, SLOTS, UNMETERED, Circuit, Premises
from loadstone.domain.price_book import PriceBook
from simulator.context import PortfolioContext
from simulator.model import VirtualCustomer, VirtualMeter, VirtualSite
from simulator.prices import virtual_prices

_LOW_VOLTAGE_V = 1000.0
_CHINA_S = 8 * 3600


def sites_of(customer: VirtualCustomer, last_day: date, days: int = 91) -> list[Premises]:
    """The customer's sites over the days that end before `last_day`; months' peaks with them."""
    context = PortfolioContext((customer,))
    return [_premises(context, customer, site, last_day, days) for site in customer.sites]


def _premises(
    context: PortfolioContext, customer: VirtualCustomer, site: VirtualSite, last: date, days: int
) -> Premises:
    first = last - timedelta(days=days)
    start = datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp() - _CHINA_S
    ts_s = start + 900.0 * np.arange(days * SLOTS) + 450.0
    main = next(m for m in site.meters if m.parent_code is None)
    subs = [m for m in site.meters if m.parent_code == main.code]
    category = {each.code: each.category for each in site.equipment}
    power, reactive = context.power(main, ts_s)
    circuits = [
        _circuit(context, meter, at, category[meter.equipment_code], ts_s)
        for at, meter in enumerate(site.meters)
        if meter in subs
    ]
    rest = power - sum(circuit.power_kw.reshape(-1) for circuit in circuits)
    circuits.append(
        Circuit(
            number=None, category=UNMETERED if subs else SITE, power_kw=rest.reshape(days, SLOTS)
        )
    )
    book = PriceBook(virtual_prices(customer), site.zone)
    series = book.series((ts_s - 450).astype(np.int64))
    share = _share(customer, site)
    grid = (days, SLOTS)
    months = [power[-(k + 1) * 30 * SLOTS : len(power) - k * 30 * SLOTS] for k in range(days // 30)]
    return Premises(
        kind=customer.kind, first_day=first, is_rest=day_kinds(first, days, "CN").off,
        power_kw=power.reshape(grid), reactive_kvar=reactive.reshape(grid),
        circuits=tuple(circuits), price_per_kwh=series.price_per_kwh.reshape(grid),
        period=series.period.reshape(grid), price=book.on(last),
        contract_demand_kw=customer.contract_demand_kw * share,
        transformer_kva=customer.transformer_kva * share,
        monthly_peak_kw=tuple(float(month.max()) for month in reversed(months)),
    )  # fmt: skip


def _circuit(
    context: PortfolioContext,
    meter: VirtualMeter,
    number: int,
    category: str,
    ts_s: NDArray[np.float64],
) -> Circuit:
    values = context.instantaneous(meter, ts_s)
    grid = (-1, SLOTS)
    nominal = meter.nominal_voltage_v / math.sqrt(3)
    low = meter.nominal_voltage_v < _LOW_VOLTAGE_V
    return Circuit(
        number=number, category=category, power_kw=values["p"].reshape(grid),
        current_a=np.stack([values[f"i_{x}"].reshape(grid) for x in "abc"]),
        voltage_ratio=np.mean([values[f"u_{x}n"] for x in "abc"], axis=0).reshape(grid) / nominal
        if low else None,
    )  # fmt: skip


def _share(customer: VirtualCustomer, site: VirtualSite) -> float:
    """The site's part of contract and capacity, by what its main meter's transformers carry."""

    def size(one: VirtualSite) -> float:
        return sum(m.ct_primary_a * m.nominal_voltage_v for m in one.meters if not m.parent_code)

    return size(site) / sum(size(one) for one in customer.sites)
