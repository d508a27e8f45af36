"""Registering and trying webhooks, for the API and the pages alike."""

from __future__ import annotations

from api.context import AppContext
from api.errors import not_found, refused
from api.identity import Viewer
from api.lookup import the_customer, the_site
from api.models.webhooks import NewWebhook
from api.registry_edits import named
from loadstone.storage.read_only import Connection
from loadstone.storage.tokens import new_secret
from loadstone.storage.webhook_outbox import tell
from loadstone.storage.webhooks import WebhookRow, find_webhook, make_webhook
from loadstone.webhooks.addresses import ForbiddenTargetError, check_url
from loadstone.webhooks.kinds import TEST

_SECRET_PREFIX = "whsec_"  # noqa: S105 - tells a leaked secret from other text


def new_webhook_secret() -> str:
    """A secret that nobody has yet."""
    return new_secret(_SECRET_PREFIX)


def the_webhook(connection: Connection, viewer: Viewer, webhook_id: int) -> WebhookRow:
    """A webhook that the viewer sees; 404 where there is none."""
    row = find_webhook(connection, viewer.customer_id, webhook_id)
    if row is None:
        raise not_found("webhook", webhook_id)
    return row


def register(connection: Connection, viewer: Viewer, body: NewWebhook, secret: str) -> WebhookRow:
    """Make a webhook of what the viewer sees; its address was checked before."""
    customer_id = _scope(connection, viewer, body.customer_id, body.site_id)
    check_kinds(list(body.kinds), body.completeness_below_ratio)
    webhook_id = make_webhook(
        connection,
        {
            **body.model_dump(),
            "customer_id": customer_id,
            "secret": secret,
            "created_by": viewer.name,
            "created_at": viewer.actor.at,
        },
    )
    return the_webhook(connection, viewer, webhook_id)


def tell_test(connection: Connection, viewer: Viewer, row: WebhookRow) -> int | None:
    """Have a webhook called with an event of the kind `test`; returns the event's id."""
    return tell(
        connection,
        TEST,
        customer_id=row.customer_id,
        site_id=row.site_id,
        at=viewer.actor.at,
        details={"asked_by": viewer.name},
        only_webhook_id=row.webhook_id,
    )


def check_target(context: AppContext, url: str) -> None:
    """Refuse an address that is not to be called."""
    try:
        check_url(url, allow_private=context.webhooks_may_call_private)
    except ForbiddenTargetError as error:
        raise refused("url", url, str(error)) from error


def check_kinds(kinds: list[str], below_ratio: float | None) -> None:
    """Refuse kinds that lack what they need."""
    if "quality_low" in kinds and below_ratio is None:
        raise refused("completeness_below_ratio", None, "is required with the kind `quality_low`")


def _scope(
    connection: Connection, viewer: Viewer, customer_id: int | None, site_id: int | None
) -> int | None:
    """The customer of the webhook, whom the viewer must see; None for all customers."""
    if site_id is not None:
        site = named("site_id", site_id, lambda: the_site(connection, viewer, str(site_id)))
        if customer_id not in {None, site.customer_id}:
            raise refused("site_id", site_id, "must be a site of the customer")
        return site.customer_id
    if viewer.sees == "sites":
        raise refused("site_id", None, "must be given: you see some sites only")
    if customer_id is None and not viewer.is_staff and viewer.customer_id is None:
        raise refused("customer_id", None, "must be given: you see some customers only")
    if customer_id is None:
        customer_id = viewer.customer_id
    if customer_id is not None:
        named(
            "customer_id", customer_id, lambda: the_customer(connection, viewer, str(customer_id))
        )
    return customer_id
