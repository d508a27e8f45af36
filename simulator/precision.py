"""How many decimals real meters transmit."""

from __future__ import annotations

from simulator.noise import Floats

_BY_FIRST_LETTER = {"u": 1, "i": 2, "p": 3, "q": 3, "s": 3, "h": 2, "e": 2}


def decimals(field: str) -> int:
    """Return the number of decimals of a telemetry v1 field (V 0.1, A 0.01, kW 0.001 ...)."""
    return 3 if field.startswith("pf") else _BY_FIRST_LETTER[field[0]]


def rounded(values: dict[str, Floats]) -> dict[str, Floats]:
    """Return the fields at the precision of a meter's protocol."""
    return {field: array.round(decimals(field)) for field, array in values.items()}
