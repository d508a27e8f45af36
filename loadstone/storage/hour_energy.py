"""Keeps the hours of energy: what changed is reckoned again by read.reckoned_energy, hour by hour.

What is kept must be what would be reckoned. So everything that an hour's energy depends on leaves a
mark in its own transaction, marks reach to the readings on either side, and readers reckon marked
hours themselves until they are followed here.
"""

from __future__ import annotations

import psycopg

# About 10 µs each.
_MOST_HOURS = 1_000_000

_TAKE = """
CREATE TEMP TABLE energy_mark ON COMMIT DROP AS
WITH taken AS (
    DELETE FROM core.hour_energy_mark WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM core.hour_energy_mark LIMIT 200000))
    RETURNING meter_id, starts_at, ends_at
)
SELECT meter_id, unnest(range_agg(tstzrange(starts_at, ends_at))) AS span FROM taken GROUP BY 1
"""

# A meter that is seen for the first time, or in another zone: all its hours.
_NEW_METERS = """
WITH zone AS MATERIALIZED (
    SELECT zone, core.zone_phase_s(zone) AS phase_s FROM (SELECT DISTINCT s.zone
        FROM energy_mark k JOIN core.meter USING (meter_id) JOIN core.site s USING (site_id)
        WHERE NOT EXISTS (SELECT FROM core.hour_energy_meter h WHERE h.meter_id = k.meter_id)) z
), fresh AS (
    INSERT INTO core.hour_energy_meter (meter_id, zone, phase_s)
    SELECT m.meter_id, z.zone, z.phase_s
    FROM core.meter m JOIN core.site s USING (site_id) JOIN zone z ON z.zone = s.zone
    WHERE z.phase_s IS NOT NULL AND m.meter_id IN (SELECT meter_id FROM energy_mark)
    ON CONFLICT DO NOTHING RETURNING meter_id
), gone AS (
    DELETE FROM core.hour_energy h USING fresh f WHERE h.meter_id = f.meter_id
)
INSERT INTO energy_mark (meter_id, span) SELECT meter_id, '(,)'::tstzrange FROM fresh
"""

# What is open ends where nothing can be known any more.
_BOUNDED = """
CREATE TEMP TABLE energy_bounded ON COMMIT DROP AS
WITH open AS (
    SELECT k.meter_id,
        least((SELECT min(r.bucket) FROM core.rollup_1h r WHERE r.meter_id = k.meter_id),
            (SELECT min(i.ts) FROM core.interval_reading i WHERE i.meter_id = k.meter_id),
            (SELECT min(c.starts_at) FROM core.register_correction c
             WHERE c.meter_id = k.meter_id AND c.kind = 'amount')) AS lo,
        greatest((SELECT max(r.bucket) + interval '1 hour' FROM core.rollup_1h r
                  WHERE r.meter_id = k.meter_id),
            (SELECT max(i.ts) + interval '1 day' FROM core.interval_reading i
             WHERE i.meter_id = k.meter_id),
            (SELECT max(c.ends_at) FROM core.register_correction c
             WHERE c.meter_id = k.meter_id AND c.kind = 'amount' AND c.ends_at < 'infinity')) AS hi
    FROM energy_mark k
    WHERE lower_inf(k.span) OR upper_inf(k.span)
        OR lower(k.span) = '-infinity' OR upper(k.span) = 'infinity'
    GROUP BY 1
)
SELECT h.meter_id, CASE WHEN h.phase_s = 0 THEN 'UTC' ELSE h.zone END AS zone, h.phase_s,
    m.energy_source = 'register' AS by_register, b.span
FROM energy_mark k JOIN core.hour_energy_meter h USING (meter_id) JOIN core.meter m USING (meter_id)
LEFT JOIN open o USING (meter_id)
CROSS JOIN LATERAL (SELECT CASE WHEN o.meter_id IS NULL THEN k.span
    ELSE k.span * tstzrange(o.lo, o.hi) END AS span) b
WHERE (o.meter_id IS NULL OR o.lo < o.hi) AND NOT isempty(b.span)
"""

