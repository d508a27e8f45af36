"""The pages: routes below `/` but not `/api`, and how an error looks to a person."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import (
    find,
    live,
    login,
    more,
    overview,
    quarantine,
    quarantine_decide,
    site,
    site_csv,
    sites,
    static_files,
)
from api.pages.error_page import error_page

router = APIRouter()
for _part in (
    static_files, login, overview, sites, site, site_csv, live, find, more,
    quarantine, quarantine_decide,
):  # fmt: skip
    router.include_router(_part.router)

__all__ = ["error_page", "router"]
