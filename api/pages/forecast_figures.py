"""The numbers of a forecast page: peaks, chances, energies, how good it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from api.pages.figures import Figure
from api.pages.forecast_bands import P10, P90
from api.pages.forecast_reads import ForecastReads
from api.pages.forecast_words import REFUSED
from api.pages.frame import Frame
from forecast.quantiles import MEDIAN
from loadstone.storage.forecast_scores import StoredCard
from loadstone.storage.screens.forecast_scores import BiasRow
from loadstone.storage.screens.forecasts import IssueRow, MonthRow
from loadstone.storage.screens.places import Place

_LIKELY, _POSSIBLE, _TINY = 0.5, 0.1, 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakRow:
    """The expected peak of one day."""

    day: str
    note: str
    time: str
    peak: str
    p90: str
    share: str
    share_pct: float | None
    chance: str
    level: str
    energy: str


def chance_level(ratio: float | None) -> str:
    """`full` from one in two, `near` from one in ten."""
    if ratio is None:
        return "unknown"
    return "full" if ratio >= _LIKELY else "near" if ratio >= _POSSIBLE else "calm"


def chance_text(frame: Frame, ratio: float | None) -> str:
    """In percent; the ends are not said to be certain unless the peak is set already."""
    if ratio is None:
        return frame.f.number(None)
    if 0 < ratio < _TINY:
        return "< 1\u00a0%"
    return frame.f.percent(100 * ratio)


def spoken(reads: ForecastReads, today: date) -> list[IssueRow]:
    """One issue a day from today on: today's update, else day ahead, else week ahead."""
    order = {"today": 2, "day_ahead": 1, "week_ahead": 0}
    best: dict[date, IssueRow] = {}
    for one in sorted(reads.issues, key=lambda issue: order[issue.kind]):
        if one.target_day >= today and one.model != REFUSED:
            best[one.target_day] = one
    return [best[day] for day in sorted(best)]


def peak_rows(
    frame: Frame, place: Place, reads: ForecastReads, issues: Sequence[IssueRow], now: datetime
) -> list[PeakRow]:
    """A row a day; chances are those that were issued."""
    f, zone = frame.f, ZoneInfo(place.zone)
    today = now.astimezone(zone).date()
    rows = []
    for one in issues:
        if one.peak_kw is None or one.energy_kwh is None:
            continue
        slots = [s for s in reads.slots if s.start_at.astimezone(zone).date() == one.target_day]
        coming = [slot for slot in slots if slot.end_at > now]
        top = max(coming or slots, key=lambda slot: slot.mean_kw, default=None)
        contract_kw = one.contract_demand_kw or place.contract_demand_kw
        share_pct = 100 * one.peak_kw[MEDIAN] / contract_kw if contract_kw else None
        rows.append(
            PeakRow(
                day=f.day(one.target_day, weekday=True),
                note=frame.t("fc.peak_rest") if one.target_day == today else "",
                time=f.clock(top.start_at, place.zone) if top else f.number(None),
                peak=f.power(one.peak_kw[MEDIAN]), p90=f.power(one.peak_kw[P90]),
                share=f.percent(share_pct), share_pct=share_pct,
                chance=chance_text(frame, one.exceeds_ratio),
                level=chance_level(one.exceeds_ratio),
                energy=f.number(one.energy_kwh[MEDIAN]),
            )
        )  # fmt: skip
    return rows


def day_figures(
    frame: Frame, place: Place, issues: Sequence[IssueRow], rows: Sequence[PeakRow]
) -> list[Figure]:
    """Of the days ahead that are shown: highest peak, chance, headroom and energy."""
    t, f = frame.t, frame.f
    known = [one for one in issues if one.peak_kw is not None and one.energy_kwh is not None]
    if not known:
        return []
    top = max(known, key=lambda one: (one.peak_kw or [0.0] * 11)[MEDIAN])
    row = rows[known.index(top)]
    peak = top.peak_kw or []
    risk = max(known, key=lambda one: one.exceeds_ratio or 0.0)
    contract_kw = risk.contract_demand_kw or place.contract_demand_kw
    note = t("fc.chance_none")
    if contract_kw:
        note = t("fc.chance_note", contract=f.power(contract_kw))
        if len(known) > 1 and (risk.exceeds_ratio or 0) >= _TINY:
            note = t("fc.chance_day", day=f.day(risk.target_day, weekday=True),
                     contract=f.power(contract_kw))  # fmt: skip
    left = contract_kw - max((one.peak_kw or [])[P90] for one in known) if contract_kw else None
    main = known[-1] if len(known) <= 2 else None
    figures = [
        Figure(
            label=t("fc.peak"), value=f.power(peak[MEDIAN]), unit="kW",
            note=t("fc.peak_note", day=f.day(top.target_day, weekday=True), time=row.time,
                   low=f.power(peak[P10]), high=f.power(peak[P90])),
        ),
        Figure(
            label=t("fc.chance"), value=chance_text(frame, risk.exceeds_ratio), unit="",
            note=note, level=chance_level(risk.exceeds_ratio),
        ),
        Figure(
            label=t("fc.headroom"), value=f.power(left), unit="kW" if left is not None else "",
            note=t("fc.headroom_note"), level="full" if left is not None and left < 0 else "calm",
        ),
    ]  # fmt: skip
    return [*figures, _energy(frame, main, known)]


