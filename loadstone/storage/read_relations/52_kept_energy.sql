-- How an hour begins in these buckets: seconds behind the UTC hour, where they are all whole hours
-- and begin alike; else NULL.
CREATE FUNCTION read.hour_phase_s(edges timestamptz[], step interval) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN count(*) > 1 AND min(at % 3600) = max(at % 3600)
            AND max(at) - min(at) = (count(*) - 1) * 3600
        THEN (min(at) % 3600)::int END
    FROM (SELECT extract(epoch FROM e)::bigint AS at FROM unnest(edges) e
          WHERE step = interval '1 hour' AND e = date_trunc('second', e)) whole
    HAVING count(*) = cardinality(edges)
$$;

-- What of [a, z) must be reckoned although it is kept, since something changed and `loadstone work`
-- has not been there yet: a stretch a meter, in whole days as they are kept.
CREATE FUNCTION read.hours_to_reckon(meters int[], a timestamptz, z timestamptz, phase_s int)
RETURNS TABLE (meter_id int, starts_at timestamptz, ends_at timestamptz) LANGUAGE sql STABLE AS $$
    SELECT k.meter_id,
        date_bin('1 day', greatest(min(k.starts_at), a),
            timestamptz '2000-01-01Z' + make_interval(secs => phase_s)),
        date_bin('1 day', least(max(k.ends_at), z) - interval '1 microsecond',
            timestamptz '2000-01-01Z' + make_interval(secs => phase_s)) + interval '24:00'
    FROM core.hour_energy_mark k
    WHERE k.meter_id = ANY (meters) AND k.starts_at < z AND k.ends_at > a GROUP BY 1
$$;

-- Hours of energy of meters whose hours are kept: where something changed reckoned, else looked up.
-- All hours of [a, z) in which nothing is known are there too.
CREATE FUNCTION read.kept_energy(
    meters int[], a timestamptz, z timestamptz, zone text, register text, phase_s int)
RETURNS TABLE (
    meter_id int, start_at timestamptz, end_at timestamptz, energy_kwh float8,
    measured_ratio float8, estimated_ratio float8, quality text)
LANGUAGE sql STABLE AS $$
    WITH stale AS MATERIALIZED (
        SELECT * FROM read.hours_to_reckon(meters, a, z, phase_s)
    ), block AS (
        SELECT m AS meter_id, g AS day
        FROM unnest(meters) m CROSS JOIN generate_series(
            date_bin('1 day', a, timestamptz '2000-01-01Z' + make_interval(secs => phase_s)),
            z - interval '1 microsecond', interval '24:00') g
        WHERE NOT EXISTS (SELECT FROM stale s
            WHERE s.meter_id = m AND g >= s.starts_at AND g < s.ends_at)
    )
    SELECT b.meter_id, h.at, h.at + interval '1 hour', u.energy_kwh,
        CASE WHEN u.energy_kwh IS NULL THEN 0
            WHEN k.measured_ratio IS NULL THEN 1 ELSE u.measured_ratio END,
        coalesce(u.estimated_ratio, 0),
        CASE WHEN u.energy_kwh IS NULL THEN 'missing'
            WHEN k.corrected & (1 << u.n::int - 1) <> 0 THEN 'corrected'
            WHEN u.estimated_ratio > 0 THEN 'estimated' ELSE 'measured' END
    FROM block b
    LEFT JOIN LATERAL (  -- OFFSET 0 keeps the planner at one look-up a row
        SELECT e.* FROM core.hour_energy e WHERE e.meter_id = b.meter_id AND e.day = b.day
            AND e.slot = CASE register WHEN 'imp' THEN 1 ELSE 2 END OFFSET 0) k ON true
    CROSS JOIN LATERAL unnest(
        coalesce(k.energy_kwh, array_fill(NULL::float8, ARRAY[24])),
        k.measured_ratio, k.estimated_ratio)
        WITH ORDINALITY u (energy_kwh, measured_ratio, estimated_ratio, n)
    CROSS JOIN LATERAL (SELECT b.day + (u.n - 1) * interval '1 hour' AS at) h
    WHERE h.at >= a AND h.at < z
    UNION ALL
    SELECT e.* FROM (
        SELECT array_agg(s.meter_id) AS meters, greatest(s.starts_at, a) AS p, least(s.ends_at, z) AS q
        FROM stale s GROUP BY s.starts_at, s.ends_at) s
    CROSS JOIN LATERAL read.reckoned_energy(
        s.meters, s.p, s.q, interval '1 hour', zone, register) e
$$;

-- Energy per meter and bucket of [a, z): kWh of `imp` and `exp`, kvarh of q1..q4, rimp and rexp.
-- Hours of energy are kept, everything else is reckoned; the answer is the same.
CREATE FUNCTION read.energy(
    meters int[], a timestamptz, z timestamptz, step interval, zone text,
    register text DEFAULT 'imp')
RETURNS TABLE (
    meter_id int, start_at timestamptz, end_at timestamptz, energy_kwh float8,
    measured_ratio float8, estimated_ratio float8, quality text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET work_mem = '64MB'
SET plan_cache_mode = auto  -- the small questions inside need no plan of their own each time: 2 ms
AS $f$
DECLARE
    phase int := CASE WHEN register IN ('imp', 'exp') AND step = interval '1 hour'
        THEN read.hour_phase_s(read.edges(a, z, step, zone), step) END;
    kept int[];
BEGIN
    meters := core.seen_meters(meters);
    IF phase IS NOT NULL THEN
        kept := ARRAY(SELECT k.meter_id FROM core.hour_energy_meter k
            WHERE k.meter_id = ANY (meters) AND k.phase_s = phase);
    END IF;
    IF phase IS NULL OR cardinality(kept) = 0 THEN
        RETURN QUERY SELECT * FROM read.reckoned_energy(meters, a, z, step, zone, register);
        RETURN;
    END IF;
    RETURN QUERY
    SELECT * FROM read.kept_energy(kept, a, z, zone, register, phase)
    UNION ALL
    SELECT * FROM read.reckoned_energy(
        ARRAY(SELECT unnest(meters) EXCEPT SELECT unnest(kept)), a, z, step, zone, register)
    ORDER BY 1, 2;
END $f$;
