"""Coincident peaks: several circuits start at once and make a peak that none of them needs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecast.opportunities.finding import Finding
from forecast.opportunities.habits import last_days
from forecast.opportunities.premises import SLOTS, Grid, Premises
from forecast.opportunities.residual import Residual
from forecast.opportunities.rule import Rule
from forecast.opportunities.shapes import day_chart
from forecast.opportunities.worth import money_gain

_WIDTH = 5  # quarter hours: what is over within an hour is a start, not the day's work
_LEAST_RATIO = 0.08  # of the site's peak
_LEAST_OF_CIRCUIT = 0.025
_DAYS_LOOKED_AT = 10  # with the highest peaks
_OFTEN_RATIO = 0.6


def needles_kw(power_kw: Grid) -> Grid:
    """What stands above every level that is kept for more than an hour; same shape, 0 elsewhere.

    A morphological opening of the whole course: lowest in each window, then highest of these.
    """
    flat = np.nan_to_num(power_kw.reshape(-1))
    windows = np.lib.stride_tricks.sliding_window_view
    lowest = windows(np.pad(flat, (0, _WIDTH - 1), mode="edge"), _WIDTH).min(axis=1)
    opened = windows(np.pad(lowest, (_WIDTH - 1, 0), mode="edge"), _WIDTH).max(axis=1)
    needles: Grid = np.clip(flat - opened, 0, None).reshape(power_kw.shape)
    return needles


def _find(premises: Premises, residual: Residual) -> Iterator[Finding]:
    days = np.flatnonzero(last_days(premises))
    total = np.nan_to_num(residual.total_kw()[days])
    peaks = total.max(axis=1)
    site_kw = float(peaks.max(initial=0))
    if len(premises.circuits) < 2 or site_kw <= 0:
        return
    needles = np.stack(
        [needles_kw(np.clip(residual.power_kw(c)[days], 0, None)) for c in premises.circuits]
    )
    looked_at = np.argsort(peaks)[-_DAYS_LOOKED_AT:]
    cuts = np.array([_cut_kw(total[day], needles[:, day], site_kw) for day in looked_at])
    often = float((cuts >= _LEAST_RATIO * site_kw).mean())
    cut_kw = float(np.median(cuts))
    if often < _OFTEN_RATIO or cut_kw < _LEAST_RATIO * site_kw:
        return
    residual.peak_cut_kw += cut_kw
    yield _finding(premises, total[looked_at], needles[:, looked_at], (cut_kw, site_kw, often))


def _cut_kw(total_kw: Grid, needles: Grid, site_kw: float) -> float:
    """By how much a day's peak falls if of the starts at one time only the largest stays.

    `total_kw` is (96,), `needles` (circuits, 96).
    """
    at = int(total_kw.argmax())
    several = (needles[:, at] >= _LEAST_OF_CIRCUIT * site_kw).sum() >= 2
    if not several:
        return 0.0
    others = needles.sum(axis=0) - needles.max(axis=0)
    return float(total_kw.max() - (total_kw - others).max())


def _finding(
    premises: Premises, total_kw: Grid, needles: Grid, found: tuple[float, float, float]
) -> Finding:
    cut_kw, site_kw, often = found
    price = premises.price
    each = None
    if price is not None and price.basis in ("actual", "contract"):
        each = float(price.demand_per_kw_month or 0) * 12 * cut_kw
    slot = int(np.median(total_kw.argmax(axis=1)))
    strongest = np.median(needles, axis=1)[:, max(0, slot - 1) : slot + 2].max(axis=1)
    together = int((strongest >= _LEAST_OF_CIRCUIT * site_kw).sum())
    # Under a contract demand the money comes only when the contract is lowered too.
    sure = 0.0 if price is not None and price.basis == "contract" else 0.6
    usual = np.median(total_kw, axis=0)
    gain = money_gain(each or 0.0, (each or 0.0) * sure, (each or 0.0) * 1.2, demand_kw=cut_kw)
    return Finding(
        code=RULE.name, effort="medium", confidence="medium", gain=gain,
        evidence=day_chart(
            {
                "usual": usual,
                "staggered": usual
                - np.median(needles.sum(axis=0) - needles.max(axis=0), axis=0),
            },
            {"peak": site_kw},
        ),
        params={
            "cut_kw": cut_kw, "peak_kw": site_kw, "peak_hour": slot * 24 / SLOTS,
            "circuits": float(max(together, 2)), "often_pct": often * 100,
        },
    )  # fmt: skip


RULE = Rule(name="coincident_peaks", order=90, find=lambda p, r: list(_find(p, r)))
