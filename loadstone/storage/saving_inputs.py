"""What a saving is judged from: hours of energy and temperature, and places like this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.rows import class_row

from loadstone.storage.packed_arrays import floats_of, integers_of

Connection = psycopg.Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSite:
    """Where a measure is: its clock, its calendar, and the meters of its point of supply."""

    site_id: int
    customer_id: int
    kind: str
    zone: str
    country: str | None
    subdivision: str | None
    main_meter_ids: list[int]


_SITE = """
SELECT s.site_id, s.customer_id, c.kind, s.zone, s.country, s.subdivision,
    ARRAY(SELECT m.meter_id FROM core.meter m WHERE m.site_id = s.site_id AND m.role = 'main'
        ORDER BY 1) AS main_meter_ids
FROM core.site s JOIN core.customer c USING (customer_id)
"""
_ONE_SITE = _SITE + "WHERE s.site_id = %s"


def judged_site(connection: Connection, site_id: int) -> JudgedSite | None:
    """One site, whoever may see it: the caller has looked."""
    cursor = connection.cursor(row_factory=class_row(JudgedSite))
    return cursor.execute(_ONE_SITE, [site_id]).fetchone()


_LIKE = (
    _SITE
    + """
WHERE c.kind = %(kind)s AND s.site_id <> %(site)s AND s.retired_at IS NULL AND s.zone = %(zone)s
    AND NOT EXISTS (SELECT FROM core.saving_measure m WHERE m.site_id = s.site_id
        AND m.implemented_on > %(since)s)
ORDER BY s.site_id LIMIT %(most)s
"""
)


def like_sites(
    connection: Connection, site: JudgedSite, since: date, most: int
) -> list[JudgedSite]:
    """Sites of customers of the same kind in the same zone, where nothing was done since then."""
    values = {
        "kind": site.kind, "site": site.site_id, "zone": site.zone, "since": since, "most": most,
    }  # fmt: skip
    return connection.cursor(row_factory=class_row(JudgedSite)).execute(_LIKE, values).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEnergy:
    """Energy of intervals in which all meters are known; starts are seconds since the epoch."""

    start_s: NDArray[np.int64]
    energy_kwh: NDArray[np.float64]


_ENERGY = """
SELECT array_send(array_agg((extract(epoch FROM start_at) / 60)::int ORDER BY start_at)),
    array_send(array_agg(energy_kwh::real ORDER BY start_at))
FROM read.energy_sum(%(meters)s::int[], %(start)s, %(end)s, %(step)s::interval, %(zone)s)
WHERE energy_kwh IS NOT NULL AND cardinality(missing_meters) = 0 AND known_meters > 0
"""


def known_energy(
    connection: Connection,
    meter_ids: Sequence[int],
    start: datetime,
    end: datetime,
    step: str,
    zone: str,
) -> KnownEnergy:
    """Imported energy of these meters together, by interval of [start, end)."""
    values = {"meters": list(meter_ids), "start": start, "end": end, "step": step, "zone": zone}
    row = connection.cursor(binary=True).execute(_ENERGY, values).fetchone()
    minutes, energy = row if row is not None else (None, None)
    return KnownEnergy(
        start_s=integers_of(minutes) * 60, energy_kwh=floats_of(energy).astype(np.float64)
    )


_FIRST = """
SELECT min(least((SELECT min(e.starts_at) FROM core.register_epoch e WHERE e.meter_id = m),
    (SELECT min(i.ts) FROM core.interval_reading i WHERE i.meter_id = m)))
FROM unnest(%s::int[]) m
"""


def first_known(connection: Connection, meter_ids: Sequence[int]) -> datetime | None:
    """When the first of these meters' energy began to be known."""
    row = connection.execute(_FIRST, [list(meter_ids)]).fetchone()
    return None if row is None else row[0]
