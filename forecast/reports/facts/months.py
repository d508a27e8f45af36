"""Local months: their bounds as instants, and those that a month is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from forecast.reports.text import Text

_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of a zone's calendar; `first` is its first day."""

    first: date
    zone: str

    @property
    def behind(self) -> date:
        """The first day that is no longer of it."""
        return (self.first.replace(day=28) + timedelta(days=4)).replace(day=1)

    @property
    def start(self) -> datetime:
        """Its first local midnight, UTC."""
        return midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The local midnight that ends it, UTC."""
        return midnight(self.behind, self.zone)

    @property
    def days(self) -> tuple[date, ...]:
        """Its days."""
        count = (self.behind - self.first).days
        return tuple(self.first + timedelta(days=n) for n in range(count))

    @property
    def previous(self) -> Month:
        """The month before."""
        first = (self.first - timedelta(days=1)).replace(day=1)
        return Month(first=first, zone=self.zone)

    @property
    def year_before(self) -> Month:
        """The same month of the year before."""
        return Month(first=self.first.replace(year=self.first.year - 1), zone=self.zone)

    @property
    def name(self) -> Text:
        """As people write it: October 2026, 2026年10月."""
        at = self.first
        return Text(f"{_NAMES[at.month - 1]} {at.year}", f"{at.year}年{at.month}月")

    def day_of(self, instant: datetime) -> date:
        """The local day of an instant."""
        return instant.astimezone(ZoneInfo(self.zone)).date()


def midnight(day: date, zone: str) -> datetime:
    """When a local day begins, UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def local(at_s: int, zone: str) -> datetime:
    """An instant (s since the epoch) by a zone's clock."""
    return datetime.fromtimestamp(at_s, ZoneInfo(zone))
