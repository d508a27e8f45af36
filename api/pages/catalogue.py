"""Every page there is, once: what the tests in a browser and the screenshots go through.

A new page adds its line here; a test fails where a page has none.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """One page in one state: `path` holds {site}, {customer}, {meter} or {user} where it needs one.

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
    PageEntry(key="energy", path="/energy", drawn=_CHART),
    PageEntry(key="energy-year", path="/energy?period=year&by=category", drawn=_CHART),
    PageEntry(key="energy-compared", path="/energy?site={site}&compare=year", drawn=_CHART),
    PageEntry(key="energy-site", path="/energy?site={site}&period=7d&by=equipment", drawn=_CHART),
    PageEntry(key="energy-shifts", path="/energy?site={site}&step=shift", drawn=_CHART),
    PageEntry(key="energy-empty", path="/energy?period=year&at=2009-01-01"),
    PageEntry(key="forecast", path="/sites/{site}/forecast", drawn=_CHART),
    PageEntry(
        key="forecast-what-if",
        path="/sites/{site}/forecast?said=1&kw=60&from=14:00&until=22:00&to=00:00&to_until=06:00",
        drawn=_CHART,
    ),
    PageEntry(key="forecast-week", path="/sites/{site}/forecast?view=week&said=7", drawn=_CHART),
    PageEntry(key="forecast-month", path="/sites/{site}/forecast?view=month", drawn=_CHART),
    PageEntry(key="forecast-none", path="/sites/{site}/forecast?day=2009-01-01"),
    PageEntry(key="forecasts", path="/forecasts"),
    PageEntry(key="forecasts-week", path="/forecasts?window=7"),
    PageEntry(key="production-calendar", path="/customers/{customer}/calendar"),
    PageEntry(key="shifts", path="/sites/{site}/shifts"),
    PageEntry(key="savings", path="/savings"),
    PageEntry(key="savings-customer", path="/savings?customer={customer}"),
    PageEntry(key="savings-site", path="/sites/{site}/savings"),
    PageEntry(key="reports", path="/reports"),
    PageEntry(key="opportunities", path="/opportunities?status=all"),
    PageEntry(key="opportunities-none", path="/opportunities?status=done&kind=voltage"),
    PageEntry(key="opportunity", path="/opportunities/1", drawn=_CHART),
    PageEntry(key="prices", path="/customers/{customer}/prices"),
    PageEntry(key="customer", path="/customers/{customer}", drawn=_CHART),
    PageEntry(key="customer-compared", path="/customers/{customer}?compare=previous", drawn=_CHART),
    PageEntry(key="quality", path="/quality"),
    PageEntry(key="quality-hours", path="/quality?customer={customer}&period=today"),
    PageEntry(key="meter", path="/meters/{meter}", drawn=_CHART),
    PageEntry(key="meter-readings", path="/meters/{meter}/readings"),
    PageEntry(key="meter-correct", path="/meters/{meter}/correct?kind=ratio"),
    PageEntry(key="gateways", path="/gateways"),
    PageEntry(key="gateways-none", path="/gateways?q=no-such-thing"),
    PageEntry(key="gateway", path="/gateways/1"),
    PageEntry(key="gateway-setup", path="/gateways/1/setup"),
    PageEntry(key="gateway-new", path="/gateways/new"),
    PageEntry(key="system", path="/system", drawn=_CHART),
    PageEntry(key="quarantine", path="/quarantine"),
    PageEntry(key="quarantine-decided", path="/quarantine?status=decided"),
    PageEntry(key="find", path="/find?q=a"),
    PageEntry(key="find-nothing", path="/find?q=0000000"),
    PageEntry(key="users", path="/users"),
    PageEntry(key="user-new", path="/users/new"),
    PageEntry(key="user", path="/users/{user}/edit"),
    PageEntry(key="webhooks", path="/webhooks"),
    PageEntry(key="webhook", path="/webhooks/1"),
    PageEntry(key="audit", path="/audit"),
    PageEntry(key="profile", path="/profile"),
    PageEntry(key="more", path="/more"),
    PageEntry(key="not-found", path="/nothing-here"),
)
# Seen before anybody has signed in.
PUBLIC_PAGES: tuple[PageEntry, ...] = (PageEntry(key="login", path="/login"),)


def route_of(entry: PageEntry) -> str:
    """The path without its query."""
    return entry.path.partition("?")[0]
