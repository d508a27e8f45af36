"""A chart of a document as one SVG: legend on top, axes, then lines over time or bars."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.reports.document import Buckets, Chart, Series, Style
from forecast.reports.drawing.bars import bars
from forecast.reports.drawing.lines import lines
from forecast.reports.drawing.plane import Plane
from forecast.reports.drawing.styles import GRID, INK, LOOKS, QUIET, fill_of, hatches
from forecast.reports.drawing.svg import FONT, element, path, text
from forecast.reports.drawing.ticks import digits_of, round_ticks, time_marks
from forecast.reports.text import Language, number

WIDTH, HEIGHT = 720, 232
_TOP, _RIGHT, _BOTTOM, _LEFT = 30, 10, 22, 54
_EM, _LINE, _SWATCH = 10.5, 15.0, 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    name: str
    style: Style
    is_bar: bool


def draw(chart: Chart, language: Language, zone: str) -> str:
    """The SVG of a chart; its words in a language, its times by a zone's clock."""
    legend, rows = _legend(chart, language)
    plane = _plane(chart, _TOP + (rows - 1) * _LINE)
    drawn = bars(chart, plane) if isinstance(chart.axis, Buckets) else lines(chart, plane)
    return element(
        "svg",
        hatches({series.style for series in chart.series}),
        _unit_axis(chart, plane),
        _marks(chart, plane, language, zone),
        drawn,
        _levels(chart, plane),
        legend,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img",
        aria_label=chart.says.into(language), font_family=FONT, font_size=_EM, fill=INK,
    )  # fmt: skip


def _plane(chart: Chart, top: float) -> Plane:
    tops = [*_tops(chart), *(level.value for level in chart.levels)]
    ticks = round_ticks(min([0.0, *tops]), max([0.0, *tops]) or 1.0)
    return Plane(
        left=_LEFT, right=WIDTH - _RIGHT, top=top, bottom=HEIGHT - _BOTTOM,
        least=ticks[0], most=ticks[-1],
        places=len(chart.axis.names) if isinstance(chart.axis, Buckets) else chart.axis.count,
    )  # fmt: skip


def _tops(chart: Chart) -> list[float]:
    if not chart.stacked:
        found = [v for s in chart.series for part in (s.values, s.low or ()) for v in part]
        return [value for value in found if value is not None]
    stacks = zip(*(series.values for series in chart.series), strict=True)
    return [sum(value or 0.0 for value in stack) for stack in stacks]


def _unit_axis(chart: Chart, plane: Plane) -> str:
    ticks = round_ticks(plane.least, plane.most)
    digits = digits_of(ticks)
    parts = [text(_LEFT - 6, plane.top - 9, chart.unit, text_anchor="end", fill=QUIET)]
    for value in ticks:
        y = plane.y(value)
        colour = INK if value == 0 else GRID
        parts.append(
            element("line", x1=_LEFT, x2=plane.right, y1=y, y2=y, stroke=colour, stroke_width=0.7)
        )
        said = number(value, digits)
        parts.append(text(_LEFT - 6, y + 3.6, said, text_anchor="end", fill=QUIET))
    return "".join(parts)


def _marks(chart: Chart, plane: Plane, language: Language, zone: str) -> str:
    y = plane.bottom + 14
    if isinstance(chart.axis, Buckets):
        names = chart.axis.names
        widest = max((_wide(name.into(language)) for name in names), default=1.0)
        every = max(1, -(-int(widest * 1.2 * len(names)) // int(plane.right - plane.left)))
        shown = [(plane.middle(at), names[at].into(language)) for at in range(0, len(names), every)]
    else:
        axis = chart.axis
        shown = [
            (plane.x((at_s - axis.start_s) / axis.step_s), said)
            for at_s, said in time_marks(axis, zone)
        ]
    return "".join(
        element("line", x1=x, x2=x, y1=plane.bottom, y2=plane.bottom + 3, stroke=QUIET)
        + text(min(max(x, 14), WIDTH - 16), y, said, text_anchor="middle", fill=QUIET)
        for x, said in shown
    )


def _levels(chart: Chart, plane: Plane) -> str:
    drawn = []
    for level in chart.levels:
        look, y = LOOKS[level.style], plane.y(level.value)
        ends = path([(plane.left, y), (plane.right, y)])
        drawn.append(
            element(
                "path",
                d=ends,
                stroke=look.colour,
                stroke_width=look.width,
                stroke_dasharray=look.dash,
                fill="none",
            )
        )
    return "".join(drawn)


def _legend(chart: Chart, language: Language) -> tuple[str, int]:
    """The legend, and how many rows it takes."""
    is_bar = isinstance(chart.axis, Buckets)
    entries = [_entry(one, language, is_bar=is_bar) for one in chart.series]
    entries += [
        _Entry(
            name=f"{level.name.into(language)} {number(level.value, chart.digits)} {chart.unit}",
            style=level.style, is_bar=False,
        )
        for level in chart.levels
    ]  # fmt: skip
    parts: list[str] = []
    x, rows = float(_LEFT + 6), 0
    for entry in entries:
        wide = _SWATCH + _wide(entry.name)
        if x + wide > WIDTH - _RIGHT and parts:
            x, rows = float(_LEFT + 6), rows + 1
        said = text(x + _SWATCH, 14.5 + rows * _LINE, entry.name)
        parts.append(_swatch(x, rows * _LINE, entry) + said)
        x += wide + 16
    return "".join(parts), rows + 1


def _entry(series: Series, language: Language, *, is_bar: bool) -> _Entry:
    return _Entry(
        name=series.name.into(language), style=series.style,
        is_bar=is_bar or series.low is not None,
    )  # fmt: skip


def _swatch(x: float, down: float, entry: _Entry) -> str:
    look = LOOKS[entry.style]
    if not entry.is_bar:
        line = f"M{x} {11 + down}H{x + 19}"
        return element(
            "path", d=line, stroke=look.colour, stroke_width=look.width + 0.4,
            stroke_dasharray=look.dash, fill="none",
        )  # fmt: skip
    faint = 0.22 if entry.style == "band" else None
    return element(
        "rect", x=x, y=6 + down, width=19, height=10, fill=fill_of(entry.style), fill_opacity=faint,
        stroke=look.colour, stroke_width=0.7,
    )  # fmt: skip


def _wide(said: str) -> float:
    """About how wide a text is: hanzi a square, others somewhat more than half of one."""
    return sum(_EM if ord(one) > 0x2E80 else _EM * 0.53 for one in said)
