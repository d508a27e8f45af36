"""Tables: words, numbers with units, shares as bars, and links that lead on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboards.house.frame import Frame, asking, framed, override
from dashboards.palette import GOOD, LIMIT, LOAD, WARNING
from dashboards.query import rows
from dashboards.sdk import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How a column is shown; a `link` may use other columns: `${__data.fields.site_id}`."""

    name: str
    unit: str | None = None
    decimals: int | None = None
    link: str | None = None
    hidden: bool = False
    share: bool = False
    colours: Mapping[str, str] = field(default_factory=dict)

    def properties(self, link_title: str) -> dict[str, object]:
        """The field's properties, as Grafana names them."""
        found: dict[str, object] = {}
        if self.unit:
            found["unit"] = self.unit
        if self.decimals is not None:
            found["decimals"] = self.decimals
        if self.link:
            found["links"] = [{"title": link_title, "url": self.link}]
        if self.hidden:
            found["custom.hidden"] = True
        if self.share:
            found |= _SHARE
        if self.colours:
            found["custom.cellOptions"] = {"type": "color-text"}
            found["mappings"] = [
                {"type": "value", "options": {word: {"color": colour, "index": at}}}
                for at, (word, colour) in enumerate(self.colours.items())
            ]
        return found


_SHARE: dict[str, object] = {
    "unit": "percent",
    "decimals": 0,
    "min": 0,
    "max": 120,
    "custom.cellOptions": {"type": "gauge", "mode": "basic", "valueDisplayMode": "text"},
    "color": {"mode": "thresholds"},
    "thresholds": {
        "mode": "absolute",
        "steps": [
            {"value": None, "color": GOOD},
            {"value": 80, "color": LOAD},
            {"value": 90, "color": WARNING},
            {"value": 100, "color": LIMIT},
        ],
    },
}


def grid(frame: Frame, sql: str, columns: Sequence[Column], *, open_title: str) -> table.Panel:
    """The rows of a query; `open_title` is what its links are called."""
    panel = asking(framed(table.Panel(), frame), rows(sql)).show_header(True).filterable(False)
    for column in columns:
        panel = override(panel, column.name, column.properties(open_title))
    return panel
