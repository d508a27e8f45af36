"""Power factor of days and of the month, from the registers: as a Chinese bill reckons it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from forecast.reports.facts.months import Month
from forecast.reports.facts.premises import Premises
from loadstone.storage.energy_sums import energy_sum_of
from loadstone.storage.read_only import Connection

Basis = Literal["q1q4", "import"]
_REGISTERS: dict[Basis, tuple[str, ...]] = {"q1q4": ("q1", "q4"), "import": ("rimp",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """Active and reactive energy of a day or a month; None where not known."""

    energy_kwh: float | None
    reactive_kvarh: float | None

    @property
    def ratio(self) -> float | None:
        """P / √(P² + Q²)."""
        if self.energy_kwh is None or self.reactive_kvarh is None:
            return None
        apparent = math.hypot(self.energy_kwh, self.reactive_kvarh)
        return self.energy_kwh / apparent if apparent else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFactor:
    """The month and its days; `basis` says from which registers, None: from none."""

    basis: Basis | None
    month: Factor
    days: dict[date, Factor]


def month_factor(
    connection: Connection, premises: Premises, month: Month, as_known_at: datetime
) -> MonthFactor:
    """From |Q1| + |Q4|, reactive energy while importing; else from the register of imports."""
    end = min(month.end, as_known_at)
    unknown = Factor(energy_kwh=None, reactive_kvarh=None)
    nothing = MonthFactor(basis=None, month=unknown, days={})
    if end <= month.start:
        return nothing
    active = _daily(connection, premises, month, end, ("imp",))
    for basis, registers in _REGISTERS.items():
        reactive = _daily(connection, premises, month, end, registers)
        if any(value is not None for value in reactive.values()):
            days = {
                day: Factor(energy_kwh=active.get(day), reactive_kvarh=reactive.get(day))
                for day in month.days
                if day in active
            }
            return MonthFactor(basis=basis, month=_sum_of(list(days.values())), days=days)
    return nothing


def _sum_of(days: list[Factor]) -> Factor:
    known = [
        (day.energy_kwh, day.reactive_kvarh)
        for day in days
        if day.energy_kwh is not None and day.reactive_kvarh is not None
    ]
    if not known:
        return Factor(energy_kwh=None, reactive_kvarh=None)
    return Factor(energy_kwh=sum(p for p, _ in known), reactive_kvarh=sum(q for _, q in known))


def _daily(
    connection: Connection, premises: Premises, month: Month, end: datetime,
    registers: tuple[str, ...],
) -> dict[date, float | None]:  # fmt: skip
    """Sums of these registers by day; None where one is not known, or lacks a meter."""
    summed: dict[date, float | None] = {}
    for register in registers:
        rows = energy_sum_of(
            connection, premises.mains, month.start, end, "1 day", month.zone, register
        )
        for row in rows:
            day = month.day_of(row.start_at)
            before = summed.get(day, 0.0)
            is_known = row.value is not None and not row.missing_meters and before is not None
            summed[day] = (before or 0.0) + (row.value or 0.0) if is_known else None
    return summed
