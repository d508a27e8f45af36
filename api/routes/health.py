"""Whether the line works."""

from __future__ import annotations

from importlib.metadata import version

import structlog
from fastapi import APIRouter, Response

from api.ages import age_s
from api.context import AppContext, Context
from api.models.registry import Health
from loadstone.storage.backend import probe_backend
from loadstone.storage.read_only import DATABASE_AWAY
from loadstone.storage.vitals import read_vitals

router = APIRouter(tags=["health"])
_LOG = structlog.get_logger()
# A refresh takes what is dirty every few seconds: more than this means that it does not keep up.
_MANY_MARKS = 100_000


@router.get(
    "/health",
    response_model=Health,
    responses={503: {"model": Health, "description": "The database does not answer."}},
)
def health(context: Context, response: Response) -> Health:
    """What works, and how old the newest data is. Needs no credentials."""
    try:
        return _looked(context)
    except DATABASE_AWAY as error:
        _LOG.error("database_away", path="/api/v1/health", reason=type(error).__name__)
        response.status_code = 503
        return Health(
            status="down",
            version=version("loadstone"),
            now=context.now(),
            database="away",
            backend=None,
            newest_reading_at=None,
            newest_reading_age_s=None,
            last_received_age_s=None,
            rollup_backlog=None,
        )


def _looked(context: AppContext) -> Health:
    with context.inside(wait_s=2.0) as connection:
        backend = probe_backend(connection)
        vitals = read_vitals(connection)
    now = context.now()
    return Health(
        status="behind" if vitals.rollup_backlog > _MANY_MARKS else "ok",
        version=version("loadstone"),
        now=now,
        database="reachable",
        backend=backend.name,
        newest_reading_at=vitals.newest_reading_at,
        newest_reading_age_s=age_s(now, vitals.newest_reading_at),
        last_received_age_s=age_s(now, vitals.last_received_at),
        rollup_backlog=vitals.rollup_backlog,
    )
