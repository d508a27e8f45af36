"""Where a page stands: customer › site › meter, each a link to its page."""

from __future__ import annotations

from dataclasses import dataclass

from api.pages.frame import Frame
from loadstone.storage.screens.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Crumb:
    """One step of the way down."""

    label: str
    href: str


def customer_href(customer_id: int) -> str:
    """The customer's page."""
    return f"/customers/{customer_id}"


def site_href(site_id: int) -> str:
    """The site's page."""
    return f"/sites/{site_id}"


def meter_href(meter_id: int) -> str:
    """The meter's page."""
    return f"/meters/{meter_id}"


def crumbs_of(frame: Frame, place: Place, *, down_to: str = "site") -> list[Crumb]:
    """The way to what the page shows: above a `site` its customer, above a `meter` its site too."""
    way = [Crumb(label=frame.t.name(place, "customer"), href=customer_href(place.customer_id))]
    if down_to == "meter":
        way.append(Crumb(label=frame.t.name(place, "site"), href=site_href(place.site_id)))
    return way
