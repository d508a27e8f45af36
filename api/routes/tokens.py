"""API tokens: made, listed and revoked; the secret is told once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.changes import Changing
from api.context import Context
from api.errors import not_found
from api.fast_json import FastJson
from api.identity import SignedIn
from api.list_parameters import Paging, TextParameter
from api.lookup import RowId
from api.models.fields import Page
from api.models.identity import NewToken, ScopeAnswer, TokenAnswer, TokenBody
from api.paging import page_of
from api.roles import TokenOwner, demand
from api.routes.users import the_user
from api.user_changes import check_by_person, make_token
from loadstone.storage.credentials import TokenRow, find_token, list_tokens, revoke_token
from loadstone.storage.read_only import Connection

router = APIRouter(tags=["users"])


class TokensWanted(Paging):
    """Whose tokens."""

    user: TextParameter | None = Field(
        None, description="Id or name of another user; for those who manage users."
    )


@router.get("/tokens", response_model=Page[TokenAnswer])
def tokens(
    context: Context, viewer: SignedIn, wanted: Annotated[TokensWanted, Query()]
) -> Response:
    """One's own tokens by id, or another user's; revoked and expired ones too."""
    part = wanted.part("token_id")
    with context.inside() as connection:
        user_id = viewer.user_id
        if wanted.user is not None:
            demand(viewer, "users.read")
            user_id = the_user(connection, wanted.user, viewer.actor.at).user_id
        after = part.after[1] if part.after else 0
        rows = list_tokens(connection, user_id, after=after, most=part.most)
    page = page_of(rows, wanted.limit, "token_id", "token_id")
    page["data"] = [answered(row).model_dump() for row in page["data"]]
    return FastJson(page)


@router.post("/tokens", status_code=201, response_model=NewToken)
def make(viewer: TokenOwner, body: TokenBody, change: Changing) -> Response:
    """Make a token for oneself, while signed in; its secret is in this answer and nowhere else."""
    check_by_person(viewer)

    def work(connection: Connection) -> object:
        row, secret = make_token(connection, viewer, body)
        return {**answered(row).model_dump(), "token": secret}

    return change.perform(work, status=201, once_only={"token": None})


@router.delete("/tokens/{token_id}", status_code=204)
def revoke(context: Context, viewer: SignedIn, token_id: RowId) -> Response:
    """Revoke a token: one's own, or anybody's for those who manage users. It stays in the list."""
    with context.writing(viewer.actor) as connection:
        owner = None if viewer.may("users.change") else viewer.user_id
        if find_token(connection, owner, token_id) is None:
            raise not_found("token", token_id)
        revoke_token(connection, token_id, viewer.actor.at)
    return Response(status_code=204)


def answered(row: TokenRow) -> TokenAnswer:
    """A token as answered."""
    scope = None
    if row.sees is not None:
        scope = ScopeAnswer(sees=row.sees, customer_ids=row.customer_ids, site_ids=row.site_ids)
    return TokenAnswer(
        token_id=row.token_id,
        user_id=row.user_id,
        user_name=row.user_name,
        name=row.name,
        access=row.access,
        scope=scope,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
