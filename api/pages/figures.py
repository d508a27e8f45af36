"""A key figure at the head of a page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure in words; `level` colours it, `href` leads to what it counts.

    `way` is `up` or `down` where it tells of a change.
    """

    label: str
    value: str
    unit: str
    note: str
    level: str = "calm"
    href: str | None = None
    way: str = ""
