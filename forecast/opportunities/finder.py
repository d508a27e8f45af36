"""Looks for all kinds of waste at a site, each on what those before it left over."""

from __future__ import annotations

from functools import lru_cache

from forecast.opportunities import rules
from forecast.opportunities.finding import Finding
from forecast.opportunities.premises import Premises
from forecast.opportunities.residual import Residual
from forecast.opportunities.rule import Rule
from loadstone.plugins import offered

LEAST_DAYS = 14


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """Every rule there is, in the order in which they take from the load."""
    found = offered(rules, Rule, "RULE").values()
    return tuple(sorted(found, key=lambda rule: (rule.order, rule.name)))


def find_opportunities(premises: Premises) -> list[Finding]:
    """What could be saved, the most money first, then the most energy; nothing in too few days."""
    if premises.known_days < LEAST_DAYS:
        return []
    residual = Residual(premises)
    found = [finding for rule in all_rules() for finding in rule.find(premises, residual)]
    return sorted(found, key=_worth, reverse=True)


def _worth(finding: Finding) -> tuple[float, float]:
    return finding.gain.money or 0.0, finding.gain.energy_kwh
