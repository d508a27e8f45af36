"""What a kind of waste is: how it is planted in a customer's premises, and what is then true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from simulator.loads import Load
from simulator.model import VirtualCustomer, VirtualMeter, VirtualSite

# Premises that close, with the hour at which people come.
OPENING_HOUR = {
    "office_tower": 8.0, "mall": 9.5, "supermarket": 6.5, "university": 7.5,
    "machining_factory": 7.5,
}  # fmt: skip
CLOSED_AT_WEEKENDS = frozenset({"office_tower", "university", "machining_factory"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """The truth about one waste: where it is, and how large in the unit that its kind counts in."""

    code: str
    customer: str
    site: str
    meter: str | None
    value: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A customer in whose premises something is planted; `choice` takes one place of several."""

    customer: VirtualCustomer
    choice: int = 0

    def circuits(self, *categories: str) -> list[VirtualMeter]:
        """The sub-meters of these categories that have loads of their own, site by site."""
        found = []
        for site in self.customer.sites:
            mains = {meter.code for meter in site.meters if meter.parent_code is None}
            category = {each.code: each.category for each in site.equipment}
            found += [
                meter
                for meter in site.meters
                if meter.parent_code in mains
                and category[meter.equipment_code] in categories
                and meter.load
            ]
        return found

    def chosen(self, *categories: str) -> VirtualMeter | None:
        """One of these sub-meters; None where there is none."""
        found = self.circuits(*categories)
        return found[self.choice % len(found)] if found else None

    def site_of(self, meter_code: str) -> VirtualSite:
        """The site of a meter of this customer."""
        return next(s for s in self.customer.sites if meter_code in {m.code for m in s.meters})


WastePlan = Callable[[Plot], tuple[VirtualCustomer, Planted] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WasteKind:
    """A kind of waste; `plant` gives the customer with it, or None where it cannot be there."""

    name: str
    plant: WastePlan


def peak_kw(meter: VirtualMeter) -> float:
    """The sum of a meter's own loads at their highest."""
    return sum(load.peak_kw for load in meter.load)


def with_meter(
    customer: VirtualCustomer, code: str, change: Callable[[VirtualMeter], VirtualMeter]
) -> VirtualCustomer:
    """The customer with one meter changed."""
    return with_meters(customer, lambda meter: change(meter) if meter.code == code else meter)


def with_meters(
    customer: VirtualCustomer, change: Callable[[VirtualMeter], VirtualMeter]
) -> VirtualCustomer:
    """The customer with each meter as `change` gives it."""

    def of_site(site: VirtualSite) -> VirtualSite:
        gateways = tuple(
            replace(gateway, meters=tuple(change(meter) for meter in gateway.meters))
            for gateway in site.gateways
        )
        return replace(site, gateways=gateways)

    return replace(customer, sites=tuple(of_site(site) for site in customer.sites))


def with_load(
    customer: VirtualCustomer, meter: VirtualMeter, pattern: str, power_kw: float
) -> VirtualCustomer:
    """The customer with one more load behind a meter."""
    more = Load(
        pattern=pattern, peak_kw=power_kw, key=f"waste:{meter.code}:{pattern}",
        noise_ratio=0.02, ripple_ratio=0.03, power_factor=0.92,
    )  # fmt: skip
    return with_meter(customer, meter.code, lambda m: replace(m, load=(*m.load, more)))


def planted_load(
    plot: Plot, code: str, meter: VirtualMeter, pattern: str, power_kw: float
) -> tuple[VirtualCustomer, Planted]:
    """A waste that is one more load, and its truth in kW."""
    truth = Planted(
        code=code, customer=plot.customer.code, site=plot.site_of(meter.code).code,
        meter=meter.code, value=power_kw, unit="kW",
    )  # fmt: skip
    return with_load(plot.customer, meter, pattern, power_kw), truth
