"""What the savings page says of one judgement, in words and rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite

from api.pages.frame import Frame
from api.pages.opportunity_words import currency_sign
from forecast.savings.guideline14 import CVRMSE_LIMIT, FSU_LIMIT, NMBE_LIMIT, R2_ADVISED
from forecast.savings.record import from_record
from forecast.savings.result import SavingsResult
from loadstone.storage.non_routine_events import NonRoutineEvent
from loadstone.storage.saving_verifications import VerificationRow

_DAY_CODES = frozenset(
    {"baseline_too_short", "reporting_too_short", "not_a_whole_year", "periods_far_apart"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticRow:
    """One statistic with its limit; `state` is held, missed or advice."""

    name: str
    value: str
    limit: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event as the list shows it."""

    event_id: int
    kind: str
    days: str
    period: str
    effect: str
    status: str
    is_open: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementView:
    """Everything that the page says of one judgement."""

    result: SavingsResult
    saved: tuple[str, str]
    share: str
    interval: str
    interval_pct: str
    money: str
    money_interval: str
    verdict: str
    proven: bool
    doubts: list[str]
    known: str
    statistics: list[StatisticRow]
    findings: list[tuple[str, bool]]
    how: list[str]


def judgement_view(frame: Frame, row: VerificationRow, zone: str, now: datetime) -> JudgementView:
    """The view of a kept judgement."""
    t, f = frame.t, frame.f
    told = from_record(row.result)
    interval = told.interval
    return JudgementView(
        result=told, saved=f.energy(row.saved_kwh), share=f.percent(told.savings_pct, 1),
        interval=t("savings.interval", low=" ".join(f.energy(row.low_kwh)),
                   high=" ".join(f.energy(row.high_kwh))),
        interval_pct=t("savings.interval", low=f.percent(interval.low_pct, 1),
                       high=f.percent(interval.high_pct, 1)),
        money=money_text(frame, row.saved_money, row.currency),
        money_interval="" if row.saved_money is None else t(
            "savings.interval", low=money_text(frame, row.low_money, row.currency),
            high=money_text(frame, row.high_money, row.currency),
        ),
        verdict=t(f"savings.verdict.{row.verdict}"), proven=row.verdict == "proven",
        doubts=[t(f"savings.doubt.{one}") for one in told.doubts],
        known=t("savings.as_known", at=f.instant(row.known_at, zone, now), who=row.made_by),
        statistics=_statistics(frame, told), findings=_findings(frame, told),
        how=_how(frame, told, row.weather_source),
    )  # fmt: skip


def money_text(frame: Frame, value: Decimal | None, currency: str | None) -> str:
    """Whole units behind the currency's sign; a dash where there is none."""
    if value is None:
        return frame.f.number(None)
    minus = "−" if value < 0 else ""
    return f"{minus}{currency_sign(currency)}{frame.f.number(float(abs(value)))}"


def _statistics(frame: Frame, told: SavingsResult) -> list[StatisticRow]:
    s, f, t = told.statistics, frame.f, frame.t

    def row(key: str, value: str, limit: str, held: bool | None) -> StatisticRow:
        state = "advice" if held is None else "held" if held else "missed"
        return StatisticRow(
            name=t(f"savings.stat.{key}"), value=value, limit=limit, state=state if limit else ""
        )

    def share(value: float, digits: int = 1) -> str:
        told = round(100 * value, digits) + 0.0 if isfinite(value) else None  # no −0
        return f.percent(told, digits)

    def below(limit: float, digits: int = 0) -> str:
        return f"≤ {f.percent(100 * limit, digits)}"

    return [
        row("cvrmse", share(s.cvrmse_ratio), below(CVRMSE_LIMIT), s.cvrmse_ratio <= CVRMSE_LIMIT),
        row("nmbe", share(s.nmbe_ratio, 3), f"± {f.percent(100 * NMBE_LIMIT, 1)}",
            abs(s.nmbe_ratio) <= NMBE_LIMIT),
        row("r2", f.number(s.r2, 3), f"≥ {f.number(R2_ADVISED, 1)}",
            True if s.r2 >= R2_ADVISED else None),
        row("fsu68", share(s.fsu_68_ratio), below(FSU_LIMIT), s.fsu_68_ratio <= FSU_LIMIT),
        row("fsu90", share(s.fsu_90_ratio), below(FSU_LIMIT), s.fsu_90_ratio <= FSU_LIMIT),
        row("minimum", share(s.minimum_provable_pct / 100), "", None),
        row("rows", f"{f.number(s.rows)} · {f.number(s.effective_rows)}", "", None),
    ]  # fmt: skip


