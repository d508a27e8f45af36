"""`loadstone serve`: the API and the pages."""

from __future__ import annotations

import atexit
from contextlib import suppress
from pathlib import Path

import click
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.demo_door import DemoDoor, DemoUser
from api.processes import serve_with_processes
from api.rates import ApiLimits
from api.sso import SingleSignOn
from loadstone.cli.demo_file import read_demo_file
from loadstone.cli.environment import database_url, load_settings
from loadstone.clock import utc_now
from loadstone.domain.permissions import ROLES, Role
from loadstone.settings import Settings
from loadstone.storage.pool import open_pool

_WHERE = "loadstone.cli.serve:served_app"


@click.command()
def serve() -> None:
    """Serve the API and the pages."""
    settings = load_settings()
    many = settings.http_workers > 1
    config = uvicorn.Config(
        _WHERE if many else served_app(settings),
        factory=many,
        workers=settings.http_workers,
        host=settings.http_host,
        port=settings.http_port,
        log_level=settings.log_level,
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    if many:
        serve_with_processes(config)
        return
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run()


def served_app(given: Settings | None = None) -> FastAPI:
    """What each process serves, by the settings; holds connections until the process ends."""
    settings = given or load_settings()
    pool = open_pool(database_url(settings), most=24, name="loadstone-serve")
    atexit.register(pool.close)
    demo = _demo_door(Path(settings.demo_file)) if settings.demo_file else None
    return create_app(
        pool,
        utc_now,
        demo=demo,
        cookie_secure=settings.http_cookie_secure,
        sso=single_sign_on(settings),
        totp_roles=totp_roles(settings),
        limits=ApiLimits(
            per_minute=settings.api_rate_per_minute,
            per_minute_unknown=settings.api_rate_unknown_per_minute,
        ),
        webhooks_may_call_private=settings.webhook_private_addresses,
        processes=settings.http_workers,
    )


def single_sign_on(settings: Settings) -> SingleSignOn | None:
    """The OpenID provider of the settings; says what is missing where they are half given."""
    if settings.oidc_issuer is None:
        return None
    if settings.oidc_client_id is None or settings.http_public_url is None:
        raise click.ClickException(
            "LOADSTONE_OIDC_ISSUER needs LOADSTONE_OIDC_CLIENT_ID and LOADSTONE_HTTP_PUBLIC_URL"
        )
    secret = settings.oidc_client_secret
    return SingleSignOn(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=secret.get_secret_value() if secret else None,
        redirect_url=settings.http_public_url.rstrip("/") + "/login/sso/callback",
        label=settings.oidc_label,
    )


def totp_roles(settings: Settings) -> frozenset[Role]:
    """The roles that must have a second step; an unknown one is named."""
    wanted = {name.strip() for name in settings.totp_roles.split(",") if name.strip()}
    unknown = wanted - set(ROLES)
    if unknown:
        raise click.ClickException(
            f"LOADSTONE_TOTP_ROLES: {', '.join(sorted(unknown))}: must be of {', '.join(ROLES)}"
        )
    return frozenset(role for role in ROLES if role in wanted)


def _demo_door(path: Path) -> DemoDoor:
    document = read_demo_file(path)
    users = tuple(
        DemoUser(
            name=user.name,
            display_name=user.display_name,
            role=user.role,
            password=user.password,
        )
        for user in document.users
    )
    return DemoDoor(key=document.key, user_name=document.users[0].name, users=users)
