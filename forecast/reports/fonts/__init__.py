"""The fonts that reports are set in, and which characters they have."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path
from typing import Final

NAMES: Final = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
FAMILY: Final = "Noto Sans SC"
HOME: Final = Path(__file__).parent
_HEAD, _SEGMENT = struct.Struct(">HHIII"), struct.Struct(">III")


@cache
def covered() -> frozenset[int]:
    """The code points that both shipped weights have."""
    regular, bold = (_characters((HOME / name).read_bytes()) for name in NAMES)
    return regular & bold


def _characters(font: bytes) -> frozenset[int]:
    """The code points of a font's cmap of format 12, which scripts/build_fonts.py writes."""
    tables = {
        font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0]
        for at in range(12, 12 + 16 * struct.unpack_from(">H", font, 4)[0], 16)
    }
    cmap = tables[b"cmap"]
    count = struct.unpack_from(">H", font, cmap + 2)[0]
    for record in range(count):
        at = cmap + struct.unpack_from(">I", font, cmap + 8 + 8 * record)[0]
        if struct.unpack_from(">H", font, at)[0] != 12:
            continue
        segments = _HEAD.unpack_from(font, at)[4]
        first = at + _HEAD.size
        found: set[int] = set()
        for place in range(segments):
            start, end, _glyph = _SEGMENT.unpack_from(font, first + place * _SEGMENT.size)
            found.update(range(start, end + 1))
        return frozenset(found)
    raise ValueError("the font has no cmap of format 12")


def uncovered(said: str) -> frozenset[str]:
    """The characters of a text that the shipped fonts lack; line ends need none."""
    return frozenset(one for one in set(said) - {"\n"} if ord(one) not in covered())
