-- Meters that are reckoned: sums, differences and shares of real ones, each term with its time.
CREATE TABLE core.virtual_meter (
    virtual_meter_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id int NOT NULL REFERENCES core.customer,
    site_id int REFERENCES core.site,
    code text NOT NULL UNIQUE CHECK (code ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$'),
    name_en text NOT NULL,
    name_zh text NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX virtual_meter_customer ON core.virtual_meter (customer_id);
COMMENT ON COLUMN core.virtual_meter.site_id IS 'NULL: its terms may lie on any of the customer''s sites.';

CREATE TABLE core.virtual_term (
    virtual_meter_id int NOT NULL REFERENCES core.virtual_meter ON DELETE CASCADE,
    meter_id int NOT NULL REFERENCES core.meter,
    term_factor float8 NOT NULL CHECK (term_factor <> 0),
    valid_from timestamptz NOT NULL DEFAULT '-infinity',
    valid_to timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (virtual_meter_id, meter_id, valid_from),
    CHECK (valid_from < valid_to)
);
CREATE INDEX virtual_term_meter ON core.virtual_term (meter_id);

-- The terms of virtual meters by bucket of [a, z), each cut to its validity: `b` is the bucket.
-- What lies between bucket edges goes by them; only a beginning or an end inside a bucket is finer.
CREATE FUNCTION core.virtual_part(
    virtual_meters int[], a timestamptz, z timestamptz, step interval, zone text, register text)
RETURNS TABLE (
    virtual_meter_id int, b int, start_at timestamptz, end_at timestamptz, term_factor float8,
    energy_kwh float8, measured_ratio float8, estimated_ratio float8, quality text)
LANGUAGE plpgsql STABLE AS $f$
DECLARE
    edges timestamptz[] := read.edges(a, z, step, zone);
BEGIN
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
        FROM core.virtual_part(virtual_meters, a, z, step, zone, register) p GROUP BY 1, 2
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
        FROM core.virtual_part(virtual_meters, a, z, step, zone, 'imp') p GROUP BY 1, 2
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
LANGUAGE sql STABLE AS $$
    WITH child AS (
        SELECT m.meter_id, m.parent_meter_id, m.code, coalesce(m.retired_at, 'infinity') AS until,
            coalesce(CASE WHEN m.energy_source = 'interval'
                THEN (SELECT min(i.ts) FROM core.interval_reading i WHERE i.meter_id = m.meter_id)
                ELSE (SELECT min(e.starts_at) FROM core.register_epoch e
                      WHERE e.meter_id = m.meter_id) END, '-infinity') AS since
        FROM core.meter m WHERE m.parent_meter_id = ANY (meters)
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
