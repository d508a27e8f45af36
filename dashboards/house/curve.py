"""Lines over time: gaps stay gaps, every line has its fixed colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dashboards.house.frame import Frame, asking, fixed, framed, legend, override, tooltip
from dashboards.query import Query
from dashboards.sdk import common, common_models, dashboard, dashboard_models, timeseries

_GAP_MS = 2 * 3600 * 1000  # a longer silence between two points is not joined
Dash = Literal["solid", "dash", "dot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How the column of this name is drawn.

    `down_to` names the column that the space below is filled to; `unit` puts it on the axis on
    the right; `quiet` leaves it out of the legend.
    """

    name: str
    colour: str
    width: float = 2
    dash: Dash = "solid"
    fill_pct: int = 0
    down_to: str | None = None
    unit: str | None = None
    quiet: bool = False
    bars: bool = False

    def properties(self) -> dict[str, object]:
        """The field's properties, as Grafana names them."""
        found: dict[str, object] = {
            "color": fixed(self.colour),
            "custom.lineWidth": self.width,
            "custom.fillOpacity": self.fill_pct,
        }
        if self.dash != "solid":
            pattern = {"fill": self.dash, "dash": [8, 6] if self.dash == "dash" else [2, 5]}
            found["custom.lineStyle"] = pattern
        if self.down_to:
            found["custom.fillBelowTo"] = self.down_to
        if self.unit:
            found |= {"unit": self.unit, "custom.axisPlacement": "right"}
        if self.unit == "percent":
            found |= {"min": 0, "max": 100}
        if self.quiet:
            hidden = {"legend": True, "tooltip": False, "viz": False}
            found["custom.hideFrom"] = hidden
        if self.bars:
            found["custom.drawStyle"] = "bars"
        return found


def curve(
    frame: Frame,
    queries: Sequence[Query],
    unit: str,
    lines: Sequence[Line],
    *,
    from_zero: bool = True,
    figures: Sequence[str] = (),
    link: tuple[str, str] | None = None,
) -> timeseries.Panel:
    """Lines over time; `figures` of each stand in the legend, `link` is a title and an address."""
    panel = _plain(frame, queries, unit, figures)
    if from_zero:
        panel = panel.axis_soft_min(0)
    if link:
        panel = panel.data_links([dashboard.DashboardLink(link[0]).url(link[1])])
    for line in lines:
        panel = override(panel, line.name, line.properties())
    return panel


def stacked(frame: Frame, queries: Sequence[Query], unit: str) -> timeseries.Panel:
    """Parts of a whole as bars on each other; a part's colour goes by its name, so it stays."""
    colour = dashboard.FieldColor().mode(dashboard_models.FieldColorModeId.PALETTE_CLASSIC_BY_NAME)
    return (
        _plain(frame, queries, unit, ("sum",))
        .color_scheme(colour)
        .draw_style(common_models.GraphDrawStyle.BARS)
        .fill_opacity(80)
        .line_width(0)
        .stacking(common.StackingConfig().mode(common_models.StackingMode.NORMAL).group("A"))
    )


def _plain(
    frame: Frame, queries: Sequence[Query], unit: str, figures: Sequence[str]
) -> timeseries.Panel:
    panel = asking(framed(timeseries.Panel(), frame), queries)
    return (
        panel.unit(unit)
        .span_nulls(False)
        .insert_nulls(_GAP_MS)
        .show_points(common_models.VisibilityMode.AUTO)
        .point_size(3)
        .line_interpolation(common_models.LineInterpolation.LINEAR)
        .legend(legend(*figures))
        .tooltip(tooltip())
    )
