"""What is due is made and put on its way, mails are sent; what fails is tried again.

Runs beside other jobs, in as many processes as there are: each takes what it does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from time import monotonic
from typing import Final

import structlog

from forecast.reports.archive import archived, checked, make_report
from forecast.reports.due import month_of, next_due
from forecast.reports.mail import message_of
from forecast.reports.report import FORMATS, Asked, NothingToReportError
from loadstone.clock import Clock
from loadstone.storage.audit import Actor, act_as
from loadstone.storage.pool import Pool
from loadstone.storage.read_only import DATABASE_AWAY, Connection
from loadstone.storage.report_deliveries import (
    DueMail,
    MailAttempt,
    NewDelivery,
    add_delivery,
    keep_mail_attempt,
    take_due_mail,
)
from loadstone.storage.report_schedules import (
    DueSchedule,
    schedule_done,
    schedule_failed,
    take_due_schedule,
)
from loadstone.storage.webhook_outbox import tell

_LOG = structlog.get_logger(__name__)
EVENT: Final = "report_ready"
# After the last of these a mail is given up: about a day after the first.
WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (60, 300, 900, 3600, 10_800, 21_600, 43_200)
)
_AGAIN: Final = timedelta(hours=1)
Send = Callable[[EmailMessage], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Postman:
    """Hands messages in as this sender; None of `send` where no mail server is known."""

    sender: str
    send: Send | None


def make_due(pool: Pool, clock: Clock) -> bool:
    """Make one report that is due and put it on its way; whether there was one."""
    now = clock()
    with pool.connection(timeout=5) as connection:
        due = take_due_schedule(connection, now)
    if due is None:
        return False
    begun_s = monotonic()
    try:
        with pool.connection(timeout=5) as connection:
            report_id = _make(connection, due, now)
    except DATABASE_AWAY:
        raise
    except NothingToReportError as error:
        _failed(pool, due, now, str(error))
        return True
    except Exception as error:  # noqa: BLE001 - one that cannot be made must not stop the others
        _failed(pool, due, now, f"{type(error).__name__}: {error}"[:300])
        return True
    _LOG.info(
        "report_made",
        report_id=report_id,
        report_schedule_id=due.report_schedule_id,
        kind=due.kind,
        duration_ms=round((monotonic() - begun_s) * 1000),
    )
    return True


def _make(connection: Connection, due: DueSchedule, now: datetime) -> int:
    # A customer's report outlives the account that asked for it; a portfolio is its maker's.
    role = due.database_role if due.customer_id is None else None
    act_as(connection, Actor(who=f"schedule of {due.created_by}", at=now, database_role=role))
    asked = Asked(
        customer_id=due.customer_id,
        site_id=due.site_id,
        month=month_of(due.due_at, due.zone),
        as_known_at=now.replace(microsecond=0),
    )
    report_id = make_report(
        connection, due.kind, asked, language=due.language, made_by=due.created_by, made_at=now
    )
    for address in due.recipients:
        add_delivery(
            connection,
            NewDelivery(
                report_id=report_id,
                report_schedule_id=due.report_schedule_id,
                channel="email",
                address=address,
                language=due.language,
                formats=due.formats,
                due_at=now,
            ),
        )
    tell_webhooks(connection, report_id, due, now)
    schedule_done(connection, due.report_schedule_id, next_due(due.day_of_month, due.zone, now))
    return report_id


def tell_webhooks(connection: Connection, report_id: int, due: DueSchedule, now: datetime) -> None:
    """Tell the schedule's webhook where the report is, else those that want to know of reports.

    Calls and repeats are the webhooks' own.
    """
    made = archived(connection, report_id)
    assert made is not None  # noqa: S101 - it was made in this transaction
    details = {
        "report_id": report_id,
        "kind": due.kind,
        "sha256": made.imprint.sha256.hex(),
        "headline": {"en": made.document.headline.en, "zh": made.document.headline.zh},
        "files": {form: f"/api/v1/reports/{report_id}/file?format={form}" for form in due.formats},
    }
    event_id = tell(
        connection, EVENT, customer_id=due.customer_id, site_id=due.site_id, at=now,
        details=details, only_webhook_id=due.webhook_id,
    )  # fmt: skip
    if event_id is None:
        return
    add_delivery(
        connection,
        NewDelivery(
            report_id=report_id,
            report_schedule_id=due.report_schedule_id,
            channel="webhook",
            address=str(due.webhook_id or ""),
            language=due.language,
            formats=due.formats,
            webhook_event_id=event_id,
            delivered_at=now,
        ),
    )


def _failed(pool: Pool, due: DueSchedule, now: datetime, error: str) -> None:
    again_at = now + _AGAIN
    following = next_due(due.day_of_month, due.zone, due.due_at)
    with pool.connection(timeout=5) as connection:
        schedule_failed(connection, due.report_schedule_id, min(again_at, following), error)
    _LOG.warning("report_not_made", report_schedule_id=due.report_schedule_id, error=error)


def send_due(pool: Pool, clock: Clock, postman: Postman) -> bool:
    """Send one mail that is due, once at least and seldom twice; whether there was one."""
    if postman.send is None:
        return False
    now = clock()
    with pool.connection(timeout=5) as connection:
        due = take_due_mail(connection, now)
    if due is None:
        return False
    begun_s = monotonic()
    error = _sent(due, postman, now)
    attempt = MailAttempt(
        attempt=due.attempts + 1, tried_at=now, error=error,
        duration_ms=round((monotonic() - begun_s) * 1000),
    )  # fmt: skip
    again_at = None
    if error is not None and attempt.attempt <= len(WAITS):
        again_at = now + WAITS[attempt.attempt - 1]
    with pool.connection(timeout=5) as connection:
        keep_mail_attempt(connection, due.report_delivery_id, attempt, again_at=again_at)
    _LOG.info(
        "report_mailed" if error is None else "report_not_mailed",
        report_id=due.report_id,
        attempt=attempt.attempt,
        error=error,
        duration_ms=attempt.duration_ms,
    )
    return True


def _sent(due: DueMail, postman: Postman, now: datetime) -> str | None:
    assert postman.send is not None  # noqa: S101 - the caller looked
    try:
        report = checked(due.document, due.report_id, due.sha256, due.made_at)
        formats = [form for form in FORMATS if form in due.formats]
        message = message_of(
            report, sender=postman.sender, address=due.address, language=due.language,
            formats=formats, at=now,
        )  # fmt: skip
        postman.send(message)
    except Exception as failed:  # noqa: BLE001 - it is noted, and one mail must not stop the others
        return f"{type(failed).__name__}: {failed}"[:300]
    return None
