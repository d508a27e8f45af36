"""The one list of what stands in the rail and in the tabs; a new screen adds its line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from api.identity import Viewer
from loadstone.domain.permissions import Permission

Group = Literal["watch", "data", "system"]
GROUPS: tuple[Group, ...] = ("watch", "data", "system")


@dataclass(frozen=True, slots=True, kw_only=True)
class NavEntry:
    """One place to go: `key` names its text (`nav.<key>`) and its icon (`icons.html`).

    `in_tabs` puts it among the phone's tabs, of which four and More have room; only who has the
    permission `needs` sees it.
    """

    key: str
    path: str
    group: Group = "watch"
    needs: Permission = "data.read"
    in_tabs: bool = False


NAV: tuple[NavEntry, ...] = (
    NavEntry(key="overview", path="/", in_tabs=True),
    NavEntry(key="sites", path="/sites", in_tabs=True),
    NavEntry(key="energy", path="/energy", in_tabs=True),
    NavEntry(key="forecasts", path="/forecasts"),
    NavEntry(key="opportunities", path="/opportunities"),
    NavEntry(key="savings", path="/savings"),
    NavEntry(key="reports", path="/reports"),
    NavEntry(key="quality", path="/quality", group="data", in_tabs=True),
    NavEntry(key="quarantine", path="/quarantine", group="data", needs="quarantine.read"),
    NavEntry(key="gateways", path="/gateways", group="data"),
    NavEntry(key="system", path="/system", group="system", needs="system.read"),
    NavEntry(key="users", path="/users", group="system", needs="users.read"),
    NavEntry(key="webhooks", path="/webhooks", group="system", needs="webhooks.change"),
    NavEntry(key="audit", path="/audit", group="system", needs="audit.read"),
    NavEntry(key="profile", path="/profile", group="system"),
)
MORE = NavEntry(key="more", path="/more", in_tabs=True)


def entries_for(viewer: Viewer) -> list[NavEntry]:
    """The entries that the viewer may use, in order."""
    return [entry for entry in NAV if viewer.may(entry.needs)]


def groups_of(entries: list[NavEntry]) -> list[tuple[Group, list[NavEntry]]]:
    """The entries by group, without empty groups."""
    grouped = [(group, [e for e in entries if e.group == group]) for group in GROUPS]
    return [(group, found) for group, found in grouped if found]
