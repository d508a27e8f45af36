"""Wastes that can be planted in premises, one kind a file that ends in `WASTE = WasteKind(...)`."""

from __future__ import annotations

import sys
from functools import lru_cache

from loadstone.plugins import offered
from simulator.wastes._kind import Planted, Plot, WasteKind

__all__ = ["Planted", "Plot", "WasteKind", "waste_kinds"]


@lru_cache(maxsize=1)
def waste_kinds() -> dict[str, WasteKind]:
    """All kinds of waste by name; the names are those of the finder's rules."""
    return offered(sys.modules[__name__], WasteKind, "WASTE")
