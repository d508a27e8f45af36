"""The load of a month: its curve against the contract, and its highest demands."""

from __future__ import annotations

import numpy as np

from forecast.reports.document import (
    Chart,
    Column,
    Kpi,
    Level,
    Row,
    Series,
    Table,
    Times,
    figure,
)
from forecast.reports.facts.loads import MonthLoad
from forecast.reports.sections.compared import Earlier, changes
from forecast.reports.text import Text, number

_PEAKS = 5
_APART_S = 3600


def load_chart(load: MonthLoad, contract_demand_kw: float | None) -> Chart:
    """Hour by hour: mean load, and how high its quarter hours reached; with the contract."""
    start_s, step_s = int(load.start_s[0]), 3600
    means, tops, guessed = _hours(load)
    top = load.peak_kw or 0.0
    levels = _contract(contract_demand_kw)
    says = Text(
        f"Hourly mean load of {load.month.name.en}; the highest demand is {number(top)} kW.",
        f"{load.month.name.zh}逐时平均负荷，最大需量 {number(top)} kW。",
    )
    series = [
        Series(name=Text("hourly mean", "小时平均"), style="measured", values=means),
        Series(
            name=Text("up to the highest quarter hour", "小时内最大需量"), style="band",
            values=tops, low=means,
        ),
    ]  # fmt: skip
    if any(value is not None for value in guessed):
        name = Text("estimated", "估算")
        series.insert(1, Series(name=name, style="estimated", values=guessed))
    return Chart(
        name="load",
        title=Text(
            "How high was the load, and how near to the contract?", "负荷多高，距合同需量多远？"
        ),
        unit="kW",
        axis=Times(start_s=start_s, step_s=step_s, count=len(means)),
        series=tuple(series),
        levels=levels,
        says=says,
    )


def _contract(contract_demand_kw: float | None) -> tuple[Level, ...]:
    if contract_demand_kw is None:
        return ()
    name = Text("contract demand", "合同需量")
    return (Level(name=name, style="contract", value=contract_demand_kw),)


def _hours(
    load: MonthLoad,
) -> tuple[tuple[float | None, ...], tuple[float | None, ...], tuple[float | None, ...]]:
    """Mean of each hour where all of it is measured, its highest interval, and estimates."""
    per_hour = max(1, 3600 // load.step_s)
    whole = len(load.start_s) // per_hour * per_hour
    power_kw = load.power_kw[:whole].reshape(-1, per_hour)
    guessed = load.estimated[:whole].reshape(-1, per_hour).any(axis=1)
    means, tops = power_kw.mean(axis=1), power_kw.max(axis=1)
    measured = _figures(np.where(guessed, np.nan, means))
    return (
        measured,
        _figures(np.where(guessed, np.nan, tops)),
        _figures(np.where(guessed, means, np.nan)),
    )


def _figures(values: np.ndarray) -> tuple[float | None, ...]:
    return tuple(figure(float(value), 2) for value in values)


def peak_kpi(load: MonthLoad, contract_demand_kw: float | None, earlier: Earlier) -> Kpi:
    """The highest demand, when it was, and how much of the contract it took."""
    peak_kw, at = load.peak_kw, load.peak_at
    note = None
    if peak_kw is not None and at is not None:
        when = f"{load.local_start(at):%m-%d %H:%M}"
        note = Text(when, when)
        if contract_demand_kw:
            share = number(100 * peak_kw / contract_demand_kw)
            note = Text(f"{share} % of contract, {when}", f"占合同 {share} %，{when}")
    before = (earlier.previous.peak_kw, earlier.year_before.peak_kw)
    return Kpi(
        name=Text("Highest demand", "最大需量"), value=figure(peak_kw), unit="kW", digits=0,
        note=note, changes=changes(peak_kw, *before),
        estimated=at is not None and bool(load.estimated[at]),
    )  # fmt: skip


def peaks_table(load: MonthLoad, contract_demand_kw: float | None) -> Table:
    """The five highest demands that lie at least an hour apart."""
    rows = []
    for rank, at in enumerate(_highest(load), start=1):
        power_kw = float(load.power_kw[at])
        share = figure(100 * power_kw / contract_demand_kw, 1) if contract_demand_kw else None
        cells = (
            float(rank),
            load.local_start(at).strftime("%Y-%m-%dT%H:%M"),
            figure(power_kw),
            share,
        )
        rows.append(Row(cells=cells, estimated=(2,) if load.estimated[at] else ()))
    return Table(
        name="peaks",
        title=Text("The highest demands", "最大需量前五"),
        columns=(
            Column(name=Text("Rank", "序号")),
            Column(name=Text("Begins", "起始时刻"), kind="instant"),
            Column(name=Text("Demand", "需量"), unit="kW", digits=1),
            Column(name=Text("Of contract", "占合同"), unit="%", digits=1),
        ),
        rows=tuple(rows),
    )


def _highest(load: MonthLoad) -> list[int]:
    order = np.argsort(-np.nan_to_num(load.energy_kwh, nan=-np.inf), kind="stable")
    taken: list[int] = []
    for at in order:
        if len(taken) == _PEAKS or not np.isfinite(load.energy_kwh[at]):
            break
        if all(abs(int(load.start_s[at] - load.start_s[one])) >= _APART_S for one in taken):
            taken.append(int(at))
    return taken


def load_factor_pct(load: MonthLoad) -> float | None:
    """Mean over highest load, of what is known."""
    if load.peak_kw is None or not load.peak_kw:
        return None
    return figure(100 * float(np.nanmean(load.power_kw)) / load.peak_kw, 1)
