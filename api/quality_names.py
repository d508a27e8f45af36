"""The names of quality bits."""

from __future__ import annotations

from loadstone.domain.quality import Quality


def quality_flags(bits: int | None) -> list[str]:
    """The names of the bits that are set, from the lowest; [] for None or a good reading."""
    return [bit.name.lower() for bit in Quality if bit.name and bit & (bits or 0)]
