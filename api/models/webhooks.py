"""Webhooks as asked for and as answered."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from api.models.fields import Answer, Instant
from api.models.registry_bodies import Body, Change, PlainText
from api.parameters import IdParameter
from loadstone.webhooks.kinds import EventKind

_Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2000,
        description="Where to call: a public host.",
        examples=["https://hooks.example.com/loadstone"],
    ),
]
_Kinds = Annotated[
    list[EventKind],
    Field(
        min_length=1,
        max_length=10,
        description="What to be told of. `quality_low` needs `completeness_below_ratio`.",
        examples=[["gateway_silent", "gateway_back"]],
    ),
]
_Below = Annotated[
    float | None,
    Field(
        ge=0,
        le=1,
        description="For `quality_low`: told of a site's local day that is less complete.",
        examples=[0.98],
    ),
]
_Name = Annotated[PlainText, Field(examples=["Maintenance desk"])]


class NewWebhook(Body):
    """A new webhook: of a customer, of one site, or of all that its maker sees."""

    name: _Name
    url: _Url
    kinds: _Kinds
    customer_id: IdParameter | None = None
    site_id: IdParameter | None = None
    completeness_below_ratio: _Below = None


class WebhookChange(Change):
    """What is to be different of a webhook."""

    name: _Name = Field(default_factory=str)
    url: _Url = Field(default_factory=str)
    kinds: _Kinds = Field(default_factory=list)
    completeness_below_ratio: _Below = None
    enabled: bool = Field(default_factory=bool, description="Whether it is told of anything.")


class Webhook(Answer):
    """A webhook; counts are of the calls of the last 30 days."""

    webhook_id: Annotated[int, Field(examples=[4])]
    name: _Name
    url: _Url
    kinds: _Kinds
    customer_id: Annotated[int | None, Field(description="null: of all customers.", examples=[7])]
    site_id: Annotated[int | None, Field(description="null: of all their sites.")]
    completeness_below_ratio: _Below
    created_by: Annotated[str, Field(examples=["wang"])]
    created_at: Instant
    disabled_at: Annotated[Instant | None, Field(description="null: it is told.")]
    delivered: Annotated[int, Field(examples=[42])]
    waiting: Annotated[int, Field(description="To be called, or called again.", examples=[0])]
    given_up: Annotated[int, Field(description="Not taken in about a day.", examples=[0])]


class WebhookWithSecret(Webhook):
    """A webhook as it was just made, or given a new secret."""

    secret: Annotated[
        str | None,
        Field(
            description="Calls are signed with it: `Loadstone-Signature: t=TIME,v1=HEX`, the "
            "HMAC-SHA256 of `TIME.BODY`. Told once; null in an answer that is told again.",
            examples=["whsec_4f1c"],
        ),
    ]


class WebhookAttempt(Answer):
    """One call."""

    attempt: Annotated[int, Field(examples=[1])]
    tried_at: Instant
    status: Annotated[int | None, Field(description="null: there was no answer.", examples=[200])]
    error: Annotated[str | None, Field(description="null: it was taken.")]
    duration_ms: Annotated[int, Field(examples=[84])]


class WebhookDelivery(Answer):
    """Something that was told, or is to be."""

    webhook_delivery_id: Annotated[int, Field(examples=[9001])]
    webhook_event_id: Annotated[int, Field(examples=[8001])]
    kind: Annotated[str, Field(examples=["gateway_silent"])]
    happened_at: Instant
    details: Annotated[dict[str, Any], Field(examples=[{"gateway_code": "GW-3A7F"}])]
    due_at: Annotated[Instant | None, Field(description="When it is called next; null: over.")]
    delivered_at: Instant | None
    given_up_at: Instant | None
    attempts: list[WebhookAttempt]


class WebhookTest(Answer):
    """A call that was asked for."""

    webhook_event_id: Annotated[int, Field(examples=[8001])]
