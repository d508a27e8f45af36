"""Colours, each with one meaning, as the pages have them; a word or a shape says the same."""

from __future__ import annotations

LOAD = "#1f6feb"
FORECAST = "#8250df"
LIMIT = "#cf222e"
WARNING = "#bf8700"
GOOD = "#1a7f37"
COMPARED = "#6e7781"
MISSING = "#8c96a1"
TEMPERATURE = "#b04a94"

PHASES = ("#c9a100", "#1a9a4b", "#d1242f")  # A yellow, B green, C red, as wires are in China

PERIODS = {
    "sharp": "#8e1b6b",
    "peak": "#e8833a",
    "flat": "#4c8ed9",
    "valley": "#3aa675",
    "deep_valley": "#0f766e",
}
QUALITIES = {
    "measured": GOOD,
    "corrected": LOAD,
    "estimated": WARNING,
    "missing": MISSING,
}
