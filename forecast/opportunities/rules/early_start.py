"""Early start: plant that begins long before people come."""

from __future__ import annotations

from forecast.opportunities.rule import Rule
from forecast.opportunities.run_on import runs_on

RULE = Rule(
    name="early_start",
    order=30,
    find=lambda premises, residual: list(
        runs_on(premises, residual, "early_start", in_the_morning=True)
    ),
)
