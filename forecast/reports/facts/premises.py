"""Of whom a report is: the customer, the sites in question, and the meters that sum up to them."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.reports.report import Asked, NothingToReportError
from forecast.reports.text import Text
from loadstone.storage.portfolio import CustomerRow, find_customer
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.places import Place, places
from loadstone.storage.screens.statistics import ScopeMeter, scope_meters

_QUARTER_S = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """A customer's sites; `mains` are the main meters, retired ones too, whose sum they are.

    Days and months are those of `zone`, the first site's. `step_s` is the interval in which load is
    looked at: a quarter hour, or the meters' own where that is longer.
    """

    customer: CustomerRow
    sites: tuple[Place, ...]
    meters: tuple[ScopeMeter, ...]
    zone: str
    contract_demand_kw: float | None
    step_s: int

    @property
    def mains(self) -> list[int]:
        """Ids of the main meters."""
        return [meter.meter_id for meter in self.meters if meter.role == "main"]

    @property
    def name(self) -> Text:
        """The customer; of one of its several sites, that too."""
        customer = Text(self.customer.name_en, self.customer.name_zh)
        if len(self.sites) == 1 and self.sites[0].sites_of_customer > 1:
            site = self.sites[0]
            return Text(f"{customer.en}, {site.site_en}", f"{customer.zh} {site.site_zh}")
        return customer

    @property
    def zones(self) -> tuple[str, ...]:
        """All zones of its sites: more than one is worth a word."""
        return tuple(sorted({site.zone for site in self.sites}))


def premises(connection: Connection, asked: Asked) -> Premises:
    """Of whom the report is; raises NothingToReportError where the role sees nothing of it."""
    customer = find_customer(connection, None, str(asked.customer_id))
    found = [
        place
        for place in places(connection, asked.customer_id)
        if asked.site_id in {None, place.site_id}
    ]
    if customer is None or asked.customer_id is None or not found:
        raise NothingToReportError("there is no such customer or site, or it has no sites")
    return premises_of(connection, customer, found, asked.site_id)


def premises_of(
    connection: Connection, customer: CustomerRow, sites: list[Place], site_id: int | None
) -> Premises:
    """The same of a customer whose sites are known already."""
    meters = scope_meters(connection, customer.customer_id, site_id)
    return Premises(
        customer=customer,
        sites=tuple(sites),
        meters=tuple(meters),
        zone=sites[0].zone,
        contract_demand_kw=_contract_kw(customer, sites, site_id),
        step_s=max(_QUARTER_S, *(_whole_quarters(site.interval_s) for site in sites)),
    )


def _contract_kw(customer: CustomerRow, sites: list[Place], site_id: int | None) -> float | None:
    """A site's own, the customer's, or what all its sites have together."""
    if site_id is not None:
        return sites[0].contract_demand_kw
    if customer.contract_demand_kw is not None:
        return customer.contract_demand_kw
    known = [site.contract_demand_kw for site in sites]
    return sum(kw for kw in known if kw is not None) if all(known) else None


def _whole_quarters(interval_s: int) -> int:
    steps = (900, 1800, 3600)
    return next((step for step in steps if step >= interval_s), 3600)
