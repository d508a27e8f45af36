"""Reports that are made and sent by themselves, in a thread of `loadstone work`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import click

from forecast.reports.mail import MailServer
from forecast.reports.scheduled import Postman
from forecast.reports.worker import ReportWorker
from loadstone.cli.environment import database_url
from loadstone.clock import utc_now
from loadstone.settings import Settings
from loadstone.storage.pool import open_pool


@contextmanager
def report_jobs(settings: Settings, stop: Event) -> Iterator[None]:
    """Make and send what is due in a thread of its own: a slow mail server holds nothing up."""
    worker = ReportWorker(
        pool=open_pool(database_url(settings), most=2, name="loadstone-reports"),
        clock=utc_now,
        postman=postman(settings),
    )
    thread = Thread(target=worker.run, args=[stop], name="reports", daemon=True)
    with worker.pool:
        thread.start()
        yield
        thread.join(15)


def postman(settings: Settings) -> Postman:
    """Who hands mail in, by the settings; without a server mails wait."""
    if settings.smtp_host is None:
        return Postman(sender="", send=None)
    if settings.smtp_sender is None:
        raise click.ClickException("LOADSTONE_SMTP_HOST needs LOADSTONE_SMTP_SENDER")
    password = settings.smtp_password
    server = MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=password.get_secret_value() if password else None,
        sender=settings.smtp_sender,
    )
    return Postman(sender=server.sender, send=server.send)