def _findings(frame: Frame, told: SavingsResult) -> list[tuple[str, bool]]:
    t, f = frame.t, frame.f
    rows = []
    for one in told.findings:
        if one.code in _DAY_CODES:
            figure, limit = f.number(one.figure), f.number(one.limit)
        else:
            figure, limit = f.percent(100 * one.figure, 1), f.percent(100 * one.limit, 1)
        text = t(
            f"savings.finding.{one.code}", figure=figure, limit=limit,
            period=t(f"savings.period.{one.period}"),
        )  # fmt: skip
        rows.append((text, one.blocks))
    return rows


def _how(frame: Frame, told: SavingsResult, weather: str | None) -> list[str]:
    t, f = frame.t, frame.f

    def day(at: date) -> str:
        return f.day(at, year=True)

    def last(end: date) -> str:
        return day(end - timedelta(days=1))

    lines = [
        t(f"savings.option.{told.option}"),
        t(f"savings.method.{told.method}"),
        t("savings.how_periods", b0=day(told.baseline_from), b1=last(told.baseline_to),
          r0=day(told.reporting_from), r1=last(told.reporting_to)),
        t("savings.how_formula", gbt=f.number(told.gbt_savings_kwh)),
        t("savings.how_interval"),
    ]  # fmt: skip
    if told.interval.own_errors_pct:
        errors = ", ".join(f.percent(one, 1) for one in told.interval.own_errors_pct)
        lines.append(t("savings.how_own", errors=errors))
    if told.comparison:
        lines.append(
            t("savings.how_like", drift=f.percent(-told.comparison.drift_pct, 1),
              n=told.comparison.customers, adjusted=f.percent(told.comparison.savings_pct, 1))
        )  # fmt: skip
    if told.normalised:
        kwh = " ".join(f.energy(told.normalised.savings_kwh))
        lines.append(t("savings.how_usual", kwh=kwh, pct=f.percent(told.normalised.savings_pct, 1)))
    if told.non_routine_kwh:
        lines.append(t("savings.how_adjusted", kwh=f.number(told.non_routine_kwh)))
    if weather:
        lines.append(t("savings.how_weather", source=weather))
    return lines


def _span(frame: Frame, event: NonRoutineEvent) -> str:
    last = event.end_day - timedelta(days=1)
    return f"{frame.f.day(event.first_day, year=True)} – {frame.f.day(last, year=True)}"


def event_rows(frame: Frame, events: list[NonRoutineEvent]) -> list[EventRow]:
    """The list of events; `said` is who decided and why."""
    t, f = frame.t, frame.f
    rows = []
    for one in events:
        status = t(f"savings.status.{one.status}")
        if one.treatment:
            kwh = f.number(one.adjustment_kwh)
            status += " · " + t(f"savings.treatment.{one.treatment}", kwh=kwh)
        said = ""
        if one.decided_by:
            said = t("savings.decided_by", who=one.decided_by, note=one.note or "")
        rows.append(
            EventRow(
                event_id=one.event_id, kind=t(f"savings.event.{one.kind}"), status=status,
                days=_span(frame, one),
                period=t(f"savings.period.{one.period}"), said=said,
                effect=" ".join(f.energy(one.effect_kwh)), is_open=one.status == "flagged",
            )
        )  # fmt: skip
    return rows
