"""A chart as the workbook's own, beside the numbers that it is drawn from."""

from __future__ import annotations

from typing import Any, Final

from forecast.reports.document import Buckets, Chart, Series, Style
from forecast.reports.drawing.styles import LOOKS
from forecast.reports.facts.months import local
from forecast.reports.render import words
from forecast.reports.render.xlsx_tables import Formats
from forecast.reports.text import Language

_HIGH: Final = 18
_DASHES: Final[dict[Style, str]] = {
    "forecast": "dash", "previous": "round_dot", "estimated": "square_dot", "warning": "long_dash",
    "baseline": "long_dash",
}  # fmt: skip


def put_chart(
    book: Any, sheet: Any, chart: Chart, number: int, column: int, formats: Formats,  # noqa: ANN401 - no types
    language: Language, zone: str,
) -> int:  # fmt: skip
    """The numbers from `column` on, the chart at the left; returns the next free column."""
    first = column or 10
    heads = [words.TIME.into(language), *_columns(chart, language)]
    for place, head in enumerate(heads):
        sheet.set_column(first + place, first + place, 17)
        sheet.write_string(0, first + place, head, formats.head)
    count = _places(sheet, chart, first, formats, language, zone)
    for place, values in enumerate(_values(chart, count), start=1):
        for at, value in enumerate(values, start=1):
            if value is not None:
                sheet.write_number(at, first + place, value, formats.number(chart.digits))
    drawn = _drawn(book, sheet.get_name(), chart, first, count, language)
    sheet.insert_chart(number * _HIGH, 0, drawn, {"object_position": 3})
    sheet.freeze_panes(1, 0)
    return first + len(heads) + 1


def _columns(chart: Chart, language: Language) -> list[str]:
    unit = f" ({chart.unit})"
    return [
        *(series.name.into(language) + unit for series in chart.series),
        *(level.name.into(language) + unit for level in chart.levels),
    ]


def _values(chart: Chart, count: int) -> list[tuple[float | None, ...]]:
    return [
        *(series.values for series in chart.series),
        *((level.value,) * count for level in chart.levels),
    ]


def _places(
    sheet: Any, chart: Chart, first: int, formats: Formats, language: Language, zone: str  # noqa: ANN401 - no types
) -> int:  # fmt: skip
    if isinstance(chart.axis, Buckets):
        for at, name in enumerate(chart.axis.names, start=1):
            sheet.write_string(at, first, name.into(language))
        return len(chart.axis.names)
    form = formats.dated("yyyy-mm-dd hh:mm")
    for at in range(chart.axis.count):
        instant = local(chart.axis.start_s + at * chart.axis.step_s, zone).replace(tzinfo=None)
        sheet.write_datetime(at + 1, first, instant, form)
    return chart.axis.count


def _drawn(
    book: Any,  # noqa: ANN401 - no types
    sheet_name: str,
    chart: Chart,
    first: int,
    count: int,
    language: Language,
) -> Any:  # noqa: ANN401 - as above
    is_bar = isinstance(chart.axis, Buckets)
    kind = {"type": "column", "subtype": "stacked"} if chart.stacked else {"type": "column"}
    drawn = book.add_chart(kind if is_bar else {"type": "line"})
    for place, series in enumerate(chart.series, start=1):
        drawn.add_series(_series(sheet_name, first, place, count, series, is_bar=is_bar))
    drawn.set_title({"name": chart.title.into(language), "name_font": {"size": 11}})
    drawn.set_y_axis({"name": chart.unit, "num_format": "#,##0"})
    drawn.set_x_axis({"num_format": "mm-dd"} if not is_bar else {})
    drawn.set_legend({"position": "top"})
    drawn.set_size({"width": 620, "height": 340})
    drawn.show_blanks_as("gap")
    if chart.levels:
        lines = book.add_chart({"type": "line"}) if is_bar else drawn
        for place, level in enumerate(chart.levels, start=1 + len(chart.series)):
            values = (level.value,) * count
            as_series = Series(name=level.name, style=level.style, values=values)
            lines.add_series(_series(sheet_name, first, place, count, as_series, is_bar=False))
        if is_bar:
            drawn.combine(lines)
    return drawn


def _series(
    sheet_name: str, first: int, place: int, count: int, series: Series, *, is_bar: bool
) -> dict[str, Any]:  # fmt: skip
    colour = LOOKS[series.style].colour
    described: dict[str, Any] = {
        "name": [sheet_name, 0, first + place],
        "categories": [sheet_name, 1, first, count, first],
        "values": [sheet_name, 1, first + place, count, first + place],
    }
    if is_bar:
        described |= {"fill": {"color": colour}, "border": {"color": colour}, "gap": 30}
        if LOOKS[series.style].hatch != "none":
            described["pattern"] = {
                "pattern": _PATTERNS[LOOKS[series.style].hatch], "fg_color": "#FFFFFF",
                "bg_color": colour,
            }  # fmt: skip
    else:
        described["line"] = {
            "color": colour, "width": LOOKS[series.style].width,
            "dash_type": _DASHES.get(series.style, "solid"),
        }  # fmt: skip
    return described


_PATTERNS: Final = {
    "rising": "light_upward_diagonal",
    "falling": "light_downward_diagonal",
    "level": "light_horizontal",
    "dots": "percent_20",
    "open": "wide_upward_diagonal",
}
