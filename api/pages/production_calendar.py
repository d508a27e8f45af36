"""A customer's own calendar: what stands, adding to it, withdrawing, and what is not published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from api.context import Context
from api.errors import not_found
from api.i18n import TEXTS
from api.models.production import ProductionDayBody
from api.pages.calendar import local_day
from api.pages.crumbs import Crumb, customer_href
from api.pages.customer import visible_customer
from api.pages.forecast_words import years_text
from api.pages.frame import Frame, PageFrame
from api.production_days import entry_fault
from api.published_years import PublishedYears, occasion_name, published_years
from api.roles import demand
from api.sessions import CSRF_FIELD, check_csrf
from loadstone.storage.portfolio import CustomerRow
from loadstone.storage.production_days import (
    NewProductionDay,
    ProductionDayRow,
    production_day,
    production_days,
    put_production_day,
    withdraw_production_day,
)
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.forecast_sites import ForecastSite, forecast_sites

router = APIRouter(include_in_schema=False)
_Text = Annotated[str, Form(max_length=600)]
_KINDS = ("shutdown", "working", "event")
_MARKS = {"shutdown": "■", "working": "▲", "event": "◆"}
_LABELS = {"name": "pc.name", "kind": "pc.kind", "first_day": "pc.first", "last_day": "pc.last",
           "note": "pc.note", "site_id": "pc.where"}  # fmt: skip
_RULES = {"first_day": "pc.rule_date", "last_day": "pc.rule_date", "name": "pc.rule_name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One entry as the page shows it."""

    production_day_id: int
    name: str
    kind: str
    mark: str
    first: str
    last: str
    where: str
    note: str
    by: str
    may_end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarReads:
    """All that the page reads."""

    customer: CustomerRow
    sites: list[ForecastSite]
    entries: list[ProductionDayRow]
    public: list[PublishedYears]
    today: date
    zone: str
    sees_whole: bool


@router.get("/customers/{customer_id}/calendar")
def calendar(customer_id: int, frame: PageFrame, context: Context, done: str = "") -> Response:
    """The calendar, with a form for who may keep it."""
    with context.reading(frame.reader) as connection:
        reads = _read(connection, frame, customer_id, context.now())
    message = frame.t(f"pc.{done}") if done in {"saved", "ended"} else ""
    return _page(frame, reads, context.now(), message=message)


@router.post("/customers/{customer_id}/calendar")
def add(
    request: Request, customer_id: int, frame: PageFrame, context: Context,
    name: _Text = "", kind: _Text = "", first_day: _Text = "", last_day: _Text = "",
    note: _Text = "", site: _Text = "", token: Annotated[str, Form(alias=CSRF_FIELD)] = "",
) -> Response:  # fmt: skip
    """Add an entry, or show the form again with what is wrong."""
    check_csrf(request, token)
    demand(frame.reader, "calendars.change")
    form = {"name": name, "kind": kind, "first_day": first_day, "last_day": last_day,
            "note": note, "site": site}  # fmt: skip
    now = context.now()
    with context.reading(frame.reader) as connection:
        reads = _read(connection, frame, customer_id, now)
    site_id = next((s.site_id for s in reads.sites if str(s.site_id) == site), None)
    if site_id is None and (site or not reads.sees_whole):
        raise not_found("site", site)
    try:
        body = ProductionDayBody.model_validate(
            {"name": name.strip(), "kind": kind, "first_day": first_day,
             "last_day": last_day or first_day, "note": note.strip() or None}
        )  # fmt: skip
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        return _refused(frame, reads, now, form, field, _RULES.get(field, "fault.other"))
    fault = entry_fault(body, site_id, reads.entries)
    if fault is not None:
        return _refused(frame, reads, now, form, fault.field, fault.text)
    entry = NewProductionDay(
        customer_id=customer_id, site_id=site_id, name=body.name, kind=body.kind,
        first_day=body.first_day, last_day=body.last_day, note=body.note,
    )  # fmt: skip
    with context.writing(frame.reader.actor) as connection:
        put_production_day(connection, entry, frame.reader.name, now)
    return RedirectResponse(f"{calendar_href(customer_id)}?done=saved", status_code=303)


@router.post("/customers/{customer_id}/calendar/end")
def end(
    request: Request, customer_id: int, frame: PageFrame, context: Context,
    production_day_id: Annotated[int, Form(ge=1, le=2**31 - 1)],
    token: Annotated[str, Form(alias=CSRF_FIELD)] = "",
) -> Response:  # fmt: skip
    """Withdraw an entry; what was forecast by it stays said."""
    check_csrf(request, token)
    demand(frame.reader, "calendars.change")
    now = context.now()
    with context.reading(frame.reader) as connection:
        reads = _read(connection, frame, customer_id, now)
        row = production_day(connection, production_day_id)
    mine = row is not None and row.customer_id == customer_id and row.withdrawn_at is None
    if not mine or (row is not None and row.site_id is None and not reads.sees_whole):
        raise not_found("entry", production_day_id)
    with context.writing(frame.reader.actor) as connection:
        withdraw_production_day(connection, production_day_id, frame.reader.name, now)
    return RedirectResponse(f"{calendar_href(customer_id)}?done=ended", status_code=303)


