"""Whose data somebody sees: everything, some customers, or some sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sees = Literal["all", "customers", "sites"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Ids of core.customer or core.site; none of them where everything is seen."""

    sees: Sees = "all"
    customer_ids: tuple[int, ...] = ()
    site_ids: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.customer_ids) != (self.sees == "customers"):
            raise ValueError("customers must be named where, and only where, customers are seen")
        if bool(self.site_ids) != (self.sees == "sites"):
            raise ValueError("sites must be named where, and only where, sites are seen")


EVERYTHING = Scope()


def of_customers(*customer_ids: int) -> Scope:
    """These customers, with all their sites."""
    return Scope(sees="customers", customer_ids=tuple(sorted(set(customer_ids))))


def of_sites(*site_ids: int) -> Scope:
    """These sites only."""
    return Scope(sees="sites", site_ids=tuple(sorted(set(site_ids))))
