"""Bars over named places: side by side, or on top of each other."""

from __future__ import annotations

from forecast.reports.document import Chart, Series
from forecast.reports.drawing.plane import Plane
from forecast.reports.drawing.styles import LOOKS, fill_of
from forecast.reports.drawing.svg import element, text

_FILLED = 0.78


def bars(chart: Chart, plane: Plane) -> str:
    """All bars; where nothing is known there is a mark and no bar."""
    return _stacked(chart, plane) if chart.stacked else _beside(chart, plane)


def _stacked(chart: Chart, plane: Plane) -> str:
    width = plane.step * _FILLED
    parts = []
    for at in range(plane.places):
        base = 0.0
        x = plane.middle(at) - width / 2
        if all(series.values[at] is None for series in chart.series):
            parts.append(_unknown(plane, at))
        for series in chart.series:
            value = series.values[at]
            if value:
                parts.append(_bar(plane, x, width, base, base + value, series))
                base += value
    return "".join(parts)


def _beside(chart: Chart, plane: Plane) -> str:
    width = plane.step * _FILLED / len(chart.series)
    parts = []
    for at in range(plane.places):
        first = plane.middle(at) - plane.step * _FILLED / 2
        for place, series in enumerate(chart.series):
            value = series.values[at]
            if value is None:
                parts.append(_unknown(plane, at) if len(chart.series) == 1 else "")
            else:
                parts.append(_bar(plane, first + place * width, width, 0.0, value, series))
    return "".join(parts)


def _bar(
    plane: Plane, x: float, width: float, least: float, most: float, series: Series
) -> str:  # fmt: skip
    top, bottom = sorted((plane.y(most), plane.y(least)))
    return element(
        "rect", x=x, y=top, width=width, height=max(bottom - top, 0.4), fill=fill_of(series.style),
        stroke=LOOKS[series.style].colour, stroke_width=0.5,
    )  # fmt: skip


def _unknown(plane: Plane, at: int) -> str:
    return text(plane.middle(at), plane.y(0.0) - 3, "?", text_anchor="middle", fill="#8c959f")