def calendar_href(customer_id: int) -> str:
    """The calendar's page."""
    return f"{customer_href(customer_id)}/calendar"


def _read(connection: Connection, frame: Frame, customer_id: int, now: datetime) -> CalendarReads:
    customer = visible_customer(connection, frame, customer_id)
    sites = forecast_sites(connection, customer_id)
    zone = sites[0].zone if sites else "UTC"
    today = local_day(now, zone)
    viewer = frame.reader
    return CalendarReads(
        customer=customer, sites=sites, today=today, zone=zone,
        entries=production_days(connection, customer_id=customer_id),
        public=[published_years(site, today) for site in sites],
        sees_whole=viewer.is_staff
        or (viewer.sees == "customers" and customer_id in viewer.customer_ids),
    )  # fmt: skip


def _refused(
    frame: Frame, reads: CalendarReads, now: datetime, form: Mapping[str, str], field: str,
    rule: str,
) -> Response:  # fmt: skip
    label = frame.t(_LABELS.get(field, "pc.name"))
    said = frame.t(rule) if rule in TEXTS else ""
    text = frame.t("pc.refused", field=label, rule=said)
    return _page(frame, reads, now, form=form, refusal=text, wrong=field, status=422)


def _page(
    frame: Frame, reads: CalendarReads, now: datetime, *, message: str = "", refusal: str = "",
    wrong: str = "", form: Mapping[str, str] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    t = frame.t
    may = frame.reader.may("calendars.change")
    coming = [row for row in reads.entries if row.last_day >= reads.today]
    past = [row for row in reads.entries if row.last_day < reads.today][::-1]
    empty = dict.fromkeys(("name", "kind", "first_day", "last_day", "note", "site"), "")

    def rows(entries: Sequence[ProductionDayRow]) -> list[EntryRow]:
        return [_row(frame, reads, row, now, may=may) for row in entries]

    here = Crumb(label=t.name(reads.customer), href=customer_href(reads.customer.customer_id))
    return frame.page(
        "production_calendar.html", section="forecasts", status=status, customer=reads.customer,
        way=[here], coming=rows(coming), past=rows(past), sites=reads.sites,
        sees_whole=reads.sees_whole, kinds=_KINDS, form={**empty, **(form or {})},
        public=_public_lines(frame, reads), may_change=may, message=message, refusal=refusal,
        wrong=wrong, path=calendar_href(reads.customer.customer_id), zone=reads.zone,
        occasions=_occasions(frame, reads),
    )  # fmt: skip


def _row(
    frame: Frame, reads: CalendarReads, row: ProductionDayRow, now: datetime, *, may: bool
) -> EntryRow:
    t, f = frame.t, frame.f
    site = next((s for s in reads.sites if s.site_id == row.site_id), None)
    return EntryRow(
        production_day_id=row.production_day_id, name=row.name, kind=t(f"pc.kind_{row.kind}"),
        mark=_MARKS[row.kind], first=f.day(row.first_day, weekday=True, year=True),
        last=f.day(row.last_day, weekday=True, year=True),
        where=t.name(site, "site") if site else t("pc.all_sites"), note=row.note or "",
        by=f"{row.entered_by} · {f.instant(row.entered_at, reads.zone, now)}",
        may_end=may and (row.site_id is not None or reads.sees_whole),
    )  # fmt: skip


def _public_lines(frame: Frame, reads: CalendarReads) -> list[tuple[bool, str]]:
    """(Whether something is missing, the sentence) a country; sites without one by name."""
    t = frame.t
    lines: dict[str, tuple[bool, str]] = {}
    for one in reads.public:
        if one.country is None:
            name = t.name(one.site, "site")
            lines[name] = (True, t("pc.public_none", site=name))
            continue
        place = " ".join(part for part in (one.country, one.site.subdivision) if part)
        if one.unpublished_years:
            years = years_text(frame, one.unpublished_years)
            lines[place] = (True, t("pc.public_missing", country=place, years=years))
        else:
            lines[place] = (False, t("pc.public_ok", country=place, year=one.last_year))
    return list(lines.values())


def _occasions(frame: Frame, reads: CalendarReads) -> list[tuple[str, str, str]]:
    """(Days, name, its language) of the next public holidays of the first site that has any."""
    public = next((one for one in reads.public if one.next_occasions), None)
    if public is None or public.country is None:
        return []
    lines = []
    for one in public.next_occasions:
        name, language = occasion_name(one, public.country, frame.t.language)
        first = frame.f.day(one.start, weekday=one.start == one.end)
        days = first if one.start == one.end else f"{first} – {frame.f.day(one.end)}"
        lines.append((days, name, language))
    return lines
