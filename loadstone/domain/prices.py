"""What a customer pays: per kWh by time-of-use period, per kW or kVA of capacity, and from when on.

The narrow interface through which savings, opportunities and reports get their money; a full tariff
engine answers the same questions later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

Period = Literal["sharp", "peak", "flat", "valley", "deep_valley"]
Basis = Literal["actual", "contract", "capacity"]

PERIODS: tuple[Period, ...] = get_args(Period)  # their order is what series of numbers mean
BASES: tuple[Basis, ...] = get_args(Basis)
_STRENGTH: tuple[Period, ...] = ("flat", "peak", "valley", "sharp", "deep_valley")
_DAY_MIN = 1440
_MOST = Decimal(1_000_000)


class PriceError(ValueError):
    """A price that cannot be; `field` names the part that is wrong."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field
        self.rule = rule


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceWindow:
    """When a period counts by the site's clock, in minutes after midnight; may pass midnight.

    `months` are 1-12; without any, every month. Raises PriceError.
    """

    period: Period
    start_min: int
    end_min: int
    months: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.period not in PERIODS or self.period == "flat":
            raise PriceError("windows", "flat is what no window covers")
        if not 0 <= self.start_min < _DAY_MIN or not 0 < self.end_min <= _DAY_MIN:
            raise PriceError("windows", "must lie between 00:00 and 24:00")
        if self.start_min == self.end_min or self.start_min % 15 or self.end_min % 15:
            raise PriceError("windows", "must begin and end at different quarter hours")
        if any(not 1 <= month <= 12 for month in self.months):
            raise PriceError("windows", "months are 1 to 12")

    def covers(self, month: int, minute: int) -> bool:
        """Whether it counts at this local minute of a day of this month."""
        if self.months and month not in self.months:
            return False
        if self.start_min < self.end_min:
            return self.start_min <= minute < self.end_min
        return minute >= self.start_min or minute < self.end_min


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What counts from the local day `valid_from` on; None where the contract has no such price.

    `basis` says what the monthly charge is for: the month's highest demand, the contract demand or
    the transformers' capacity. A period without a price of its own costs what flat costs. Money is
    per kWh, per kW and month, per kVA and month. Raises PriceError.
    """

    valid_from: date
    flat_per_kwh: Decimal
    sharp_per_kwh: Decimal | None = None
    peak_per_kwh: Decimal | None = None
    valley_per_kwh: Decimal | None = None
    deep_valley_per_kwh: Decimal | None = None
    windows: tuple[PriceWindow, ...] = ()
    basis: Basis | None = None
    demand_per_kw_month: Decimal | None = None
    capacity_per_kva_month: Decimal | None = None
    feed_in_per_kwh: Decimal | None = None
    power_factor_standard_ratio: Decimal | None = None
    currency: str = "CNY"

    def __post_init__(self) -> None:
        for field in _MONEY_FIELDS:
            given = getattr(self, field)
            if given is not None and not (given.is_finite() and 0 <= given < _MOST):
                raise PriceError(field, "must be 0 or more, and less than a million")
        for window in self.windows:
            if getattr(self, f"{window.period}_per_kwh") is None:
                raise PriceError("windows", f"there is no price for the period {window.period}")
        self._check_charges()

    def _check_charges(self) -> None:
        if len(self.currency) != 3 or not (self.currency.isascii() and self.currency.isupper()):
            raise PriceError("currency", "must be three capital letters, as CNY")
        if self.basis in ("actual", "contract") and self.demand_per_kw_month is None:
            raise PriceError("demand_per_kw_month", "must be given where demand is charged")
        if self.basis == "capacity" and self.capacity_per_kva_month is None:
            raise PriceError("capacity_per_kva_month", "must be given where capacity is charged")
        standard = self.power_factor_standard_ratio
        if standard is not None and standard not in POWER_FACTOR_STANDARDS:
            raise PriceError("power_factor_standard_ratio", "must be 0.80, 0.85 or 0.90")

    def per_kwh(self, period: Period) -> Decimal:
        """Money per kWh in a period; one without a price of its own costs what flat costs."""
        own: Decimal | None = getattr(self, f"{period}_per_kwh")
        return self.flat_per_kwh if own is None else own

    def period(self, month: int, minute: int) -> Period:
        """The period at a local minute of the day: deep valley before sharp before the others."""
        covering = [w.period for w in self.windows if w.covers(month, minute)]
        return max(covering, key=_STRENGTH.index, default="flat")


POWER_FACTOR_STANDARDS = (Decimal("0.80"), Decimal("0.85"), Decimal("0.90"))
_MONEY_FIELDS = (
    *(f"{period}_per_kwh" for period in PERIODS),
    "demand_per_kw_month", "capacity_per_kva_month", "feed_in_per_kwh",
)  # fmt: skip
