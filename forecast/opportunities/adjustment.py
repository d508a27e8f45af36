"""What a power factor adds to or takes off the bill: the Chinese table of 1983 (水电财字215号)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


def rounded_power_factor(ratio: float) -> Decimal:
    """A power factor as it is billed: to two digits, half up."""
    return Decimal(repr(float(ratio))).quantize(_CENT, rounding=ROUND_HALF_UP)


def adjustment_pct(power_factor_ratio: Decimal, standard_ratio: Decimal) -> Decimal:
    """Percent of the bill for a power factor of two digits; negative is a reward.

    `standard_ratio` is 0.90, 0.85 or 0.80.
    """
    steps = int((power_factor_ratio - standard_ratio) / _CENT)
    return _penalty_pct(-steps) if steps < 0 else _reward_pct(power_factor_ratio, standard_ratio)


def _penalty_pct(steps: int) -> Decimal:
    """0.5 % a step down to 20 below the standard, 1 % to 25 below, then 2 %."""
    first, second, rest = min(steps, 20), min(max(steps - 20, 0), 5), max(steps - 25, 0)
    return Decimal("0.5") * first + Decimal(1) * second + Decimal(2) * rest


def _reward_pct(power_factor_ratio: Decimal, standard_ratio: Decimal) -> Decimal:
    """0.1 % a step up to 0.90, 0.15 % above, up to the standard's ceiling."""
    ceiling = {"0.90": "0.95", "0.85": "0.94", "0.80": "0.92"}[str(standard_ratio.quantize(_CENT))]
    reached = min(power_factor_ratio, Decimal(ceiling))
    below = int((min(reached, Decimal("0.90")) - standard_ratio) / _CENT)
    above = int((max(reached, Decimal("0.90")) - Decimal("0.90")) / _CENT)
    return -(Decimal("0.1") * below + Decimal("0.15") * above)
