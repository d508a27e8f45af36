"""The month of every customer that is seen, in a few queries for any number of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from forecast.reports.facts.months import Month
from forecast.reports.report import NothingToReportError
from loadstone.storage.keyset import Part
from loadstone.storage.portfolio import CustomerFilter, CustomerRow, list_customers
from loadstone.storage.quality import quality_of
from loadstone.storage.read_only import Connection
from loadstone.storage.report_reads import (
    CustomerPeak,
    customer_peaks,
    customers_measured_since,
)
from loadstone.storage.screens.places import places
from loadstone.storage.screens.statistics import (
    PartEnergy,
    ScopeMeter,
    Term,
    part_energies,
    scope_meters,
)

_MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMonth:
    """One customer's month; earlier energies None where those months are not known as a whole.

    `measured_ratio` is of the time due from its main meters.
    """

    customer: CustomerRow
    energy: PartEnergy | None
    previous_kwh: float | None
    year_before_kwh: float | None
    peak: CustomerPeak | None
    contract_demand_kw: float | None
    measured_ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioMonth:
    """All customers that are seen and not retired, by code; days are those of the month's zone."""

    month: Month
    customers: tuple[CustomerMonth, ...]


def portfolio_month(connection: Connection, first: date, as_known_at: datetime) -> PortfolioMonth:
    """The month of all; raises NothingToReportError where nobody is seen."""
    every = list_customers(connection, None, CustomerFilter(retired=False), _PART)
    if not every:
        raise NothingToReportError("no customer is seen")
    found = places(connection, None)
    zone = found[0].zone if found else "UTC"
    month = Month(first=first, zone=zone)
    mains = [meter for meter in scope_meters(connection, None, None) if meter.role == "main"]
    energies = [
        _energies(connection, mains, one, as_known_at)
        for one in (month, month.previous, month.year_before)
    ]
    ids = [meter.meter_id for meter in mains]
    began = customers_measured_since(connection, ids)
    end = min(month.end, as_known_at)
    peaks = customer_peaks(connection, ids, month.start, end) if end > month.start else {}
    measured = _measured(connection, mains, month, as_known_at)
    return PortfolioMonth(
        month=month,
        customers=tuple(
            CustomerMonth(
                customer=customer,
                energy=energies[0].get(customer.customer_id),
                previous_kwh=_whole(
                    energies[1].get(customer.customer_id),
                    began.get(customer.customer_id),
                    month.previous,
                ),
                year_before_kwh=_whole(
                    energies[2].get(customer.customer_id),
                    began.get(customer.customer_id),
                    month.year_before,
                ),
                peak=peaks.get(customer.customer_id),
                contract_demand_kw=customer.contract_demand_kw,
                measured_ratio=measured.get(customer.customer_id),
            )
            for customer in every
        ),
    )


_PART = Part(most=_MOST, field="code")


def _energies(
    connection: Connection, mains: Sequence[ScopeMeter], month: Month, as_known_at: datetime
) -> dict[int, PartEnergy]:
    end = min(month.end, as_known_at)
    if end <= month.start:
        return {}
    terms = [Term(part=one.customer_id, meter_id=one.meter_id, factor=1.0) for one in mains]
    rows = part_energies(connection, terms, month.start, end, "1 month", month.zone)
    return {row.part: row for row in rows}


def _whole(energy: PartEnergy | None, began: datetime | None, month: Month) -> float | None:
    if energy is None or energy.missing_meters or energy.known_ratio < 0.999:
        return None
    if began is None or began > month.start:
        return None
    return energy.energy_kwh


def _measured(
    connection: Connection, mains: Sequence[ScopeMeter], month: Month, as_known_at: datetime
) -> dict[int, float]:
    if not mains or as_known_at <= month.start:
        return {}
    ids = [meter.meter_id for meter in mains]
    found = quality_of(
        connection, ids, month.start, month.end, "1 month", month.zone, as_of=as_known_at
    )
    whose = {meter.meter_id: meter.customer_id for meter in mains}
    ratios: dict[int, list[float]] = {}
    for row in found.meters:
        if row.meter_id is not None and row.completeness_ratio is not None:
            ratios.setdefault(whose[row.meter_id], []).append(row.completeness_ratio)
    return {customer: sum(known) / len(known) for customer, known in ratios.items()}