# Which registers a meter has is seen where they are first read, so that nobody seeks through all
# of its history for one that it never had.
_REGISTERS = """
UPDATE core.hour_energy_meter h SET registers = h.registers | seen.registers
FROM (
    SELECT b.meter_id, max(CASE WHEN NOT b.by_register THEN 3 ELSE
        CASE WHEN EXISTS (SELECT FROM core.rollup_1h r WHERE r.meter_id = b.meter_id
                AND r.bucket >= lower(b.span) AND r.bucket < upper(b.span)
                AND r.epoch >= 0 AND r.imp_0_wh IS NOT NULL)
            OR EXISTS (SELECT FROM core.register_correction c WHERE c.meter_id = b.meter_id
                AND c.kind = 'amount' AND c.register_slot = 1) THEN 1 ELSE 0 END
        | CASE WHEN EXISTS (SELECT FROM core.rollup_1h r WHERE r.meter_id = b.meter_id
                AND r.bucket >= lower(b.span) AND r.bucket < upper(b.span)
                AND r.epoch >= 0 AND r.exp_0_wh IS NOT NULL)
            OR EXISTS (SELECT FROM core.register_correction c WHERE c.meter_id = b.meter_id
                AND c.kind = 'amount' AND c.register_slot = 2) THEN 2 ELSE 0 END
        END) AS registers
    FROM energy_bounded b GROUP BY 1
) seen
WHERE h.meter_id = seen.meter_id AND h.registers | seen.registers <> h.registers
"""

# As far as the readings on either side, in whole hours, cut alike for all meters so that many are
# reckoned at once; the newest first, for they are looked at most.
_STRETCHES = """
CREATE TEMP TABLE energy_stretch ON COMMIT DROP AS
WITH reached AS (
    SELECT b.meter_id, b.zone, b.phase_s, unnest(range_agg(tstzrange(
        date_bin('1 hour', e.starts_at, hour.origin),
        date_bin('1 hour', e.ends_at - interval '1 microsecond', hour.origin) + interval '1 hour')))
        AS span
    FROM energy_bounded b JOIN core.hour_energy_meter h USING (meter_id)
    CROSS JOIN LATERAL core.hours_around(b.meter_id,
        CASE WHEN b.by_register THEN h.registers ELSE 0 END, lower(b.span), upper(b.span)) e
    CROSS JOIN LATERAL (SELECT timestamptz '2000-01-01Z' + make_interval(secs => b.phase_s)
        AS origin) hour
    GROUP BY 1, 2, 3
), cut AS (
    SELECT r.meter_id, r.zone, greatest(lower(r.span), g) AS p,
        least(upper(r.span), g + interval '32 days') AS q
    FROM reached r CROSS JOIN LATERAL generate_series(
        date_bin('32 days', lower(r.span),
            timestamptz '2000-01-01Z' + make_interval(secs => r.phase_s)),
        upper(r.span) - interval '1 microsecond', interval '32 days') g
)
SELECT meter_id, zone, p, q,
    sum(extract(epoch FROM q - p) / 3600) OVER (ORDER BY q DESC, meter_id) AS hours_so_far
FROM cut
"""
_LEAVE = """
WITH left_over AS (
    DELETE FROM energy_stretch WHERE hours_so_far > greatest(%(most)s,
        (SELECT min(hours_so_far) FROM energy_stretch)) RETURNING meter_id, p, q
)
INSERT INTO core.hour_energy_mark (meter_id, starts_at, ends_at)
SELECT meter_id, p, q FROM left_over
"""

_RECKON = """
CREATE TEMP TABLE energy_fresh ON COMMIT DROP AS
SELECT e.meter_id, w.slot, d.day, extract(epoch FROM e.start_at - d.day)::int / 3600 AS hour,
    e.energy_kwh, e.quality = 'corrected' AS corrected,
    CASE WHEN abs(e.measured_ratio - 1) < 1e-9 THEN 1 ELSE e.measured_ratio END AS measured_ratio,
    e.estimated_ratio
FROM (
    SELECT zone, phase_s, p, q, slot, array_agg(meter_id) AS meters FROM (
        SELECT s.*, h.phase_s, slot,
            row_number() OVER (PARTITION BY s.zone, p, q, slot) / 100 AS batch
        FROM energy_stretch s JOIN core.hour_energy_meter h USING (meter_id),
            generate_series(1, 2) slot WHERE h.registers & slot <> 0) numbered
    GROUP BY zone, phase_s, p, q, slot, batch
) w CROSS JOIN LATERAL read.reckoned_energy(
    w.meters, w.p, w.q, interval '1 hour', w.zone, (ARRAY['imp', 'exp'])[w.slot]) e
CROSS JOIN LATERAL (SELECT date_bin('1 day', e.start_at,
    timestamptz '2000-01-01Z' + make_interval(secs => w.phase_s)) AS day) d
"""

