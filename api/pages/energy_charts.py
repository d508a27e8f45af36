"""The charts of the energy page: bars over time, shifts, the load duration curve, the load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.pages.charts import BucketAxis, Chart, LegendItem, Level, NumberAxis, Series, TimeAxis
from api.pages.energy_buckets import Buckets, Cell, together
from api.pages.energy_scope import Part
from api.pages.frame import Frame

COLOURS = 7
_PARTLY = 0.995


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What all charts of one page share."""

    frame: Frame
    zone: str
    period_name: str
    file: str


def parts_shown(parts: Sequence[Part], sums_kwh: Mapping[int, float]) -> list[list[int]]:
    """Part numbers by bar colour: the largest one by one, the others together, the rest last."""
    ranked = sorted((p.number for p in parts if not p.is_rest), key=lambda n: -sums_kwh.get(n, 0.0))
    rest = [[part.number] for part in parts if part.is_rest]
    if len(ranked) <= COLOURS:
        return [[number] for number in ranked] + rest
    return [[number] for number in ranked[: COLOURS - 1]] + [ranked[COLOURS - 1 :]] + rest


def stacked_bars(
    look: Look, buckets: Buckets, names: Sequence[tuple[str, str]], parts: Sequence[Part],
    sums_kwh: Mapping[int, float], now_at: Sequence[int], csv_href: str,
) -> Chart:  # fmt: skip
    """Bars over time, each part a colour."""
    groups = parts_shown(parts, sums_kwh)
    by_number = {part.number: part for part in parts}
    totals = [
        sum((c.energy_kwh or 0) for cells in buckets.cells.values() if (c := cells[at]) is not None)
        for at in range(len(buckets.starts))
    ]
    scale, unit, digits = look.frame.f.energy_scale(max([*totals, 0.0]))
    series, legend = [], []
    for at, numbers in enumerate(groups):
        first = by_number[numbers[0]]
        label = first.label if len(numbers) == 1 else look.frame.t("energy.others", n=len(numbers))
        colour = "missing" if first.is_rest else f"group-{at + 1}"
        cells = [together([buckets.cells[n][i] for n in numbers]) for i in range(len(totals))]
        series.append(_bar_series(look, label, colour, cells, scale, digits, now_at))
        legend.append(LegendItem(mark=f"box {colour}", text=label))
    return _bars(look, series, legend, names, unit, digits, csv_href, stacked=True)


def compared_bars(
    look: Look, buckets: Buckets, other: Buckets | None, names: Sequence[tuple[str, str]],
    texts: tuple[str, str], now_at: Sequence[int], csv_href: str,
) -> Chart:  # fmt: skip
    """Bars of the whole, with those of another period beside them; `texts` name the two."""
    cells = buckets.cells.get(0, [])
    then = other.cells.get(0, []) if other else []
    then = [*then[: len(cells)], *([None] * (len(cells) - len(then)))]
    top = max([c.energy_kwh or 0.0 for c in (*cells, *then) if c is not None], default=0.0)
    scale, unit, digits = look.frame.f.energy_scale(top)
    series = [_bar_series(look, texts[0], "load", cells, scale, digits, now_at)]
    legend = [LegendItem(mark="box measured", text=texts[0])]
    if other is not None:
        before = _bar_series(look, texts[1], "compare", then, scale, digits, ())
        series.append(before)
        legend.append(LegendItem(mark="box compare", text=texts[1]))
    return _bars(look, series, legend, names, unit, digits, csv_href, stacked=False)


def _bar_series(
    look: Look, label: str, colour: str, cells: Sequence[Cell | None], scale: float, digits: int,
    now_at: Sequence[int],
) -> Series:  # fmt: skip
    def scaled(value: float | None) -> float | None:
        return None if value is None else round(value / scale, digits + 2)

    t, f = look.frame.t, look.frame.f
    notes = []
    for at, cell in enumerate(cells):
        if cell is None or cell.energy_kwh is None:
            notes.append("")
        elif at in now_at:
            notes.append(t("site.daily_so_far"))
        elif cell.known_ratio < _PARTLY:
            notes.append(t("energy.known_part", percent=f.percent(100 * cell.known_ratio)))
        else:
            notes.append("")
    return Series(
        label=label, colour=colour, style="bar", digits=digits,
        values=[scaled(cell.energy_kwh) if cell else None for cell in cells],
        estimated=[scaled(cell.estimated_kwh) if cell else None for cell in cells]
        if any(cell and cell.estimated_kwh > 0 for cell in cells) else None,
        missing=[at for at, cell in enumerate(cells) if cell and cell.energy_kwh is None],
        pale=list(now_at), notes=notes if any(notes) else None,
    )  # fmt: skip


