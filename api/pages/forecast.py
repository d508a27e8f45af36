"""A site's forecast: what is expected against its contract demand, why, how sure, and what if."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from fastapi import APIRouter, Response

from api.context import Context
from api.pages.calendar import QUARTER_S, local_day
from api.pages.crumbs import Crumb, crumbs_of, site_href
from api.pages.forecast_charts import ForecastCharts
from api.pages.forecast_figures import (
    accuracy,
    day_figures,
    month_figures,
    peak_rows,
    signed_percent,
    spoken,
)
from api.pages.forecast_query import (
    SAID_DAYS,
    VIEWS,
    ForecastPageQuery,
    ForecastPageWanted,
)
from api.pages.forecast_reads import ForecastReads, days_of, read_forecast
from api.pages.forecast_what_if import what_if_part
from api.pages.forecast_words import (
    BEST_MODELS,
    REFUSED,
    input_facts,
    joined,
    model_name,
    reason_texts,
    shares,
)
from api.pages.frame import Frame, PageFrame
from api.pages.period_picker import Choice
from api.pages.site import visible_place
from api.pages.site_day import SiteDay
from loadstone.storage.screens.forecasts import IssueRow

router = APIRouter(include_in_schema=False)
_OVERDUE = timedelta(hours=30)
_DAY = timedelta(days=1)


@router.get("/sites/{site_id}/forecast")
def forecast(
    site_id: int, frame: PageFrame, context: Context, wanted: ForecastPageQuery
) -> Response:
    """The page for today and tomorrow, a week, the month, or one day that is over."""
    now = context.now()
    with context.reading(frame.reader) as connection:
        here = visible_place(connection, frame, site_id)
        today = local_day(now, here.zone)
        reads = read_forecast(connection, here, wanted, today, now)
        leading = reads.leading
        correlation = leading.error_correlation_ratio if leading else None
        tried = what_if_part(
            connection, frame, here, wanted.what_if, reads.slots, correlation, today, now
        )
    days = days_of(reads, here, now)
    charts = ForecastCharts(frame=frame, place=here, reads=reads, days=days, now=now)
    issues = spoken(reads, today)
    rows = peak_rows(frame, here, reads, issues, now)
    is_month = wanted.view == "month"
    figures = month_figures(frame, reads.month, now) if is_month else []
    if not is_month:
        figures = day_figures(frame, here, issues, rows)
    path = f"{site_href(site_id)}/forecast"
    t = frame.t
    way = [*crumbs_of(frame, here), Crumb(label=t.name(here, "site"), href=site_href(site_id))]
    calendar_href = f"/customers/{here.customer_id}/calendar"
    why: list[str] = []
    if leading is not None:
        why = reason_texts(frame, leading.reasons, leading.reason, here.zone, now)
    span = (reads.scored_first, reads.scored_last)
    return frame.page(
        "forecast.html", section="forecasts", place=here, way=way, path=path, wanted=wanted,
        figures=figures, rows=rows, is_month=is_month, month=reads.month,
        chart=charts.month() if is_month else charts.curve(wanted.said, tried.tried, tried.slots),
        views=_views(frame, wanted, path), said_choices=_said(frame, wanted, path),
        said_note=_said_note(frame, wanted, reads, days), leading=leading, why=why,
        model=model_name(frame, leading.model) if leading else "",
        state=_state(frame, wanted, reads, leading, why, today, now),
        notice=_notice(frame, leading, why, now),
        weights=shares(frame, leading.weights) if leading else [],
        issued=frame.f.instant(leading.issued_at, here.zone, now) if leading else "",
        inputs=input_facts(frame, leading, calendar_href, now) if leading else [],
        card=accuracy(frame, reads.cards[0], reads.by_lead, span) if reads.cards else None,
        calendar_href=calendar_href, what_if=tried, step=_stepper(frame, wanted, path, today),
    )  # fmt: skip


def _views(frame: Frame, wanted: ForecastPageWanted, path: str) -> list[Choice]:
    return [
        Choice(
            label=frame.t(f"fc.view_{view}"),
            href=wanted.href(path, view=None if view == "day" else view, day=None),
            is_chosen=wanted.view == view and (view != "day" or wanted.day is None),
        )
        for view in VIEWS
    ]


def _said(frame: Frame, wanted: ForecastPageWanted, path: str) -> list[Choice]:
    if wanted.view == "month":
        return []
    names = {0: "fc.said_0", 1: "fc.said_1"}
    return [
        Choice(
            label=frame.t(names.get(said, "fc.said_n"), n=said),
            href=wanted.href(path, said=said or None), is_chosen=wanted.said == said,
        )
        for said in SAID_DAYS
    ]  # fmt: skip


def _stepper(frame: Frame, wanted: ForecastPageWanted, path: str, today: date) -> dict[str, str]:
    """One day back and forth, as links, and what day is shown."""
    if wanted.view != "day":
        return {}
    chosen = wanted.chosen_day(today)
    shown = frame.f.day(chosen, weekday=True, year=True) if chosen else frame.t("fc.one_day")
    back = (chosen or today) - (_DAY if chosen else timedelta())
    forth = (chosen or today) + _DAY
    return {
        "label": shown, "back": wanted.href(path, day=back), "forth": wanted.href(path, day=forth),
        "day": str(chosen or today),
    }  # fmt: skip


def _said_note(
    frame: Frame, wanted: ForecastPageWanted, reads: ForecastReads, days: Sequence[SiteDay]
) -> str:
    """How what was said then compares with what was measured since."""
    if not wanted.said or wanted.view == "month":
        return ""
    t = frame.t
    if not reads.said_before:
        return t("fc.said_none")
    measured = {
        at: value
        for day in days
        for at, value in zip(day.grid, day.load_kw, strict=True)
        if value is not None
    }
    pairs = []
    for slot in reads.said_before:
        begin, end = int(slot.start_at.timestamp()), int(slot.end_at.timestamp())
        known = [measured[at] for at in range(begin, end, QUARTER_S) if at in measured]
        if len(known) * QUARTER_S == end - begin:
            pairs.append((slot.mean_kw, sum(known) / len(known)))
    total = sum(abs(real) for _, real in pairs)
    if not total:
        return ""
    when = t("fc.said_when_1") if wanted.said == 1 else t("fc.said_when_n", n=wanted.said)
    return t(
        "fc.said_error", when=when,
        wape=frame.f.percent(100 * sum(abs(told - real) for told, real in pairs) / total, 1),
        bias=signed_percent(frame, 100 * sum(told - real for told, real in pairs) / total),
    )  # fmt: skip


def _state(
    frame: Frame, wanted: ForecastPageWanted, reads: ForecastReads, leading: IssueRow | None,
    why: Sequence[str], today: date, now: datetime,
) -> tuple[str, str, str] | None:  # fmt: skip
    """Kind, title and help where there is nothing to draw; None where there is."""
    t = frame.t
    if wanted.view == "month":
        if reads.month is None:
            return "empty", t("fc.month_none"), t("fc.month_none_help")
        if reads.month.energy_kwh is None:
            reasons = reason_texts(
                frame, reads.month.reasons, reads.month.reason, reads.month.zone, now
            )
            return "empty", t("fc.refused"), joined(frame, reasons)
        return None
    if leading is not None and leading.model == REFUSED and not reads.slots:
        return "empty", t("fc.refused"), joined(frame, why)
    if not reads.slots:
        if reads.last_day < today:
            return "empty", t("fc.none_past"), t("fc.none_past_help")
        return "empty", t("fc.none"), t("fc.none_help")
    return None


def _notice(frame: Frame, leading: IssueRow | None, why: Sequence[str], now: datetime) -> str:
    """A line above everything: a short history, a simpler model, an old or replayed forecast."""
    if leading is None or leading.model == REFUSED:
        return ""
    t = frame.t
    codes = {str(one.get("code")) for one in leading.reasons if isinstance(one, dict)}
    if "too_few_days" in codes:
        return t("fc.short", reason=joined(frame, why))
    if leading.model not in BEST_MODELS:
        return t("fc.fallback", reason=joined(frame, why))
    if leading.ends_at > now and now - leading.issued_at > _OVERDUE:
        return t("fc.stale", span=frame.f.span(now - leading.issued_at))
    return t("fc.replayed") if leading.replayed else ""