# Hours that were not touched stay in their rows as they were.
_KEEP = """
INSERT INTO core.hour_energy AS h
    (meter_id, slot, day, corrected, energy_kwh, measured_ratio, estimated_ratio)
SELECT meter_id, slot, day, bit_or(corrected::int << hour),
    array_agg(energy_kwh ORDER BY hour),
    CASE WHEN bool_or(measured_ratio <> 1) THEN array_agg(measured_ratio ORDER BY hour) END,
    CASE WHEN max(estimated_ratio) > 0 THEN array_agg(estimated_ratio ORDER BY hour) END
FROM (
    SELECT meter_id, slot, day, hour,
        CASE WHEN f.meter_id IS NOT NULL THEN coalesce(f.corrected, false)
            ELSE coalesce(o.corrected & (1 << hour) <> 0, false) END AS corrected,
        CASE WHEN f.meter_id IS NOT NULL THEN f.energy_kwh ELSE o.energy_kwh[hour + 1] END
            AS energy_kwh,
        CASE WHEN f.meter_id IS NOT NULL THEN f.measured_ratio
            WHEN o.energy_kwh[hour + 1] IS NULL THEN 0
            ELSE coalesce(o.measured_ratio[hour + 1], 1) END AS measured_ratio,
        CASE WHEN f.meter_id IS NOT NULL THEN f.estimated_ratio
            ELSE coalesce(o.estimated_ratio[hour + 1], 0) END AS estimated_ratio
    FROM (SELECT DISTINCT meter_id, slot, day FROM energy_fresh) b
    CROSS JOIN generate_series(0, 23) hour
    LEFT JOIN energy_fresh f USING (meter_id, slot, day, hour)
    LEFT JOIN core.hour_energy o USING (meter_id, slot, day)
) merged
GROUP BY 1, 2, 3 HAVING count(energy_kwh) > 0 OR EXISTS (
    SELECT FROM core.hour_energy o WHERE o.meter_id = merged.meter_id AND o.slot = merged.slot
        AND o.day = merged.day)
ON CONFLICT (meter_id, slot, day) DO UPDATE SET corrected = excluded.corrected,
    energy_kwh = excluded.energy_kwh, measured_ratio = excluded.measured_ratio,
    estimated_ratio = excluded.estimated_ratio
WHERE (h.corrected, h.energy_kwh, h.measured_ratio, h.estimated_ratio) IS DISTINCT FROM
    (excluded.corrected, excluded.energy_kwh, excluded.measured_ratio, excluded.estimated_ratio)
"""

_STEPS = (_NEW_METERS, "ANALYZE energy_mark", _BOUNDED, _REGISTERS, _STRETCHES)
_MADE = "ANALYZE energy_fresh"
_DROP = "DROP TABLE energy_mark, energy_bounded, energy_stretch, energy_fresh"


def follow_marks(connection: psycopg.Connection, *, most_hours: int = _MOST_HOURS) -> int:
    """Reckon the marked hours again, about `most_hours` of them, and keep them.

    Returns how many stretches were followed. Inside a transaction, one caller at a time.
    """
    if not connection.execute(_TAKE).rowcount:
        connection.execute("DROP TABLE energy_mark")
        return 0
    for step in _STEPS:
        connection.execute(step)
    connection.execute(_LEAVE, {"most": most_hours})
    row = connection.execute("SELECT count(*) FROM energy_stretch").fetchone()
    connection.execute(_RECKON)
    connection.execute(_MADE)
    connection.execute(_KEEP)
    connection.execute(_DROP)
    return int(row[0]) if row else 0


_MARK_DIRTY = """
INSERT INTO core.hour_energy_mark (meter_id, starts_at, ends_at)
SELECT k.meter_id, lower(k.span), upper(k.span) FROM (
    SELECT meter_id, unnest(range_agg(tstzrange(at, until))) AS span FROM dirty_hour GROUP BY 1) k
"""


def mark_summarised(connection: psycopg.Connection) -> None:
    """Mark the hours of the temporary table `dirty_hour`, whose summaries were made anew."""
    connection.execute(_MARK_DIRTY)


_MARK_AHEAD = """
INSERT INTO core.hour_energy_mark (meter_id, starts_at, ends_at)
SELECT k.meter_id, coalesce(e.starts_at, lower(k.span)), coalesce(e.ends_at, upper(k.span))
FROM (
    SELECT meter_id, unnest(range_agg(tstzrange(bucket, bucket + interval '1 hour'))) AS span
    FROM core.dirty_bucket WHERE ctid = ANY (%s::tid[]) GROUP BY 1
) k LEFT JOIN core.hour_energy_meter h USING (meter_id)
LEFT JOIN LATERAL core.hours_around(h.meter_id, h.registers, lower(k.span), upper(k.span)) e ON true
"""


def mark_ahead(connection: psycopg.Connection, marks: list[str]) -> None:
    """Mark the hours of these marks (ctids) before their summaries change, step by step."""
    connection.execute(_MARK_AHEAD, [marks])
