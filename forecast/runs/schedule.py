"""Which issue is due next: what is newest first, then what was missed, oldest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from forecast.runs.chosen_model import USUAL
from forecast.runs.issue import Issue, IssueKind, local_instant

_DAILY: Final[tuple[IssueKind, ...]] = ("day_ahead", "week_ahead", "month")
_LATE: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When what is issued."""

    interval_s: int
    history_days: int
    issue_at: time
    """Local time of the forecasts of the days ahead."""
    today_every_s: int
    """Between two forecasts of today from scratch; 0 for none."""
    settle_s: int
    """How long after an instant its data are waited for."""
    replay_days: int
    """For how many days before now missing day-ahead forecasts are made as if said then."""
    model: str = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The newest run of a kind in a zone."""

    issued_at: datetime
    finished: bool


NewestRun = Callable[[IssueKind, str], LastRun | None]
HasRun = Callable[[IssueKind, str, datetime], bool]
"""Whether a run of this kind and zone was finished that was issued at this instant."""


def due(now: datetime, zones: Sequence[str], plan: Plan, newest: NewestRun) -> Iterator[Issue]:
    """What should have been said by now and was not, the most wanted first."""
    settled = now - timedelta(seconds=plan.settle_s)
    for zone in zones:
        nominal = _daily(settled, zone, plan.issue_at)
        for kind in _DAILY:
            at = _unsaid(newest(kind, zone), nominal, settled, plan)
            if at is not None:
                yield _issue(kind, zone, at, plan)
        if plan.today_every_s:
            yield from _update("today", settled, zone, plan, plan.today_every_s, newest)
        yield from _update("intraday", settled, zone, plan, plan.interval_s, newest)


def missed(now: datetime, zones: Sequence[str], plan: Plan, has_run: HasRun) -> Iterator[Issue]:
    """Day-ahead issues of the days before now that nobody made, oldest first."""
    settled = now - timedelta(seconds=plan.settle_s)
    for zone in zones:
        newest = _daily(settled, zone, plan.issue_at)
        today = newest.astimezone(ZoneInfo(zone)).date()
        for back in range(plan.replay_days, 0, -1):
            day = today - timedelta(days=back)
            at = local_instant(zone, day, plan.issue_at.hour, plan.issue_at.minute)
            if not has_run("day_ahead", zone, at):
                yield _issue("day_ahead", zone, at, plan)


def _issue(kind: IssueKind, zone: str, at: datetime, plan: Plan) -> Issue:
    return Issue(
        kind=kind, zone=zone, issued_at=at,
        interval_s=plan.interval_s, history_days=plan.history_days, model=plan.model,
    )  # fmt: skip


def _daily(settled: datetime, zone: str, at: time) -> datetime:
    """The newest instant by now at which days ahead are spoken of."""
    day = settled.astimezone(ZoneInfo(zone)).date()
    today = local_instant(zone, day, at.hour, at.minute)
    if today <= settled:
        return today
    return local_instant(zone, day - timedelta(days=1), at.hour, at.minute)


def _unsaid(
    last: LastRun | None, nominal: datetime, settled: datetime, plan: Plan
) -> datetime | None:
    """The instant of the issue that is due; a run that ended too soon is gone on with.

    Who is late says it with what is known by then.
    """
    if last is not None and last.issued_at >= nominal:
        return None if last.finished else last.issued_at
    return nominal if settled - nominal <= _LATE else _floor(settled, plan.interval_s)


def _update(
    kind: IssueKind, settled: datetime, zone: str, plan: Plan, every_s: int, newest: NewestRun
) -> Iterator[Issue]:
    """Updates of today: only the newest one is worth making."""
    nominal = _floor(settled, every_s)
    issue = _issue(kind, zone, nominal, plan)
    if issue.origin_day != issue.local.date():
        return  # it is midnight: nothing of today is known yet
    kinds: tuple[IssueKind, ...] = ("today",) if kind == "today" else ("today", "intraday")
    lasts = [newest(one, zone) for one in kinds]
    if not any(last is not None and last.finished and last.issued_at >= nominal for last in lasts):
        yield issue


def _floor(at: datetime, step_s: int) -> datetime:
    return datetime.fromtimestamp(int(at.timestamp()) // step_s * step_s, UTC)
