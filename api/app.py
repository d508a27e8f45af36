"""The web application: the API below /api/v1, the pages below /."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.middleware.gzip import GZipMiddleware

from api import pages
from api.body_limit import BodyLimit
from api.context import AppContext
from api.demo_door import DemoDoor
from api.description import describe, operation_id
from api.errors import install_error_handlers
from api.etags import EntityTags
from api.headers import SecurityHeaders
from api.identity import SignInNeededError
from api.live_values import LiveValues
from api.rate_limit import RateLimit
from api.rates import ApiLimits
from api.request_log import RequestLog
from api.routes import API_PREFIX, api_router
from api.routes.demo import router as demo_router
from api.slots import Slots
from api.sso import SingleSignOn
from api.throttle import LoginThrottle
from loadstone.clock import Clock
from loadstone.domain.permissions import Role
from loadstone.storage.latest import ChangedRow, changed_since
from loadstone.storage.pool import Pool
from loadstone.storage.read_only import read_only

_DESCRIPTION = """
Loads, energy and data quality of key-account premises. Send `Authorization: Bearer TOKEN`; a
token sees what its user may see. Times are UTC, intervals `[start, end)` labelled by their start;
a value that is not known is `null`, never 0; names end in their unit. Errors are problem details
(RFC 9457).
"""


def create_app(
    pool: Pool,
    clock: Clock,
    *,
    demo: DemoDoor | None = None,
    cookie_secure: bool = False,
    limits: ApiLimits | None = None,
    sso: SingleSignOn | None = None,
    totp_roles: frozenset[Role] = frozenset(),
    webhooks_may_call_private: bool = False,
    processes: int = 1,
) -> FastAPI:
    """The application over this database; `demo` opens /demo and names users on the login page.

    Users of `totp_roles` must have a second step. Of `processes` that serve side by side each
    grants its share of the limits.
    """
    bounds = (limits or ApiLimits()).share(processes)
    app = bare_app(https_only=cookie_secure, limits=bounds)
    app.state.context = AppContext(
        pool=pool,
        clock=clock,
        throttle=LoginThrottle.of_one(processes),
        demo=demo,
        cookie_secure=cookie_secure,
        webhooks_may_call_private=webhooks_may_call_private,
        live=_live_values(pool),
        stream_slots=Slots(most=bounds.streams, most_each=bounds.streams_each),
        export_slots=Slots(most=bounds.exports, most_each=bounds.exports_each),
        sso=sso,
        totp_roles=totp_roles,
    )
    return app


def _live_values(pool: Pool) -> LiveValues:
    def ask(since: datetime) -> list[ChangedRow]:
        with read_only(pool, None) as connection:  # for all who watch; each is shown their meters
            return changed_since(connection, since)

    return LiveValues(ask=ask)


def bare_app(*, https_only: bool = False, limits: ApiLimits | None = None) -> FastAPI:
    """Routes, error handlers and headers without a database; enough to describe the API."""
    app = FastAPI(
        title="Loadstone",
        version=version("loadstone"),
        description=_DESCRIPTION.strip(),
        openapi_url=f"{API_PREFIX}/openapi.json",
        docs_url=None,  # its page would load scripts from another host
        redoc_url=None,
        generate_unique_id_function=operation_id,
    )
    install_error_handlers(app, pages.error_page)
    app.add_exception_handler(SignInNeededError, _to_login)
    describe(app)
    app.include_router(api_router)
    app.include_router(demo_router)
    app.include_router(pages.router)
    # The last one added stands outermost.
    app.add_middleware(BodyLimit, page=pages.error_page)
    app.add_middleware(EntityTags)
    app.add_middleware(RateLimit, limits=limits or ApiLimits())
    app.add_middleware(RequestLog, page=pages.error_page)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(SecurityHeaders, https_only=https_only)
    return app


def _to_login(request: Request, error: Exception) -> Response:
    if not isinstance(error, SignInNeededError):
        raise error
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": error.location})
    return RedirectResponse(error.location, status_code=303)
