"""The one list of what stands in the rail and in the tabs; a new screen adds its line here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NavEntry:
    """One place to go: `key` names its text (`nav.<key>`) and its icon (`icons.html`)."""

    key: str
    path: str
    staff_only: bool = False
    in_tabs: bool = True


NAV: tuple[NavEntry, ...] = (
    NavEntry(key="overview", path="/"),
    NavEntry(key="sites", path="/sites"),
    NavEntry(key="quality", path="/quarantine"),
)


def entries_for(*, is_staff: bool) -> list[NavEntry]:
    """The entries that this kind of viewer may use, in order."""
    return [entry for entry in NAV if is_staff or not entry.staff_only]