def _bars(
    look: Look, series: Sequence[Series], legend: list[LegendItem],
    names: Sequence[tuple[str, str]], unit: str, digits: int, csv_href: str, *, stacked: bool,
) -> Chart:  # fmt: skip
    t = look.frame.t
    if any(one.pale for one in series):
        legend.append(LegendItem(mark="box so-far", text=t("site.daily_so_far")))
    if any(one.estimated for one in series):
        legend.append(LegendItem(mark="box estimated", text=t("series.estimated")))
    if any(one.missing for one in series):
        legend.append(LegendItem(mark="hatch", text=t("series.missing")))
    return Chart(
        key="energy", title=t("energy.over_time"), unit=unit, data_unit=unit, digits=digits,
        description=look.period_name, zone=look.zone, series=series, legend=legend,
        axis=BucketAxis(labels=[short for short, _ in names], names=[name for _, name in names]),
        stacked=stacked, tall=True, csv_href=csv_href, file=f"{look.file}-energy",
        texts={"position": t("energy.bucket")},
    )  # fmt: skip


_DURATION_POINTS = 240


def duration_chart(
    look: Look, powers_kw: Sequence[float], step_s: int, contract_kw: float | None
) -> Chart:
    """How many hours the load was at least so high, the highest and the lowest value included."""
    t = look.frame.t
    ordered = sorted(powers_kw, reverse=True)
    count = len(ordered)
    picked = sorted(
        {round(i * (count - 1) / _DURATION_POINTS) for i in range(_DURATION_POINTS + 1)}
    )
    picked = [at for at in picked if 0 <= at < count]
    hours = [round((at + 1) * step_s / 3600, 2) for at in picked]
    series = Series(
        label=t("energy.load"), colour="load", fill="load-fill", width=2,
        values=[round(ordered[at], 1) for at in picked],
    )  # fmt: skip
    levels = []
    if contract_kw:
        text = f"{t('series.contract')} {look.frame.f.power(contract_kw)} kW"
        levels = [Level(value=contract_kw, colour="limit", text=text)]
    unit = t("energy.load_unit_15m" if step_s == 900 else "energy.load_unit_1h")
    return Chart(
        key="duration", title=t("energy.duration"), unit=unit, data_unit="kW",
        description=look.period_name, zone=look.zone, series=[series], levels=levels,
        axis=NumberAxis(values=hours, unit="h", digits=0), file=f"{look.file}-duration",
        note=t("energy.duration_note"), texts={"position": t("energy.hours")},
    )  # fmt: skip


def load_chart(
    look: Look, start_s: int, end_s: int, query: Mapping[str, str], contract_kw: float | None
) -> Chart:
    """Every quarter hour of the period, fetched after the page."""
    t, count = look.frame.t, (end_s - start_s) // 900
    levels = []
    if contract_kw:
        text = f"{t('series.contract')} {look.frame.f.power(contract_kw)} kW"
        levels = [Level(value=contract_kw, colour="limit", text=text)]
    series = Series(label=t("energy.load"), colour="load", values=[], width=1.2)
    return Chart(
        key="load", title=t("energy.load_curve"), unit=t("energy.load_unit_15m"), data_unit="kW",
        description=look.period_name, zone=look.zone, series=[series], levels=levels, tall=True,
        axis=TimeAxis(t0_s=start_s, step_s=900, n=count), file=f"{look.file}-load",
        src="/energy/load.json?" + urlencode(query), note=t("energy.zoom"),
        legend=[LegendItem(mark="line load", text=t("energy.load"))],
    )  # fmt: skip
