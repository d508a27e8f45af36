"""Find the one object that each module of a package offers."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Protocol, TypeVar


class Named(Protocol):
    """Anything with a name to be found by."""

    @property
    def name(self) -> str:
        """The unique key."""
        ...


T = TypeVar("T", bound=Named)


def offered(package: ModuleType, kind: type[T], attribute: str) -> dict[str, T]:
    """Import every public module of a package and collect what it offers, by name.

    Raises TypeError for a module that offers nothing, ValueError for a name offered twice.
    """
    found: dict[str, T] = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        item = getattr(module, attribute, None)
        if not isinstance(item, kind):
            raise TypeError(f"{module.__name__} offers no {attribute}: {kind.__name__}")
        if item.name in found:
            raise ValueError(f"two modules offer {item.name!r} in {package.__name__}")
        found[item.name] = item
    return found
