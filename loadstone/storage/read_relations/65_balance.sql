-- A meter against its sub-meters: what flowed in and is not accounted for by any of them. A child
-- counts from its first register on, until it was retired; `known_ratio` is the least known share of
-- a bucket among them all.
CREATE FUNCTION read.balance(
    meters int[], a timestamptz, z timestamptz, step interval, zone text,
    register text DEFAULT 'imp')
RETURNS TABLE (
    meter_id int, start_at timestamptz, end_at timestamptz, energy_kwh float8, children_kwh float8,
    unaccounted_kwh float8, unaccounted_ratio float8, children int, missing_children text[],
    known_ratio float8, quality text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH child AS (
        SELECT m.meter_id, m.parent_meter_id, m.code, coalesce(m.retired_at, 'infinity') AS until,
            coalesce(CASE WHEN m.energy_source = 'interval'
                THEN (SELECT min(i.ts) FROM core.interval_reading i WHERE i.meter_id = m.meter_id)
                ELSE (SELECT min(e.starts_at) FROM core.register_epoch e
                      WHERE e.meter_id = m.meter_id) END, '-infinity') AS since
        FROM core.meter m WHERE m.parent_meter_id = ANY ((SELECT core.seen_meters(meters))::int[])
    ), energy AS (
        SELECT e.* FROM read.energy(
            meters || ARRAY(SELECT c.meter_id FROM child c), a, z, step, zone, register) e
    ), below AS (
        SELECT c.parent_meter_id, e.start_at, count(*)::int AS children,
            sum(e.energy_kwh) AS energy_kwh,
            array_agg(c.code ORDER BY c.code) FILTER (WHERE e.energy_kwh IS NULL) AS missing,
            min(e.measured_ratio + e.estimated_ratio) AS known_ratio,
            max(array_position(ARRAY['measured', 'corrected', 'estimated', 'missing'], e.quality))
                AS worst
        FROM child c JOIN energy e ON e.meter_id = c.meter_id
            AND c.since < e.end_at AND c.until > e.start_at
        GROUP BY 1, 2
    ), joined AS (
        SELECT e.meter_id, e.start_at, e.end_at, e.energy_kwh AS own_kwh, b.energy_kwh AS below_kwh,
            coalesce(b.children, 0) AS children, coalesce(b.missing, '{}') AS missing,
            least(e.measured_ratio + e.estimated_ratio, b.known_ratio) AS known_ratio,
            greatest(b.worst, array_position(
                ARRAY['measured', 'corrected', 'estimated', 'missing'], e.quality)) AS worst,
            CASE WHEN b.missing IS NULL AND b.children > 0 THEN e.energy_kwh - b.energy_kwh END
                AS gap_kwh
        FROM energy e LEFT JOIN below b ON b.parent_meter_id = e.meter_id AND b.start_at = e.start_at
        WHERE e.meter_id = ANY (meters)
    )
    SELECT j.meter_id, j.start_at, j.end_at, j.own_kwh, j.below_kwh, j.gap_kwh,
        j.gap_kwh / nullif(j.own_kwh, 0), j.children, j.missing, j.known_ratio,
        (ARRAY['measured', 'corrected', 'estimated', 'missing'])[j.worst]
    FROM joined j ORDER BY j.meter_id, j.start_at
$$;
