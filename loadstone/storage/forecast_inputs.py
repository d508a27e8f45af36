"""What forecasts are made from, many subjects at a time: their load and their temperatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import psycopg
from numpy.typing import NDArray

from loadstone.storage.packed_arrays import floats_of, integers_of

Connection = psycopg.Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLoad:
    """Mean power of the intervals that were measured: the n-th from the asked start."""

    place: NDArray[np.int64]
    power_kw: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWeather:
    """Temperatures of a site as they were known at an instant."""

    at_s: NDArray[np.int64]
    """Seconds from the asked start."""
    temperature_c: NDArray[np.float32]
    measured_until: datetime | None
    foreseen_issued_at: datetime | None
    source: str
    """Of the newest value."""


# A subject is the sum of the main meters of its sites, known where all of them are that are in
# service: from a meter's first known register until it was retired.
_LOADS = """
WITH main AS (
    SELECT f.subject_id, m.meter_id, coalesce(m.retired_at, 'infinity') AS until,
        coalesce((SELECT min(e.starts_at) FROM core.register_epoch e WHERE e.meter_id = m.meter_id),
            '-infinity') AS since
    FROM core.forecast_subject f
    JOIN core.site s ON s.customer_id = f.customer_id
        AND (f.site_id IS NULL OR s.site_id = f.site_id)
    JOIN core.meter m ON m.site_id = s.site_id AND m.role = 'main'
    WHERE f.subject_id = ANY (%(subjects)s)
), slot AS (
    SELECT n.subject_id, l.start_at, sum(l.power_kw) AS power_kw
    FROM read.load(ARRAY(SELECT DISTINCT meter_id FROM main), %(start)s, %(end)s,
        make_interval(secs => %(step_s)s), %(zone)s) l
    JOIN main n ON n.meter_id = l.meter_id AND l.end_at > n.since AND l.start_at < n.until
    GROUP BY 1, 2 HAVING count(l.power_kw) = count(*)
)
SELECT subject_id,
    array_send(array_agg(
        (extract(epoch FROM start_at - %(start)s) / %(step_s)s)::int ORDER BY start_at)),
    array_send(array_agg(power_kw::real ORDER BY start_at))
FROM slot GROUP BY subject_id
"""


def loads_of(
    connection: Connection,
    subject_ids: Sequence[int],
    start: datetime,
    end: datetime,
    step_s: int,
    zone: str,
) -> dict[int, KnownLoad]:
    """The load of [start, end) by subject; subjects of whom nothing is known are left out."""
    values = {
        "subjects": list(subject_ids), "start": start, "end": end, "step_s": step_s, "zone": zone,
    }  # fmt: skip
    rows = connection.cursor(binary=True).execute(_LOADS, values)
    return {
        int(subject_id): KnownLoad(place=integers_of(place), power_kw=floats_of(power))
        for subject_id, place, power in rows
    }


# As read.weather_as_of, but of hours that are long over only what was measured: what was foreseen
# of them is many times as much.
_WEATHER = """
WITH known AS (
    SELECT DISTINCT ON (w.site_id, w.valid_at) w.* FROM (
        SELECT m.* FROM core.weather_value m
        WHERE m.site_id = ANY (%(sites)s) AND m.valid_at >= %(start)s AND m.valid_at < %(end)s
            AND m.known_at <= %(as_of)s AND m.measured
        UNION ALL
        SELECT f.* FROM core.weather_value f
        WHERE f.site_id = ANY (%(sites)s) AND f.valid_at < %(end)s AND f.known_at <= %(as_of)s
            AND f.valid_at >= greatest(%(start)s, %(as_of)s::timestamptz - interval '3 days')
            AND NOT f.measured) w
    ORDER BY w.site_id, w.valid_at, w.measured DESC, w.known_at DESC
)
SELECT site_id,
    array_send(array_agg(extract(epoch FROM valid_at - %(start)s)::int ORDER BY valid_at)),
    array_send(array_agg(temperature_c ORDER BY valid_at)),
    max(valid_at) FILTER (WHERE measured), max(known_at) FILTER (WHERE NOT measured),
    (array_agg(source ORDER BY known_at DESC))[1]
FROM known GROUP BY site_id
"""


def weather_of(
    connection: Connection,
    site_ids: Sequence[int],
    start: datetime,
    end: datetime,
    as_of: datetime,
) -> dict[int, KnownWeather]:
    """Temperatures of [start, end) as they were known at `as_of`, by site.

    What was foreseen counts for the last three days before `as_of` and the time after it.
    """
    values = {"sites": list(site_ids), "start": start, "end": end, "as_of": as_of}
    rows = connection.cursor(binary=True).execute(_WEATHER, values)
    return {
        int(site_id): KnownWeather(
            at_s=integers_of(at),
            temperature_c=floats_of(temperature),
            measured_until=until,
            foreseen_issued_at=issued,
            source=str(source),
        )
        for site_id, at, temperature, until, issued, source in rows
    }
