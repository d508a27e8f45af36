"""One large number, with what it means in its colour."""

from __future__ import annotations

from dashboards.house.frame import Frame, asking, framed, steps
from dashboards.palette import LOAD
from dashboards.query import rows
from dashboards.sdk import common, common_models, dashboard, stat


def number(
    frame: Frame,
    sql: str,
    unit: str,
    *,
    decimals: int | None = 1,
    at: dashboard.ThresholdsConfig | None = None,
    absent: str = "—",
) -> stat.Panel:
    """The one value of a query; `at` are its thresholds, `absent` stands where it is not known."""
    panel = (
        asking(framed(stat.Panel(), frame), rows(sql))
        .unit(unit)
        .no_value(absent)
        .thresholds(at or steps((None, LOAD)))
        .graph_mode(common_models.BigValueGraphMode.NONE)
        .color_mode(common_models.BigValueColorMode.VALUE)
        .text_mode(common_models.BigValueTextMode.VALUE)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]).values(False).fields(""))
    )
    return panel if decimals is None else panel.decimals(decimals)


def word(frame: Frame, sql: str) -> stat.Panel:
    """One text, or an instant, as a query gives it."""
    options = common.ReduceDataOptions().calcs(["lastNotNull"]).values(False).fields("/.*/")
    return (
        asking(framed(stat.Panel(), frame), rows(sql))
        .no_value("—")
        .thresholds(steps((None, LOAD)))
        .graph_mode(common_models.BigValueGraphMode.NONE)
        .color_mode(common_models.BigValueColorMode.NONE)
        .text_mode(common_models.BigValueTextMode.VALUE)
        .reduce_options(options)
    )
