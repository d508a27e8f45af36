"""Rules of production calendars, the same for the API and the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from api.errors import refused
from api.models.production import ProductionDayBody
from loadstone.storage.production_days import ProductionDayRow

LONGEST = timedelta(days=366)
_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFault:
    """A field that cannot be so: its name, its value, the rule, and the key of the rule's text."""

    field: str
    value: object
    rule: str
    text: str


def entry_fault(
    body: ProductionDayBody, site_id: int | None, others: Sequence[ProductionDayRow]
) -> EntryFault | None:
    """What is wrong with an entry beside `others` of its customer that stand; None: nothing."""

    def fault(field: str, rule: str, text: str) -> EntryFault:
        return EntryFault(field=field, value=getattr(body, field), rule=rule, text=text)

    if not body.name.strip() or "\x00" in f"{body.name}{body.note or ''}":
        return fault("name", "must have 1 to 80 characters and no NUL", "pc.rule_name")
    if not _FIRST <= body.first_day <= _LAST:
        return fault("first_day", "must lie in the years 2000 to 2199", "pc.rule_date")
    if body.last_day < body.first_day:
        return fault("last_day", "must not lie before `first_day`", "pc.rule_order")
    if body.last_day - body.first_day >= LONGEST or body.last_day > _LAST:
        return fault("last_day", "must lie within 366 days of `first_day`", "pc.rule_long")
    for other in others:
        same = other.name == body.name.strip() and other.site_id == site_id
        if same and other.first_day <= body.last_day and other.last_day >= body.first_day:
            rule = f"overlaps entry {other.production_day_id} of the same name"
            return fault("first_day", rule, "pc.rule_twice")
    return None


def check_entry(
    body: ProductionDayBody, site_id: int | None, others: Sequence[ProductionDayRow]
) -> None:
    """Refuse an entry that has a fault."""
    fault = entry_fault(body, site_id, others)
    if fault is not None:
        raise refused(fault.field, fault.value, fault.rule)
