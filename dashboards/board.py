"""What a board is: one file offers one, and it is built once a language."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.choices import Choice, source
from dashboards.marks import Mark
from dashboards.sdk import Builder, JSONEncoder, dashboard, dashboard_models
from dashboards.words import Language, Say

DEFAULT_ZONE = "Asia/Shanghai"  # until a board is put into an organisation, which has its own
MOST_PANELS = 12

Panels = Sequence[Builder[dashboard_models.Panel]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The way to another board, which takes the time and these variables along."""

    board: str
    en: str
    zh: str
    carries: tuple[str, ...] = ()

    def build(self, say: Say) -> dashboard.DashboardLink:
        """The link as it stands above the board."""
        carried = "".join(f"&${{{name}:queryparam}}" for name in self.carries)
        return (
            dashboard.DashboardLink(say(self.en, self.zh))
            .type(dashboard_models.DashboardLinkType.LINK)
            .url(f"/d/{uid_of(self.board, say.language)}?${{__url_time_range}}{carried}")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board: what it is called, what it shows, and how far back it looks at first."""

    name: str
    en: str
    zh: str
    tells_en: str
    tells_zh: str
    panels: Callable[[Say], Panels]
    choices: Sequence[Choice] = ()
    marks: Sequence[Mark] = ()
    links: Sequence[Link] = ()
    since: str = "now-24h"
    until: str = "now"
    refresh: str = "1m"
    tags: tuple[str, ...] = ()

    def build(self, language: Language) -> dict[str, Any]:
        """The board as Grafana's JSON."""
        say = Say(language=language)
        built = (
            dashboard.Dashboard(say(self.en, self.zh))
            .uid(uid_of(self.name, language))
            .description(say(self.tells_en, self.tells_zh))
            .tags(["loadstone", "generated", language, *self.tags])
            .readonly()
            .refresh(self.refresh)
            .time(self.since, self.until)
            .timezone(DEFAULT_ZONE)
            .week_start("monday")
            .tooltip(dashboard_models.DashboardCursorSync.CROSSHAIR)
            .with_variable(source(say))
        )
        for choice in self.choices:
            built = built.with_variable(choice(say))
        for mark in self.marks:
            built = built.annotation(mark(say))
        for link in self.links:
            built = built.link(link.build(say))
        for number, panel in enumerate(self.panels(say), start=1):
            shown = panel.build()
            shown.id_val = number
            built = built.with_panel(_Built(shown))
        written: dict[str, Any] = json.loads(JSONEncoder(sort_keys=True).encode(built.build()))
        return written


class _Built(Builder[dashboard_models.Panel]):
    """A panel that is built already."""

    def __init__(self, panel: dashboard_models.Panel) -> None:
        self._panel = panel

    def build(self) -> dashboard_models.Panel:
        return self._panel


def uid_of(board: str, language: Language) -> str:
    """How addresses name a board: at most 40 characters."""
    return f"loadstone-{board}-{language}"
