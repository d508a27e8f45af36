"""Whether the diagnostics can be asked for, and how: nothing is loaded before."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forecast.diagnostics.seasonal_parts import SeasonalParts
    from forecast.quantiles import FloatArray


class DiagnosticsNotInstalledError(RuntimeError):
    """statsmodels is not there: `pip install 'loadstone[diagnostics]'`."""


def installed() -> bool:
    """Whether the extra `loadstone[diagnostics]` is there."""
    return find_spec("statsmodels") is not None


def parts_of(load_kw: FloatArray) -> SeasonalParts:
    """`seasonal_parts` of [D, S]. Raises DiagnosticsNotInstalledError without the extra."""
    if not installed():
        raise DiagnosticsNotInstalledError("seasonal parts need loadstone[diagnostics]")
    module = importlib.import_module("forecast.diagnostics.seasonal_parts")
    found: SeasonalParts = module.seasonal_parts(load_kw)
    return found
