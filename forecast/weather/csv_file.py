"""Temperatures out of a CSV file: `site,valid_at,temperature_c[,known_at]`.

Times are ISO 8601 with their offset. Without `known_at`, or where it is not before `valid_at`, a
value was measured, and known from then on; else it was foreseen at `known_at`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from forecast.weather.source import WeatherUnknownError
from loadstone.storage.weather_values import WeatherPlace, WeatherValue

_NEEDED = ("site", "valid_at", "temperature_c")


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvFile:
    """One file; sites go by their codes."""

    path: Path
    name: str = "csv"

    def values(self, places: Sequence[WeatherPlace], now: datetime) -> Iterable[WeatherValue]:
        """Each line; raises WeatherUnknownError with the line that cannot be read."""
        ids = {one.code: one.site_id for one in places}
        with self.path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
            if missing:
                raise WeatherUnknownError(f"the file has no column {', '.join(missing)}")
            for row in reader:
                try:
                    yield self._value(row, ids)
                except (ValueError, KeyError) as error:
                    raise WeatherUnknownError(f"line {reader.line_num}: {error}") from error

    def _value(self, row: dict[str, str], ids: dict[str, int]) -> WeatherValue:
        valid_at = _instant(row["valid_at"])
        known_at = _instant(row["known_at"]) if row.get("known_at") else valid_at
        if row["site"] not in ids:
            raise ValueError(f"no site has the code {row['site']!r}")
        return WeatherValue(
            site_id=ids[row["site"]],
            valid_at=valid_at,
            known_at=known_at,
            source=self.name,
            measured=known_at >= valid_at,
            temperature_c=float(row["temperature_c"]),
        )


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} names no offset from UTC")
    return at.astimezone(UTC)
