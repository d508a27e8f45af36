from __future__ import annotations

import re

from fastapi.routing import APIRoute

from api import pages
from api.pages.catalogue import PAGES, PUBLIC_PAGES, route_of

# What a person does not look at: files, streams, parts of pages, numbers for a program.
NOT_A_PAGE = re.compile(
    r"/static/.*|/live/.*|/find/typed|/energy/profile|.*\.(csv|json|xlsx)|.*/pulse"
    r"|/login/(code|enrol|sso.*)"  # steps on the way in, which need the step before
)


def shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}|(?<=/)[0-9]+(?=/|$)", "*", path)


def routes() -> set[str]:
    found = set()
    stack = list(pages.router.routes)
    while stack:
        route = stack.pop()
        inner = getattr(route, "original_router", None)
        if inner is not None:
            stack += inner.routes
        elif isinstance(route, APIRoute) and "GET" in (route.methods or set()):
            found.add(route.path)
    return found


def test_every_page_is_in_the_catalogue() -> None:
    listed = {shape(route_of(entry)) for entry in (*PAGES, *PUBLIC_PAGES)}
    looked_at = {shape(path) for path in routes() if not NOT_A_PAGE.fullmatch(path)}
    assert looked_at
    assert looked_at - listed == set()


def test_keys_of_pages_are_names_of_files() -> None:
    keys = [entry.key for entry in (*PAGES, *PUBLIC_PAGES)]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)
