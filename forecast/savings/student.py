"""Quantiles of Student's t, without a library for statistics.

The distribution function is the regularised incomplete beta function, reckoned by its continued
fraction (Lentz); the quantile is found by halving. Good to about 1e-12.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log

TINY = 1e-300
STEPS = 400
HALVINGS = 200


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1)
    d = 1.0 / (d if abs(d) > TINY else TINY)
    told = d
    for step in range(1, STEPS):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        before = told
        for term in (even, odd):
            d = 1.0 + term * d
            d = 1.0 / (d if abs(d) > TINY else TINY)
            c = 1.0 + term / c
            c = c if abs(c) > TINY else TINY
            told *= c * d
        if abs(told - before) <= 1e-16 * abs(told):
            break
    return told


def _incomplete_beta(a: float, b: float, x: float) -> float:
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1.0 - front * _fraction(b, a, 1 - x) / b


@lru_cache(maxsize=512)
def two_sided_t(confidence_ratio: float, freedom: float) -> float:
    """The t that is exceeded in absolute value with probability 1 - `confidence_ratio`."""
    if not 0 < confidence_ratio < 1 or freedom <= 0:
        msg = "a confidence between 0 and 1 and degrees of freedom are needed"
        raise ValueError(msg)
    low, high = 0.0, 1e6
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        outside = _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + middle * middle))
        low, high = (middle, high) if outside > 1 - confidence_ratio else (low, middle)
        if high - low < 1e-13:
            break
    return (low + high) / 2
