"""States over time as coloured strips: the time of use, the quality of data."""

from __future__ import annotations

from collections.abc import Mapping

from dashboards.house.frame import Frame, asking, framed, legend, mapped, tooltip
from dashboards.query import rows
from dashboards.sdk import common_models, statetimeline


def strip(
    frame: Frame, sql: str, words: Mapping[str, str], colours: Mapping[str, str]
) -> statetimeline.Panel:
    """Each column besides the time is a strip of codes, shown as words in their colours."""
    return (
        asking(framed(statetimeline.Panel(), frame), rows(sql))
        .mappings(mapped(words, colours))
        .merge_values(True)
        .show_value(common_models.VisibilityMode.NEVER)
        .row_height(0.9)
        .fill_opacity(85)
        .line_width(0)
        .legend(legend())
        .tooltip(tooltip())
    )
