-- How much of what should be known is known, per meter and bucket of [a, z).
--
-- Completeness is a share of time, not of readings: the time whose energy the registers tell, looked
-- at hour by hour (or by the step, if that is shorter). A gateway that sends more or fewer readings
-- than `interval_s` says is complete as long as its registers cover every hour. A meter that has no
-- registers at all is as complete as the readings it sent. Nothing is due before a meter was first
-- heard of, nor after it was retired, nor in the last two of its intervals before `as_of`, since
-- the reading that tells them may still be on its way.
CREATE FUNCTION read.quality(
    meters int[], a timestamptz, z timestamptz, step interval, zone text,
    as_of timestamptz DEFAULT now())
RETURNS TABLE (
    meter_id int, start_at timestamptz, end_at timestamptz, due_s float8, measured_s float8,
    estimated_s float8, expected_readings bigint, received_readings bigint,
    untrusted_readings bigint, lag_max_s int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH cut AS MATERIALIZED (
        SELECT read.edges(a, z, step, zone) AS at
    ), hourly AS MATERIALIZED (
        SELECT step >= interval '1 hour' AND coalesce((
            SELECT bool_and(extract(epoch FROM e)::numeric % 3600 = 0)
            FROM unnest(cut.at[2:cardinality(cut.at) - 1]) e), true) AS enough
        FROM cut
    ), meter AS MATERIALIZED (
        SELECT m.meter_id, m.interval_s, coalesce(m.retired_at, 'infinity') AS until,
            coalesce(counted.since, heard.since, m.created_at) AS since,
            counted.since IS NULL AS by_readings
        FROM core.meter m
        CROSS JOIN LATERAL (
            SELECT CASE WHEN m.energy_source = 'interval'
                THEN (SELECT min(i.ts) FROM core.interval_reading i WHERE i.meter_id = m.meter_id)
                ELSE coalesce((SELECT min(e.starts_at) FROM core.register_epoch e
                               WHERE e.meter_id = m.meter_id),
                              (SELECT min(r.t0) FROM core.rollup_month r
                               WHERE r.meter_id = m.meter_id)) END AS since) counted
        CROSS JOIN LATERAL (
            SELECT min(r.bucket) AS since FROM core.rollup_15m r
            WHERE counted.since IS NULL AND r.meter_id = m.meter_id) heard
        WHERE m.meter_id = ANY ((SELECT core.seen_meters(meters))::int[])
    ), known AS (
        SELECT e.meter_id, width_bucket(e.start_at, cut.at) AS b,
            sum(x.due_s) AS due_s, sum(x.there_s) AS there_s, sum(least(x.due_s, e.measured_ratio * x.whole_s)) AS measured_s,
            sum(least(x.due_s, e.estimated_ratio * x.whole_s)) AS estimated_s
        FROM cut, read.energy(meters, a, z, least(step, interval '1 hour'), zone) e
        JOIN meter m USING (meter_id)
        CROSS JOIN LATERAL (SELECT
            extract(epoch FROM e.end_at - e.start_at)::float8 AS whole_s,
            greatest(0, extract(epoch FROM
                least(e.end_at, m.until) - greatest(e.start_at, m.since)))::float8 AS there_s,
            greatest(0, extract(epoch FROM
                least(e.end_at, m.until, as_of - make_interval(secs => 2 * m.interval_s))
                - greatest(e.start_at, m.since)))::float8 AS due_s) x
        GROUP BY 1, 2
    ), received AS (
        SELECT r.meter_id, width_bucket(r.bucket, cut.at) AS b, sum(r.n) AS n,
            coalesce(sum(r.n) FILTER (WHERE r.epoch < 0), 0) AS untrusted,
            max(r.lag_max_s) AS lag_max_s
        FROM cut, (
            SELECT meter_id, bucket, epoch, n, lag_max_s FROM core.rollup_1h
            WHERE (SELECT enough FROM hourly) AND meter_id = ANY (meters)
                AND bucket >= a AND bucket < z
            UNION ALL
            SELECT meter_id, bucket, epoch, n, lag_max_s FROM core.rollup_15m
            WHERE NOT (SELECT enough FROM hourly) AND meter_id = ANY (meters)
                AND bucket >= a AND bucket < z
        ) r GROUP BY 1, 2
    )
    SELECT k.meter_id, cut.at[k.b], cut.at[k.b + 1], k.due_s,
        CASE WHEN m.by_readings THEN least(k.due_s, coalesce(r.n, 0) * m.interval_s)
            ELSE k.measured_s END,
        CASE WHEN m.by_readings THEN 0 ELSE k.estimated_s END,
        round(k.there_s / m.interval_s)::bigint, coalesce(r.n, 0)::bigint,
        coalesce(r.untrusted, 0)::bigint, r.lag_max_s
    FROM cut, known k JOIN meter m USING (meter_id)
    LEFT JOIN received r ON r.meter_id = k.meter_id AND r.b = k.b
    ORDER BY k.meter_id, k.b
$$;

CREATE FUNCTION read.quality_hourly(meters int[], a timestamptz, z timestamptz)
RETURNS TABLE (
    meter_id int, start_at timestamptz, end_at timestamptz, completeness_ratio float8,
    estimated_ratio float8, expected_readings bigint, received_readings bigint,
    untrusted_readings bigint, lag_max_s int)
LANGUAGE sql STABLE AS $$
    SELECT q.meter_id, q.start_at, q.end_at, q.measured_s / nullif(q.due_s, 0),
        q.estimated_s / nullif(q.due_s, 0), q.expected_readings, q.received_readings,
        q.untrusted_readings, q.lag_max_s
    FROM read.quality(meters, a, z, interval '1 hour', 'UTC') q
$$;

CREATE FUNCTION read.quality_daily(meters int[], a timestamptz, z timestamptz, zone text)
RETURNS TABLE (
    meter_id int, start_at timestamptz, end_at timestamptz, completeness_ratio float8,
    estimated_ratio float8, expected_readings bigint, received_readings bigint,
    untrusted_readings bigint, lag_max_s int)
LANGUAGE sql STABLE AS $$
    SELECT q.meter_id, q.start_at, q.end_at, q.measured_s / nullif(q.due_s, 0),
        q.estimated_s / nullif(q.due_s, 0), q.expected_readings, q.received_readings,
        q.untrusted_readings, q.lag_max_s
    FROM read.quality(meters, a, z, interval '1 day', zone) q
$$;

-- Expected against received by the numbers that gateways give their messages, per start of a gateway.
CREATE VIEW read.gateway_messages AS
SELECT s.gateway_id, s.boot, s.first_seq, s.last_seq, s.last_seq - s.first_seq + 1 AS expected,
    s.received, s.repeated,
    coalesce((SELECT sum(upper(g) - lower(g)) FROM unnest(s.gaps) g), 0)::bigint AS missing,
    s.updated_at
FROM visible.gateway_sequence s;
