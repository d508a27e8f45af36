-- Energy of meters together, by bucket of [a, z): `energy_kwh` sums what is known. A meter counts
-- from its first register on, until it was retired; `missing_meters` are those that should have
-- counted and are not known. Ratios are means over all that count; a sum is as good as its worst part.
CREATE FUNCTION read.energy_sum(
    meters int[], a timestamptz, z timestamptz, step interval, zone text,
    register text DEFAULT 'imp')
RETURNS TABLE (
    start_at timestamptz, end_at timestamptz, energy_kwh float8, measured_ratio float8,
    estimated_ratio float8, quality text, known_meters int, missing_meters int[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET work_mem = '64MB' AS $f$
DECLARE
    edges timestamptz[] := read.edges(a, z, step, zone);
    phase int := CASE WHEN register IN ('imp', 'exp') THEN read.hour_phase_s(edges, step) END;
    seen int[] := core.seen_meters(meters);
    kept int[] := ARRAY(SELECT k.meter_id FROM core.hour_energy_meter k
        WHERE k.meter_id = ANY (seen) AND k.phase_s = phase ORDER BY 1);
    others int[] := ARRAY(SELECT unnest(seen) EXCEPT SELECT unnest(kept));
    first_day timestamptz;
    day_count bigint;
    -- Usually nothing is marked; then the planner need not prepare for it.
    fresh_sql text := CASE WHEN EXISTS (
            SELECT FROM core.hour_energy_mark k WHERE k.starts_at < z AND k.ends_at > a)
        THEN 'AND NOT EXISTS (SELECT FROM stale s WHERE s.meter_id = h.meter_id
            AND h.day >= s.starts_at AND h.day < s.ends_at)' ELSE '' END;
BEGIN
    IF cardinality(kept) > 0 THEN
        first_day := date_bin('1 day', a, timestamptz '2000-01-01Z' + make_interval(secs => phase));
        day_count := ceil(extract(epoch FROM z - first_day) / 86400);
    END IF;
    RETURN QUERY EXECUTE format($q$
    WITH stale AS MATERIALIZED (
        SELECT * FROM read.hours_to_reckon($7, $2, $3, $8)
    ), row AS MATERIALIZED (
        SELECT h.* FROM core.hour_energy h
        WHERE h.slot = CASE $6 WHEN 'imp' THEN 1 ELSE 2 END AND h.meter_id = ANY ($7)
            AND h.day >= $9 AND h.day < $3 AND NOT (h.measured_ratio IS NULL
                AND h.estimated_ratio IS NULL AND h.corrected = 0) %2$s
    ), whole AS MATERIALIZED (  -- days of meters that are measured throughout, summed hour by hour
        SELECT h.day, count(*) AS n, ARRAY[%1$s] AS sums FROM core.hour_energy h
        WHERE h.slot = CASE $6 WHEN 'imp' THEN 1 ELSE 2 END AND h.meter_id = ANY ($7)
            AND h.day >= $9 AND h.day < $3
            AND h.measured_ratio IS NULL AND h.estimated_ratio IS NULL AND h.corrected = 0 %2$s
        GROUP BY h.day
    ), stale_day AS (
        SELECT s.meter_id, g AS day FROM stale s CROSS JOIN LATERAL
            generate_series(s.starts_at, s.ends_at - interval '1 hour', interval '24:00') g
    ), gap AS (  -- days of meters of which nothing is kept, looked for where rows are too few
        SELECT d.day, m AS meter_id FROM (
            SELECT $9 + i * interval '24:00' AS day FROM generate_series(0, $10 - 1) i) d
        LEFT JOIN whole w USING (day)
        LEFT JOIN (SELECT r.day, count(*) AS n FROM row r GROUP BY 1) r USING (day)
        LEFT JOIN (SELECT s.day, count(*) AS n FROM stale_day s GROUP BY 1) s USING (day)
        CROSS JOIN unnest($7) m
        WHERE coalesce(w.n, 0) + coalesce(r.n, 0) + coalesce(s.n, 0) < cardinality($7)
            AND NOT EXISTS (SELECT FROM core.hour_energy h WHERE h.meter_id = m
                AND h.slot = CASE $6 WHEN 'imp' THEN 1 ELSE 2 END AND h.day = d.day)
            AND NOT EXISTS (SELECT FROM stale_day s WHERE s.meter_id = m AND s.day = d.day)
    ), one AS (  -- one meter and bucket each
        SELECT r.meter_id, r.day + (u.n - 1) * interval '1 hour' AS start_at, u.energy_kwh,
            CASE WHEN r.measured_ratio IS NULL THEN 1 ELSE u.measured_ratio END AS measured_ratio,
            coalesce(u.estimated_ratio, 0) AS estimated_ratio,
            CASE WHEN r.corrected & (1 << u.n::int - 1) <> 0 THEN 2
                WHEN u.estimated_ratio > 0 THEN 3 ELSE 1 END AS worst
        FROM row r CROSS JOIN LATERAL unnest(r.energy_kwh, r.measured_ratio, r.estimated_ratio)
            WITH ORDINALITY u (energy_kwh, measured_ratio, estimated_ratio, n)
        UNION ALL
        SELECT g.meter_id, g.day + i * interval '1 hour', NULL, 0, 0, 1
        FROM gap g, generate_series(0, 23) i
        UNION ALL
        SELECT e.meter_id, e.start_at, e.energy_kwh, e.measured_ratio, e.estimated_ratio,
            array_position(ARRAY['measured', 'corrected', 'estimated'], e.quality)
        FROM (
            SELECT $11 AS meters, $2 AS p, $3 AS q WHERE cardinality($11) > 0
            UNION ALL
            SELECT array_agg(s.meter_id), greatest(s.starts_at, $2), least(s.ends_at, $3)
            FROM stale s GROUP BY s.starts_at, s.ends_at
        ) s CROSS JOIN LATERAL read.reckoned_energy(s.meters, s.p, s.q, $4, $5, $6) e
    ), counting AS (
        SELECT m.meter_id, coalesce(m.retired_at, 'infinity') AS until, coalesce((
            SELECT min(e.starts_at) FROM core.register_epoch e WHERE e.meter_id = m.meter_id),
            '-infinity') AS since
        FROM core.meter m WHERE m.meter_id = ANY ($1)
    ), summed AS (
        SELECT o.start_at, sum(o.energy_kwh) AS energy, count(o.energy_kwh) AS n,
            sum(o.measured_ratio) FILTER (WHERE o.energy_kwh IS NOT NULL) AS measured,
            sum(o.estimated_ratio) FILTER (WHERE o.energy_kwh IS NOT NULL) AS estimated,
            max(o.worst) FILTER (WHERE o.energy_kwh IS NOT NULL) AS worst,
            array_agg(o.meter_id ORDER BY o.meter_id) FILTER (WHERE o.energy_kwh IS NULL
                AND c.since < b.end_at AND c.until > o.start_at) AS missing
        FROM one o JOIN counting c USING (meter_id)
        JOIN unnest($12, $13) b (start_at, end_at) USING (start_at)
        GROUP BY o.start_at
        UNION ALL
        SELECT w.day + (u.n - 1) * interval '1 hour', u.energy, w.n, w.n, 0, 1, NULL
        FROM whole w CROSS JOIN LATERAL unnest(w.sums) WITH ORDINALITY u (energy, n)
    ), total AS (
        SELECT s.start_at, sum(s.energy) AS energy, sum(s.n)::int AS n, sum(s.measured) AS measured,
            sum(s.estimated) AS estimated, max(s.worst) AS worst, any_value(s.missing) AS missing
        FROM summed s GROUP BY 1
    )
    SELECT b.start_at, b.end_at, t.energy,
        coalesce(t.measured / greatest(t.n + coalesce(cardinality(t.missing), 0), 1), 0)::float8,
        coalesce(t.estimated / greatest(t.n + coalesce(cardinality(t.missing), 0), 1), 0)::float8,
        CASE WHEN t.missing IS NOT NULL THEN 'missing'
            ELSE coalesce((ARRAY['measured', 'corrected', 'estimated'])[t.worst], 'missing') END,
        coalesce(t.n, 0), coalesce(t.missing, '{}')
    FROM unnest($12, $13) b (start_at, end_at) LEFT JOIN total t USING (start_at)
    ORDER BY b.start_at
    $q$, (SELECT string_agg(format('sum(h.energy_kwh[%s])', i), ', ' ORDER BY i)
          FROM generate_series(1, 24) i), fresh_sql)
    USING seen, a, z, step, zone, register, kept, coalesce(phase, 0), first_day, day_count,
        others, edges[:cardinality(edges) - 1], edges[2:];
END $f$;
