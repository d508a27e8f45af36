"""The evidence of an opportunity as a chart."""

from __future__ import annotations

from typing import Any

from api.pages.charts import BucketAxis, Chart, LegendItem, Level, Series
from api.pages.frame import Frame
from api.pages.opportunity_words import sentence_of
from loadstone.storage.opportunities import OpportunityRow

_COLOURS = ("load", "forecast", "ok")
_MARKS = ("line load", "line reactive", "line target")
_DASHES: tuple[list[int] | None, ...] = (None, [6, 4], [2, 3])
_LEVELS = {"target": "ok", "best": "ok", "needed": "ok", "mean": "compare"}


def evidence_chart(frame: Frame, row: OpportunityRow) -> Chart:
    """Courses of a day as curves; months, phases and the like as bars."""
    shown, t = row.evidence, frame.t
    by_day = shown["axis"] == "day_hour"
    labels = _clocks(shown["x"]) if by_day else _labels(frame, shown)
    series = [
        Series(
            label=t.known(f"evidence.{one['name']}", one["name"]), values=one["values"],
            colour=_COLOURS[at % 3], dash=_DASHES[at % 3] if by_day else None,
            style="line" if by_day else "bar", width=2,
        )
        for at, one in enumerate(shown["series"])
    ]  # fmt: skip
    return Chart(
        key="evidence", title=t("opportunity.why"), tall=True, zone=row.zone,
        unit=t("evidence.by_clock", unit=shown["unit"]) if by_day else shown["unit"],
        data_unit=shown["unit"], description=sentence_of(t, frame.f, row),
        axis=BucketAxis(labels=labels, names=labels), series=series,
        levels=[_level(frame, one, shown["unit"]) for one in shown["levels"]],
        from_zero=shown["unit"] != "%",
        legend=[
            LegendItem(mark=_MARKS[at % 3], text=one.label)
            for at, one in enumerate(series)
            if by_day
        ],
        file=f"{row.site_code}-{row.code}", tells_reasons=False,
    )  # fmt: skip


def _clocks(hours: list[float]) -> list[str]:
    return [f"{int(hour):02}:{round(hour % 1 * 60):02}" for hour in hours]


def _labels(frame: Frame, shown: dict[str, Any]) -> list[str]:
    if shown["axis"] != "month":
        return list(shown["labels"])
    return [
        frame.t("evidence.last_month") if back == "0" else frame.t("evidence.months_ago", n=back)
        for back in shown["labels"]
    ]


def _level(frame: Frame, one: dict[str, Any], unit: str) -> Level:
    name, value = one["name"], one["values"][0]
    text = f"{frame.t.known('evidence.' + name, name)} {frame.f.power(value)} {unit}"
    return Level(value=value, colour=_LEVELS.get(name, "limit"), text=text, dash=name in _LEVELS)
