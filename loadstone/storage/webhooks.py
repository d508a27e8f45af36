"""Webhooks as they are registered and looked at; `only_customer_id` as in `portfolio`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from loadstone.storage.keyset import PagedQuery, Part, SortColumn


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRow:
    """A webhook without its secret; counts are of the calls of the last 30 days."""

    webhook_id: int
    name: str
    url: str
    kinds: list[str]
    customer_id: int | None
    site_id: int | None
    completeness_below_ratio: float | None
    created_by: str
    created_at: datetime
    disabled_at: datetime | None
    delivered: int
    waiting: int
    given_up: int


_WEBHOOKS = """
SELECT w.webhook_id, w.name, w.url, w.kinds, w.customer_id, w.site_id, w.completeness_below_ratio,
    w.created_by, w.created_at, w.disabled_at, c.delivered, c.waiting, c.given_up
FROM visible.webhook w CROSS JOIN LATERAL (
    SELECT count(d.delivered_at)::int AS delivered, count(d.due_at)::int AS waiting,
        count(d.given_up_at)::int AS given_up
    FROM core.webhook_delivery d WHERE d.webhook_id = w.webhook_id) c
WHERE (%(only)s::int IS NULL OR w.customer_id = %(only)s)
"""
_WEBHOOK_PAGE = PagedQuery(
    WebhookRow,
    _WEBHOOKS,
    "w.webhook_id",
    {"webhook_id": SortColumn(expression="w.webhook_id", type="int")},
)
_ONE = _WEBHOOKS + "AND w.webhook_id = %(webhook_id)s"


def list_webhooks(
    connection: psycopg.Connection, only_customer_id: int | None, part: Part
) -> list[WebhookRow]:
    """A part of the webhooks."""
    return _WEBHOOK_PAGE.rows(connection, part, {"only": only_customer_id})


def find_webhook(
    connection: psycopg.Connection, only_customer_id: int | None, webhook_id: int
) -> WebhookRow | None:
    """One webhook; None where there is none in the scope."""
    values = {"only": only_customer_id, "webhook_id": webhook_id}
    cursor = connection.cursor(row_factory=class_row(WebhookRow))
    return cursor.execute(_ONE, values).fetchone()


_MAKE = """
INSERT INTO core.webhook (customer_id, site_id, name, url, secret, kinds, completeness_below_ratio,
    created_by, created_at)
VALUES (%(customer_id)s, %(site_id)s, %(name)s, %(url)s, %(secret)s, %(kinds)s,
    %(completeness_below_ratio)s, %(created_by)s, %(created_at)s)
RETURNING webhook_id
"""


def make_webhook(connection: psycopg.Connection, values: dict[str, Any]) -> int:
    """Register a webhook; returns its id."""
    row = connection.execute(_MAKE, values).fetchone()
    assert row is not None  # noqa: S101 - RETURNING always gives the row
    return int(row[0])


def change_webhook(connection: psycopg.Connection, webhook_id: int, values: dict[str, Any]) -> None:
    """Change some columns of a webhook."""
    if not values:
        return
    statement = sql.SQL("UPDATE core.webhook SET {changes} WHERE webhook_id = {mark}").format(
        changes=sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder()) for name in values
        ),
        mark=sql.Placeholder(),
    )
    connection.execute(statement, [*values.values(), webhook_id])


_REMOVE = "DELETE FROM core.webhook WHERE webhook_id = %s"


def remove_webhook(connection: psycopg.Connection, webhook_id: int) -> None:
    """Remove a webhook and what is still to be told to it."""
    connection.execute(_REMOVE, [webhook_id])


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """What was told, or is to be, and how the calls went."""

    webhook_delivery_id: int
    webhook_event_id: int
    kind: str
    happened_at: datetime
    details: dict[str, Any]
    due_at: datetime | None
    delivered_at: datetime | None
    given_up_at: datetime | None
    attempts: Sequence[dict[str, Any]]


_DELIVERY_PAGE = PagedQuery(
    DeliveryRow,
    """
SELECT d.webhook_delivery_id, d.webhook_event_id, e.kind, e.happened_at, e.details, d.due_at,
    d.delivered_at, d.given_up_at,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('attempt', a.attempt, 'tried_at', a.tried_at,
        'status', a.status, 'error', a.error, 'duration_ms', a.duration_ms) ORDER BY a.attempt),
        '[]') FROM core.webhook_attempt a
     WHERE a.webhook_delivery_id = d.webhook_delivery_id) AS attempts
FROM core.webhook_delivery d JOIN core.webhook_event e USING (webhook_event_id)
WHERE d.webhook_id = %(webhook_id)s
""",
    "d.webhook_delivery_id",
    {
        "webhook_delivery_id": SortColumn(expression="d.webhook_delivery_id", type="bigint"),
    },
)


def list_deliveries(
    connection: psycopg.Connection, webhook_id: int, part: Part
) -> list[DeliveryRow]:
    """A part of what a webhook was told."""
    return _DELIVERY_PAGE.rows(connection, part, {"webhook_id": webhook_id})
