"""The country of a time zone, for sites of which no country is registered."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """From the zone.tab of the time zone database: ISO 3166 code by zone."""
    text = (files("tzdata") / "zoneinfo" / "zone.tab").read_text()
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {row[2]: row[0] for row in rows}


def country_of(zone: str) -> str | None:
    """None for a zone of no country, such as UTC."""
    return _countries().get(zone)
