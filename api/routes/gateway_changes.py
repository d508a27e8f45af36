"""Registering gateways, and what they log in to the broker with."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from api.changes import Changing
from api.gateway_passwords import give_password
from api.identity import Viewer
from api.lookup import Reference, the_site
from api.models.registry import Gateway, GatewayCredentials
from api.models.registry_bodies import GatewayChange, NewGateway
from api.quality_scope import the_gateway
from api.registry_edits import changed, make, named, retired
from api.roles import Operator
from api.routes.gateways import gateway_answer
from loadstone.storage.read_only import Connection

router = APIRouter(tags=["gateways"])


def _find(change: Changing, viewer: Viewer) -> Any:  # noqa: ANN401 - a function of two arguments
    now = change.context.now()

    def find(connection: Connection, reference: str) -> dict[str, Any]:
        return gateway_answer(the_gateway(connection, viewer, reference, now), now)

    return find


@router.post("/gateways", status_code=201, response_model=Gateway)
def make_gateway(change: Changing, viewer: Operator, body: NewGateway) -> Response:
    """Register a gateway; it may log in once it has credentials."""
    now = change.context.now()

    def check(connection: Connection) -> None:
        site = str(body.site_id)
        named("site_id", site, lambda: the_site(connection, viewer, site))

    def find(connection: Connection, _row_id: str) -> dict[str, Any]:
        # By its code: a gateway's code may be another one's id.
        return gateway_answer(the_gateway(connection, viewer, body.code, now), now)

    return make(change, "gateway", body.model_dump(), check, find)


@router.patch("/gateways/{reference}", response_model=Gateway)
def change_gateway(
    change: Changing, viewer: Operator, reference: Reference, body: GatewayChange
) -> Response:
    """Change what is sent of a gateway."""
    return changed(change, "gateway", reference, _find(change, viewer), body.given())


@router.delete("/gateways/{reference}", response_model=Gateway)
def retire_gateway(change: Changing, viewer: Operator, reference: Reference) -> Response:
    """Retire a gateway: it speaks for no meter any more. Its history stays."""
    return retired(change, "gateway", reference, _find(change, viewer))


@router.post(
    "/gateways/{reference}/credentials", status_code=201, response_model=GatewayCredentials
)
def make_credentials(change: Changing, viewer: Operator, reference: Reference) -> Response:
    """Give a gateway a new password for the broker; it is told now and never again.

    A request that is sent again by its Idempotency-Key is answered with `password` null.
    """
    now = change.context.now()

    def work(connection: Connection) -> dict[str, Any]:
        row = named("reference", reference, lambda: the_gateway(connection, viewer, reference, now))
        return {
            "gateway_id": row.gateway_id,
            "code": row.code,
            "user_name": row.code,
            "password": give_password(connection, row.gateway_id),
            "topic_prefix": f"loadstone/v1/gw/{row.code}/",
            "made_at": now,
        }

    return change.perform(work, status=201, once_only={"password": None})
