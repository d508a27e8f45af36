"""Sums over time and over the main meters of a site; pure, and honest about what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from loadstone.storage.energy_sums import EnergySumRow
from loadstone.storage.series import EnergyRow, LoadRow, MainMeter

# From good to bad: a sum is as good as the worst that went into it.
_ORDER = ("measured", "corrected", "estimated", "missing")


def worst(qualities: Iterable[str]) -> str:
    """The worst of some qualities; of none at all, `missing`."""
    return max(qualities, key=_ORDER.index, default="missing")


def total_of(values: Iterable[float | None]) -> float | None:
    """The sum of the values that are known; None where none is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeTotal:
    """All intervals together; `value` sums what is known."""

    value: float | None
    quality: str
    measured_ratio: float
    estimated_ratio: float
    counts: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SummedEnergy:
    """One interval of a site: `value` sums the meters that are known."""

    start_at: datetime
    end_at: datetime
    value: float | None
    measured_ratio: float
    estimated_ratio: float
    quality: str
    missing_meters: list[str]

    @property
    def whole_value(self) -> float | None:
        """The site's energy; None where a meter is missing, since a part is not the site."""
        return None if self.missing_meters else self.value


def sum_over_time(rows: Sequence[EnergyRow | SummedEnergy]) -> TimeTotal:
    """Sum what is known of the intervals; ratios are weighted by the intervals' lengths."""
    counts = Counter(row.quality for row in rows)
    lengths_s = [(row.end_at - row.start_at).total_seconds() for row in rows]
    whole_s = sum(lengths_s) or 1.0
    measured_s = sum(r.measured_ratio * s for r, s in zip(rows, lengths_s, strict=True))
    estimated_s = sum(r.estimated_ratio * s for r, s in zip(rows, lengths_s, strict=True))
    return TimeTotal(
        value=total_of(row.value for row in rows),
        quality=worst(row.quality for row in rows),
        measured_ratio=measured_s / whole_s,
        estimated_ratio=estimated_s / whole_s,
        counts={quality: counts[quality] for quality in _ORDER},
    )


def _counts_in(meter: MainMeter, start_at: datetime, end_at: datetime) -> bool:
    """Whether a meter was there in any part of [start_at, end_at)."""
    begun = meter.since is None or meter.since < end_at
    return begun and (meter.until is None or meter.until > start_at)


def name_missing(rows: Sequence[EnergySumRow], meters: Sequence[MainMeter]) -> list[SummedEnergy]:
    """Energy of a site by interval, with the codes of the meters that it lacks."""
    codes = {meter.meter_id: meter.code for meter in meters}
    return [
        SummedEnergy(
            start_at=row.start_at,
            end_at=row.end_at,
            value=row.value,
            measured_ratio=row.measured_ratio,
            estimated_ratio=row.estimated_ratio,
            quality=row.quality,
            missing_meters=[codes[meter_id] for meter_id in row.missing_meters],
        )
        for row in rows
    ]


def _by_start(rows: Sequence[LoadRow]) -> list[list[LoadRow]]:
    groups: dict[datetime, list[LoadRow]] = {}
    for row in rows:
        groups.setdefault(row.start_at, []).append(row)
    return [groups[start_at] for start_at in sorted(groups)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SummedLoad:
    """One interval of a site: `power_kw` is None where a meter is missing."""

    start_at: datetime
    end_at: datetime
    power_kw: float | None
    estimated_kw: float | None
    missing_meters: list[str]
    quality: str


def sum_load(rows: Sequence[LoadRow], meters: Sequence[MainMeter]) -> list[SummedLoad]:
    """Load of a site by interval, from the rows of its main meters."""
    return [_summed_load(group, meters) for group in _by_start(rows)]


def _summed_load(group: Sequence[LoadRow], meters: Sequence[MainMeter]) -> SummedLoad:
    start_at, end_at = group[0].start_at, group[0].end_at
    there = {m.meter_id: m.code for m in meters if _counts_in(m, start_at, end_at)}
    measured = [row for row in group if row.power_kw is not None]
    heard = {row.meter_id for row in measured}
    missing = [code for meter_id, code in there.items() if meter_id not in heard]
    power_kw = None if missing else total_of(row.power_kw for row in measured)
    guessed = [
        row.power_kw if row.power_kw is not None else row.estimated_kw
        for row in group
        if row.meter_id in there or row.meter_id in heard
    ]
    whole = power_kw is None and None not in guessed
    return SummedLoad(
        start_at=start_at,
        end_at=end_at,
        power_kw=power_kw,
        estimated_kw=total_of(guessed) if whole else None,
        missing_meters=missing,
        quality=_load_quality(measured, missing=bool(missing), guessed=whole and bool(guessed)),
    )


def _load_quality(measured: Sequence[LoadRow], *, missing: bool, guessed: bool) -> str:
    if guessed:
        return "estimated"
    return "missing" if missing else worst(row.quality for row in measured)
