"""The copy of the load that forecasts read: which days are stale, and the days themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import psycopg
from numpy.typing import NDArray

from loadstone.storage.packed_arrays import floats_of, integers_of

Connection = psycopg.Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDays:
    """Days of a subject's load: the n-th from the asked first day, and [n, S] in kW."""

    place: NDArray[np.int64]
    load_kw: NDArray[np.float32]


# A day is read again each time while it is fresh, once a day until it is ten days old, and then
# once a month, for data come late; and at once where somebody decided on a register.
_STALE = """
WITH decided AS MATERIALIZED (
    SELECT f.subject_id, max(e.decided_at) AS at FROM core.forecast_subject f
    JOIN core.site x ON x.customer_id = f.customer_id
        AND (f.site_id IS NULL OR x.site_id = f.site_id)
    JOIN core.meter m ON m.site_id = x.site_id AND m.role = 'main'
    JOIN core.ledger_event e ON e.meter_id = m.meter_id
    WHERE f.subject_id = ANY (%(subjects)s) GROUP BY 1
)
SELECT s.subject_id, array_send(array_agg(d.n ORDER BY d.n))
FROM unnest(%(subjects)s::int[]) s (subject_id)
CROSS JOIN generate_series(0, %(last)s::date - %(first)s::date) d (n)
LEFT JOIN core.forecast_load l ON l.subject_id = s.subject_id AND l.interval_s = %(interval_s)s
    AND l.day = %(first)s::date + d.n
LEFT JOIN decided ON decided.subject_id = s.subject_id
WHERE l.day IS NULL OR l.read_at < decided.at OR l.read_at < %(now)s - CASE
    WHEN %(first)s::date + d.n >= %(now)s::timestamptz::date - 1 THEN interval '0'
    WHEN %(first)s::date + d.n >= %(now)s::timestamptz::date - 10 THEN interval '20 hours'
    WHEN (d.n + s.subject_id) %% 30 = extract(day FROM %(now)s::timestamptz)::int - 1
        THEN interval '20 hours'
    ELSE interval '60 days' END
GROUP BY s.subject_id
"""


def stale_days(
    connection: Connection,
    subject_ids: Sequence[int],
    interval_s: int,
    days: tuple[date, date],
    now: datetime,
) -> dict[int, NDArray[np.int64]]:
    """Which of these days, by their place from the first, must be read from read.load again."""
    values = {
        "subjects": list(subject_ids), "interval_s": interval_s, "first": days[0],
        "last": days[1], "now": now,
    }  # fmt: skip
    rows = connection.cursor(binary=True).execute(_STALE, values)
    return {int(row[0]): integers_of(row[1]) for row in rows}


_EARLIEST = """
SELECT min(least(
    (SELECT min(e.starts_at) FROM core.register_epoch e WHERE e.meter_id = m.meter_id),
    (SELECT min(i.ts) FROM core.interval_reading i WHERE i.meter_id = m.meter_id),
    (SELECT min(r.bucket) FROM core.rollup_day r WHERE r.meter_id = m.meter_id)))
FROM core.forecast_subject f
JOIN core.site s ON s.customer_id = f.customer_id AND (f.site_id IS NULL OR s.site_id = f.site_id)
JOIN core.meter m ON m.site_id = s.site_id AND m.role = 'main'
WHERE f.subject_id = ANY (%s)
"""


def earliest_load(connection: Connection, subject_ids: Sequence[int]) -> datetime | None:
    """Before this nothing was measured of any of them; None: nothing at all was."""
    row = connection.execute(_EARLIEST, [list(subject_ids)]).fetchone()
    return None if row is None else row[0]


_STAGE = "CREATE TEMP TABLE load_fresh (LIKE core.forecast_load) ON COMMIT DROP"
_COPY = "COPY load_fresh (subject_id, interval_s, day, load_kw, read_at) FROM STDIN"
_TAKE = """
INSERT INTO core.forecast_load SELECT * FROM load_fresh ORDER BY subject_id, day
ON CONFLICT (subject_id, interval_s, day) DO UPDATE
SET load_kw = excluded.load_kw, read_at = excluded.read_at
"""


def keep_days(
    connection: Connection,
    interval_s: int,
    rows: Sequence[tuple[int, date, NDArray[np.floating]]],
    now: datetime,
) -> None:
    """Keep (subject, day, [S] in kW); inside a transaction."""
    connection.execute(_STAGE)
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for subject_id, day, load in rows:
            known = bool(np.isfinite(load).any())
            values = np.round(load.astype(np.float64), 3).tolist() if known else []
            copy.write_row([subject_id, interval_s, day, values, now])
    connection.execute(_TAKE)
    connection.execute("DROP TABLE load_fresh")


_KEPT = """
SELECT subject_id, array_send(array_agg(day - %(first)s::date ORDER BY day)),
    array_send(array_agg(load_kw ORDER BY day))
FROM core.forecast_load
WHERE subject_id = ANY (%(subjects)s) AND interval_s = %(interval_s)s
    AND day BETWEEN %(first)s AND %(last)s AND cardinality(load_kw) > 0
GROUP BY subject_id
"""


def kept_days(
    connection: Connection, subject_ids: Sequence[int], interval_s: int, days: tuple[date, date]
) -> dict[int, KeptDays]:
    """What is kept of these days, both included; subjects without any are left out."""
    values = {
        "subjects": list(subject_ids), "interval_s": interval_s, "first": days[0],
        "last": days[1],
    }  # fmt: skip
    rows = connection.cursor(binary=True).execute(_KEPT, values)
    return {
        int(row[0]): KeptDays(place=integers_of(row[1]), load_kw=floats_of(row[2])) for row in rows
    }
