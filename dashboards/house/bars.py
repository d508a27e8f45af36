"""Bars over days or names, and gauges of a few values beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.house.curve import Line
from dashboards.house.frame import Frame, asking, fixed, framed, legend, override, tooltip
from dashboards.query import rows
from dashboards.sdk import barchart, bargauge, common, common_models, dashboard


def bars(
    frame: Frame,
    sql: str,
    unit: str,
    x_field: str,
    lines: Sequence[Line],
    *,
    on_each_other: bool = False,
) -> barchart.Panel:
    """A bar, or one of each column, for every row; `x_field` names the column below it."""
    models = common_models
    stacking = models.StackingMode.NORMAL if on_each_other else models.StackingMode.NONE
    panel = (
        asking(framed(barchart.Panel(), frame), rows(sql))
        .unit(unit)
        .x_field(x_field)
        .x_tick_label_spacing(100)
        .stacking(stacking)
        .show_value(models.VisibilityMode.NEVER)
        .bar_width(0.85)
        .group_width(0.8)
        .fill_opacity(85)
        .line_width(0)
        .axis_soft_min(0)
        .legend(legend())
        .tooltip(tooltip())
    )
    for line in lines:
        panel = override(panel, line.name, {"color": fixed(line.colour)})
    return panel


def gauges(
    frame: Frame,
    sql: str,
    unit: str,
    at: dashboard.ThresholdsConfig,
    *,
    least: float | None = None,
    most: float | None = None,
    each_row: bool = False,
) -> bargauge.Panel:
    """A bar for each column of one row, or for each row; `least` and `most` end the axis."""
    models = common_models
    options = common.ReduceDataOptions().calcs(["lastNotNull"]).values(each_row).fields("")
    panel = (
        asking(framed(bargauge.Panel(), frame), rows(sql))
        .unit(unit)
        .thresholds(at)
        .display_mode(models.BarGaugeDisplayMode.BASIC)
        .orientation(models.VizOrientation.HORIZONTAL)
        .show_unfilled(True)
        .reduce_options(options)
    )
    if least is not None:
        panel = panel.min(least)
    return panel if most is None else panel.max(most)
