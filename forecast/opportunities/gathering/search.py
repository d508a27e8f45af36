"""Search a site out of storage and store what is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from forecast.opportunities.finder import LEAST_DAYS, find_opportunities
from forecast.opportunities.finding import Finding
from forecast.opportunities.gathering.site import premises_of
from forecast.opportunities.premises import Premises
from loadstone.storage.opportunities import FoundOpportunity, store_search
from loadstone.storage.opportunity_inputs import Connection, searched_meters, searched_sites
from loadstone.storage.prices import prices_of_all


def search_sites(connection: Connection, site_ids: Sequence[int], now: datetime) -> int:
    """Bring the opportunities of these sites up to date; returns how many were found.

    Sites, meters and prices are read once for all, quarter hours a site at a time.
    """
    sites = searched_sites(connection, site_ids)
    prices = prices_of_all(connection, sorted({site.customer_id for site in sites}))
    meters = searched_meters(connection, site_ids)
    count = 0
    for site in sites:
        own = [meter for meter in meters if meter.site_id == site.site_id]
        premises = premises_of(connection, site, own, prices[site.customer_id], now)
        found = find_opportunities(premises) if premises else []
        enough = premises is not None and premises.known_days >= LEAST_DAYS
        rows = [_row(finding, premises) for finding in found if premises is not None]
        days = premises.known_days if premises is not None and enough else 0
        store_search(connection, site.site_id, rows, days, now)
        count += len(rows)
    return count


def _row(finding: Finding, premises: Premises) -> FoundOpportunity:
    gain = finding.gain
    return FoundOpportunity(
        meter_id=finding.circuit,
        code=finding.code,
        params=dict(finding.params),
        evidence=asdict(finding.evidence),
        energy_kwh=gain.energy_kwh,
        energy_low_kwh=gain.energy_low_kwh,
        energy_high_kwh=gain.energy_high_kwh,
        demand_kw=gain.demand_kw,
        money=_money(gain.money),
        low_money=_money(gain.low_money),
        high_money=_money(gain.high_money),
        currency=premises.price.currency if premises.price and gain.money is not None else None,
        confidence=finding.confidence,
        effort=finding.effort,
    )


def _money(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(float(value)))
