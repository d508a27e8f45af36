"""What each kind of curve and bar looks like: colour, and beside it a dash or a hatch of its own.

The colours are those of the pages. On paper without colour measured load is a full line, a forecast
dashed, an earlier period dotted; bars differ by hatch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from forecast.reports.document import Style
from forecast.reports.drawing.svg import element

Hatch = Literal["none", "rising", "falling", "level", "dots", "open"]
INK: Final = "#1f2328"
QUIET: Final = "#59636e"
GRID: Final = "#d8dee4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A colour, how a line of it is dashed, and how a bar of it is hatched."""

    colour: str
    dash: str | None = None
    width: float = 1.4
    hatch: Hatch = "none"


LOOKS: Final[Mapping[Style, Look]] = {
    "measured": Look(colour="#1f6feb", width=1.5),
    "estimated": Look(colour="#1f6feb", dash="1.5 2.5", hatch="open"),
    "forecast": Look(colour="#8250df", dash="6 3", width=1.6, hatch="rising"),
    "previous": Look(colour="#59636e", dash="2 2", width=1.1, hatch="open"),
    "baseline": Look(colour="#59636e", dash="7 3", width=1.4, hatch="open"),
    "contract": Look(colour="#cf222e", width=1.8),
    "warning": Look(colour="#bf8700", dash="8 4", width=1.4),
    "band": Look(colour="#8250df"),
    "sharp": Look(colour="#8e1b6b"),
    "peak": Look(colour="#e8833a", hatch="rising"),
    "flat": Look(colour="#9cc3ee"),
    "valley": Look(colour="#3aa675", hatch="falling"),
    "deep_valley": Look(colour="#0f766e", hatch="level"),
    "unknown": Look(colour="#8c959f", hatch="dots"),
    "missing": Look(colour="#8c959f", hatch="open"),
    "plain": Look(colour="#1f6feb"),
}
_SIDE = 6
_LINES: Final[Mapping[Hatch, str]] = {
    "rising": "M-1 7L7 -1M-1 1L1 -1M5 7L7 5",
    "falling": "M-1 -1L7 7M-1 5L1 7M5 -1L7 1",
    "level": "M0 1.5H6M0 4.5H6",
    "open": "M-1 7L7 -1M-1 1L1 -1M5 7L7 5",
}


def fill_of(style: Style) -> str:
    """What a bar of this style is filled with: its colour, or its hatch."""
    look = LOOKS[style]
    return look.colour if look.hatch == "none" else f"url(#hatch-{style})"


def hatches(styles: set[Style]) -> str:
    """The definitions of the hatches that these styles need."""
    wanted = [style for style in sorted(styles) if LOOKS[style].hatch != "none"]
    return element("defs", *map(_hatch, wanted)) if wanted else ""


def _hatch(style: Style) -> str:
    look = LOOKS[style]
    ground, ink = ("#ffffff", look.colour) if look.hatch == "open" else (look.colour, "#ffffff")
    drawn = (
        element("circle", cx=3, cy=3, r=1.1, fill=ink)
        if look.hatch == "dots"
        else element("path", d=_LINES[look.hatch], stroke=ink, stroke_width=1.1)
    )
    return element(
        "pattern",
        element("rect", width=_SIDE, height=_SIDE, fill=ground),
        drawn,
        id=f"hatch-{style}", width=_SIDE, height=_SIDE, patternUnits="userSpaceOnUse",
    )  # fmt: skip
