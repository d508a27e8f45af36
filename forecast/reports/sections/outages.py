"""Stretches without readings, and what happened at the premises."""

from __future__ import annotations

from collections.abc import Sequence

from forecast.reports.document import Column, Row, Statement, Table, figure
from forecast.reports.facts.events import Event
from forecast.reports.facts.holes import holes_of
from forecast.reports.facts.loads import MonthLoad
from forecast.reports.text import Text, number

_MOST_HOLES, _MOST_EVENTS = 10, 20


def holes_block(load: MonthLoad) -> Table | Statement:
    """The longest stretches that were not measured; a sentence where there is none."""
    if load.total_kwh is None:
        nothing = Text("Nothing at all was measured.", "没有任何实测数据。")
        return Statement(text=nothing, tone="warning")
    holes = holes_of(load)
    if not holes:
        every = Text("Every interval was measured.", "所有时段均为实测。")
        return Statement(text=every)
    rows = tuple(
        Row(
            cells=(
                hole.start.strftime("%Y-%m-%dT%H:%M"),
                hole.end.strftime("%Y-%m-%dT%H:%M"),
                figure(hole.duration_s / 3600, 2),
                figure(hole.energy_kwh),
            ),
            estimated=(3,) if hole.energy_kwh is not None else (),
        )
        for hole in holes[:_MOST_HOLES]
    )
    return Table(
        name="outages",
        title=Text("Without readings", "无读数时段"),
        columns=(
            Column(name=Text("From", "开始"), kind="instant"),
            Column(name=Text("To", "结束"), kind="instant"),
            Column(name=Text("Length", "时长"), unit="h", digits=2),
            Column(name=Text("Energy", "电量"), unit="kWh"),
        ),
        rows=rows,
        note=_more(len(holes) - _MOST_HOLES, sum(h.duration_s for h in holes[_MOST_HOLES:])),
    )


def _more(count: int, duration_s: int) -> Text | None:
    if count <= 0:
        return None
    hours = number(duration_s / 3600, 1)
    return Text(
        f"{count} shorter ones, together {hours} h.", f"另有 {count} 段较短的，共 {hours} 小时。"
    )


def events_table(events: Sequence[Event], most: int = _MOST_EVENTS) -> Table | None:
    """What gateways told and people decided; None where there was nothing."""
    if not events:
        return None
    rows = tuple(
        Row(cells=(event.at.strftime("%Y-%m-%dT%H:%M"), event.text, event.where))
        for event in events[:most]
    )
    left = len(events) - most
    return Table(
        name="events",
        title=Text("Events", "事件"),
        columns=(
            Column(name=Text("Time", "时间"), kind="instant"),
            Column(name=Text("What", "内容"), kind="text"),
            Column(name=Text("Where", "位置"), kind="text"),
        ),
        rows=rows,
        note=Text(f"{left} more.", f"另有 {left} 条。") if left > 0 else None,
    )
