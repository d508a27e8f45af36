"""Whether the public holidays of the years that forecasts reach are known, site by site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from holidays import country_holidays

from forecast.calendars.occasions import Occasion, public_days
from forecast.runs.countries import country_of
from loadstone.storage.screens.forecast_sites import ForecastSite

_AHEAD = timedelta(days=60)
"""How long before a year begins it is worth saying that its plan is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedYears:
    """What is known of one site's public calendar."""

    site: ForecastSite
    country: str | None
    unpublished_years: tuple[int, ...]
    last_year: int
    """The last one that was looked at."""
    next_occasions: tuple[Occasion, ...]

    def answer(self) -> dict[str, Any]:
        """As the API says it."""
        return {
            "site_id": self.site.site_id,
            "code": self.site.code,
            "country": self.country,
            "subdivision": self.site.subdivision,
            "unpublished_years": list(self.unpublished_years),
        }


def occasion_name(occasion: Occasion, country: str, language: str) -> tuple[str, str]:
    """Its name and the language of it: the reader's, where the country's calendar has it."""
    own = f"{language}_CN" if language == "zh" else "en_US"
    if own == "en_US":
        return occasion.name, "en"
    days = country_holidays(country, years=occasion.start.year, language=own)
    if own not in (days.supported_languages or ()):
        return occasion.name, "en"
    return str(days.get(occasion.start, occasion.name)).partition(";")[0], "zh-CN"


def published_years(site: ForecastSite, today: date) -> PublishedYears:
    """The plan of the running year, and soon before its end that of the next."""
    country = site.country or country_of(site.zone)
    reach = (today + _AHEAD).year
    found = public_days(country, site.subdivision, today.year, reach)
    missing = found.unpublished_years
    known = country is not None and bool(found.off)
    coming = sorted((one for one in found.occasions if one.end >= today), key=lambda o: o.start)
    return PublishedYears(
        site=site, country=country if known else None,
        unpublished_years=missing if known else (), last_year=reach,
        next_occasions=tuple(coming[:4]),
    )  # fmt: skip
