"""The one list of what stands in the rail and in the tabs; a new screen adds its line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from loadstone.storage.identity import Role

Group = Literal["watch", "data", "system"]
GROUPS: tuple[Group, ...] = ("watch", "data", "system")


@dataclass(frozen=True, slots=True, kw_only=True)
class NavEntry:
    """One place to go: `key` names its text (`nav.<key>`) and its icon (`icons.html`).

    `in_tabs` puts it among the phone's tabs, of which four and More have room; `roles` None is
    everybody; `staff_only` hides it from who sees one customer only.
    """

    key: str
    path: str
    group: Group = "watch"
    staff_only: bool = False
    roles: frozenset[Role] | None = None
    in_tabs: bool = False

    def is_for(self, role: Role, *, is_staff: bool) -> bool:
        """Whether this kind of viewer may use it."""
        return (is_staff or not self.staff_only) and (self.roles is None or role in self.roles)


NAV: tuple[NavEntry, ...] = (
    NavEntry(key="overview", path="/", in_tabs=True),
    NavEntry(key="sites", path="/sites", in_tabs=True),
    NavEntry(key="quality", path="/quarantine", group="data", in_tabs=True),
)
MORE = NavEntry(key="more", path="/more", in_tabs=True)


def entries_for(role: Role, *, is_staff: bool) -> list[NavEntry]:
    """The entries that this kind of viewer may use, in order."""
    return [entry for entry in NAV if entry.is_for(role, is_staff=is_staff)]


def groups_of(entries: list[NavEntry]) -> list[tuple[Group, list[NavEntry]]]:
    """The entries by group, without empty groups."""
    grouped = [(group, [e for e in entries if e.group == group]) for group in GROUPS]
    return [(group, found) for group, found in grouped if found]
