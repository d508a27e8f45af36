"""Which model speaks for which customer: the best that its history, and its skill so far, allow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.batch import Cause, Explanation, LoadBatch, LoadForecast
from forecast.bounds import finite
from forecast.model import ForecastModel
from forecast.models import better_naive, day_ahead, peer_profile, usual_profile
from forecast.quantiles import LEVELS, BoolArray, IntArray

REFUSED: Final = "refused"
PEER_DAYS: Final = 28
_BYTES_A_CHUNK: Final = 180_000_000
"""Features of one chunk: bounds memory, not results."""
_FEATURES: Final = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One model for the customers it is chosen for."""

    model: ForecastModel
    chosen: BoolArray
    """[C]."""
    reason: str
    """Why not the product's best; empty where it is."""
    cause: Cause | None = None


def forecast_day(
    batch: LoadBatch,
    model: ForecastModel = day_ahead.MODEL,
    negative_skill: BoolArray | None = None,
    progress: Callable[[int], None] | None = None,
) -> LoadForecast:
    """The target day of every customer, in chunks of bounded memory.

    `negative_skill` [C] marks customers whose scorecard says that the naive model does better.
    A customer with no measurement at all is refused: model "refused", zeros, and the reason.
    """
    customers, days, slots = batch.load_kw.shape
    size = max(1, _BYTES_A_CHUNK // (4 * _FEATURES * days * slots))
    parts = []
    for start in range(0, customers, size):
        stop = min(start + size, customers)
        skill = None if negative_skill is None else negative_skill[start:stop]
        parts.append(_chunk(batch.part(start, stop), model, skill))
        if progress is not None:
            progress(stop)
    return LoadForecast(
        day=batch.target,
        mean_kw=np.concatenate([part.mean_kw for part in parts]),
        quantiles_kw=np.concatenate([part.quantiles_kw for part in parts]),
        explanations=tuple(one for part in parts for one in part.explanations),
    )


def measured_days(batch: LoadBatch) -> IntArray:
    """[C]: days before the issue with at least half of their slots measured."""
    known = np.isfinite(batch.known_load())
    return np.asarray((known.mean(2) >= 0.5).sum(1), dtype=np.int64)


def _rungs(
    batch: LoadBatch, model: ForecastModel, negative_skill: BoolArray | None
) -> tuple[Rung, ...]:
    days = measured_days(batch)
    seen = np.isfinite(batch.known_load()).any((1, 2))
    bad = np.zeros(len(days), dtype=bool) if negative_skill is None else negative_skill
    enough = days >= model.needs.history_days
    young = seen & (days < PEER_DAYS) & (batch.peer_shape is not None)
    naive = usual_profile.MODEL
    needed = model.needs.history_days
    too_few = f"fewer than {needed} measured days"
    few = Cause(code="too_few_days", figures=(("needed", float(needed)),))
    return (
        Rung(model=model, chosen=enough & ~bad, reason=""),
        Rung(
            model=better_naive.MODEL,
            chosen=enough & bad,
            reason="the naive model did better lately",
            cause=Cause(code="naive_better"),
        ),
        Rung(model=peer_profile.MODEL, chosen=~enough & young, reason=too_few, cause=few),
        Rung(model=naive, chosen=~enough & seen & ~young, reason=too_few, cause=few),
    )


def _chunk(
    batch: LoadBatch, model: ForecastModel, negative_skill: BoolArray | None
) -> LoadForecast:
    customers, _, slots = batch.load_kw.shape
    mean = np.zeros((customers, slots))
    quantiles = np.zeros((customers, slots, len(LEVELS)))
    said = [_refusal()] * customers
    for rung in _rungs(batch, model, negative_skill):
        rows = np.flatnonzero(rung.chosen)
        if len(rows):
            _speak(batch, rung, rows, (mean, quantiles, said))
    return LoadForecast(
        day=batch.target, mean_kw=mean, quantiles_kw=quantiles, explanations=tuple(said)
    )


def _speak(
    batch: LoadBatch,
    rung: Rung,
    rows: IntArray,
    into: tuple[np.ndarray, np.ndarray, list[Explanation]],
) -> None:
    mean, quantiles, said = into
    found = rung.model.fit(batch.rows(rows)).predict()
    good = finite(found.mean_kw, found.quantiles_kw)
    mean[rows[good]] = found.mean_kw[good]
    quantiles[rows[good]] = found.quantiles_kw[good]
    for place in np.flatnonzero(good):
        said[rows[place]] = _because(found.explanations[place], rung)
    if not good.all() and rung.model is not usual_profile.MODEL:
        again = Rung(
            model=usual_profile.MODEL,
            chosen=good,
            reason=f"{rung.model.name} gave no number",
            cause=Cause(code="no_number"),
        )
        _speak(batch, again, rows[~good], into)


def _because(said: Explanation, rung: Rung) -> Explanation:
    if not rung.reason:
        return said
    return Explanation(
        model=said.model,
        reason=f"{said.reason} ({rung.reason})",
        inputs=said.inputs,
        weights=said.weights,
        causes=said.causes if rung.cause is None else (*said.causes, rung.cause),
    )


def _refusal() -> Explanation:
    return Explanation(
        model=REFUSED,
        reason="nothing was ever measured",
        inputs=(),
        causes=(Cause(code="nothing_measured"),),
    )
