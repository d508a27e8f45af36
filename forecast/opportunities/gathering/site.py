"""A site's premises out of storage."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from forecast.calendars.day_kinds import day_kinds
from forecast.opportunities.gathering.grids import LocalGrid
from forecast.opportunities.premises import SITE, SLOTS, UNMETERED, Circuit, Premises
from loadstone.domain.price_book import PriceBook
from loadstone.domain.prices import Price
from loadstone.storage.opportunity_inputs import (
    Connection,
    QuarterHours,
    SearchedMeter,
    SearchedSite,
    monthly_peaks,
    quarter_hours,
)

LONGEST_DAYS = 91
_YEAR_DAYS = 366
_KNOWN_RATIO = 0.5  # of a day's quarter hours: a day with less is not looked at
_LOW_VOLTAGE_V = 1000.0
_P, _Q, _CURRENT, _VOLTAGE = 0, 1, slice(2, 5), slice(5, 8)
Grid = NDArray[np.float64]


def premises_of(
    connection: Connection,
    site: SearchedSite,
    meters: Sequence[SearchedMeter],
    prices: Sequence[Price],
    now: datetime,
) -> Premises | None:
    """The site's last whole days that are known; None where nothing is."""
    grid = _grid(site, now)
    start, end = grid.bounds()
    known = quarter_hours(connection, [meter.meter_id for meter in meters], start, end)
    grids = {meter_id: _spread(grid, hours) for meter_id, hours in known.items()}
    mains = [meter for meter in meters if meter.role == "main"]
    if not any(meter.meter_id in grids for meter in mains):
        return None
    power = _sum([grids.get(meter.meter_id) for meter in mains], grid, _P)
    first = _first_known(power)
    if first is None:
        return None
    book = PriceBook(prices, site.zone)
    series = book.series(grid.start_s)
    peaks = monthly_peaks(connection, [site.site_id], end - timedelta(days=_YEAR_DAYS), end)
    reactive = _sum([grids.get(meter.meter_id) for meter in mains], grid, _Q)
    off = day_kinds(grid.first_day, grid.days, site.country, site.subdivision).off
    period = np.nan_to_num(grid.spread(grid.start_s, series.period.astype(np.float64)), nan=-1)
    return Premises(
        kind=site.kind,
        first_day=grid.first_day + timedelta(days=first),
        is_rest=np.asarray(off[first:], dtype=bool),
        power_kw=power[first:],
        reactive_kvar=reactive[first:],
        circuits=_circuits(grids, meters, mains, power, first),
        price_per_kwh=grid.spread(grid.start_s, series.price_per_kwh)[first:],
        period=period[first:].astype(np.int8),
        price=book.at(now),
        contract_demand_kw=site.contract_demand_kw,
        transformer_kva=site.transformer_kva,
        monthly_peak_kw=peaks.get(site.site_id) or _peak_so_far(power),
    )


def _grid(site: SearchedSite, now: datetime) -> LocalGrid:
    """The last whole days by the site's clock."""
    today = LocalGrid(site.zone, now.date(), 0)
    last = now.astimezone(today.zone).date()
    return LocalGrid(site.zone, last - timedelta(days=LONGEST_DAYS), LONGEST_DAYS)


def _spread(grid: LocalGrid, hours: QuarterHours) -> Grid:
    return grid.spread(hours.start_s, hours.values)


def _sum(parts: Sequence[Grid | None], grid: LocalGrid, which: int) -> Grid:
    """The sum where all are known."""
    empty = np.full((grid.days, SLOTS), np.nan)
    total = np.zeros((grid.days, SLOTS))
    for part in parts:
        total = total + (empty if part is None else part[..., which])
    return total


def _first_known(power: Grid) -> int | None:
    """The first day from which on there is data."""
    days = np.flatnonzero((~np.isnan(power)).mean(axis=1) >= _KNOWN_RATIO)
    return int(days[0]) if len(days) else None


def _peak_so_far(power: Grid) -> tuple[float, ...]:
    known = power[~np.isnan(power)]
    return (float(known.max()),) if known.size else ()


def _circuits(
    grids: dict[int, Grid],
    meters: Sequence[SearchedMeter],
    mains: Sequence[SearchedMeter],
    power: Grid,
    first: int,
) -> tuple[Circuit, ...]:
    """The sub-meters right below the main ones, and what these do not see.

    A sub-meter that says nothing is part of what is not seen.
    """
    above = {main.meter_id for main in mains}
    subs = [
        meter
        for meter in meters
        if meter.role != "main" and meter.meter_id in grids
        and (meter.parent_meter_id is None or meter.parent_meter_id in above)
    ]  # fmt: skip
    rest = power.copy()
    circuits = []
    for meter in subs:
        part = grids[meter.meter_id]
        rest = rest - np.nan_to_num(part[..., _P])
        circuits.append(_circuit(meter, part[first:]))
    category = UNMETERED if subs else SITE
    return (*circuits, Circuit(number=None, category=category, power_kw=rest[first:]))


def _circuit(meter: SearchedMeter, part: Grid) -> Circuit:
    nominal_v = meter.nominal_voltage_v
    low = nominal_v is not None and nominal_v < _LOW_VOLTAGE_V
    four_wires = meter.wiring == "3P4W"
    current = np.moveaxis(part[..., _CURRENT], -1, 0) if four_wires else None
    voltage = None
    if low and four_wires and nominal_v is not None:
        voltage = part[..., _VOLTAGE].mean(axis=-1) / (nominal_v / math.sqrt(3))
    return Circuit(
        number=meter.meter_id, category=meter.category or "other", power_kw=part[..., _P],
        current_a=current, voltage_ratio=voltage,
    )  # fmt: skip
