-- Load per meter and bucket: mean power from the energy (exact), extremes from the samples.
-- `power_kw` is NULL where nothing was measured; `estimated_kw` then says what a hole must have had.
CREATE FUNCTION read.load(
    meters int[], a timestamptz, z timestamptz, step interval, zone text)
RETURNS TABLE (
    meter_id int, start_at timestamptz, end_at timestamptz, power_kw float8, estimated_kw float8,
    power_min_kw float8, power_max_kw float8, samples bigint, quality text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET work_mem = '64MB'
SET enable_mergejoin = off AS $f$
DECLARE
    edges timestamptz[] := read.edges(a, z, step, zone);
    level text := CASE
        WHEN EXISTS (SELECT FROM unnest(edges) e
                WHERE e <> date_bin('15 minutes', e, timestamptz '2000-01-01Z'))
            OR step < interval '15 minutes' THEN 'reading'
        WHEN EXISTS (SELECT FROM unnest(edges) e WHERE e <> date_trunc('hour', e, 'UTC'))
            OR step < interval '1 hour' THEN 'rollup_15m'
        ELSE 'rollup_1h' END;
    -- An hour's row is an hour's bucket; else a row is looked for in its bucket.
    start_sql text := CASE WHEN level = 'rollup_1h' AND read.hour_phase_s(edges, step) = 0
        THEN 'r.at' ELSE '($4)[width_bucket(date_part(''epoch'', r.at), $7)]' END;
    sample_sql text := CASE WHEN level = 'reading'
        THEN 'SELECT r.meter_id, r.ts AS at, (r.p_w IS NOT NULL)::int AS n, r.p_w::bigint AS total,
                 r.p_w AS low, r.p_w AS high FROM core.reading r
              WHERE r.meter_id = ANY ($1) AND r.ts >= $2 AND r.ts < $3'
        ELSE format('SELECT r.meter_id, r.bucket AS at, r.p_n AS n, r.p_sum_w AS total,
                 r.p_min_w AS low, r.p_max_w AS high FROM core.%I r
              WHERE r.meter_id = ANY ($1) AND r.bucket >= $2 AND r.bucket < $3', level) END;
BEGIN
    meters := core.seen_meters(meters);
    RETURN QUERY EXECUTE format($q$
    WITH sampled AS (
        SELECT r.meter_id, %2$s AS start_at, sum(r.n)::bigint AS n,
            sum(r.total::float8) / nullif(sum(r.n), 0) / 1000 AS mean_kw,
            min(r.low) * float8 '0.001' AS low, max(r.high) * float8 '0.001' AS high
        FROM (%1$s) r GROUP BY 1, 2
    ), energised AS (
        SELECT e.*, date_part('epoch', e.end_at - e.start_at) / 3600
                * (e.measured_ratio + e.estimated_ratio) AS hours
        FROM read.energy($1, $2, $3, $5, $6, 'imp') e
    ), netted AS (
        SELECT e.*, e.energy_kwh / nullif(e.hours, 0) AS mean_kw, s.n, s.mean_kw AS sample_kw,
            s.low, s.high
        FROM energised e
        LEFT JOIN sampled s ON s.meter_id = e.meter_id AND s.start_at = e.start_at
    )
    SELECT n.meter_id, n.start_at, n.end_at,
        CASE WHEN n.measured_ratio > 0 AND n.mean_kw > 0 THEN n.mean_kw
             WHEN coalesce(n.n, 0) > 0 THEN coalesce(n.sample_kw, n.mean_kw)
             WHEN n.measured_ratio > 0 THEN n.mean_kw END,
        CASE WHEN n.measured_ratio = 0 AND coalesce(n.n, 0) = 0 THEN n.mean_kw END,
        n.low, n.high, coalesce(n.n, 0),
        CASE WHEN n.quality = 'missing' AND coalesce(n.n, 0) > 0 THEN 'measured' ELSE n.quality END
    FROM netted n ORDER BY n.meter_id, n.start_at
    $q$, sample_sql, start_sql) USING meters, a, z, edges, step, zone,
        ARRAY(SELECT date_part('epoch', e) FROM unnest(edges) e);
END $f$;
