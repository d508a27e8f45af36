-- Where the registers break by a person's word, and the epochs of the trusted readings on either side:
-- from summaries, since raw readings may be gone.
CREATE VIEW read.register_break WITH (security_barrier) AS
SELECT c.ledger_event_id, c.meter_id, c.starts_at, c.reason, c.steps_wh,
    before.epoch AS epoch_before, here.epoch
FROM visible.register_correction c
LEFT JOIN LATERAL (
    SELECT r.epoch FROM core.rollup_day r
    WHERE r.meter_id = c.meter_id AND r.epoch >= 0 AND r.t0 < c.starts_at
        AND r.bucket <= c.starts_at
    ORDER BY r.bucket DESC, r.epoch DESC LIMIT 1) before ON true
LEFT JOIN LATERAL (
    SELECT r.epoch FROM core.rollup_day r
    WHERE r.meter_id = c.meter_id AND r.epoch >= 0 AND r.t1 >= c.starts_at
        AND r.bucket > c.starts_at - interval '2 days'
    ORDER BY r.bucket, r.epoch LIMIT 1) here ON true
WHERE c.kind = 'break';

-- What the corrections in force mean for one register of these meters: where the line is raised and
-- by how much in all (Wh), which stretches are multiplied, and where a summary row must be cut.
-- A break's step is what it says, less what the epochs that begin there already brought.
CREATE FUNCTION read.register_overlay(meters int[], slot int)
RETURNS TABLE (
    meter_id int, step_at timestamptz[], step_sums_wh bigint[], step_reasons text[],
    part_at timestamptz[], part_factor float8[], cuts timestamptz[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH step AS (
        SELECT b.meter_id, b.starts_at AS at, b.reason, sum(
            CASE WHEN b.steps_wh[slot] IS NULL THEN 0
            WHEN b.epoch IS NULL OR b.epoch_before IS NULL THEN b.steps_wh[slot]
            ELSE b.steps_wh[slot] - coalesce(e.offsets[slot], 0) + coalesce(p.offsets[slot], 0) END
        ) OVER (PARTITION BY b.meter_id ORDER BY b.starts_at)::bigint AS sum_wh
        FROM read.register_break b
        LEFT JOIN core.register_epoch e ON e.meter_id = b.meter_id AND e.epoch = b.epoch
        LEFT JOIN core.register_epoch p ON p.meter_id = b.meter_id AND p.epoch = b.epoch_before
        WHERE b.meter_id = ANY (meters)
    ), steps AS (
        SELECT s.meter_id, array_agg(s.at ORDER BY s.at) AS at,
            array_agg(s.sum_wh ORDER BY s.at) AS sums, array_agg(s.reason ORDER BY s.at) AS reasons
        FROM step s GROUP BY 1
    ), stretch AS (
        SELECT c.* FROM visible.register_correction c
        WHERE c.meter_id = ANY (meters) AND (c.kind = 'ratio'
            OR (c.kind = 'amount' AND c.register_slot = slot))
    ), edge AS (
        SELECT DISTINCT c.meter_id, e.at
        FROM stretch c, unnest(ARRAY['-infinity', c.starts_at, c.ends_at]) e (at)
        WHERE e.at < 'infinity'
    ), part AS (
        SELECT g.meter_id, g.at, CASE WHEN bool_or(c.kind = 'amount') THEN 0
            ELSE coalesce(max(c.ratio_factor), 1) END AS factor
        FROM edge g LEFT JOIN stretch c ON c.meter_id = g.meter_id
            AND c.starts_at <= g.at AND c.ends_at > g.at
        GROUP BY 1, 2
    ), parts AS (
        SELECT p.meter_id, array_agg(p.at ORDER BY p.at) AS at,
            array_agg(p.factor ORDER BY p.at) AS factors
        FROM part p GROUP BY 1
    )
    SELECT coalesce(s.meter_id, p.meter_id), s.at, s.sums, s.reasons, p.at, p.factors,
        (SELECT array_agg(DISTINCT t ORDER BY t)
         FROM unnest(coalesce(s.at, '{}') || coalesce(p.at, '{}')) t WHERE t > '-infinity')
    FROM steps s FULL JOIN parts p USING (meter_id)
$$;

-- The register history as it counts: the rules' epochs with the corrections laid over.
CREATE VIEW read.register_epoch WITH (security_barrier) AS
SELECT e.meter_id, e.epoch, e.starts_at, coalesce(b.reason, e.reason) AS reason, e.declared_epoch,
    ARRAY(SELECT e.offsets[s] + coalesce(
            o.step_sums_wh[nullif(width_bucket(e.starts_at, o.step_at), 0)], 0)
          FROM generate_series(1, 8) s
          LEFT JOIN LATERAL read.register_overlay(ARRAY[e.meter_id], s) o ON true
          ORDER BY s) AS offsets,
    e.decided_at, b.ledger_event_id AS corrected_by
FROM visible.register_epoch e
LEFT JOIN read.register_break b ON b.meter_id = e.meter_id AND b.epoch = e.epoch
    AND b.epoch_before < e.epoch;
