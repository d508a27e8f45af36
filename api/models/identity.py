"""Users, tokens, sessions and the audit log as asked for and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.models.fields import Answer
from api.parameters import IdParameter, InstantParameter
from loadstone.domain.permissions import Permission, Role
from loadstone.domain.scope import Scope, Sees
from loadstone.storage.identity import Access, Language

UserName = Annotated[
    str,
    Field(
        min_length=1, max_length=60, pattern=r"^[\w][\w.@+-]*$", description="Name to log in with.",
        examples=["li.na"],
    ),
]  # fmt: skip
_Shown = Annotated[
    str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$", examples=["Li Na 李娜"])
]
_Email = Annotated[
    str,
    Field(
        max_length=254, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+$",
        examples=["li.na@example.com"],
        description="By which a single sign-on provider's user is recognised.",
    ),
]  # fmt: skip
_Password = Annotated[str, Field(max_length=1000, description="10 to 200 characters.")]


class Body(BaseModel):
    """What is sent; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class ScopeBody(Body):
    """Whose data is seen: everything, these customers, or these sites."""

    sees: Sees = "all"
    customer_ids: Annotated[list[IdParameter], Field(max_length=1000)] = []
    site_ids: Annotated[list[IdParameter], Field(max_length=1000)] = []

    @model_validator(mode="after")
    def _fits(self) -> ScopeBody:
        self.scope()
        return self

    def scope(self) -> Scope:
        """The scope."""
        return Scope(
            sees=self.sees,
            customer_ids=tuple(sorted(set(self.customer_ids))),
            site_ids=tuple(sorted(set(self.site_ids))),
        )


class ScopeAnswer(Answer):
    """Whose data is seen: everything, these customers, or these sites."""

    sees: Sees
    customer_ids: list[int]
    site_ids: list[int]


class UserBody(Body):
    """What can be changed of a user."""

    display_name: _Shown
    role: Role
    language: Language = "en"
    email: _Email | None = None
    scope: ScopeBody
    enabled: bool = True


class NewUserBody(UserBody):
    """A new user; without a password only single sign-on lets in."""

    name: UserName
    password: _Password | None = None


class PasswordBody(Body):
    """A new password for somebody."""

    password: _Password


class OwnPasswordBody(PasswordBody):
    """A new password for oneself."""

    current_password: Annotated[str, Field(max_length=1000)]


class MeBody(Body):
    """What everybody may change of themselves."""

    language: Language


class UserAnswer(Answer):
    """A user."""

    user_id: Annotated[int, Field(examples=[4])]
    name: Annotated[str, Field(examples=["li.na"])]
    display_name: Annotated[str, Field(examples=["Li Na 李娜"])]
    role: Role
    language: Language
    email: str | None
    scope: ScopeAnswer
    enabled: bool
    has_password: bool
    has_totp: Annotated[bool, Field(description="Whether a second step is asked for.")]
    sso_issuers: Annotated[list[str], Field(description="Providers whose user this is.")]
    token_count: Annotated[int, Field(description="API tokens that are good now.")]
    created_at: datetime
    last_login_at: datetime | None
    password_changed_at: datetime | None
    disabled_at: datetime | None


class Me(Answer):
    """Who asks, and what they may do; `scope` is that of the token where one was sent."""

    user_id: Annotated[int, Field(examples=[4])]
    name: Annotated[str, Field(examples=["li.na"])]
    display_name: Annotated[str, Field(examples=["Li Na 李娜"])]
    role: Role
    language: Language
    access: Access
    permissions: list[Permission]
    scope: ScopeAnswer
    has_totp: bool
    token_id: Annotated[int | None, Field(description="The token that was sent.")]


class SessionAnswer(Answer):
    """Where one is signed in."""

    session_id: Annotated[int, Field(examples=[17])]
    current: Annotated[bool, Field(description="Whether it is the one that asks.")]
    method: Literal["password", "totp", "recovery", "sso", "demo"]
    address: str | None
    user_agent: str | None
    created_at: datetime
    last_seen_at: datetime | None
    expires_at: datetime


class SessionList(Answer):
    """All sessions of a user."""

    data: list[SessionAnswer]


class TokenBody(Body):
    """A new token; it sees no more than its user, and less where `scope` says so."""

    name: Annotated[_Shown, Field(description="What it is for.", examples=["ERP import"])]
    access: Access = "read"
    expires_at: Annotated[
        InstantParameter | None, Field(description="null: until it is revoked.")
    ] = None
    scope: ScopeBody | None = None


class TokenAnswer(Answer):
    """An API token, without its secret."""

    token_id: Annotated[int, Field(examples=[9])]
    user_id: Annotated[int, Field(examples=[4])]
    user_name: Annotated[str, Field(examples=["li.na"])]
    name: Annotated[str, Field(examples=["ERP import"])]
    access: Access
    scope: Annotated[ScopeAnswer | None, Field(description="null: all that its user sees.")]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewToken(TokenAnswer):
    """A token with its secret, this once."""

    token: Annotated[
        str | None,
        Field(description="Told once: null where it is answered again.", examples=["lst_…"]),
    ]  # fmt: skip


class AuditEntry(Answer):
    """Who did what; `before` and `after` hold the columns that changed, secrets hidden."""

    audit_id: Annotated[int, Field(examples=[1234])]
    at: datetime
    user_id: Annotated[int | None, Field(description="null: nobody known, or a command.")]
    who: Annotated[str, Field(examples=["li.na"])]
    address: Annotated[str | None, Field(examples=["192.0.2.7"])]
    user_agent: str | None
    action: Annotated[str, Field(examples=["user.change"])]
    kind: Annotated[str, Field(examples=["user"])]
    subject: Annotated[str | None, Field(examples=["wang"])]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
