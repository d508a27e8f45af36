"""Curves over time: a gap stays a gap, a band lies below all lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forecast.reports.document import Chart, Series
from forecast.reports.drawing.plane import Plane
from forecast.reports.drawing.styles import LOOKS
from forecast.reports.drawing.svg import element, path


def lines(chart: Chart, plane: Plane) -> str:
    """All series: bands first, then lines, the first series on top."""
    bands = [_band(one, plane) for one in chart.series if one.low is not None]
    drawn = [_line(one, plane) for one in reversed(chart.series) if one.low is None]
    return "".join((*bands, *drawn))


def _line(series: Series, plane: Plane) -> str:
    look = LOOKS[series.style]
    points = [
        [(plane.middle(at), plane.y(series.values[at] or 0.0)) for at in run]
        for run in _runs(series.values)
    ]
    d = "".join(
        path(run if len(run) > 1 else [run[0], (run[0][0] + 1, run[0][1])]) for run in points
    )
    return element(
        "path", d=d or "M0 0", stroke=look.colour, stroke_width=look.width,
        stroke_dasharray=look.dash, stroke_linejoin="round", fill="none",
    )  # fmt: skip


def _band(series: Series, plane: Plane) -> str:
    low = series.low or ()
    both = [None if v is None or low[at] is None else v for at, v in enumerate(series.values)]
    parts = []
    for run in _runs(both):
        upper = [(plane.middle(at), plane.y(series.values[at] or 0.0)) for at in run]
        lower = [(plane.middle(at), plane.y(low[at] or 0.0)) for at in reversed(run)]
        parts.append(path([*upper, *lower]) + "Z")
    return element(
        "path", d="".join(parts) or "M0 0", fill=LOOKS[series.style].colour, fill_opacity=0.2,
        stroke=LOOKS[series.style].colour, stroke_width=0.4,
    )  # fmt: skip


def _runs(values: Sequence[float | None]) -> Iterator[range]:
    """Stretches of places without a missing value."""
    began: int | None = None
    for at, value in enumerate((*values, None)):
        if value is not None and began is None:
            began = at
        if value is None and began is not None:
            yield range(began, at)
            began = None
