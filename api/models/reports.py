"""Reports and their schedules as asked for and as answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from api.models.fields import Answer, Instant
from api.models.registry_bodies import Body, Change
from api.parameters import IdParameter, InstantParameter

ReportLanguage = Literal["en", "zh", "both"]
ReportFormat = Literal["html", "pdf", "xlsx"]


def _month(text: str) -> str:
    if not 2010 <= int(text[:4]) <= 2199:
        raise ValueError("must lie in the years 2010 to 2199")
    return text


def _address(text: str) -> str:
    name, at, host = text.partition("@")
    if not (at and name and "." in host.strip(".") and text.isascii() and text.isprintable()):
        raise ValueError("must be an e-mail address")
    if any(one in ' ,;<>()"\\@' for one in name + host):
        raise ValueError("must be an e-mail address and nothing else")
    return text


Month = Annotated[
    str,
    Field(
        pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
        description="A month of the premises' calendar.",
        examples=["2026-10"],
    ),
    AfterValidator(_month),
]
Kind = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="See `GET /reports/kinds`.",
          examples=["monthly_energy"]),
]  # fmt: skip
_Language = Annotated[ReportLanguage, Field(description="`both`: Chinese and English.")]
_Formats = Annotated[
    list[ReportFormat],
    Field(min_length=1, max_length=3, description="HTML is the mail's body.", examples=[["pdf"]]),
]
_PAGE_AND_PDF: Any = Field(default_factory=lambda: ["html", "pdf"])
_Recipient = Annotated[
    str,
    Field(min_length=3, max_length=254, examples=["director@example.com"]),
    AfterValidator(_address),
]
_Recipients = Annotated[
    list[_Recipient], Field(max_length=20, description="Each has a mail of its own.")
]
_DayOfMonth = Annotated[
    int, Field(ge=1, le=28, description="Made on its morning, of the month before.", examples=[2])
]
_Webhook = Annotated[
    IdParameter | None,
    Field(description="The one that is told; null: those that want `report_ready`."),
]


class ReportKind(Answer):
    """A kind of report."""

    kind: Kind
    scope: Annotated[
        Literal["customer", "portfolio"],
        Field(description="Of one customer, or of all that are seen."),
    ]
    title_en: Annotated[str, Field(examples=["Monthly energy report"])]
    title_zh: Annotated[str, Field(examples=["月度用电报告"])]
    about_en: str
    about_zh: str


class ReportKinds(Answer):
    """All kinds of reports."""

    data: list[ReportKind]


class NewReport(Body):
    """A report to be made."""

    kind: Kind
    customer_id: Annotated[
        IdParameter | None, Field(description="Null for a portfolio, else required.")
    ] = None
    site_id: Annotated[
        IdParameter | None, Field(description="One of the customer's sites; null: all.")
    ] = None
    month: Month
    language: _Language = "en"
    as_known_at: Annotated[
        InstantParameter | None,
        Field(description="As known then; null: now. Made once for each such instant."),
    ] = None


class Report(Answer):
    """An archived report."""

    report_id: Annotated[int, Field(examples=[123])]
    kind: Kind
    customer_id: Annotated[int | None, Field(description="null: of a portfolio.", examples=[7])]
    customer_en: str | None
    customer_zh: str | None
    site_id: Annotated[int | None, Field(description="null: of all sites.")]
    customer_count: Annotated[int, Field(description="Customers in it.", examples=[1])]
    month: Month
    language: Annotated[ReportLanguage, Field(description="Of its files, unless asked otherwise.")]
    as_known_at: Instant
    made_at: Instant
    made_by: Annotated[str, Field(examples=["li.na"])]
    sha256: Annotated[
        str,
        Field(description="Of its document; the same data known at the same instant give the "
              "same.", examples=["9f86d081884c7d65"]),
    ]  # fmt: skip


class ReportAttempt(Answer):
    """One try to send a report."""

    attempt: Annotated[int, Field(examples=[1])]
    tried_at: Instant
    error: Annotated[str | None, Field(description="null: it was taken.")]
    duration_ms: Annotated[int, Field(examples=[120])]


class ReportDelivery(Answer):
    """A report on its way to one address."""

    report_delivery_id: Annotated[int, Field(examples=[9])]
    report_id: Annotated[int, Field(examples=[123])]
    report_schedule_id: Annotated[int | None, Field(description="null: sent by hand.")]
    channel: Literal["email", "webhook"]
    address: Annotated[str, Field(description="Address, or the webhook's id.")]
    language: ReportLanguage
    formats: list[ReportFormat]
    due_at: Annotated[Instant | None, Field(description="When it is tried next; null: over.")]
    delivered_at: Instant | None
    given_up_at: Instant | None
    attempts: list[ReportAttempt]


class ReportMail(Body):
    """To whom a report is to be mailed now."""

    recipients: Annotated[list[_Recipient], Field(min_length=1, max_length=20)]
    language: _Language | None = None
    formats: _Formats = _PAGE_AND_PDF


class ReportSent(Answer):
    """Mails that were put on their way."""

    report_id: Annotated[int, Field(examples=[123])]
    recipients: list[str]


class NewReportSchedule(Body):
    """A report to be made every month, and sent."""

    kind: Kind
    customer_id: Annotated[
        IdParameter | None, Field(description="Null for a portfolio, else required.")
    ] = None
    site_id: IdParameter | None = None
    day_of_month: _DayOfMonth = 2
    language: _Language = "en"
    formats: _Formats = _PAGE_AND_PDF
    recipients: _Recipients = Field(default_factory=list)
    webhook_id: _Webhook = None


class ReportScheduleChange(Change):
    """What is to be different of a schedule."""

    day_of_month: _DayOfMonth = Field(default_factory=int)
    language: _Language = Field(default_factory=lambda: "en")
    formats: _Formats = Field(default_factory=list)
    recipients: _Recipients = Field(default_factory=list)
    webhook_id: _Webhook = None
    enabled: bool = Field(default_factory=bool, description="Whether it is made by itself.")


class ReportSchedule(Answer):
    """A report that is made every month by itself."""

    report_schedule_id: Annotated[int, Field(examples=[4])]
    kind: Kind
    customer_id: int | None
    customer_en: str | None
    customer_zh: str | None
    site_id: int | None
    zone: Annotated[str, Field(description="By whose clock.", examples=["Asia/Shanghai"])]
    day_of_month: _DayOfMonth
    language: ReportLanguage
    formats: list[ReportFormat]
    recipients: list[str]
    webhook_id: int | None
    created_by: str
    created_at: Instant
    due_at: Annotated[Instant | None, Field(description="When it is made next; null: stopped.")]
    failures: Annotated[int, Field(description="Since it last worked.", examples=[0])]
    last_error: str | None


def month_of(text: str) -> date:
    """The first day of a month such as 2026-10."""
    return date.fromisoformat(f"{text}-01")


def known_at(given: datetime | None, now: datetime) -> datetime:
    """To the second, as reports are known."""
    return (given or now).replace(microsecond=0)
