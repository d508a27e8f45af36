"""What `scope` names, found in the viewer's scope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from api.errors import not_found, refused
from api.identity import Viewer
from api.lookup import the_customer, the_meter, the_site
from loadstone.storage.gateways import GatewayRow, find_gateway
from loadstone.storage.quality import Scope
from loadstone.storage.read_only import Connection

_RULE = "must be all, or meter:, gateway:, site: or customer: with an id or a code"


def the_gateway(
    connection: Connection, viewer: Viewer, reference: str, now: datetime
) -> GatewayRow:
    """The gateway, or 404."""
    row = None
    if "\x00" not in reference:
        row = find_gateway(connection, viewer.customer_id, reference, now)
    if row is None:
        raise not_found("gateway", reference)
    return row


def found_scope(connection: Connection, viewer: Viewer, asked: str, now: datetime) -> Scope:
    """The scope of `kind:reference`; refused where it is neither, 404 where there is none."""
    kind, _, reference = asked.partition(":")
    if asked == "all":
        return Scope()
    finders: dict[str, Callable[[], Scope]] = {
        "meter": lambda: Scope(meter_id=the_meter(connection, viewer, reference, now).meter_id),
        "gateway": lambda: Scope(
            gateway_id=the_gateway(connection, viewer, reference, now).gateway_id
        ),
        "site": lambda: Scope(site_id=the_site(connection, viewer, reference).site_id),
        "customer": lambda: Scope(
            customer_id=the_customer(connection, viewer, reference).customer_id
        ),
    }
    if kind not in finders or not reference:
        raise refused("scope", asked, _RULE)
    return finders[kind]()
