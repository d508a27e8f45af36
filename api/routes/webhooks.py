"""Webhooks: who is told of what, and how the calls went.

They are read as they are written, not under the viewer's own database role: a webhook's secret is
for nobody to read, and the queries narrow by customer themselves.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api.changes import Changing
from api.context import Context
from api.etags import tagged
from api.fast_json import FastJson
from api.identity import Viewer
from api.list_parameters import Paging
from api.lookup import RowId
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
from api.roles import permitted
from api.webhook_changes import (
    check_kinds,
    check_target,
    new_webhook_secret,
    register,
    tell_test,
    the_webhook,
)
from loadstone.storage.read_only import Connection
from loadstone.storage.webhooks import (
    WebhookRow,
    change_webhook,
    list_deliveries,
    list_webhooks,
    remove_webhook,
)

router = APIRouter(tags=["webhooks"])
Keeper = Annotated[Viewer, Depends(permitted("webhooks.change"))]


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
        return tagged(the_webhook(connection, viewer, webhook_id))


@router.post("/webhooks", status_code=201, response_model=WebhookWithSecret)
def make(change: Changing, viewer: Keeper, body: NewWebhook) -> Response:
    """Register a webhook; the secret is told now and never again."""
    check_target(change.context, body.url)
    secret = new_webhook_secret()

    def work(connection: Connection) -> dict[str, Any]:
        return {**asdict(register(connection, viewer, body, secret)), "secret": secret}

    return change.perform(work, status=201, once_only={"secret": None})


@router.patch("/webhooks/{webhook_id}", response_model=Webhook)
def change_one(
    change: Changing, viewer: Keeper, webhook_id: RowId, body: WebhookChange
) -> Response:
    """Change what is sent of a webhook, or let it be told of nothing for a while."""
    values = body.given()
    if "url" in values:
        check_target(change.context, body.url)

    def work(connection: Connection) -> WebhookRow:
        row = the_webhook(connection, viewer, webhook_id)
        change.check_match(row)
        changed = {name: value for name, value in values.items() if name != "enabled"}
        if "enabled" in values:
            now = change.context.now()
            changed["disabled_at"] = None if body.enabled else (row.disabled_at or now)
        whole = asdict(row) | changed
        check_kinds(whole["kinds"], whole["completeness_below_ratio"])
        change_webhook(connection, webhook_id, changed)
        return the_webhook(connection, viewer, webhook_id)

    return change.perform(work)


@router.delete("/webhooks/{webhook_id}", response_model=Webhook)
def remove(change: Changing, viewer: Keeper, webhook_id: RowId) -> Response:
    """Remove a webhook, with what is still to be told to it; answers with what it was."""

    def work(connection: Connection) -> WebhookRow:
        row = the_webhook(connection, viewer, webhook_id)
        change.check_match(row)
        remove_webhook(connection, webhook_id)
        return row

    return change.perform(work)


@router.post("/webhooks/{webhook_id}/secret", status_code=201, response_model=WebhookWithSecret)
def make_secret(change: Changing, viewer: Keeper, webhook_id: RowId) -> Response:
    """Give a webhook a new secret; the old one signs nothing any more."""
    secret = new_webhook_secret()

    def work(connection: Connection) -> dict[str, Any]:
        row = the_webhook(connection, viewer, webhook_id)
        change.check_match(row)
        change_webhook(connection, webhook_id, {"secret": secret})
        return {**asdict(row), "secret": secret}

    return change.perform(work, status=201, once_only={"secret": None})


@router.post("/webhooks/{webhook_id}/test", status_code=202, response_model=WebhookTest)
def test_call(change: Changing, viewer: Keeper, webhook_id: RowId) -> Response:
    """Call a webhook with an event of the kind `test`, even a disabled one; see deliveries."""

    def work(connection: Connection) -> dict[str, Any]:
        row = the_webhook(connection, viewer, webhook_id)
        return {"webhook_event_id": tell_test(connection, viewer, row)}

    return change.perform(work, status=202)


@router.get("/webhooks/{webhook_id}/deliveries", response_model=Page[WebhookDelivery])
def deliveries(
    context: Context, viewer: Keeper, webhook_id: RowId, wanted: Annotated[Paging, Query()]
) -> Response:
    """What was told in the last 30 days, the newest first, with every call that was made."""
    part = wanted.part("-webhook_delivery_id")
    with context.writing(viewer.actor) as connection:
        the_webhook(connection, viewer, webhook_id)
        rows = list_deliveries(connection, webhook_id, part)
    return FastJson(page_of(rows, wanted.limit, "-webhook_delivery_id", "webhook_delivery_id"))
