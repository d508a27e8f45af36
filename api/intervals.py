"""Intervals of energy and their total, written straight from rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.energy_sums import SummedEnergy, sum_over_time
from loadstone.storage.series import EnergyRow


def metered(rows: Sequence[EnergyRow], name: str) -> dict[str, Any]:
    """Intervals of one meter; `name` is how its energy is called."""
    data = [
        {
            "start_at": row.start_at,
            "end_at": row.end_at,
            name: row.value,
            "measured_ratio": row.measured_ratio,
            "estimated_ratio": row.estimated_ratio,
            "quality": row.quality,
        }
        for row in rows
    ]
    return {"data": data, "total": _total(rows, name)}


def summed(rows: Sequence[SummedEnergy], name: str) -> dict[str, Any]:
    """Intervals of several meters: whole where none is missing, and the known part."""
    data = [
        {
            "start_at": row.start_at,
            "end_at": row.end_at,
            name: row.whole_value,
            f"known_{name}": row.value,
            "measured_ratio": row.measured_ratio,
            "estimated_ratio": row.estimated_ratio,
            "quality": row.quality,
            "missing_meters": row.missing_meters,
        }
        for row in rows
    ]
    return {"data": data, "total": _total(rows, name)}


def _total(rows: Sequence[EnergyRow | SummedEnergy], name: str) -> dict[str, Any]:
    total = sum_over_time(rows)
    return {
        name: total.value,
        "quality": total.quality,
        "measured_ratio": total.measured_ratio,
        "estimated_ratio": total.estimated_ratio,
        "counts": total.counts,
    }
