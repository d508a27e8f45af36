"""A rule of the finder: one file of `forecast.opportunities.rules` that ends in `RULE = ...`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from forecast.opportunities.finding import Finding
from forecast.opportunities.premises import Premises
from forecast.opportunities.residual import Residual

Find = Callable[[Premises, Residual], Sequence[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one kind of waste is found; rules of a lower `order` take from the load first.

    `find` takes what it saves away from the residual.
    """

    name: str
    order: int
    find: Find
