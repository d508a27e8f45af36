"""System health: whether data flow, how late, what waits and failed, how much room is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

from fastapi import APIRouter, Response

from api.context import Context
from api.pages.calendar import QUARTER_S, floor_to
from api.pages.charts import Chart, LegendItem, Series, TimeAxis
from api.pages.frame import Frame, PageFrame
from api.pages.meter_facts import Fact
from api.roles import demand
from loadstone.storage.backend import Backend
from loadstone.storage.checkup import SummaryLag, summary_lag
from loadstone.storage.findings import Finding, reading_findings, store_findings
from loadstone.storage.migrate import pending_migrations
from loadstone.storage.parts import parts_of
from loadstone.storage.screens.health import Intake, Pulse, intake, pulse
from loadstone.storage.sizes import columnstore_size, relation_sizes

router = APIRouter(include_in_schema=False)
_ZONE = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vital:
    """One number at the top; `level` near or full where somebody should look."""

    label: str
    value: str
    note: str
    level: str


@router.get("/system")
def system(frame: PageFrame, context: Context) -> Response:
    """For those who see everything and look after it."""
    demand(frame.reader, "system.read")
    now = context.now()
    end = floor_to(now, QUARTER_S) + timedelta(seconds=QUARTER_S)
    start = end - timedelta(days=1)
    with context.inside() as connection:
        backend, pending = pending_migrations(connection)
        beats = pulse(connection, now)
        lag = summary_lag(connection)
        found = [
            *reading_findings(beats.newest_reading_at, now),
            *store_findings(connection, backend, now),
        ]
        taken = intake(connection, start, end)
        sizes = relation_sizes(connection)
        columnstore = columnstore_size(connection)
        parts = parts_of(connection, backend, "reading")
    findings = [_finding(frame, one) for one in found]
    if pending:
        findings.insert(0, frame.t("finding.migrations", n=len(pending)))
    facts = _facts(frame, backend, beats, now)
    if parts:
        span = f"{parts[0].start:%Y-%m-%d} – {parts[-1].end:%Y-%m-%d}"
        facts.append(Fact(name=frame.t("system.parts"), value=str(len(parts)), note=span))
    if columnstore and columnstore.ratio:
        facts.append(
            Fact(name=frame.t("system.columnstore"),
                 value=frame.t("system.smaller", n=frame.f.number(columnstore.ratio, 1)),
                 note=f"{columnstore.columnstore_chunks} / {columnstore.chunks}")
        )  # fmt: skip
    return frame.page(
        "system.html", section="system", findings=findings, facts=facts,
        vitals=_vitals(frame, beats, lag, now),
        charts_of=_charts(frame, taken, start, now),
        sizes=[(frame.t.known(f"system.size_{size.name}", size.name), frame.f.number(size.rows),
                _bytes(frame, size.bytes)) for size in sizes],
    )  # fmt: skip


def _finding(frame: Frame, finding: Finding) -> str:
    values = dict(finding.values)
    for name in ("age_s", "behind_s"):
        if isinstance(values.get(name), int | float):
            values[name] = frame.f.span(timedelta(seconds=values[name]))
    values["hours"] = frame.f.number(values.get("hours"))
    key = finding.code
    if key == "summaries_behind" and values.get("behind_s") is None:
        return frame.t("finding.no_summaries", hours=values["hours"])
    return frame.t(f"finding.{key}", **values)


def _vitals(frame: Frame, beats: Pulse, lag: SummaryLag, now: datetime) -> list[Vital]:
    t, f = frame.t, frame.f

    def ago(at: datetime | None) -> str:
        return f.span(max(now - at, timedelta())) if at else t("age.never")

    stale = beats.newest_reading_at is None or now - beats.newest_reading_at > timedelta(minutes=15)
    offline = beats.gateways - beats.gateways_online
    behind = timedelta()
    if lag.newest_reading_at and lag.newest_summary_at:
        behind = max(lag.newest_reading_at - lag.newest_summary_at, timedelta())
    median = f.number(beats.lag_median_s, 1) if beats.lag_median_s is not None else f.number(None)
    return [
        Vital(label=t("system.newest"), value=ago(beats.newest_reading_at),
              note=t("system.current", n=beats.meters_current, all=beats.meters),
              level="full" if stale else ""),
        Vital(label=t("system.lag"), value=f"{median} s",
              note=t("system.lag_most", n=f.number(beats.lag_most_s, 0)), level=""),
        Vital(label=t("system.waiting"), value=f.number(lag.waiting_hours),
              note=t("system.behind", span=f.span(behind)),
              level="near" if lag.waiting_hours > 10_000 else ""),
        Vital(label=t("nav.gateways"), value=f"{beats.gateways_online} / {beats.gateways}",
              note=t("system.offline", n=offline, never=beats.gateways_never),
              level="near" if offline else ""),
        Vital(label=t("queue.title"), value=f.number(beats.quarantine_open),
              note=t("system.quarantine", n=f.number(beats.quarantine_hour)),
              level="near" if beats.quarantine_hour else ""),
        Vital(label=t("quality.lost"), value=f.number(beats.messages_missing),
              note=t("system.lost_note"), level="near" if beats.messages_missing else ""),
    ]  # fmt: skip


def _facts(frame: Frame, backend: Backend, beats: Pulse, now: datetime) -> list[Fact]:
    t, f = frame.t, frame.f

    def kept(at: datetime | None) -> str:
        return t("system.kept_all") if at is None else f"{at:%Y-%m-%d}"

    return [
        Fact(name=t("system.version"), value=version("loadstone")),
        Fact(name=t("system.database"), value=f"PostgreSQL {beats.server_version}",
             note=t(f"system.backend_{backend.name}")),
        Fact(name=t("system.size"), value=_bytes(frame, beats.database_bytes)),
        Fact(name=t("system.connections"), value=f.number(beats.sessions)),
        Fact(name=t("system.kept_readings"), value=kept(beats.readings_kept_from)),
        Fact(name=t("system.kept_rollups"), value=kept(beats.rollups_kept_from)),
        Fact(name=t("system.again"), value=f.number(beats.quarantine_again)),
        Fact(name=t("system.now"), value=f"{now:%Y-%m-%d %H:%M:%S}", note="UTC"),
    ]  # fmt: skip


def _charts(frame: Frame, taken: Sequence[Intake], start: datetime, now: datetime) -> list[Chart]:
    t = frame.t
    axis = TimeAxis(t0_s=int(start.timestamp()), step_s=QUARTER_S, n=len(taken))

    def chart(key: str, unit: str, values: Sequence[float | None], colour: str) -> Chart:
        return Chart(
            key=key, title=t(f"system.chart_{key}"), unit=unit, data_unit="",
            description=t("gateway.month"), axis=axis, zone=_ZONE, digits=1,
            series=[Series(label=t(f"system.chart_{key}"), colour=colour, values=values, width=2)],
            legend=[LegendItem(mark=f"line {colour}", text=unit)], sync="system",
            now_s=int(now.timestamp()), now_text=t("series.now"), file=f"system-{key}", always=True,
        )  # fmt: skip

    past = [one.start_at < now for one in taken]
    rates = [round(one.readings / QUARTER_S, 2) if there else None
             for one, there in zip(taken, past, strict=True)]  # fmt: skip
    refused = [float(one.refused) if there else None
               for one, there in zip(taken, past, strict=True)]  # fmt: skip
    lags = [None if one.lag_max_s is None else float(one.lag_max_s) for one in taken]
    return [
        chart("rate", t("system.unit_rate"), rates, "load"),
        chart("refused", t("system.unit_refused"), refused, "warn"),
        chart("late", t("system.unit_late"), lags, "compare"),
    ]


def _bytes(frame: Frame, size: int) -> str:
    if size >= 1e9:
        return f"{frame.f.number(size / 1e9, 1)} GB"
    return f"{frame.f.number(size / 1e6, 1)} MB"
