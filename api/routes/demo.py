"""The demo's link that signs in without a password."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.context import Context
from api.errors import not_found
from api.identity import actor_of
from api.sessions import open_session
from loadstone.storage.identity import user_by_name

router = APIRouter(include_in_schema=False)


@router.get("/demo")
def enter_demo(request: Request, context: Context, key: str = "") -> Response:
    """Sign in as the demo's user where the key fits; otherwise there is nothing here."""
    door = context.demo
    if door is None or not door.opens(key):
        raise not_found("page", "/demo")
    with context.inside() as connection:
        user = user_by_name(connection, door.user_name)
    if user is None:
        raise not_found("user", door.user_name)
    response = RedirectResponse("/", status_code=303)
    actor = actor_of(request, context, user.name, user.user_id)
    open_session(context, user.user_id, response, actor=actor, method="demo")
    return response
