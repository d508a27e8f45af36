"""The endpoints below /api/v1, one file a subject."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.models.quarantine import ProblemDetails
from api.routes import (
    audit,
    customer_series,
    customers,
    equipment,
    events,
    exports,
    forecast_export,
    forecast_scores,
    forecast_what_if,
    forecasts,
    gateway_changes,
    gateways,
    health,
    latest,
    ledger,
    live,
    me,
    meter_balance,
    meter_changes,
    meter_series,
    meters,
    opportunities,
    prices,
    production_days,
    quality,
    quarantine,
    rejudgement,
    report_schedules,
    reports,
    savings,
    shifts,
    site_series,
    sites,
    tokens,
    users,
    virtual_meters,
    weather,
    webhooks,
)

API_PREFIX = "/api/v1"


def _problem(description: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": _PROBLEM}}}
    return {"description": description, "content": content}


_PROBLEM = f"#/components/schemas/{ProblemDetails.__name__}"
_RESPONSES: dict[int | str, dict[str, Any]] = {
    401: {"model": ProblemDetails, **_problem("No credentials, or no good ones.")},
    404: _problem("There is no such thing, or it is not yours."),
    422: _problem("A parameter was refused: field, value and rule in `errors`."),
    503: _problem("The database does not answer at the moment."),
}

api_router = APIRouter(prefix=API_PREFIX)
for _module in (
    customers, customer_series, sites, site_series, equipment, gateways, gateway_changes, meters,
    meter_changes, latest, meter_series, meter_balance, ledger, rejudgement, virtual_meters,
    shifts, quality, quarantine, events, forecasts, forecast_scores, forecast_what_if,
    weather, production_days, forecast_export, savings, opportunities, prices,
    exports, live, webhooks, reports,
    report_schedules,
    me, users, tokens, audit,
):  # fmt: skip
    api_router.include_router(_module.router, responses=_RESPONSES)
api_router.include_router(health.router)
