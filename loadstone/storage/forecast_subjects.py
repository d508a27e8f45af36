"""Who is forecast: each site, and each customer with more than one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

Connection = psycopg.Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A site, or all sites of a customer together (`site_id` None); days are those of `zone`."""

    subject_id: int
    customer_id: int
    site_id: int | None
    site_ids: list[int]
    code: str
    customer_kind: str
    zone: str
    country: str | None
    subdivision: str | None
    contract_demand_kw: float | None


_ENSURE = """
INSERT INTO core.forecast_subject (customer_id, site_id)
SELECT s.customer_id, s.site_id FROM core.site s WHERE s.retired_at IS NULL
UNION ALL
SELECT s.customer_id, NULL FROM core.site s WHERE s.retired_at IS NULL
GROUP BY s.customer_id HAVING count(*) > 1
ON CONFLICT DO NOTHING
"""


def ensure_subjects(connection: Connection) -> int:
    """Make a subject of every site and customer that is not one yet; returns how many were new."""
    return connection.execute(_ENSURE).rowcount


# A customer with sites in several zones goes by the first of its sites.
_SUBJECTS = """
SELECT f.subject_id, f.customer_id, f.site_id, array_agg(s.site_id ORDER BY s.site_id) AS site_ids,
    CASE WHEN f.site_id IS NULL THEN c.code ELSE min(s.code) END AS code, c.kind AS customer_kind,
    (array_agg(s.zone ORDER BY s.site_id))[1] AS zone,
    (array_agg(s.country ORDER BY s.site_id))[1] AS country,
    (array_agg(s.subdivision ORDER BY s.site_id))[1] AS subdivision,
    CASE WHEN f.site_id IS NULL THEN c.contract_demand_kw ELSE min(s.contract_demand_kw) END
        AS contract_demand_kw
FROM core.forecast_subject f JOIN core.customer c USING (customer_id)
JOIN core.site s ON s.customer_id = f.customer_id AND s.retired_at IS NULL
    AND (f.site_id IS NULL OR s.site_id = f.site_id)
GROUP BY f.subject_id, c.customer_id HAVING f.site_id IS NOT NULL OR count(*) > 1
ORDER BY c.kind, f.subject_id
"""


def list_subjects(connection: Connection) -> list[Subject]:
    """All subjects with a site in service, like customers next to each other."""
    return connection.cursor(row_factory=class_row(Subject)).execute(_SUBJECTS).fetchall()


def subjects_in(subjects: Sequence[Subject]) -> dict[str, list[Subject]]:
    """By zone, for their days begin together."""
    found: dict[str, list[Subject]] = {}
    for one in subjects:
        found.setdefault(one.zone, []).append(one)
    return found
