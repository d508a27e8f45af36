"""From the stamps of a file to instants: which end they label, in which zone, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from simulator.interval_file import IntervalRows
from simulator.replay_errors import IntervalFileError

Label = Literal["start", "end"]
Order = Literal["strict", "time", "file"]
Instants = NDArray[np.int64]

DAY_MS = 86_400_000
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall clock, whose zone is known beside it
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StampRules:
    """How stamps are meant.

    `order` strict refuses stamps that step back, time sorts them, file believes the order of the
    rows: row n begins n steps after the first, whatever day its stamp names.
    """

    label: Label = "start"
    zone: str = "UTC"
    order: Order = "strict"
    step_ms: int | None = None


def interval_starts(rows: IntervalRows, rules: StampRules) -> tuple[Instants, int]:
    """Start of each row's interval in UTC epoch ms, in file order, and the step in ms."""
    if not len(rows.row):
        raise IntervalFileError("the file has no rows to replay")
    zone: tzinfo = UTC if rows.is_utc else ZoneInfo(rules.zone)
    if rules.order == "file":
        step_ms = rules.step_ms or _usual_step(rows.stamp_ms)
        stamped = _by_order(rows, zone, step_ms)
    else:
        stamped = rows.stamp_ms if rows.is_utc else _resolved(rows, rules.zone)
        step_ms = rules.step_ms or _usual_step(np.sort(stamped))
        if rules.order == "strict":
            _check_forward(rows, stamped)
    if step_ms >= DAY_MS:
        raise IntervalFileError(
            f"a step of {step_ms // 1000} s: replay takes intervals shorter than a day "
            "(local days have 23 to 25 hours); give --step if this guess is wrong"
        )
    if step_ms % 1000:
        raise IntervalFileError(f"a step of {step_ms} ms: give whole seconds with --step")
    return (stamped - step_ms if rules.label == "end" else stamped), step_ms


def shown(ms: int, zone: tzinfo = UTC) -> str:
    """An instant as people read it, in a zone."""
    return _local(ms, zone).isoformat(sep=" ", timespec="minutes")


def _usual_step(stamps: Instants) -> int:
    steps = np.diff(stamps)
    steps = steps[steps > 0]
    if not len(steps):
        raise IntervalFileError("one row only: say how long its interval is with --step")
    return int(np.median(steps))


def _check_forward(rows: IntervalRows, stamped: Instants) -> None:
    back = np.flatnonzero(np.diff(stamped) < 0)
    if len(back):
        at = int(back[0]) + 1
        raise IntervalFileError(
            f"row {rows.row[at]} is stamped {_wall(rows, at)}, after {_wall(rows, at - 1)}: time "
            "steps back. Use --order file where the rows are in order and only the stamps are not "
            "(a day's last row stamped 00:00 of the same day), --order time to sort by the stamps"
        )


def _by_order(rows: IntervalRows, zone: tzinfo, step_ms: int) -> Instants:
    """Row n is n steps after row 0; stamps may be a day off, but their time of day must agree."""
    first = _utc_ms(int(rows.stamp_ms[0]), zone, 0)
    instants: Instants = first + np.arange(len(rows.row), dtype=np.int64) * step_ms
    walls = np.array([_wall_ms(int(ms), zone) for ms in instants], dtype=np.int64)
    apart = rows.stamp_ms - walls
    wrong = np.flatnonzero(~np.isin(apart, (-DAY_MS, 0, DAY_MS)))
    if len(wrong):
        at = int(wrong[0])
        raise IntervalFileError(
            f"row {rows.row[at]} is stamped {_wall(rows, at)}, but by the order of the rows it is "
            f"{shown(int(walls[at]))[:16]}: rows are missing or doubled there, so --order file "
            "cannot be used (or --step is wrong)"
        )
    if np.median(apart) != 0:
        raise IntervalFileError(
            f"row {rows.row[0]} is stamped {_wall(rows, 0)}, a day away from the rows after it: "
            "--order file counts from the first row, so begin at one whose day is right"
        )
    return instants


def _resolved(rows: IntervalRows, zone_name: str) -> Instants:
    """Wall clock to UTC: of an hour that comes twice, a stamp's second occurrence is the later."""
    zone = ZoneInfo(zone_name)
    seen: set[int] = set()
    instants = np.empty(len(rows.stamp_ms), dtype=np.int64)
    for at, wall_ms in enumerate(rows.stamp_ms.tolist()):
        early, late = _utc_ms(wall_ms, zone, 0), _utc_ms(wall_ms, zone, 1)
        instants[at] = early
        if early < late:
            if wall_ms in seen:
                instants[at] = late
            seen.add(wall_ms)
        elif early > late and _wall_ms(early - 1, zone) + 1 != wall_ms:
            raise IntervalFileError(
                f"row {rows.row[at]} is stamped {_wall(rows, at)}, which the clocks of {zone_name} "
                "skip. Does the meter keep standard time all year? Then give its fixed zone "
                "(--zone Etc/GMT-1 is UTC+1) and the site's own with --site-zone"
            )
    return instants


def _wall(rows: IntervalRows, at: int) -> str:
    return shown(int(rows.stamp_ms[at]))[:16]


def _local(ms: int, zone: tzinfo) -> datetime:
    return (_EPOCH + ms * _MS).replace(tzinfo=UTC).astimezone(zone)


def _wall_ms(ms: int, zone: tzinfo) -> int:
    """The wall clock of a zone at an instant, as if it were UTC."""
    return (_local(ms, zone).replace(tzinfo=None) - _EPOCH) // _MS


def _utc_ms(wall_ms: int, zone: tzinfo, fold: int) -> int:
    wall = (_EPOCH + wall_ms * _MS).replace(tzinfo=zone, fold=fold)
    return (wall.astimezone(UTC).replace(tzinfo=None) - _EPOCH) // _MS
