"""Type-ahead: customers, sites and meters whose name or code holds what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import psycopg
from psycopg.rows import class_row

FoundKind = Literal["customer", "site", "meter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing with where it is; `site_id` None for customers, `meter_id` for all but meters."""

    kind: FoundKind
    code: str
    name_en: str
    name_zh: str
    customer_id: int
    customer_en: str
    customer_zh: str
    site_id: int | None
    site_en: str | None
    site_zh: str | None
    meter_id: int | None


_FIND = """
WITH thing AS (
    SELECT 1 AS kind_order, 'customer' AS kind, c.code, c.name_en, c.name_zh, c.customer_id,
        c.name_en AS customer_en, c.name_zh AS customer_zh, NULL::int AS site_id,
        NULL AS site_en, NULL AS site_zh, NULL::int AS meter_id, NULL AS serial
    FROM visible.customer c
    UNION ALL
    SELECT 2, 'site', s.code, s.name_en, s.name_zh, c.customer_id, c.name_en, c.name_zh,
        s.site_id, s.name_en, s.name_zh, NULL, NULL
    FROM visible.site s JOIN visible.customer c USING (customer_id)
    UNION ALL
    SELECT 3, 'meter', m.code, m.name_en, m.name_zh, c.customer_id, c.name_en, c.name_zh,
        s.site_id, s.name_en, s.name_zh, m.meter_id, m.serial
    FROM visible.meter m JOIN visible.site s USING (site_id)
    JOIN visible.customer c USING (customer_id)
    WHERE m.retired_at IS NULL
), word AS (
    SELECT w FROM regexp_split_to_table(lower(%(words)s), E'\\\\s+') w WHERE w <> ''
)
SELECT kind, code, name_en, name_zh, customer_id, customer_en, customer_zh, site_id, site_en,
    site_zh, meter_id
FROM thing
WHERE (%(customer_id)s::int IS NULL OR customer_id = %(customer_id)s)
    AND NOT EXISTS (SELECT FROM word WHERE strpos(lower(concat_ws(' ', code, name_en, name_zh,
        customer_en, customer_zh, site_en, site_zh, serial)), w) = 0)
ORDER BY (SELECT count(*) FROM word WHERE strpos(lower(concat_ws(' ', code, name_en, name_zh)), w)
    = 0), kind_order, code LIMIT %(most)s
"""


def find_things(
    connection: psycopg.Connection, words: str, customer_id: int | None, most: int
) -> list[Found]:
    """What holds all of the words, in its own name first, customers before sites before meters."""
    cursor = connection.cursor(row_factory=class_row(Found))
    wanted = {"words": words, "customer_id": customer_id, "most": most}
    return cursor.execute(_FIND, wanted).fetchall()
