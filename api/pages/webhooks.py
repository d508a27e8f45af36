"""Webhooks: which other systems are told of what, whether they took it, and adding one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from api.context import AppContext, Context
from api.errors import ProblemError
from api.identity import Viewer
from api.models.webhooks import NewWebhook
from api.pages.form_faults import form_faults, said_rule
from api.pages.frame import Frame, PageFrame
from api.roles import page_permitted
from api.sessions import CSRF_FIELD, check_csrf
from api.webhook_changes import (
    check_target,
    new_webhook_secret,
    register,
    tell_test,
    the_webhook,
)
from loadstone.storage.codes import customer_id_of, site_id_of
from loadstone.storage.keyset import Part
from loadstone.storage.read_only import Connection
from loadstone.storage.webhooks import (
    DeliveryRow,
    WebhookRow,
    change_webhook,
    list_deliveries,
    list_webhooks,
    remove_webhook,
)
from loadstone.webhooks.kinds import KINDS

router = APIRouter(include_in_schema=False)
_MOST, _MOST_DELIVERIES = 500, 50
_Keeper = Annotated[Viewer, Depends(page_permitted("webhooks.change"))]
_Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
_Line = Annotated[str, Form(max_length=2000)]
_Csrf = Annotated[str, Form(alias=CSRF_FIELD)]
_DONE = {"paused", "resumed", "removed", "test"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookForm:
    """What stands in the form for a new one."""

    name: str = ""
    url: str = ""
    kinds: tuple[str, ...] = ("gateway_silent", "gateway_back")
    scope: str = ""
    below_pct: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """One event that was told, or is to be: when, how it went and what was answered last."""

    row: DeliveryRow
    at: str
    state: str
    answer: str


@router.get("/webhooks")
def webhooks(frame: PageFrame, context: Context, viewer: _Keeper, done: str = "") -> Response:
    """The list and the form for a new one; `done` names what was just changed."""
    return _page(frame, context, viewer, done=done if done in _DONE else "")


@router.post("/webhooks")
def add(
    request: Request, frame: PageFrame, context: Context, viewer: _Keeper, name: _Line = "",
    url: _Line = "", kinds: Annotated[list[str] | None, Form(max_length=20)] = None,
    scope: _Line = "", below_pct: _Line = "", token: _Csrf = "",
) -> Response:  # fmt: skip
    """Register one and show its secret, this once; or show what is wrong with the form."""
    check_csrf(request, token)
    form = WebhookForm(
        name=name.strip(), url=url.strip(), kinds=tuple(kinds or ()), scope=scope.strip(),
        below_pct=below_pct.strip(),
    )  # fmt: skip
    secret = new_webhook_secret()
    try:
        with context.writing(viewer.actor) as connection:
            body = NewWebhook.model_validate(_values(connection, form))
            check_target(context, body.url)
            register(connection, viewer, body, secret)
    except ValidationError as error:
        return _page(frame, context, viewer, form=form, faults=form_faults(frame, error, _FIELDS))
    except ProblemError as error:
        if not error.errors:
            raise
        faults = {
            _FIELDS.get(one.field, one.field): said_rule(frame, one.rule) for one in error.errors
        }
        return _page(frame, context, viewer, form=form, faults=faults)
    return _page(frame, context, viewer, secret=secret)


_FIELDS = {"completeness_below_ratio": "below_pct", "customer_id": "scope", "site_id": "scope"}


def _values(connection: Connection, form: WebhookForm) -> dict[str, object]:
    site_id = site_id_of(connection, form.scope) if form.scope else None
    customer_id = customer_id_of(connection, form.scope) if form.scope and not site_id else None
    if form.scope and site_id is None and customer_id is None:
        customer_id = 2**31 - 1  # names nothing, and is refused as such
    below: object = form.below_pct or None
    with suppress(ValueError):  # else refused as no number, with the text as it was typed
        below = float(form.below_pct) / 100 if form.below_pct else None
    return {
        "name": form.name, "url": form.url, "kinds": list(form.kinds),
        "customer_id": customer_id, "site_id": site_id, "completeness_below_ratio": below,
    }  # fmt: skip


@router.get("/webhooks/{webhook_id}")
def one_webhook(
    frame: PageFrame, context: Context, viewer: _Keeper, webhook_id: _Id, done: str = ""
) -> Response:
    """What one was told lately, and what it answered."""
    now = context.now()
    with context.writing(viewer.actor) as connection:
        row = the_webhook(connection, viewer, webhook_id)
        part = Part(most=_MOST_DELIVERIES, field="webhook_delivery_id", descending=True)
        rows = list_deliveries(connection, webhook_id, part)
    return frame.page(
        "webhook.html", section="webhooks", row=row, done=done if done in _DONE else "",
        told=[
            DeliveryView(row=one, at=frame.f.instant(one.happened_at, "UTC", now) + " UTC",
                         state=_state(one), answer=_answer(one))
            for one in rows
        ],
    )  # fmt: skip


def _state(row: DeliveryRow) -> str:
    if row.delivered_at is not None:
        return "taken"
    return "given_up" if row.given_up_at is not None else "waiting"


def _answer(row: DeliveryRow) -> str:
    if not row.attempts:
        return ""
    last = row.attempts[-1]
    return str(last["error"] or last["status"] or "")


@router.post("/webhooks/{webhook_id}/{wish}")
def change(
    request: Request, context: Context, viewer: _Keeper, webhook_id: _Id,
    wish: Annotated[str, Path(pattern="^(pause|resume|remove|test)$")], token: _Csrf = "",
) -> Response:  # fmt: skip
    """Let it be told of nothing for a while, again, never more; or call it once to try."""
    check_csrf(request, token)
    with context.writing(viewer.actor) as connection:
        row = the_webhook(connection, viewer, webhook_id)
        if wish == "remove":
            remove_webhook(connection, webhook_id)
        elif wish == "test":
            tell_test(connection, viewer, row)
        else:
            at = (row.disabled_at or context.now()) if wish == "pause" else None
            change_webhook(connection, webhook_id, {"disabled_at": at})
    if wish == "test":
        return RedirectResponse(f"/webhooks/{webhook_id}?done=test", status_code=303)
    done = {"pause": "paused", "resume": "resumed", "remove": "removed"}[wish]
    return RedirectResponse(f"/webhooks?done={done}", status_code=303)


_EMPTY = WebhookForm()


def _page(
    frame: Frame, context: AppContext, viewer: Viewer, *, form: WebhookForm = _EMPTY,
    faults: dict[str, str] | None = None, secret: str = "", done: str = "",
) -> Response:  # fmt: skip
    with context.writing(viewer.actor) as connection:
        rows: list[WebhookRow] = list_webhooks(
            connection, viewer.customer_id, Part(most=_MOST, field="webhook_id")
        )
    return frame.page(
        "webhooks.html", section="webhooks", rows=rows, kinds=KINDS, form=form,
        faults=faults or {}, secret=secret, done=done, status=422 if faults else 200,
    )  # fmt: skip
