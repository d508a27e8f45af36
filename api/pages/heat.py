"""A heat map as a table: rows of hours in 16 shades, each cell with its value in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from api.pages.frame import Frame

_SHADES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """One hour: its shade 0-15, None where nothing was measured; `future` is left empty."""

    shade: int | None
    text: str
    value: str
    future: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """One row with its long and its short name; None where the clock skips the hour."""

    label: str
    short: str
    cells: list[HeatCell | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """What `heat.html` draws: rows of 24 hours and the range of the shades in kW."""

    key: str
    title: str
    unit: str
    rows: list[HeatRow]
    low_kw: float | None
    high_kw: float | None


def shaded(
    frame: Frame, key: str, title: str, unit: str, names: Sequence[tuple[str, str]],
    loads_kw: Mapping[tuple[int, int], float | None], *,
    is_future: Callable[[int, int], bool] = lambda row, hour: False,
) -> HeatMap:  # fmt: skip
    """The map of loads by (row, hour); an hour without a key has no cell."""
    known = [value for value in loads_kw.values() if value is not None]
    low_kw, high_kw = min(known, default=None), max(known, default=None)

    def cell(row: int, hour: int) -> HeatCell | None:
        if (row, hour) not in loads_kw:
            return None
        value_kw, name, clock = loads_kw[row, hour], names[row][0], f"{hour:02}:00"
        if value_kw is None or low_kw is None or high_kw is None:
            text = frame.t("site.heat_missing", day=name, hour=clock)
            return HeatCell(shade=None, text=text, value="", future=is_future(row, hour))
        share = (value_kw - low_kw) / (high_kw - low_kw) if high_kw > low_kw else 0.5
        power = frame.f.power(value_kw)
        text = frame.t("site.heat_cell", day=name, hour=clock, power=power)
        shade = min(int(share * _SHADES), _SHADES - 1)
        return HeatCell(shade=shade, text=text, value=power, future=False)

    rows = [
        HeatRow(label=label, short=short, cells=[cell(at, hour) for hour in range(24)])
        for at, (label, short) in enumerate(names)
    ]
    return HeatMap(key=key, title=title, unit=unit, rows=rows, low_kw=low_kw, high_kw=high_kw)
