"""Webhooks: who is told of what, and how the calls went.

They are read as they are written, not under the viewer's own database role: a webhook's secret is
for nobody to read, and the queries narrow by customer themselves.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api.changes import Change, Changing
from api.context import Context
from api.errors import not_found, refused
from api.etags import tagged
from api.fast_json import FastJson
from api.identity import Viewer
from api.list_parameters import Paging
from api.lookup import RowId, the_customer, the_site
from api.models.fields import Page
from api.models.webhooks import (
    NewWebhook,
    Webhook,
    WebhookChange,
    WebhookDelivery,
    WebhookTest,
    WebhookWithSecret,
)
from api.paging import page_of
from api.registry_edits import named
from api.roles import permitted
from loadstone.storage.read_only import Connection
from loadstone.storage.tokens import new_secret
from loadstone.storage.webhook_outbox import tell
from loadstone.storage.webhooks import (
    WebhookRow,
    change_webhook,
    find_webhook,
    list_deliveries,
    list_webhooks,
    make_webhook,
    remove_webhook,
)
from loadstone.webhooks.addresses import ForbiddenTargetError, check_url
from loadstone.webhooks.kinds import TEST

router = APIRouter(tags=["webhooks"])
_SECRET_PREFIX = "whsec_"  # noqa: S105 - tells a leaked secret from other text

Keeper = Annotated[Viewer, Depends(permitted("webhooks.change"))]


def _the_webhook(connection: Connection, viewer: Viewer, webhook_id: int) -> WebhookRow:
    row = find_webhook(connection, viewer.customer_id, webhook_id)
    if row is None:
        raise not_found("webhook", webhook_id)
    return row


@router.get("/webhooks", response_model=Page[Webhook])
def webhooks(context: Context, viewer: Keeper, wanted: Annotated[Paging, Query()]) -> Response:
    """Webhooks by id."""
    part = wanted.part("webhook_id")
    with context.writing(viewer.actor) as connection:
        rows = list_webhooks(connection, viewer.customer_id, part)
    return FastJson(page_of(rows, wanted.limit, "webhook_id", "webhook_id"))


@router.get("/webhooks/{webhook_id}", response_model=Webhook)
def webhook(context: Context, viewer: Keeper, webhook_id: RowId) -> Response:
    """One webhook."""
    with context.writing(viewer.actor) as connection:
        return tagged(_the_webhook(connection, viewer, webhook_id))


@router.post("/webhooks", status_code=201, response_model=WebhookWithSecret)
def make(change: Changing, viewer: Keeper, body: NewWebhook) -> Response:
    """Register a webhook; the secret is told now and never again."""
    _check_url(change, body.url)
    secret = new_secret(_SECRET_PREFIX)

    def work(connection: Connection) -> dict[str, Any]:
        customer_id = _scope(connection, viewer, body.customer_id, body.site_id)
        _check_kinds(list(body.kinds), body.completeness_below_ratio)
        webhook_id = make_webhook(
            connection,
            {
                **body.model_dump(),
                "customer_id": customer_id,
                "secret": secret,
                "created_by": viewer.name,
                "created_at": change.context.now(),
            },
        )
        return {**asdict(_the_webhook(connection, viewer, webhook_id)), "secret": secret}

    return change.perform(work, status=201, once_only={"secret": None})


@router.patch("/webhooks/{webhook_id}", response_model=Webhook)
def change_one(
    change: Changing, viewer: Keeper, webhook_id: RowId, body: WebhookChange
) -> Response:
    """Change what is sent of a webhook, or let it be told of nothing for a while."""
    values = body.given()
    if "url" in values:
        _check_url(change, body.url)

    def work(connection: Connection) -> WebhookRow:
        row = _the_webhook(connection, viewer, webhook_id)
        change.check_match(row)
        changed = {name: value for name, value in values.items() if name != "enabled"}
        if "enabled" in values:
            now = change.context.now()
            changed["disabled_at"] = None if body.enabled else (row.disabled_at or now)
        whole = asdict(row) | changed
        _check_kinds(whole["kinds"], whole["completeness_below_ratio"])
        change_webhook(connection, webhook_id, changed)
        return _the_webhook(connection, viewer, webhook_id)

    return change.perform(work)


@router.delete("/webhooks/{webhook_id}", response_model=Webhook)
def remove(change: Changing, viewer: Keeper, webhook_id: RowId) -> Response:
    """Remove a webhook, with what is still to be told to it; answers with what it was."""

    def work(connection: Connection) -> WebhookRow:
        row = _the_webhook(connection, viewer, webhook_id)
        change.check_match(row)
        remove_webhook(connection, webhook_id)
        return row

    return change.perform(work)


@router.post("/webhooks/{webhook_id}/secret", status_code=201, response_model=WebhookWithSecret)
def make_secret(change: Changing, viewer: Keeper, webhook_id: RowId) -> Response:
    """Give a webhook a new secret; the old one signs nothing any more."""
    secret = new_secret(_SECRET_PREFIX)

    def work(connection: Connection) -> dict[str, Any]:
        row = _the_webhook(connection, viewer, webhook_id)
        change.check_match(row)
        change_webhook(connection, webhook_id, {"secret": secret})
        return {**asdict(row), "secret": secret}

    return change.perform(work, status=201, once_only={"secret": None})


@router.post("/webhooks/{webhook_id}/test", status_code=202, response_model=WebhookTest)
def test_call(change: Changing, viewer: Keeper, webhook_id: RowId) -> Response:
    """Call a webhook with an event of the kind `test`, even a disabled one; see deliveries."""

    def work(connection: Connection) -> dict[str, Any]:
        row = _the_webhook(connection, viewer, webhook_id)
        event_id = tell(
            connection,
            TEST,
            customer_id=row.customer_id,
            site_id=row.site_id,
            at=change.context.now(),
            details={"asked_by": viewer.name},
            only_webhook_id=webhook_id,
        )
        return {"webhook_event_id": event_id}

    return change.perform(work, status=202)


@router.get("/webhooks/{webhook_id}/deliveries", response_model=Page[WebhookDelivery])
def deliveries(
    context: Context, viewer: Keeper, webhook_id: RowId, wanted: Annotated[Paging, Query()]
) -> Response:
    """What was told in the last 30 days, the newest first, with every call that was made."""
    part = wanted.part("-webhook_delivery_id")
    with context.writing(viewer.actor) as connection:
        _the_webhook(connection, viewer, webhook_id)
        rows = list_deliveries(connection, webhook_id, part)
    return FastJson(page_of(rows, wanted.limit, "-webhook_delivery_id", "webhook_delivery_id"))


def _check_url(change: Change, url: str) -> None:
    try:
        check_url(url, allow_private=change.context.webhooks_may_call_private)
    except ForbiddenTargetError as error:
        raise refused("url", url, str(error)) from error


def _check_kinds(kinds: list[str], below_ratio: float | None) -> None:
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
