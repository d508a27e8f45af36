"""Telling those who want to know: what is due is called, and what failed is tried again later."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from loadstone.clock import Clock
from loadstone.storage.pool import Pool
from loadstone.storage.webhook_outbox import Attempt, DueDelivery, keep_attempt, take_due
from loadstone.webhooks.call import CallResult
from loadstone.webhooks.signing import SIGNATURE_HEADER, signature

_LOG = structlog.get_logger(__name__)
Call = Callable[[str, Mapping[str, str], bytes], CallResult]
# After the last of these it is given up: about a day after the event.
WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600, 10_800, 21_600, 43_200)
)
_AT_ONCE = 20


def deliver_due(pool: Pool, clock: Clock, call: Call) -> int:
    """Make the calls that are due; returns how many. Each is told once at least, seldom twice."""
    with pool.connection(timeout=5) as connection:
        due = take_due(connection, clock(), _AT_ONCE)
    for delivery in due:
        _deliver(pool, clock, call, delivery)
    return len(due)


def _deliver(pool: Pool, clock: Clock, call: Call, delivery: DueDelivery) -> None:
    at = clock()
    body = _body(delivery)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Loadstone",
        "Loadstone-Event": delivery.kind,
        "Loadstone-Delivery": str(delivery.webhook_delivery_id),
        SIGNATURE_HEADER: signature(delivery.secret, at, body),
    }
    result = call(delivery.url, headers, body)
    attempt = delivery.attempts + 1
    again_at = None if result.is_delivered else _again_at(attempt, at)
    with pool.connection(timeout=5) as connection:
        keep_attempt(
            connection,
            delivery.webhook_delivery_id,
            Attempt(
                attempt=attempt,
                tried_at=at,
                status=result.status,
                error=result.error,
                duration_ms=result.duration_ms,
            ),
            again_at=again_at,
        )
    _LOG.info(
        "webhook_called",
        webhook_id=delivery.webhook_id,
        kind=delivery.kind,
        attempt=attempt,
        status=result.status,
        error=result.error,
        duration_ms=result.duration_ms,
    )


def _again_at(attempt: int, at: datetime) -> datetime | None:
    return at + WAITS[attempt - 1] if attempt <= len(WAITS) else None


def _body(delivery: DueDelivery) -> bytes:
    told = {
        "event_id": delivery.webhook_event_id,
        "kind": delivery.kind,
        "happened_at": delivery.happened_at.isoformat().replace("+00:00", "Z"),
        "customer_id": delivery.customer_id,
        "site_id": delivery.site_id,
        "details": delivery.details,
    }
    return json.dumps(told, ensure_ascii=False).encode()
