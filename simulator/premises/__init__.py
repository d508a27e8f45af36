"""Kinds of premises, one file each; a file that ends in `KIND = PremisesKind(...)` is found."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from simulator.plan import PremisesKind


@lru_cache(maxsize=1)
def premises_kinds() -> tuple[PremisesKind, ...]:
    """Return all kinds of premises of this package in their order."""
    names = (module.name for module in pkgutil.iter_modules(__path__, f"{__name__}."))
    kinds = [importlib.import_module(name).KIND for name in names]
    return tuple(sorted(kinds, key=lambda kind: (kind.order, kind.code)))
