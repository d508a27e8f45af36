"""What customers pay by kWh, kW and kVA, and from when on."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.changes import Changing
from api.context import Context
from api.etags import tagged
from api.identity import SignedIn
from api.lookup import Reference, the_customer
from api.models.prices import PricesAnswer, PricesBody
from api.price_changes import prices_answer, prices_from
from api.registry_edits import sees_whole_customers
from api.roles import AccountKeeper
from loadstone.storage.prices import prices_of, put_prices
from loadstone.storage.read_only import Connection

router = APIRouter(tags=["savings"])


@router.get("/customers/{reference}/prices", response_model=PricesAnswer)
def prices(context: Context, viewer: SignedIn, reference: Reference) -> Response:
    """The customer's prices, oldest first; without any, money is not reckoned."""
    with context.reading(viewer) as connection:
        customer = the_customer(connection, viewer, reference)
        return tagged(prices_answer(customer, prices_of(connection, customer.customer_id)))


@router.put("/customers/{reference}/prices", response_model=PricesAnswer)
def put(
    change: Changing, viewer: AccountKeeper, reference: Reference, body: PricesBody
) -> Response:
    """Put this list in the place of the customer's prices."""
    wanted = prices_from(body.prices)

    def work(connection: Connection) -> object:
        customer = the_customer(connection, viewer, reference)
        sees_whole_customers(viewer)
        kept = prices_of(connection, customer.customer_id)
        change.check_match(prices_answer(customer, kept))
        put_prices(connection, customer.customer_id, wanted)
        return prices_answer(customer, prices_of(connection, customer.customer_id))

    return change.perform(work)
