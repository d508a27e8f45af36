"""A carpet of hours and days."""

from __future__ import annotations

from dashboards.house.frame import Frame, asking, framed
from dashboards.query import series
from dashboards.sdk import common_models, heatmap, heatmap_models


def heat(frame: Frame, sql: str, unit: str) -> heatmap.Panel:
    """Each column besides the time is a row of cells, the first at the bottom."""
    colour = (
        heatmap.HeatmapColorOptions()
        .mode(heatmap_models.HeatmapColorMode.SCHEME)
        .scheme("Viridis")
        .fill(LARGEST)
        .exponent(0.5)
        .steps(64)
    )
    return (
        asking(framed(heatmap.Panel(), frame), series(sql))
        .calculate(False)
        .color(colour)
        .cell_values(heatmap.CellValues().unit(unit).decimals(0))
        .y_axis(heatmap.YAxisConfig().axis_placement(common_models.AxisPlacement.LEFT))
        .rows_frame(heatmap.RowsHeatmapOptions().layout(common_models.HeatmapCellLayout.AUTO))
    )


LARGEST = "#fde725"  # Viridis' brightest, which a scheme does not use but its schema wants
