"""Numbers, instants and durations as people of each language write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from api.i18n import Texts

MISSING = "—"
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS_EN = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_DAYS_ZH = "一二三四五六日"
_MANY_KWH = 100_000


class Formats:
    """Writes values in one language; a missing one is a dash, never 0."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._chinese = texts.language == "zh"

    def number(self, value: float | None, digits: int = 0) -> str:
        """With thousands separators and a true minus sign."""
        if value is None:
            return MISSING
        return f"{value:,.{digits}f}".replace("-", "−")

    def power(self, value_kw: float | None) -> str:
        """KW with so many digits as say something."""
        digits = 0 if value_kw is None or abs(value_kw) >= 100 else 1
        return self.number(value_kw, digits)

    def energy(self, value_kwh: float | None) -> tuple[str, str]:
        """Value and unit: kWh; for much energy MWh, in Chinese 万kWh."""
        if value_kwh is None:
            return MISSING, ""
        if abs(value_kwh) < _MANY_KWH:
            return self.number(value_kwh), "kWh"
        if self._chinese:
            return self.number(value_kwh / 10_000, 2 if abs(value_kwh) < 1e7 else 0), "万kWh"
        return self.number(value_kwh / 1000, 1 if abs(value_kwh) < 1e7 else 0), "MWh"

    def energy_scale(self, most_kwh: float) -> tuple[float, str, int]:
        """For many values up to this one: what to divide kWh by, the unit, and how many digits."""
        scale, unit = (1.0, "kWh") if most_kwh < 10_000 else (1000.0, "MWh")
        if self._chinese and most_kwh >= _MANY_KWH:
            scale, unit = 10_000.0, "万kWh"
        most = most_kwh / scale
        return scale, unit, 0 if scale == 1 and most >= 100 else 1 if most >= 100 else 2

    def percent(self, value: float | None, digits: int = 0) -> str:
        """Of a number where 100 is all."""
        return MISSING if value is None else f"{self.number(value, digits)}\u00a0%"

    def change(self, now: float | None, before: float | None) -> str:
        """Signed change in percent; a dash where either side is not known."""
        if now is None or not before:
            return MISSING
        change_pct = round((now / before - 1) * 100, 1) or 0.0  # no minus before a zero
        sign = "+" if change_pct > 0 else "±" if change_pct == 0 else ""
        return f"{sign}{self.number(change_pct, 1)}\u00a0%"

    def clock(self, at: datetime, zone: str) -> str:
        """Time of day in the site's zone."""
        return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"

    def day(self, day: date, *, weekday: bool = False, year: bool = False) -> str:
        """A date: 18 Nov, 11月18日."""
        if self._chinese:
            text = f"{day.month}月{day.day}日"
            text = f"{day.year}年{text}" if year else text
            return f"{text} 周{_DAYS_ZH[day.weekday()]}" if weekday else text
        text = f"{day.day} {_MONTHS[day.month - 1]}"
        text = f"{text} {day.year}" if year else text
        return f"{_DAYS_EN[day.weekday()]} {text}" if weekday else text

    def month(self, day: date) -> str:
        """The month that holds a day: Nov 2026, 2026年11月."""
        return f"{day:%Y}年{day.month}月" if self._chinese else f"{_MONTHS[day.month - 1]} {day:%Y}"

    def month_name(self, day: date) -> str:
        """The month without its year: Nov, 11月; January says its year."""
        if day.month == 1:
            return self.month(day)
        return f"{day.month}月" if self._chinese else _MONTHS[day.month - 1]

    def year(self, day: date) -> str:
        """The year that holds a day."""
        return f"{day:%Y}年" if self._chinese else f"{day:%Y}"

    def instant(self, at: datetime, zone: str, now: datetime) -> str:
        """Time of day for today, else with the date."""
        local = at.astimezone(ZoneInfo(zone))
        clock = f"{local:%H:%M}"
        if local.date() == now.astimezone(ZoneInfo(zone)).date():
            return clock
        return f"{self.day(local.date())} {clock}"

    def span(self, length: timedelta) -> str:
        """A duration in its two largest units."""
        minutes = int(length.total_seconds() // 60)
        t: Callable[..., str] = self._texts
        if minutes < 1:
            return t("span.seconds", n=max(0, int(length.total_seconds())))
        hours, rest = divmod(minutes, 60)
        if hours < 1:
            return t("span.minutes", n=minutes)
        if hours < 24:
            return t("span.hours", h=hours, m=rest) if rest else t("span.full_hours", h=hours)
        days, hours = divmod(hours, 24)
        return t("span.days", d=days, h=hours)
