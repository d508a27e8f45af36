"""The period picker: every choice is a link, so that the browser's back key undoes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from api.pages.frame import Frame
from api.pages.period import COMPARISONS, KINDS, Comparison, Period, PeriodKind, PeriodWanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One link of the picker."""

    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodPicker:
    """What `period.html` draws: kinds, steps back and forth, comparison, and a form for any days.

    `kept` are the page's other parameters, which every link carries along.
    """

    label: str
    kinds: list[Choice]
    comparisons: list[Choice]
    previous_href: str | None
    next_href: str | None
    path: str
    kept: Mapping[str, str]
    period: Period
    latest: date
    days_only: bool


def period_picker(
    frame: Frame, period: Period, path: str, *, kept: Mapping[str, str] | None = None,
    kinds: Sequence[PeriodKind] = KINDS, comparisons: Sequence[Comparison] = COMPARISONS,
) -> PeriodPicker:  # fmt: skip
    """The picker of the page at `path`, for the kinds of period that it can show.

    Without `custom` among the kinds any single day may be chosen, no stretch of them.
    """
    others = {name: value for name, value in (kept or {}).items() if value}

    def href(one: Period | None) -> str | None:
        return None if one is None else f"{path}?{urlencode({**one.query(), **others})}"

    def of_kind(kind: PeriodKind) -> Period:
        wanted = PeriodWanted(kind=kind, at=None, first=None, last=None, compare=period.compare)
        return wanted.of(period.today)

    before, after = period.previous(), period.next()
    return PeriodPicker(
        label=period_text(frame, period),
        kinds=[
            Choice(
                label=frame.t(f"period.{kind}"), href=href(of_kind(kind)) or path,
                is_chosen=kind == period.kind,
            )
            for kind in kinds if kind not in {"day", "custom"}
        ],
        comparisons=[
            Choice(
                label=frame.t(f"period.compare_{one}"),
                href=href(replace(period, compare=one)) or path, is_chosen=one == period.compare,
            )
            for one in comparisons
        ] if len(comparisons) > 1 else [],
        previous_href=href(before), next_href=href(after), path=path,
        kept={**others, **({"compare": period.compare} if period.compare != "none" else {})},
        period=period, latest=period.today, days_only="custom" not in kinds,
    )  # fmt: skip


def period_text(frame: Frame, period: Period) -> str:
    """The period as people of the language write it: 18 Nov 2026, Nov 2026, 12–18 Nov 2026."""
    first, last = period.first, period.last
    if period.kind == "year":
        return frame.f.year(first)
    if period.kind == "month":
        return frame.f.month(first)
    if first == last:
        return frame.f.day(first, weekday=True, year=True)
    start = frame.f.day(first, year=first.year != last.year)
    return f"{start} – {frame.f.day(last, year=True)}"
