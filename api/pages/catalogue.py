"""Every page there is, once: what the tests in a browser and the screenshots go through.

A new page adds its line here; a test fails where a page has none.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """One page in one state: `path` holds {site}, {customer}, {meter} where it needs an id.

    `key` names its pictures; `drawn` is what is on it once its scripts have run.
    """

    key: str
    path: str
    drawn: str = "main"


_CHART = ".chart-plot canvas"

PAGES: tuple[PageEntry, ...] = (
    PageEntry(key="overview", path="/"),
    PageEntry(key="sites", path="/sites"),
    PageEntry(key="site", path="/sites/{site}", drawn=_CHART),
    PageEntry(key="site-compared", path="/sites/{site}?compare=week", drawn=_CHART),
    PageEntry(key="quarantine", path="/quarantine"),
    PageEntry(key="quarantine-decided", path="/quarantine?status=decided"),
    PageEntry(key="find", path="/find?q=a"),
    PageEntry(key="find-nothing", path="/find?q=no-such-thing"),
    PageEntry(key="more", path="/more"),
    PageEntry(key="not-found", path="/nothing-here"),
)
# Seen before anybody has signed in.
PUBLIC_PAGES: tuple[PageEntry, ...] = (PageEntry(key="login", path="/login"),)


def route_of(entry: PageEntry) -> str:
    """The path without its query."""
    return entry.path.partition("?")[0]
