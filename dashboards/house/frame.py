"""What every panel has: a title that is its question, what it shows, its size and its queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

from dashboards.query import DATA_SOURCE, Query
from dashboards.sdk import common, common_models, dashboard, dashboard_models


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The title, a sentence on what is shown, and the size in cells of Grafana's 24 columns."""

    title: str
    tells: str
    columns: int = 12
    lines: int = 8


class _Panel(Protocol):
    def title(self, title: str) -> Self: ...
    def description(self, description: str) -> Self: ...
    def span(self, w: int) -> Self: ...
    def height(self, h: int) -> Self: ...


class _Asking(_Panel, Protocol):
    def datasource(self, datasource: common_models.DataSourceRef) -> Self: ...
    def with_target(self, target: Query) -> Self: ...
    def override_by_name(
        self, name: str, properties: list[dashboard_models.DynamicConfigValue]
    ) -> Self: ...


P = TypeVar("P", bound=_Panel)
A = TypeVar("A", bound=_Asking)


def framed(panel: P, frame: Frame) -> P:
    """The panel with its title, description and size."""
    return panel.title(frame.title).description(frame.tells).span(frame.columns).height(frame.lines)


def asking(panel: A, queries: Sequence[Query]) -> A:
    """The panel with its queries, to the data source that the board's variable names."""
    panel = panel.datasource(DATA_SOURCE)
    for query in queries:
        panel = panel.with_target(query)
    return panel


def override(panel: A, name: str, properties: Mapping[str, object]) -> A:
    """The panel with properties for the field of this name."""
    values = [
        dashboard_models.DynamicConfigValue(id_val=key, value=value)
        for key, value in properties.items()
    ]
    return panel.override_by_name(name, values)


def fixed(colour: str) -> dict[str, object]:
    """The property value that keeps a field at one colour."""
    return {"mode": "fixed", "fixedColor": colour}


def steps(*pairs: tuple[float | None, str]) -> dashboard.ThresholdsConfig:
    """Absolute thresholds; the first has no value and holds below all others."""
    return (
        dashboard.ThresholdsConfig()
        .mode(dashboard_models.ThresholdsMode.ABSOLUTE)
        .steps([dashboard_models.Threshold(value=value, color=colour) for value, colour in pairs])
    )


def legend(*calcs: str) -> common.VizLegendOptions:
    """A legend below the drawing, as a list, or as a table with these figures of each line."""
    models = common_models
    mode = models.LegendDisplayMode.TABLE if calcs else models.LegendDisplayMode.LIST
    return (
        common.VizLegendOptions()
        .display_mode(mode)
        .placement(models.LegendPlacement.BOTTOM)
        .show_legend(True)
        .calcs(list(calcs))
    )


def tooltip() -> common.VizTooltipOptions:
    """A tooltip that tells all lines of an instant."""
    return (
        common.VizTooltipOptions()
        .mode(common_models.TooltipDisplayMode.MULTI)
        .sort(common_models.SortOrder.DESCENDING)
    )


def mapped(
    words: Mapping[str, str], colours: Mapping[str, str]
) -> list[dashboard_models.ValueMapping]:
    """Codes shown as words, each in its colour."""
    options = {
        code: dashboard_models.ValueMappingResult(text=word, color=colours[code], index=at)
        for at, (code, word) in enumerate(words.items())
    }
    return [dashboard_models.ValueMap(options=options)]
