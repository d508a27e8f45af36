"""Forecasts in words of both languages: which model, why, from what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.i18n import TEXTS
from api.pages.frame import Frame
from api.pages.meter_facts import Fact
from loadstone.storage.screens.forecasts import IssueRow

REFUSED = "refused"
BEST_MODELS = frozenset({"day_ahead", "day_ahead_boosted", "today", "intraday"})
_LEAST_SHARE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One expert's share of the word, in percent."""

    name: str
    percent: str
    width_pct: float


def model_name(frame: Frame, model: str) -> str:
    """The model as people call it."""
    return frame.t.known(f"fc.model_{model}", frame.t("fc.model_other", name=model))


def reason_texts(
    frame: Frame, reasons: Sequence[Any], plain: str, zone: str, now: datetime
) -> list[str]:
    """One sentence a reason; an unknown code falls back to the plain English reason."""
    texts = [_reason(frame, one, zone, now) for one in reasons if isinstance(one, Mapping)]
    known = [text for text in texts if text]
    return known or [plain]


def joined(frame: Frame, sentences: Sequence[str]) -> str:
    """Sentences one after another, as the language sets them."""
    return ("" if frame.t.language == "zh" else " ").join(sentences)


def _reason(frame: Frame, reason: Mapping[str, Any], zone: str, now: datetime) -> str:
    key = f"fc.reason_{reason.get('code')}"
    if key not in TEXTS:
        return ""
    values = {str(name): value for name, value in reason.items()}
    if "skill_ratio" in values:
        values["skill"] = frame.f.number(values["skill_ratio"], 2)
    if "model" in values:
        values["model"] = model_name(frame, str(values["model"]))
    if "years" in values:
        values["years"] = years_text(frame, values["years"])
    if "base_issued_at" in values:
        values["time"] = instant_text(frame, values["base_issued_at"], zone, now)
    return frame.t(key, **values)


def years_text(frame: Frame, years: Sequence[int]) -> str:
    """2027, 2028 / 2027、2028."""
    return ("、" if frame.t.language == "zh" else ", ").join(str(year) for year in years)


def instant_text(frame: Frame, given: object, zone: str, now: datetime) -> str:
    """A stored instant in the site's time; a dash for none."""
    if not given:
        return frame.f.number(None)
    at = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    return frame.f.instant(at, zone, now)


def shares(frame: Frame, weights: Mapping[str, float]) -> list[Share]:
    """Who has how much of the word, the most first; those below 1 % are left out."""
    found = sorted(((v, k) for k, v in weights.items() if v >= _LEAST_SHARE), reverse=True)
    return [
        Share(name=_expert(frame, name), percent=frame.f.percent(100 * share),
              width_pct=100 * share)
        for share, name in found
    ]  # fmt: skip


def _expert(frame: Frame, name: str) -> str:
    kind, _, number = name.rpartition("_")
    if kind and number.isdigit():
        text = frame.t.known(f"fc.expert_{kind}", frame.t("fc.expert_other", name=kind))
        return f"{text} ({number})"
    return frame.t.known(f"fc.expert_{name}", frame.t("fc.expert_other", name=name))


def input_facts(frame: Frame, issue: IssueRow, calendar_href: str, now: datetime) -> list[Fact]:
    """What an issue was made from, and until when that was known."""
    t, f, zone = frame.t, frame.f, issue.zone
    load = issue.inputs.get("load") or {}
    warmth = issue.inputs.get("temperature") or {}
    calendar = issue.inputs.get("calendar") or {}
    measured = load.get("measured_ratio")
    known_until = instant_text(frame, load.get("known_until"), zone, now)
    known_pct = None if measured is None else 100 * float(measured)
    facts = [
        Fact(name=t("fc.issued"), value=f.instant(issue.issued_at, zone, now)),
        Fact(name=t("fc.input_load"), value=known_until),
        Fact(
            name=t("fc.input_days"), value=f.number(load.get("days")),
            note="" if known_pct is None
            else t("fc.input_days_note", percent=f.percent(known_pct)),
        ),
    ]  # fmt: skip
    facts += _weather_facts(frame, warmth, zone, now)
    years = calendar.get("unpublished_years") or []
    country = calendar.get("country")
    published = t("fc.input_published")
    if years:
        published = t("fc.input_unpublished", years=years_text(frame, years))
    place = " ".join(str(part) for part in (country, calendar.get("subdivision")) if part)
    facts += [
        Fact(
            name=t("fc.input_calendar"), value=published if country else t("fc.input_no_country"),
            note=place,
        ),
        Fact(
            name=t("fc.input_entries"),
            value=t("fc.input_entries_n", n=f.number(calendar.get("production_entries") or 0)),
            href=calendar_href,
        ),
    ]  # fmt: skip
    return facts


def _weather_facts(frame: Frame, warmth: Mapping[str, Any], zone: str, now: datetime) -> list[Fact]:
    t = frame.t
    if not warmth:
        return [Fact(name=t("fc.input_weather"), value=t("fc.input_weather_none"))]
    covered = warmth.get("foreseen_ratio")
    return [
        Fact(
            name=t("fc.input_weather"),
            value=instant_text(frame, warmth.get("measured_until"), zone, now),
            note=str(warmth.get("source") or ""),
        ),
        Fact(
            name=t("fc.input_foreseen"),
            value=instant_text(frame, warmth.get("foreseen_issued_at"), zone, now),
            note="" if covered is None
            else t("fc.input_foreseen_note", percent=frame.f.percent(100 * float(covered))),
        ),
    ]  # fmt: skip
