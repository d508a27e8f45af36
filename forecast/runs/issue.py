"""One issue of forecasts: of which kind, when, for which local days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from forecast.runs.chosen_model import USUAL

IssueKind = Literal["day_ahead", "week_ahead", "today", "intraday", "month"]
KINDS: Final[tuple[IssueKind, ...]] = ("day_ahead", "week_ahead", "today", "intraday", "month")
_WEEK_DAYS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What is said at `issued_at` of the subjects of one zone."""

    kind: IssueKind
    zone: str
    issued_at: datetime
    interval_s: int
    history_days: int
    model: str = USUAL
    """Of `forecast.runs.chosen_model.MODELS`: who speaks of the days ahead."""

    def __post_init__(self) -> None:
        if self.issued_at.utcoffset() != timedelta(0):
            raise ValueError("an issue is an instant in UTC")

    @property
    def local(self) -> datetime:
        """The issue on the subjects' clocks."""
        return self.issued_at.astimezone(ZoneInfo(self.zone))

    @property
    def known_until(self) -> datetime:
        """The end of the last whole interval before the issue."""
        whole_s = int(self.issued_at.timestamp()) // self.interval_s * self.interval_s
        return datetime.fromtimestamp(whole_s, UTC)

    @property
    def origin_day(self) -> date:
        """The last local day of which something is known."""
        return self._origin[0]

    @property
    def origin_slot(self) -> int:
        """Slots of that day that are over, at least one."""
        return self._origin[1]

    @property
    def _origin(self) -> tuple[date, int]:
        local = self.local
        slot = (local.hour * 3600 + local.minute * 60 + local.second) // self.interval_s
        if slot:
            return local.date(), slot
        return local.date() - timedelta(days=1), 86_400 // self.interval_s

    @property
    def last_day(self) -> date:
        """The last local day that is spoken of."""
        today = self.local.date()
        if self.kind == "day_ahead":
            return today + timedelta(days=1)
        if self.kind == "week_ahead":
            return today + timedelta(days=_WEEK_DAYS)
        if self.kind == "month":
            return month_end(today)
        return today


def month_end(day: date) -> date:
    """The last day of this day's month."""
    next_month = day.replace(day=28) + timedelta(days=4)
    return next_month.replace(day=1) - timedelta(days=1)


def local_instant(zone: str, day: date, hour: int, minute: int) -> datetime:
    """A time on the clocks of a zone, in UTC; the first one where clocks show it twice."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(
        UTC
    )
