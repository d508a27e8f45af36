"""The prices of a customer: seen by all who see it, changed by who keeps its account."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from api.context import AppContext, Context
from api.errors import ProblemError
from api.models.prices import PriceBody
from api.pages.crumbs import Crumb, customer_href
from api.pages.customer import visible_customer
from api.pages.form_faults import form_faults, said_rule
from api.pages.frame import Frame, PageFrame
from api.pages.opportunity_words import currency_sign
from api.price_changes import clock_of, price_from, prices_from
from api.registry_edits import sees_whole_customers
from api.roles import demand
from api.sessions import CSRF_FIELD, check_csrf
from loadstone.domain.prices import BASES, PERIODS, POWER_FACTOR_STANDARDS, Price, PriceWindow
from loadstone.storage.portfolio import CustomerRow
from loadstone.storage.prices import prices_of, put_prices

router = APIRouter(include_in_schema=False)
_Line = Annotated[str, Form(max_length=4000)]
_Csrf = Annotated[str, Form(alias=CSRF_FIELD)]
_HOURS = re.compile(r"([\w ]+?)\s+(\d\d:\d\d)\s*[-–至]\s*(\d\d:\d\d)(?:\s+([\d,，\s]+))?")
NUMBERS = (
    *(f"{period}_per_kwh" for period in PERIODS),
    "demand_per_kw_month", "capacity_per_kva_month", "feed_in_per_kwh",
)  # fmt: skip
_LABELS = {
    **{f"{period}_per_kwh": f"price.{period}" for period in PERIODS},
    "demand_per_kw_month": "price.demand", "capacity_per_kva_month": "price.capacity",
    "feed_in_per_kwh": "price.feed_in", "valid_from": "price.from", "windows": "price.hours",
    "currency": "price.currency", "basis": "price.basis",
    "power_factor_standard_ratio": "price.standard",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceView:
    """What counts from a day on, as the page shows it."""

    price: Price
    day: str
    rates: list[tuple[str, str]]
    hours: list[str]
    charge: str


@router.get("/customers/{customer_id}/prices")
def prices(
    customer_id: int, frame: PageFrame, context: Context, edit: str = "", done: str = ""
) -> Response:
    """All prices, newest first, and a form that holds the one of day `edit`, else the newest."""
    customer, kept = _read(context, frame, customer_id)
    chosen = next((p for p in kept if p.valid_from.isoformat() == edit), kept[-1] if kept else None)
    message = frame.t(f"price.{done}") if done in ("saved", "removed") else ""
    return _page(frame, customer, kept, _form_of(frame, chosen), message=message)


@router.post("/customers/{customer_id}/prices")
async def save_price(
    request: Request, customer_id: int, frame: PageFrame, context: Context, token: _Csrf = "",
    wish: Annotated[str, Form(max_length=10)] = "save",
    valid_from: Annotated[str, Form(max_length=10)] = "",
) -> Response:  # fmt: skip
    """Put one price, or remove it; or show the form again with what is wrong."""
    check_csrf(request, token)
    demand(frame.reader, "accounts.change")
    sees_whole_customers(frame.reader)
    customer, kept = _read(context, frame, customer_id)
    others = [price for price in kept if price.valid_from.isoformat() != valid_from]
    given = await request.form()
    form = {name: str(value).strip()[:4000] for name, value in given.items()}
    if wish == "remove":
        return _put(context, frame, customer_id, others, "removed")
    try:
        body = PriceBody.model_validate(_values(frame, form))
        wanted = [*others, price_from(body)]
        prices_from([body])
    except ValidationError as error:
        field, rule = next(iter(form_faults(frame, error).items()))
        return _refused(frame, customer, kept, form, field, rule)
    except ProblemError as error:
        one = error.errors[0]
        return _refused(frame, customer, kept, form, one.field, said_rule(frame, one.rule))
    except _WrongHoursError as error:
        rule = frame.t("price.rule_hours", line=error.line)
        return _refused(frame, customer, kept, form, "windows", rule)
    return _put(context, frame, customer_id, wanted, "saved")


class _WrongHoursError(ValueError):
    """A line of the hours is none."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def _put(
    context: AppContext, frame: Frame, customer_id: int, wanted: Sequence[Price], done: str
) -> Response:
    with context.writing(frame.reader.actor) as connection:
        visible_customer(connection, frame, customer_id)
        put_prices(connection, customer_id, wanted)
    return RedirectResponse(f"{_href(customer_id)}?done={done}", status_code=303)


