"""Score cards of a stretch of days out of the sums of each, as `read.forecast_card` gives them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from loadstone.storage.forecast_scores import DayScore, StoredCard


def cards_of(scores: Sequence[DayScore]) -> dict[int, StoredCard]:
    """One card a subject."""
    by_subject: dict[int, list[DayScore]] = {}
    for one in scores:
        by_subject.setdefault(one.subject_id, []).append(one)
    return {who: _card(who, mine) for who, mine in by_subject.items()}


def _card(subject_id: int, scores: Sequence[DayScore]) -> StoredCard:
    def total(of: Callable[[DayScore], float], which: Sequence[DayScore] = scores) -> float:
        return float(sum(of(one) for one in which))

    slots, measured = int(total(lambda s: s.slots)), total(lambda s: s.measured_sum_kw)
    error = total(lambda s: s.error_sum_kw)
    special = [one for one in scores if one.special]
    naive = min(total(lambda s: s.naive_day_sum_kw), total(lambda s: s.naive_week_sum_kw))
    change = _mean([one.week_change_kw for one in scores])
    peaks = [
        one.peak_error_kw / one.peak_kw
        for one in scores
        if one.peak_kw is not None and one.peak_kw > 0 and one.peak_error_kw is not None
    ]
    skilled = _share(total(lambda s: s.skill_error_sum_kw), naive)
    special_ratio = _share(
        total(lambda s: s.error_sum_kw, special), total(lambda s: s.measured_sum_kw, special)
    )
    return StoredCard(
        subject_id=subject_id,
        days=len(scores),
        slots=slots,
        wape_pct=_pct(_share(error, measured)),
        mase_ratio=_share(error / slots, change) if slots and change else None,
        pinball_pct=_pct(_share(total(lambda s: s.pinball_sum_kw), measured)),
        coverage_80_pct=_pct(_share(total(lambda s: s.inside_80), slots)),
        coverage_95_pct=_pct(_share(total(lambda s: s.inside_95), slots)),
        bias_pct=_pct(_share(total(lambda s: s.bias_sum_kw), measured)),
        special_wape_pct=_pct(special_ratio),
        peak_error_pct=_pct(_mean(peaks)),
        peak_shift_h=_mean([one.peak_shift_h for one in scores]),
        skill_ratio=None if skilled is None else 1 - skilled,
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return float(np.mean(known)) if known else None


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _pct(share: float | None) -> float | None:
    return None if share is None else 100 * share
