-- The terms of virtual meters by bucket of [a, z), each cut to its validity: `b` is the bucket.
-- What lies between bucket edges goes by them; only a beginning or an end inside a bucket is finer.
CREATE FUNCTION read.virtual_part(
    virtual_meters int[], a timestamptz, z timestamptz, step interval, zone text, register text)
RETURNS TABLE (
    virtual_meter_id int, b int, start_at timestamptz, end_at timestamptz, term_factor float8,
    energy_kwh float8, measured_ratio float8, estimated_ratio float8, quality text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
    edges timestamptz[] := read.edges(a, z, step, zone);
BEGIN
    virtual_meters := core.seen_virtual_meters(virtual_meters);
    RETURN QUERY
    WITH term AS (
        SELECT t.virtual_meter_id, t.meter_id, t.term_factor,
            greatest(t.valid_from, a) AS lo, least(t.valid_to, z) AS hi
        FROM core.virtual_term t
        WHERE t.virtual_meter_id = ANY (virtual_meters) AND t.valid_from < z AND t.valid_to > a
    ), span AS (
        SELECT t.lo, t.hi, array_agg(DISTINCT t.meter_id) AS meters,
            (SELECT min(e) FROM unnest(edges) e WHERE e >= t.lo) AS first_edge,
            (SELECT max(e) FROM unnest(edges) e WHERE e <= t.hi) AS last_edge
        FROM term t GROUP BY 1, 2
    ), stretch AS (
        SELECT s.lo, s.hi, s.meters, x.p, x.q FROM span s CROSS JOIN LATERAL (VALUES
            (s.lo, CASE WHEN s.first_edge <= s.last_edge THEN s.first_edge ELSE s.hi END),
            (s.first_edge, s.last_edge),
            (CASE WHEN s.first_edge <= s.last_edge THEN s.last_edge ELSE s.hi END, s.hi)) x (p, q)
        WHERE x.p < x.q
    )
    SELECT t.virtual_meter_id, width_bucket(e.start_at, edges), e.start_at, e.end_at,
        t.term_factor, e.energy_kwh, e.measured_ratio, e.estimated_ratio, e.quality
    FROM stretch s
    CROSS JOIN LATERAL read.energy(s.meters, s.p, s.q, step, zone, register) e
    JOIN term t ON t.meter_id = e.meter_id AND t.lo = s.lo AND t.hi = s.hi;
END $f$;

-- Energy of virtual meters, as read.energy answers it of real ones. A bucket in which a term is
-- missing is missing; it is as good as its worst term, and its ratios are the terms' means.
CREATE FUNCTION read.virtual_energy(
    virtual_meters int[], a timestamptz, z timestamptz, step interval, zone text,
    register text DEFAULT 'imp')
RETURNS TABLE (
    virtual_meter_id int, start_at timestamptz, end_at timestamptz, energy_kwh float8,
    measured_ratio float8, estimated_ratio float8, quality text)
LANGUAGE sql STABLE AS $$
    WITH edge AS (
        SELECT e AS start_at, lead(e) OVER (ORDER BY e) AS end_at,
            row_number() OVER (ORDER BY e)::int AS b
        FROM unnest(read.edges(a, z, step, zone)) e
    ), summed AS (
        SELECT p.virtual_meter_id, p.b, sum(p.term_factor * p.energy_kwh) AS energy_kwh,
            sum(p.measured_ratio * extract(epoch FROM p.end_at - p.start_at)::float8)
                / sum(extract(epoch FROM p.end_at - p.start_at)::float8) AS measured_ratio,
            sum(p.estimated_ratio * extract(epoch FROM p.end_at - p.start_at)::float8)
                / sum(extract(epoch FROM p.end_at - p.start_at)::float8) AS estimated_ratio,
            (SELECT sum(extract(epoch FROM upper(r) - lower(r)))::float8
             FROM unnest(range_agg(tstzrange(p.start_at, p.end_at))) r) AS valid_s,
            max(array_position(ARRAY['measured', 'corrected', 'estimated', 'missing'], p.quality))
                AS worst
        FROM read.virtual_part(virtual_meters, a, z, step, zone, register) p GROUP BY 1, 2
    )
    SELECT v, e.start_at, e.end_at, CASE WHEN s.worst < 4 THEN s.energy_kwh END,
        coalesce(s.measured_ratio * s.valid_s / extract(epoch FROM e.end_at - e.start_at)::float8, 0),
        coalesce(s.estimated_ratio * s.valid_s / extract(epoch FROM e.end_at - e.start_at)::float8, 0),
        (ARRAY['measured', 'corrected', 'estimated', 'missing'])[coalesce(s.worst, 4)]
    FROM unnest(virtual_meters) v CROSS JOIN edge e
    LEFT JOIN summed s ON s.virtual_meter_id = v AND s.b = e.b
    WHERE e.end_at IS NOT NULL ORDER BY v, e.start_at
$$;

-- Load of virtual meters, as read.load answers it of real ones, from the energy of the terms. The
-- extremes of a sum are not the sum of extremes: they are NULL.
CREATE FUNCTION read.virtual_load(
    virtual_meters int[], a timestamptz, z timestamptz, step interval, zone text)
RETURNS TABLE (
    virtual_meter_id int, start_at timestamptz, end_at timestamptz, power_kw float8,
    estimated_kw float8, power_min_kw float8, power_max_kw float8, samples bigint, quality text)
LANGUAGE sql STABLE AS $$
    WITH edge AS (
        SELECT e AS start_at, lead(e) OVER (ORDER BY e) AS end_at,
            row_number() OVER (ORDER BY e)::int AS b
        FROM unnest(read.edges(a, z, step, zone)) e
    ), summed AS (
        SELECT p.virtual_meter_id, p.b,
            sum(p.term_factor * p.energy_kwh / nullif(p.measured_ratio + p.estimated_ratio, 0))
                AS energy_kwh,
            bool_and(p.measured_ratio > 0) AS measured,
            (SELECT sum(extract(epoch FROM upper(r) - lower(r)))::float8
             FROM unnest(range_agg(tstzrange(p.start_at, p.end_at))) r) / 3600 AS hours,
            max(array_position(ARRAY['measured', 'corrected', 'estimated', 'missing'], p.quality))
                AS worst
        FROM read.virtual_part(virtual_meters, a, z, step, zone, 'imp') p GROUP BY 1, 2
    )
    SELECT v, e.start_at, e.end_at,
        CASE WHEN s.worst < 4 AND s.measured THEN s.energy_kwh / s.hours END,
        CASE WHEN s.worst < 4 AND NOT s.measured THEN s.energy_kwh / s.hours END,
        NULL::float8, NULL::float8, 0::bigint,
        (ARRAY['measured', 'corrected', 'estimated', 'missing'])[coalesce(s.worst, 4)]
    FROM unnest(virtual_meters) v CROSS JOIN edge e
    LEFT JOIN summed s ON s.virtual_meter_id = v AND s.b = e.b
    WHERE e.end_at IS NOT NULL ORDER BY v, e.start_at
$$;
