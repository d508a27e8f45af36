"""What the energy page is about: everything, a customer or a site, and into which parts it is cut.

A meter counts in its own part and is taken out of the part of the meter above it, so that the parts
always add up to the main meters and nothing counts twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from api.errors import not_found
from api.i18n import Texts
from api.pages.crumbs import site_href
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.statistics import ScopeMeter, Term, scope_meters

CutBy = Literal["customer", "site", "category", "equipment"]
CUTS: tuple[CutBy, ...] = ("customer", "site", "category", "equipment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the whole: `scope` are the parameters that make it the page's subject, if any."""

    number: int
    label: str
    note: str
    scope: dict[str, str]
    is_rest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The meters of the page's subject."""

    site_id: int | None
    customer_id: int | None
    meters: list[ScopeMeter]

    @property
    def mains(self) -> list[ScopeMeter]:
        """The meters whose sum is the whole."""
        return [meter for meter in self.meters if meter.role == "main"]

    @property
    def main_ids_in_service(self) -> list[int]:
        """Of these, those that measure now."""
        return [meter.meter_id for meter in self.mains if meter.retired_at is None]

    @property
    def zone(self) -> str:
        """The zone whose calendar the page shows: that of most meters."""
        zones = [meter.zone for meter in self.meters]
        return max(sorted(set(zones)), key=zones.count, default="UTC")

    @property
    def cuts(self) -> list[CutBy]:
        """What it can be cut by: a site is one site, a customer one customer."""
        if self.site_id is not None:
            return ["category", "equipment"]
        return ["site", "category", "equipment"] if self.customer_id is not None else list(CUTS)

    def query(self) -> dict[str, str]:
        """The parameters that name it."""
        if self.site_id is not None:
            return {"site": str(self.site_id)}
        return {"customer": str(self.customer_id)} if self.customer_id is not None else {}


def read_scope(connection: Connection, customer_id: int | None, site_id: int | None) -> Scope:
    """The scope asked for; 404 where it is not the viewer's. A site's customer comes with it."""
    meters = scope_meters(connection, customer_id, site_id)
    if not meters and (customer_id or site_id):
        raise not_found("site" if site_id else "customer", site_id or customer_id)
    of_customer = meters[0].customer_id if site_id and meters else customer_id
    return Scope(site_id=site_id, customer_id=of_customer, meters=meters)


def cut(t: Texts, scope: Scope, by: CutBy) -> tuple[list[Part], list[Term]]:
    """The parts of the scope and which meters make them."""
    numbers: dict[tuple[str, int | str], int] = {}
    parts: list[Part] = []
    terms: list[Term] = []
    by_id = {meter.meter_id: meter for meter in scope.meters}
    for meter in scope.meters if by in {"category", "equipment"} else scope.mains:
        key = _key(meter, by_id, by)
        if key not in numbers:
            numbers[key] = len(parts)
            parts.append(_part(t, len(parts), key, meter, by))
        terms.append(Term(part=numbers[key], meter_id=meter.meter_id, factor=1))
        if meter.role == "main" or by in {"customer", "site"}:
            continue
        above = _above(meter, by_id, scope.mains)
        if above is not None:
            key = _key(above, by_id, by)
            if key not in numbers:
                numbers[key] = len(parts)
                parts.append(_part(t, len(parts), key, above, by))
            terms.append(Term(part=numbers[key], meter_id=meter.meter_id, factor=-1))
    return parts, terms


def whole(scope: Scope) -> list[Term]:
    """The main meters as one part."""
    return [Term(part=0, meter_id=meter.meter_id, factor=1) for meter in scope.mains]


def _above(
    meter: ScopeMeter, by_id: dict[int, ScopeMeter], mains: Sequence[ScopeMeter]
) -> ScopeMeter | None:
    """The meter that counts this one's energy too: its parent, else its site's main meter."""
    if meter.parent_meter_id in by_id:
        return by_id[meter.parent_meter_id]
    return next((main for main in mains if main.site_id == meter.site_id), None)


def _key(meter: ScopeMeter, by_id: dict[int, ScopeMeter], by: CutBy) -> tuple[str, int | str]:
    """The part of a meter; one that feeds nothing named belongs to that of the meter above."""
    if by == "customer":
        return "customer", meter.customer_id
    if by == "site":
        return "site", meter.site_id
    seen: ScopeMeter | None = meter
    while seen is not None:
        if seen.equipment_id is not None and seen.category != "incomer":
            return by, seen.equipment_id if by == "equipment" else str(seen.category)
        seen = by_id.get(seen.parent_meter_id) if seen.parent_meter_id is not None else None
    return ("rest", 0) if meter.role == "main" else ("other", 0)


def _part(
    t: Texts, number: int, key: tuple[str, int | str], meter: ScopeMeter, by: CutBy
) -> Part:  # fmt: skip
    kind, value = key
    label, note, scope = t("energy.rest"), "", {}
    if kind == "customer":
        label, scope = t.name(meter, "customer"), {"customer": str(value)}
    elif kind == "site":
        label, note, scope = t.name(meter, "site"), t.name(meter, "customer"), {"site": str(value)}
    elif kind == "category":
        label = t.known(f"category.{value}", str(value))
    elif kind == "equipment":
        label, note = t.name(meter, "equipment"), t.name(meter, "site")
    elif kind == "other":
        label = t("energy.unnamed")
    return Part(number=number, label=label, note=note, scope=scope, is_rest=kind == "rest")


def site_link(scope: Scope) -> str | None:
    """The live page of a site's scope."""
    return site_href(scope.site_id) if scope.site_id is not None else None
