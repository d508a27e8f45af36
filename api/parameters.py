"""Query parameters: how they are read, and the rules by which they are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from api.errors import refused
from api.models.fields import RegisterName
from loadstone.domain.interval import Interval

MOST_POINTS = 50_000
MOST_SUMMANDS = 500_000
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_ONE_DAY = timedelta(days=1)
_LARGEST_ID = 2**31 - 1


def parse_instant(given: object) -> datetime:
    """ISO 8601 with an offset, or epoch milliseconds, as UTC; raises ValueError with the rule."""
    text = str(given).strip()
    if re.fullmatch(r"-?\d{9,14}", text):
        instant = _EARLIEST + timedelta(milliseconds=int(text))
    else:
        # A plus sign that was not escaped in a query arrives as a blank.
        text = re.sub(r"(\d) (\d\d:?\d\d)$", r"\1+\2", text)
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(
                "must be ISO 8601 with an offset, such as 2026-03-01T00:00:00+08:00 or "
                "2026-03-01T00:00:00Z, or epoch milliseconds"
            ) from None
    if instant.tzinfo is None:
        raise ValueError(
            "must say its offset from UTC, such as 2026-03-01T00:00:00+08:00 or …Z: a time "
            "without one means different instants at different sites"
        )
    try:
        instant = instant.astimezone(UTC)
    except OverflowError:
        instant = _LATEST
    if not _EARLIEST <= instant < _LATEST:
        raise ValueError("must lie in the years 1970 to 2199")
    return instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A length of interval: its short name, how PostgreSQL writes it, its shortest length."""

    name: str
    sql: str
    shortest: timedelta


def _steps() -> dict[str, Step]:
    table = (
        ("1m", "PT1M", "1 minute", timedelta(minutes=1)),
        ("5m", "PT5M", "5 minutes", timedelta(minutes=5)),
        ("15m", "PT15M", "15 minutes", timedelta(minutes=15)),
        ("30m", "PT30M", "30 minutes", timedelta(minutes=30)),
        ("1h", "PT1H", "1 hour", timedelta(hours=1)),
        ("1d", "P1D", "1 day", timedelta(hours=23)),
        ("1w", "P1W", "7 days", timedelta(days=7, hours=-1)),
        ("1mo", "P1M", "1 month", timedelta(days=28, hours=-1)),
        ("1y", "P1Y", "1 year", timedelta(days=365)),
    )
    steps = {}
    for name, iso, sql, shortest in table:
        steps[name] = steps[iso] = Step(name=name, sql=sql, shortest=shortest)
    return steps


STEPS = _steps()
_STEP_RULE = "must be one of " + ", ".join(name for name in STEPS if name.islower())


def parse_step(given: object) -> Step:
    """A step by its short or ISO 8601 name; raises ValueError with the rule."""
    step = STEPS.get(str(given))
    if step is None:
        raise ValueError(_STEP_RULE + ", or the same in ISO 8601 such as PT15M")
    return step


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def known_zone(name: str) -> str:
    """The IANA zone of this name; raises ValueError with the rule."""
    if name not in _zones():
        raise ValueError("must be an IANA time zone, such as Asia/Shanghai")
    return name


InstantParameter = Annotated[
    datetime,
    BeforeValidator(parse_instant),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-03-01T00:00:00+08:00"]}
    ),
]
StepParameter = Annotated[
    Step,
    BeforeValidator(parse_step),
    WithJsonSchema({"type": "string", "enum": list(STEPS), "examples": ["15m"]}),
]
ZoneParameter = Annotated[str, AfterValidator(known_zone)]
IdParameter = Annotated[int, Field(ge=1, le=_LARGEST_ID)]
CodeParameter = Annotated[
    str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]*$")
]


class Parameters(BaseModel):
    """A parameter that is not known is refused: a filter that is misspelt must not widen."""

    model_config = ConfigDict(extra="forbid")


class Span(Parameters):
    """Which time."""

    from_: InstantParameter | None = Field(
        None, alias="from", description="First instant; by default 24 h before `to`."
    )
    to: InstantParameter | None = Field(
        None, description="First instant that is not part of it; by default now."
    )

    def interval(self, now: datetime) -> Interval:
        """[from, to) with the defaults filled in; refuses one that does not go forward."""
        end = self.to or now
        start = self.from_ or max(end - _ONE_DAY, _EARLIEST)
        if start >= end:
            name, value = ("from", self.from_) if self.from_ else ("to", self.to)
            raise refused(name, (value or start).isoformat(), "must be `from` before `to`")
        return Interval(start, end)


class ReadingsWanted(Span):
    """Which readings."""

    limit: int = Field(1000, ge=1, le=10_000, description="Rows in this part.")
    cursor: InstantParameter | None = Field(None, description="`next_cursor` of the part before.")


class Stepped(Span):
    """Which time, cut how."""

    step: StepParameter = Field("15m", validate_default=True, description="Length of an interval.")
    tz: ZoneParameter | None = Field(
        None, description="Zone whose calendar cuts the intervals; by default the site's."
    )

    def grid(self, now: datetime, *, meters: int = 1) -> Interval:
        """As `interval`, but of MOST_POINTS steps at most, and MOST_SUMMANDS over all meters."""
        span = self.interval(now)
        asked = -(-(span.end - span.start) // self.step.shortest)
        most = min(MOST_POINTS, MOST_SUMMANDS // max(meters, 1))
        if asked > most:
            of_meters = f" of {meters} meters" if meters > 1 else ""
            raise refused(
                "step",
                self.step.name,
                f"asks for {asked} intervals{of_meters} between from and to; {most} are the most: "
                "take a longer step or a shorter time",
            )
        return span


class EnergyWanted(Stepped):
    """Which energy."""

    register_name: RegisterName = Field(
        "imp",
        alias="register",
        description="imp, exp: kWh; q1 to q4, rimp, rexp (reactive import, export): kvarh.",
    )
