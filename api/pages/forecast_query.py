"""What the address of a site's forecast page asks for; everything on the page follows from it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Depends, Query

from api.what_if import ShiftAsked, Window

View = Literal["day", "week", "month"]
VIEWS: tuple[View, ...] = ("day", "week", "month")
SAID_DAYS: tuple[int, ...] = (0, 1, 2, 7)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)|(24):(00)")
_EARLIEST = date(2000, 1, 1)
_MOST_KW = 1e6
_MOST_K = 15.0
_Text = Annotated[str, Query(max_length=20)]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfWanted:
    """The form as it was filled in; `faults` are (field's text, rule's text) by key."""

    power: str
    begins: str
    ends: str
    use: Literal["into", "drop"]
    into_begins: str
    into_ends: str
    warmer: str

    @property
    def is_asked(self) -> bool:
        """Whether anything is to be tried."""
        return bool(self.power.strip() or self.warmer.strip())

    def query(self) -> dict[str, str]:
        """The parameters that fill the form in again."""
        if not self.is_asked:
            return {}
        wanted = {
            "kw": self.power,
            "from": self.begins,
            "until": self.ends,
            "use": self.use,
            "to": self.into_begins,
            "to_until": self.into_ends,
            "warmer": self.warmer,
        }
        return {name: value for name, value in wanted.items() if value.strip()}  # fmt: skip

    def parsed(self) -> tuple[ShiftAsked | None, float]:
        """What is asked; raises FormError with the text of field and rule."""
        shift = None
        if self.power.strip():
            power = _number(self.power, "fc.whatif_kw", "fc.whatif_number_kw")
            if not 0 < power <= _MOST_KW:
                raise FormError("fc.whatif_kw", "fc.whatif_number_kw")
            out_of = _window(self.begins, self.ends, "fc.whatif_from", "fc.whatif_until")
            into = None
            if self.use == "into":
                into = _window(
                    self.into_begins, self.into_ends, "fc.whatif_to", "fc.whatif_to_until"
                )
            shift = ShiftAsked(power_kw=power, out_of=out_of, into=into)
        warmer = 0.0
        if self.warmer.strip():
            warmer = _number(self.warmer, "fc.whatif_warmer", "fc.whatif_number_k")
            if abs(warmer) > _MOST_K:
                raise FormError("fc.whatif_warmer", "fc.whatif_number_k")
        return shift, warmer


class FormError(ValueError):
    """A field that cannot be read: keys of the texts of field and rule."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(field)
        self.field = field
        self.rule = rule


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastPageWanted:
    """View, day, overlay of the past, and what is to be tried."""

    view: View
    day: date | None
    said: int
    what_if: WhatIfWanted

    def chosen_day(self, today: date) -> date | None:
        """The one day that is shown, within what calendars hold; None: today and tomorrow."""
        if self.view != "day" or self.day is None:
            return None
        return min(max(self.day, _EARLIEST), today + timedelta(days=14))

    def days(self, today: date) -> tuple[date, date]:
        """First and last local day that are drawn."""
        one = self.chosen_day(today)
        if one is not None:
            return one, one
        if self.view == "month":
            first = today.replace(day=1)
            return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        return today, today + timedelta(days=1 if self.view == "day" else 7)

    def href(self, path: str, **changed: object) -> str:
        """The address of this page with these parameters changed; None leaves one out."""
        wanted: dict[str, object] = {
            "view": None if self.view == "day" else self.view, "day": self.day,
            "said": self.said or None, **self.what_if.query(), **changed,
        }  # fmt: skip
        kept = {name: value for name, value in wanted.items() if value not in (None, "")}
        return f"{path}?{urlencode(kept)}" if kept else path


def _number(text: str, field: str, rule: str) -> float:
    try:
        value = float(text.strip().replace("−", "-").replace(",", "."))
    except ValueError:
        raise FormError(field, rule) from None
    if not math.isfinite(value):
        raise FormError(field, rule)
    return value


def _minutes(text: str, field: str) -> int:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise FormError(field, "fc.whatif_clock")
    hours, minutes = found[1] or found[3], found[2] or found[4]
    return int(hours) * 60 + int(minutes)


def _window(begins: str, ends: str, first: str, second: str) -> Window:
    window = _minutes(begins, first), _minutes(ends, second)
    if window[0] == window[1]:
        raise FormError(second, "fc.whatif_same")
    return window


def forecast_page_wanted(
    view: View = "day",
    day: date | None = None,
    said: Literal["0", "1", "2", "7"] = "0",
    kw: _Text = "",
    from_: Annotated[str, Query(alias="from", max_length=20)] = "14:00",
    until: _Text = "22:00",
    use: Literal["into", "drop"] = "into",
    to: _Text = "00:00",
    to_until: _Text = "06:00",
    warmer: _Text = "",
) -> ForecastPageWanted:
    """The page's parameters."""
    asked = WhatIfWanted(
        power=kw, begins=from_, ends=until, use=use, into_begins=to, into_ends=to_until,
        warmer=warmer,
    )  # fmt: skip
    return ForecastPageWanted(view=view, day=day, said=int(said), what_if=asked)


ForecastPageQuery = Annotated[ForecastPageWanted, Depends(forecast_page_wanted)]
