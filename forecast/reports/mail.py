"""Reports by e-mail: the page as the body, files as attachments, over SMTP."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Final, Literal

from forecast.reports.archive import MadeReport
from forecast.reports.render import MEDIA_TYPES
from forecast.reports.report import Format
from forecast.reports.text import Language

Security = Literal["none", "starttls", "tls"]
_TIMEOUT_S: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in, as whom, and what it says it is from; `security` how."""

    host: str
    port: int
    security: Security
    user: str | None
    password: str | None
    sender: str

    def send(self, message: EmailMessage) -> None:
        """Hand a message in; raises OSError or smtplib.SMTPException where it is not taken."""
        context = ssl.create_default_context()
        if self.security == "tls":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=_TIMEOUT_S, context=context
            )
        else:
            client = smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT_S)
        with client:
            if self.security == "starttls":
                client.starttls(context=context)
            if self.user is not None:
                client.login(self.user, self.password or "")
            client.send_message(message)


def message_of(
    report: MadeReport, *, sender: str, address: str, language: Language,
    formats: Sequence[Format], at: datetime,
) -> EmailMessage:  # fmt: skip
    """One mail to one address: what the report says first, the page, and the files."""
    document = report.document
    message = EmailMessage()
    subject = (document.title, document.subject, document.period)
    message["Subject"] = _line(" · ".join(text.into(language) for text in subject))
    message["From"] = sender
    message["To"] = address
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(f"report-{report.imprint.report_id}", sender_domain(sender))
    message["Auto-Submitted"] = "auto-generated"
    said = [document.headline, *([document.lead] if document.lead else [])]
    message.set_content("\n\n".join(text.into(language, "lines") for text in said) + "\n")
    if "html" in formats:
        page = report.file("html", language).decode()
        message.add_alternative(page, subtype="html")
    for form in formats:
        if form != "html":
            _attach(message, report, form, language)
    return message


def file_name(report: MadeReport, form: Format) -> str:
    """What a report's file is called: kind, month by its first day, number."""
    month = report.document.facts[1].value.en[:7] if len(report.document.facts) > 1 else ""
    parts = (report.document.kind, month, report.imprint.name)
    return "_".join(part for part in parts if part and part != "—") + f".{form}"


def sender_domain(sender: str) -> str:
    """The part behind the @ of an address, as message ids end."""
    return sender.rpartition("@")[2].strip("> ") or "localhost"


def _attach(message: EmailMessage, report: MadeReport, form: Format, language: Language) -> None:
    main, _, sub = MEDIA_TYPES[form].partition(";")[0].partition("/")
    message.add_attachment(
        report.file(form, language), maintype=main, subtype=sub, filename=file_name(report, form)
    )


def _line(said: str) -> str:
    """A header's text: no line ends, which would begin another header."""
    return " ".join(said.split())