def _energy(frame: Frame, one: IssueRow | None, known: Sequence[IssueRow]) -> Figure:
    """Of the last day shown, or of a week in sum (its middle only: days err together)."""
    t, f = frame.t, frame.f
    if one is not None and one.energy_kwh is not None:
        values = one.energy_kwh
        value, unit = f.energy(values[MEDIAN])
        low, high = f.energy(values[P10])[0], f.energy(values[P90])[0]
        note = t("fc.energy_note", span=f.day(one.target_day, weekday=True), low=low, high=high,
                 unit=unit)  # fmt: skip
        return Figure(label=t("fc.energy"), value=value, unit=unit, note=note)
    value, unit = f.energy(sum((day.energy_kwh or [0.0] * 11)[MEDIAN] for day in known))
    span = f"{f.day(known[0].target_day)} – {f.day(known[-1].target_day)}"
    return Figure(label=t("fc.energy"), value=value, unit=unit, note=span)


def month_figures(frame: Frame, month: MonthRow | None, now: datetime) -> list[Figure]:
    """Where the month lands."""
    t, f = frame.t, frame.f
    if month is None or month.energy_kwh is None or month.peak_kw is None:
        return []
    energy, peak = month.energy_kwh, month.peak_kw
    value, unit = f.energy(energy[MEDIAN])
    so_far = f.energy(month.so_far_kwh)
    note = t("fc.landing_note", low=f.energy(energy[P10])[0], high=f.energy(energy[P90])[0],
             unit=unit, sofar=so_far[0] if so_far[1] == unit else " ".join(so_far))  # fmt: skip
    contract_kw = month.contract_demand_kw
    left = contract_kw - peak[P90] if contract_kw else None
    return [
        Figure(label=t("fc.landing"), value=value, unit=unit, note=note),
        Figure(
            label=t("fc.landing_peak"), value=f.power(peak[MEDIAN]), unit="kW",
            note=t("fc.landing_peak_note", low=f.power(peak[P10]), high=f.power(peak[P90]),
                   sofar=f.power(month.so_far_peak_kw)),
        ),
        Figure(
            label=t("fc.month_chance"), value=chance_text(frame, month.exceeds_ratio), unit="",
            note=t("fc.chance_note", contract=f.power(contract_kw)) if contract_kw
            else t("fc.chance_none"),
            level=chance_level(month.exceeds_ratio),
        ),
        Figure(
            label=t("fc.headroom"), value=f.power(left), unit="kW" if left is not None else "",
            note=t("fc.month_said", time=f.instant(month.issued_at, month.zone, now)),
            level="full" if left is not None and left < 0 else "calm",
        ),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadRow:
    """Error and bias of forecasts said so many days before."""

    lead: str
    wape: str
    bias: str
    days: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """The card in words."""

    span: str
    days: str
    figures: list[Figure]
    by_lead: list[LeadRow]


def accuracy(
    frame: Frame, card: StoredCard, by_lead: Sequence[BiasRow], days: tuple[date, date]
) -> Accuracy:
    """What the last weeks say; what is not known is a dash."""
    t, f = frame.t, frame.f
    skill_bad = card.skill_ratio is not None and card.skill_ratio < 0
    shift = ""
    if card.peak_shift_h is not None:
        shift = t("fc.peak_shift", hours=f.number(card.peak_shift_h, 1))
    figures = [
        _share(frame, "fc.wape", card.wape_pct, t("fc.wape_note")),
        Figure(label=t("fc.skill"), value=f.number(card.skill_ratio, 2), unit="",
               note=t("fc.skill_bad" if skill_bad else "fc.skill_note"),
               level="full" if skill_bad else "calm"),
        _share(frame, "fc.coverage", card.coverage_80_pct, t("fc.coverage_note", due=80)),
        _share(frame, "fc.coverage_95", card.coverage_95_pct, t("fc.coverage_note", due=95)),
        Figure(label=t("fc.mase"), value=f.number(card.mase_ratio, 2), unit="",
               note=t("fc.mase_note")),
        _share(frame, "fc.pinball", card.pinball_pct, t("fc.pinball_note")),
        _share(frame, "fc.peak_error", card.peak_error_pct, shift),
        _share(frame, "fc.special", card.special_wape_pct, t("fc.wape_note")),
    ]  # fmt: skip
    rows = [
        LeadRow(lead=f.number(one.lead_days), wape=f.percent(one.wape_pct, 1),
                bias=signed_percent(frame, one.bias_pct), days=f.number(one.days))
        for one in by_lead
    ]  # fmt: skip
    return Accuracy(
        span=t("fc.accuracy_span", first=f.day(days[0]), last=f.day(days[1])),
        days=t("fc.days_scored", n=card.days), figures=figures, by_lead=rows,
    )  # fmt: skip


def signed_percent(frame: Frame, value: float | None) -> str:
    """With its sign; a dash where it is not known."""
    if value is None:
        return frame.f.number(None)
    sign = "+" if round(value, 1) > 0 else ""
    return sign + frame.f.percent(round(value, 1) or 0.0, 1)


def _share(frame: Frame, key: str, value_pct: float | None, note: str) -> Figure:
    return Figure(
        label=frame.t(key), value=frame.f.number(value_pct, 1),
        unit="%" if value_pct is not None else "", note=note,
    )  # fmt: skip
