"""Shift plans of sites: kept whole, three rows a site."""

from __future__ import annotations

import psycopg

from loadstone.domain.shift_plan import SHIFTS, USUAL_PLAN, Shift, ShiftPlan

_PLANS = """
SELECT site_id, start_min, name FROM visible.shift_plan WHERE site_id = ANY (%s)
ORDER BY site_id, shift_no
"""


def shift_plans(connection: psycopg.Connection, site_ids: list[int]) -> dict[int, ShiftPlan]:
    """The plan of each of these sites, the usual one where none was made."""
    found: dict[int, list[Shift]] = {}
    for site_id, start_min, name in connection.execute(_PLANS, [site_ids]):
        found.setdefault(site_id, []).append(Shift(start_min=start_min, name=name))
    return {
        site_id: ShiftPlan(shifts=tuple(found[site_id]))
        if len(found.get(site_id, [])) == SHIFTS
        else USUAL_PLAN
        for site_id in site_ids
    }


_PUT = """
INSERT INTO core.shift_plan (site_id, shift_no, start_min, name) VALUES (%s, %s, %s, %s)
ON CONFLICT (site_id, shift_no) DO UPDATE SET start_min = excluded.start_min, name = excluded.name
"""


def put_shift_plan(connection: psycopg.Connection, site_id: int, plan: ShiftPlan) -> None:
    """Put this plan in the place of the site's former one."""
    for number, shift in enumerate(plan.shifts, start=1):
        connection.execute(_PUT, [site_id, number, shift.start_min, shift.name])
