"""The pages: routes below `/` but not `/api`, and how an error looks to a person."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import (
    audit,
    data_pages,
    energy,
    energy_csv,
    energy_profile,
    find,
    forecast,
    forecast_csv,
    forecast_portfolio,
    live,
    login,
    more,
    opportunities,
    opportunity,
    overview,
    prices,
    production_calendar,
    profile,
    reports,
    savings,
    savings_change,
    second_step,
    shifts,
    site,
    site_csv,
    sites,
    sso,
    static_files,
    users,
    webhooks,
)
from api.pages.error_page import error_page

router = APIRouter()
for _part in (
    static_files, login, overview, sites, site, site_csv, live, find, more,
    energy, energy_csv, energy_profile, shifts, data_pages,
    forecast, forecast_csv, forecast_portfolio, production_calendar,
    reports, savings, savings_change, opportunities, opportunity,
    prices,
):  # fmt: skip
    router.include_router(_part.router)
for _part in (second_step, sso, profile, users, webhooks, audit):
    router.include_router(_part.router)

__all__ = ["error_page", "router"]