def _href(customer_id: int) -> str:
    return f"{customer_href(customer_id)}/prices"


def _read(
    context: AppContext, frame: Frame, customer_id: int
) -> tuple[CustomerRow, tuple[Price, ...]]:
    with context.reading(frame.reader) as connection:
        customer = visible_customer(connection, frame, customer_id)
        return customer, prices_of(connection, customer_id)


def _values(frame: Frame, form: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: form.get(name) or None for name in NUMBERS}
    values |= {
        "valid_from": form.get("valid_from", ""), "currency": form.get("currency", "").upper(),
        "basis": form.get("basis") or None, "windows": _windows(frame, form.get("windows", "")),
        "power_factor_standard_ratio": form.get("power_factor_standard_ratio") or None,
    }  # fmt: skip
    return values


def _windows(frame: Frame, text: str) -> list[dict[str, Any]]:
    """The periods by their words of the reader's language, or by their codes."""
    called = {frame.t(f"price.{period}").lower(): period for period in PERIODS[:2] + PERIODS[3:]}
    called |= {period: period for period in called.values()}
    windows = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        found = _HOURS.fullmatch(line)
        if found is None or found[1].lower() not in called:
            raise _WrongHoursError(line[:60])
        months = [int(month) for month in re.findall(r"\d+", found[4] or "")]
        windows.append(
            {"period": called[found[1].lower()], "begins": found[2], "ends": found[3],
             "months": months}
        )  # fmt: skip
    return windows


def _line(frame: Frame, window: PriceWindow) -> str:
    hours = f"{clock_of(window.start_min)}-{clock_of(window.end_min)}"
    months = " " + ",".join(str(month) for month in window.months) if window.months else ""
    return f"{frame.t('price.' + window.period)} {hours}{months}"


def _form_of(frame: Frame, price: Price | None) -> dict[str, str]:
    if price is None:
        return {"currency": "CNY"}
    form = {name: _number(getattr(price, name)) for name in NUMBERS}
    standard = price.power_factor_standard_ratio
    return form | {
        "valid_from": price.valid_from.isoformat(), "currency": price.currency,
        "basis": price.basis or "", "windows": "\n".join(_line(frame, w) for w in price.windows),
        "power_factor_standard_ratio": "" if standard is None else str(standard),
    }  # fmt: skip


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _refused(
    frame: Frame, customer: CustomerRow, kept: Sequence[Price], form: Mapping[str, str],
    field: str, rule: str,
) -> Response:  # fmt: skip
    known = next((name for name in _LABELS if name in field), "windows")
    text = frame.t("price.refused", field=frame.t(_LABELS[known]), rule=rule)
    return _page(frame, customer, kept, form, refusal=text, wrong=known, status=422)


def _page(
    frame: Frame, customer: CustomerRow, kept: Sequence[Price], form: Mapping[str, str], *,
    message: str = "", refusal: str = "", wrong: str = "", status: int = 200,
) -> Response:  # fmt: skip
    name = frame.t.name(customer)
    return frame.page(
        "prices.html", section="sites", status=status, customer=customer, name=name,
        way=[Crumb(label=name, href=customer_href(customer.customer_id))],
        views=[_view(frame, price) for price in reversed(kept)], form=form, labels=_LABELS,
        periods=[f"{period}_per_kwh" for period in PERIODS], bases=BASES,
        standards=[str(standard) for standard in POWER_FACTOR_STANDARDS], href=_href(
            customer.customer_id
        ), message=message, refusal=refusal, wrong=wrong,
        may_change=frame.reader.may("accounts.change") and frame.reader.sees != "sites",
    )  # fmt: skip


def _view(frame: Frame, price: Price) -> PriceView:
    t = frame.t
    charge = t(f"price.basis_{price.basis or 'none'}")
    per_kva = price.basis == "capacity"
    amount = price.capacity_per_kva_month if per_kva else price.demand_per_kw_month
    if price.basis and amount is not None:
        unit = "kVA" if per_kva else "kW"
        charge = f"{charge}: {currency_sign(price.currency)}{_number(amount)}/{unit}"
    return PriceView(
        price=price, day=frame.f.day(price.valid_from, year=True), charge=charge,
        rates=[
            (t(f"price.{period}"), _number(price.per_kwh(period)))
            for period in PERIODS
            if getattr(price, f"{period}_per_kwh") is not None
        ],
        hours=[_line(frame, window) for window in price.windows],
    )  # fmt: skip
