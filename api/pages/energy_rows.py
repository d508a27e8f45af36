"""The ranking and the key figures of the energy page, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from api.pages.energy_scope import Part
from api.pages.energy_windows import Compared, Sums
from api.pages.figures import Figure
from api.pages.frame import Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change in words: which way it went, since colour and sign alone are easily missed."""

    text: str
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RankRow:
    """One part: its energy, its share of the whole, and its changes."""

    place: int
    label: str
    note: str
    href: str
    colour: str
    energy: str
    share: str
    share_pct: float
    previous: Change
    year: Change
    is_rest: bool
    is_partly_known: bool


def change_of(frame: Frame, sides: Compared) -> Change:
    """Up, down, level or not known."""
    if sides.now_kwh is None or not sides.then_kwh:
        return Change(text=frame.f.change(None, None), way="unknown")
    ratio = sides.now_kwh / sides.then_kwh - 1
    way = "level" if abs(ratio) < 0.0005 else "up" if ratio > 0 else "down"
    return Change(text=frame.f.change(sides.now_kwh, sides.then_kwh), way=way)


def rank_rows(
    frame: Frame, parts: Sequence[Part], sums: Mapping[int, Sums], colours: Mapping[int, str],
    scale: float, digits: int, href: Callable[[Part], str],
) -> list[RankRow]:  # fmt: skip
    """The largest first, what nobody measures apart last; shares are of the known whole."""

    def size(part: Part) -> float:
        return sums[part.number].now_kwh or 0.0

    whole_kwh = sum(size(part) for part in parts) or 1.0
    ranked = sorted(parts, key=lambda part: (part.is_rest, -size(part)))
    return [
        _row(frame, place, part, sums[part.number], colours.get(part.number, ""),
             100 * size(part) / whole_kwh, scale, digits, href(part))
        for place, part in enumerate(ranked, start=1)
    ]  # fmt: skip


def _row(
    frame: Frame, place: int, part: Part, sums: Sums, colour: str, share_pct: float, scale: float,
    digits: int, href: str,
) -> RankRow:  # fmt: skip
    known = sums.now_kwh is not None
    return RankRow(
        place=place, label=part.label, note=part.note, href=href, colour=colour,
        energy=frame.f.number(sums.now_kwh / scale if sums.now_kwh is not None else None, digits),
        share=frame.f.percent(share_pct, 1) if known else frame.f.percent(None),
        share_pct=min(max(share_pct, 0.0), 100.0),
        previous=change_of(frame, sums.previous),
        year=change_of(frame, sums.year),
        is_rest=part.is_rest, is_partly_known=known and sums.known_ratio < 0.995,
    )  # fmt: skip


def key_figures(
    frame: Frame, total: Sums, length_h: float, estimated_kwh: float, until: str
) -> list[Figure]:
    """The energy, its two changes, the mean load, and how sure all of that is."""
    t, f = frame.t, frame.f
    value, unit = f.energy(total.now_kwh)
    previous = change_of(frame, total.previous)
    year = change_of(frame, total.year)
    known_h = length_h * total.known_ratio
    mean_kw = total.now_kwh / known_h if total.now_kwh is not None and known_h > 0 else None
    before, year_ago = f.energy(total.previous.then_kwh), f.energy(total.year.then_kwh)
    guessed = 100 * estimated_kwh / total.now_kwh if total.now_kwh else None
    none = t("overview.against_none")
    return [
        Figure(label=t("energy.total"), value=value, unit=unit, note=until),
        Figure(label=t("energy.against_previous"), value=previous.text, unit="", way=previous.way,
               note=none if previous.way == "unknown" else " ".join(before)),
        Figure(label=t("energy.against_year"), value=year.text, unit="", way=year.way,
               note=none if year.way == "unknown" else " ".join(year_ago)),
        Figure(label=t("energy.mean_load"), value=f.power(mean_kw), unit="kW",
               note=t("energy.mean_note")),
        Figure(label=t("energy.known"), value=f.percent(100 * total.known_ratio, 1), unit="",
               note=t("energy.estimated_note", percent=f.percent(guessed, 1))),
    ]  # fmt: skip
