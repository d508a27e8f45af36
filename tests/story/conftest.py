"""The pages of a small portfolio, two people who look at them, and a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Protocol

import httpx2 as httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.story.browsing import launch
from tests.story.pages_server import PagesServer, serve_pages, signed_in


class Server(Protocol):
    """The PostgreSQL of the tests."""

    url: str


@pytest.fixture(scope="module")
def pages(postgres_server: Server) -> Iterator[PagesServer]:
    """Return the pages of a module, with a database of their own."""
    with serve_pages(postgres_server.url) as server:
        yield server


@pytest.fixture
def ada(pages: PagesServer) -> Iterator[httpx.Client]:
    """Return Ada's client, who sees all and reads English."""
    with closing(signed_in(pages, "ada")) as client:
        yield client


@pytest.fixture
def wang(pages: PagesServer) -> Iterator[httpx.Client]:
    """Return Wang's client, who sees one customer and reads Chinese."""
    with closing(signed_in(pages, "wang")) as client:
        yield client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Debian's chromium without a window."""
    with sync_playwright() as playwright:
        launched = launch(playwright)
        yield launched
        launched.close()
