"""Late stop: plant that runs on long after people left."""

from __future__ import annotations

from forecast.opportunities.rule import Rule
from forecast.opportunities.run_on import runs_on

RULE = Rule(
    name="late_stop",
    order=40,
    find=lambda premises, residual: list(
        runs_on(premises, residual, "late_stop", in_the_morning=False)
    ),
)
