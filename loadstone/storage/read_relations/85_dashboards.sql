-- What boards of Grafana read besides the rest: functions that take the stretch that is looked at as
-- it comes, and choose edges and summaries by its length. They stand on `visible` and on functions
-- that cut to what is seen, and run with the rights of who asks.

-- The start of the local bucket of `step` that an instant lies in, and the end of it.
CREATE FUNCTION read.bucket_start(at timestamptz, step interval, zone text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN step >= interval '1 month' THEN date_trunc('month', at, zone)
        WHEN step >= interval '1 day' THEN date_trunc('day', at, zone)
        WHEN step >= interval '1 hour' THEN date_trunc('hour', at, zone)
        ELSE date_bin(step, at, timestamptz '2000-01-01Z') END
$$;
CREATE FUNCTION read.bucket_end(at timestamptz, step interval, zone text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT date_add(read.bucket_start(at - interval '1 microsecond', step, zone), step, zone)
$$;

-- Buckets for a drawing of [a, z): of 15 minutes up to 8 days, of an hour up to 93, then of a day,
-- beyond three years of a month; from edge to edge.
CREATE FUNCTION read.span(a timestamptz, z timestamptz, zone text,
    OUT start_at timestamptz, OUT end_at timestamptz, OUT step interval)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT read.bucket_start(a, s.step, zone), read.bucket_end(z, s.step, zone), s.step
    FROM (SELECT CASE WHEN z - a <= interval '8 days' THEN interval '15 minutes'
        WHEN z - a <= interval '93 days' THEN interval '1 hour'
        WHEN z - a <= interval '1100 days' THEN interval '1 day'
        ELSE interval '1 month' END AS step) s
$$;

-- Main meters of sites, and from when to when each counts: from its first register on.
CREATE FUNCTION read.main_meters(sites int[])
RETURNS TABLE (meter_id int, site_id int, zone text, since timestamptz, until timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT m.meter_id, m.site_id, s.zone, coalesce((SELECT min(e.starts_at)
            FROM visible.register_epoch e WHERE e.meter_id = m.meter_id), '-infinity'),
        coalesce(m.retired_at, 'infinity')
    FROM visible.meter m JOIN visible.site s USING (site_id)
    WHERE m.site_id = ANY (sites) AND m.role = 'main'
$$;

-- Load of sites: NULL where one of their main meters is not known. `estimated_kw` stands where a
-- gap's energy is known. The future is not there.
CREATE FUNCTION read.site_load(sites int[], a timestamptz, z timestamptz)
RETURNS TABLE (site_id int, start_at timestamptz, end_at timestamptz, power_kw float8,
    estimated_kw float8, quality text)
LANGUAGE sql STABLE AS $$
    WITH main AS MATERIALIZED (SELECT * FROM read.main_meters(sites)),
    of_zone AS (SELECT zone, array_agg(meter_id) AS meters FROM main GROUP BY 1)
    SELECT m.site_id, l.start_at, l.end_at,
        CASE WHEN bool_and(l.power_kw IS NOT NULL) THEN sum(l.power_kw) END,
        CASE WHEN bool_or(l.power_kw IS NULL)
                AND bool_and(coalesce(l.power_kw, l.estimated_kw) IS NOT NULL)
            THEN sum(coalesce(l.power_kw, l.estimated_kw)) END,
        (ARRAY['measured', 'corrected', 'estimated', 'missing'])[max(array_position(
            ARRAY['measured', 'corrected', 'estimated', 'missing'], l.quality))]
    FROM of_zone o CROSS JOIN LATERAL read.span(a, least(z, now()), o.zone) w
    CROSS JOIN LATERAL read.load(o.meters, w.start_at, w.end_at, w.step, o.zone) l
    JOIN main m ON m.meter_id = l.meter_id AND m.since < l.end_at AND m.until > l.start_at
    WHERE a < now() GROUP BY 1, 2, 3 ORDER BY 1, 2
$$;

-- Energy of sites by local bucket of `step`, from the bucket that `a` lies in to that of `z`.
-- `energy_kwh` sums what is known; `missing_meters` says how many should have counted besides.
CREATE FUNCTION read.site_energy(sites int[], a timestamptz, z timestamptz, step interval)
RETURNS TABLE (site_id int, start_at timestamptz, end_at timestamptz, energy_kwh float8,
    measured_ratio float8, estimated_ratio float8, quality text, missing_meters int)
LANGUAGE sql STABLE AS $$
    WITH site AS (
        SELECT m.site_id, m.zone, array_agg(m.meter_id) AS meters
        FROM read.main_meters(sites) m GROUP BY 1, 2)
    SELECT s.site_id, e.start_at, e.end_at, e.energy_kwh, e.measured_ratio, e.estimated_ratio,
        e.quality, cardinality(e.missing_meters)
    FROM site s CROSS JOIN LATERAL read.energy_sum(
        s.meters, read.bucket_start(a, step, s.zone), read.bucket_end(z, step, s.zone), step,
        s.zone) e
    ORDER BY 1, 2
$$;

-- Quarter hours in which a site's mean power reached 90 % of its contract demand. Only hours whose
-- highest samples reach that can hold one, so few rows are read.
CREATE FUNCTION read.high_demand(sites int[], a timestamptz, z timestamptz)
RETURNS TABLE (site_id int, start_at timestamptz, demand_kw float8, contract_demand_kw float8)
LANGUAGE sql STABLE AS $$
    WITH site AS MATERIALIZED (
        SELECT s.site_id, coalesce(s.contract_demand_kw, CASE WHEN count(*) OVER (
            PARTITION BY s.customer_id) = 1 THEN c.contract_demand_kw END) AS contract_demand_kw
        FROM visible.site s JOIN visible.customer c USING (customer_id)
        WHERE s.retired_at IS NULL
    ), main AS MATERIALIZED (
        SELECT m.meter_id, s.site_id, s.contract_demand_kw
        FROM site s JOIN visible.meter m USING (site_id)
        WHERE s.site_id = ANY (sites) AND m.role = 'main' AND m.retired_at IS NULL
            AND s.contract_demand_kw IS NOT NULL
    ), hour AS MATERIALIZED (
        SELECT m.site_id, h.start_at FROM main m CROSS JOIN LATERAL (
            SELECT h.start_at, h.active_power_max_kw AS top_kw FROM read.load_1h h
            WHERE h.meter_id = m.meter_id AND h.start_at > a - interval '1 hour'
                AND h.start_at < z OFFSET 0) h
        GROUP BY 1, 2, m.contract_demand_kw
        HAVING sum(h.top_kw) >= 0.9 * m.contract_demand_kw)
    SELECT m.site_id, q.start_at, sum(q.mean_kw), m.contract_demand_kw
    FROM hour h JOIN main m USING (site_id) CROSS JOIN LATERAL (
        SELECT q.start_at, sum(q.active_power_mean_kw * q.n) / nullif(sum(q.n), 0) AS mean_kw
        FROM read.load_15m q
        WHERE q.meter_id = m.meter_id AND q.start_at >= h.start_at
            AND q.start_at < h.start_at + interval '1 hour' GROUP BY 1 OFFSET 0) q
    WHERE q.start_at >= a AND q.start_at < z
    GROUP BY 1, 2, 4 HAVING sum(q.mean_kw) >= 0.9 * m.contract_demand_kw ORDER BY 1, 2
$$;

-- The highest quarter hour of each site in [a, z). The highest hour's mean is a floor for it, and
-- only hours whose highest samples reach that floor can hold a higher one.
CREATE FUNCTION read.site_peak(sites int[], a timestamptz, z timestamptz)
RETURNS TABLE (site_id int, start_at timestamptz, demand_kw float8)
LANGUAGE sql STABLE AS $$
    WITH main AS MATERIALIZED (
        SELECT m.meter_id, m.site_id FROM visible.meter m
        WHERE m.site_id = ANY (sites) AND m.role = 'main' AND m.retired_at IS NULL
    ), hour AS MATERIALIZED (
        SELECT m.site_id, h.start_at, sum(h.mean_kw) AS mean_kw, sum(h.top_kw) AS top_kw
        FROM main m CROSS JOIN LATERAL (
            SELECT h.start_at, max(h.active_power_max_kw) AS top_kw,
                sum(h.active_power_mean_kw * h.n) / nullif(sum(h.n), 0) AS mean_kw
            FROM read.load_1h h WHERE h.meter_id = m.meter_id AND h.start_at >= a
                AND h.start_at < z GROUP BY 1 OFFSET 0) h
        GROUP BY 1, 2
    ), floor AS (
        SELECT h.site_id, max(h.mean_kw) AS floor_kw FROM hour h GROUP BY 1
    ), quarter AS (
        SELECT m.site_id, q.start_at, sum(q.mean_kw) AS demand_kw
        FROM hour h JOIN floor f ON f.site_id = h.site_id AND h.top_kw >= f.floor_kw
        JOIN main m ON m.site_id = h.site_id CROSS JOIN LATERAL (
            SELECT q.start_at, sum(q.active_power_mean_kw * q.n) / nullif(sum(q.n), 0) AS mean_kw
            FROM read.load_15m q
            WHERE q.meter_id = m.meter_id AND q.start_at >= h.start_at
                AND q.start_at < h.start_at + interval '1 hour' GROUP BY 1 OFFSET 0) q
        GROUP BY 1, 2)
    SELECT DISTINCT ON (q.site_id) q.site_id, q.start_at, q.demand_kw FROM quarter q
    WHERE q.demand_kw IS NOT NULL ORDER BY q.site_id, q.demand_kw DESC, q.start_at
$$;

-- What a meter measured besides energy, as means: of readings up to two days, of quarter hours up
-- to 31, of hours up to 400, then of days. Gaps have no rows.
CREATE FUNCTION read.meter_curve(meters int[], a timestamptz, z timestamptz)
RETURNS TABLE (meter_id int, start_at timestamptz, power_kw float8, power_min_kw float8,
    power_max_kw float8, reactive_kvar float8, voltage_a_v float8, voltage_b_v float8,
    voltage_c_v float8, current_a_a float8, current_b_a float8, current_c_a float8)
LANGUAGE sql STABLE AS $$
    SELECT r.meter_id, date_bin('1 minute', r.ts, timestamptz '2000-01-01Z'),
        avg(r.active_power_kw), min(r.active_power_kw), max(r.active_power_kw),
        avg(r.reactive_power_kvar), avg(coalesce(r.voltage_an_v, r.voltage_ab_v)),
        avg(coalesce(r.voltage_bn_v, r.voltage_bc_v)), avg(coalesce(r.voltage_cn_v, r.voltage_ca_v)),
        avg(r.current_a_a), avg(r.current_b_a), avg(r.current_c_a)
    FROM read.reading r
    WHERE z - a <= interval '2 days' AND r.meter_id = ANY (meters) AND r.ts >= a AND r.ts < z
    GROUP BY 1, 2
    UNION ALL
    SELECT l.meter_id, l.start_at, avg(l.active_power_mean_kw), min(l.active_power_min_kw),
        max(l.active_power_max_kw), avg(l.reactive_power_mean_kvar), avg(l.voltage_a_mean_v),
        avg(l.voltage_b_mean_v), avg(l.voltage_c_mean_v), avg(l.current_a_mean_a),
        avg(l.current_b_mean_a), avg(l.current_c_mean_a)
    FROM (
        SELECT * FROM read.load_15m q
        WHERE z - a > interval '2 days' AND z - a <= interval '31 days'
            AND q.meter_id = ANY (meters) AND q.start_at >= a AND q.start_at < z
        UNION ALL SELECT * FROM read.load_1h h
        WHERE z - a > interval '31 days' AND z - a <= interval '400 days'
            AND h.meter_id = ANY (meters) AND h.start_at >= a AND h.start_at < z
        UNION ALL SELECT * FROM read.load_day d
        WHERE z - a > interval '400 days'
            AND d.meter_id = ANY (meters) AND d.start_at >= a AND d.start_at < z) l
    GROUP BY 1, 2 ORDER BY 1, 2
$$;

-- Meters in service that were not heard of for twice their interval, at least two minutes.
CREATE FUNCTION read.silent_meters(sites int[])
RETURNS TABLE (meter_id int, site_id int, newest_at timestamptz, age_s float8)
LANGUAGE sql STABLE AS $$
    SELECT m.meter_id, m.site_id, l.ts, extract(epoch FROM now() - l.ts)::float8
    FROM visible.meter m LEFT JOIN visible.meter_latest l USING (meter_id)
    WHERE m.site_id = ANY (sites) AND m.retired_at IS NULL
        AND coalesce(l.ts < now() - make_interval(secs => greatest(2 * m.interval_s, 120)), true)
    ORDER BY 3 NULLS FIRST, 1
$$;

-- Stretches in which a main meter told nothing, longer than twice its interval and a quarter hour;
-- the last may still go on.
CREATE FUNCTION read.outages(sites int[], a timestamptz, z timestamptz)
RETURNS TABLE (meter_id int, site_id int, start_at timestamptz, end_at timestamptz)
LANGUAGE sql STABLE AS $$
    WITH row AS (
        SELECT m.meter_id, m.site_id, r.t0, r.t1,
            make_interval(secs => greatest(2 * m.interval_s, 900)) AS hole
        FROM visible.meter m CROSS JOIN LATERAL (
            SELECT q.t0, q.t1 FROM read.load_15m q WHERE z - a <= interval '31 days'
                AND q.meter_id = m.meter_id AND q.start_at >= a - interval '1 day' AND q.start_at < z
            UNION ALL
            SELECT h.t0, h.t1 FROM read.load_1h h WHERE z - a > interval '31 days'
                AND h.meter_id = m.meter_id AND h.start_at >= a - interval '1 day' AND h.start_at < z
        ) r
        WHERE m.site_id = ANY (sites) AND m.role = 'main' AND m.retired_at IS NULL
            AND r.t0 IS NOT NULL
    ), followed AS (
        SELECT r.*, coalesce(lead(r.t0) OVER (PARTITION BY r.meter_id ORDER BY r.t0),
            least(z, now())) AS next_t0 FROM row r)
    SELECT f.meter_id, f.site_id, greatest(f.t1, a), f.next_t0 FROM followed f
    WHERE f.next_t0 - f.t1 > f.hole AND f.next_t0 > a ORDER BY 3, 1
$$;

-- What happened at sites, the newest first. `kind` is the source's own word: of a gateway's event, of
-- a refusal's rule; outage, silence and excess are one kind each. `times` counts what was
-- put together: refusals of an hour, quarter hours of an excess.
CREATE FUNCTION read.happenings(sites int[], a timestamptz, z timestamptz)
RETURNS TABLE (start_at timestamptz, end_at timestamptz, source text, kind text, site_id int,
    gateway_code text, meter_id int, times int, demand_kw float8)
LANGUAGE sql STABLE AS $$
    SELECT e.ts, NULL::timestamptz, 'gateway', e.kind, g.site_id, g.code, e.meter_id, 1, NULL::float8
    FROM visible.gateway_event e JOIN visible.gateway g USING (gateway_id)
    WHERE g.site_id = ANY (sites) AND e.ts >= a AND e.ts < z
    UNION ALL
    SELECT min(q.received_at), max(q.last_seen_at), q.severity, q.code, g.site_id, g.code,
        q.meter_id, sum(q.times_seen)::int, NULL
    FROM visible.quarantine q JOIN visible.gateway g ON g.code = q.gateway_code
    WHERE g.site_id = ANY (sites) AND q.last_seen_at >= a AND q.last_seen_at < z
    GROUP BY q.severity, q.code, g.site_id, g.code, q.meter_id, date_trunc('hour', q.last_seen_at)
    UNION ALL
    SELECT o.start_at, o.end_at, 'outage', 'outage', o.site_id, NULL, o.meter_id, 1, NULL
    FROM read.outages(sites, a, z) o
    UNION ALL
    SELECT s.newest_at, NULL, 'silence', 'silence', s.site_id, NULL, s.meter_id, 1, NULL
    FROM read.silent_meters(sites) s WHERE s.newest_at >= a AND s.newest_at < z
    UNION ALL
    SELECT min(x.start_at), max(x.start_at) + interval '15 minutes', 'excess', 'excess', x.site_id,
        NULL, NULL, count(*)::int, max(x.demand_kw)
    FROM (
        SELECT h.*, h.start_at - row_number() OVER (PARTITION BY h.site_id ORDER BY h.start_at)
            * interval '15 minutes' AS run
        FROM read.high_demand(sites, a, z) h WHERE h.demand_kw > h.contract_demand_kw) x
    GROUP BY x.site_id, x.run
    ORDER BY 1 DESC
$$;

-- What a kWh costs at sites by price list, month and quarter hour of the day (minutes after local
-- midnight): where windows overlap, deep valley counts before sharp before the others.
CREATE FUNCTION read.site_prices(sites int[])
RETURNS TABLE (site_id int, valid_from date, valid_until date, month int, start_min int,
    period text, price_per_kwh float8, currency text)
LANGUAGE sql STABLE AS $$
    SELECT s.site_id, p.valid_from, coalesce(lead(p.valid_from) OVER (
            PARTITION BY s.site_id, g.month, g.start_min ORDER BY p.valid_from), 'infinity'),
        g.month, g.start_min, w.period, coalesce(CASE w.period WHEN 'sharp' THEN p.sharp_per_kwh
            WHEN 'peak' THEN p.peak_per_kwh WHEN 'valley' THEN p.valley_per_kwh
            WHEN 'deep_valley' THEN p.deep_valley_per_kwh END, p.flat_per_kwh)::float8, p.currency
    FROM visible.site s JOIN visible.price p USING (customer_id)
    CROSS JOIN (SELECT m AS month, q * 15 AS start_min
        FROM generate_series(1, 12) m, generate_series(0, 95) q) g
    CROSS JOIN LATERAL (
        SELECT coalesce((
            SELECT w.period FROM jsonb_to_recordset(p.windows)
                AS w (period text, start_min int, end_min int, months int[])
            WHERE (cardinality(w.months) = 0 OR g.month = ANY (w.months))
                AND CASE WHEN w.start_min < w.end_min
                    THEN g.start_min >= w.start_min AND g.start_min < w.end_min
                    ELSE g.start_min >= w.start_min OR g.start_min < w.end_min END
            ORDER BY array_position(ARRAY['flat', 'peak', 'valley', 'sharp', 'deep_valley'],
                w.period) DESC LIMIT 1), 'flat') AS period) w
    WHERE s.site_id = ANY (sites)
$$;

-- The time-of-use period of each quarter hour of [a, z) at sites that have prices.
CREATE FUNCTION read.site_periods(sites int[], a timestamptz, z timestamptz)
RETURNS TABLE (site_id int, start_at timestamptz, period text, price_per_kwh float8, currency text)
LANGUAGE sql STABLE AS $$
    WITH price AS MATERIALIZED (SELECT * FROM read.site_prices(sites)),
    slot AS MATERIALIZED (
        SELECT s.site_id, g.at, g.at AT TIME ZONE s.zone AS clock FROM visible.site s
        CROSS JOIN generate_series(date_bin('15 minutes', a, timestamptz '2000-01-01Z'), z,
            interval '15 minutes') g (at)
        WHERE s.site_id = ANY (sites) AND g.at < z)
    SELECT s.site_id, s.at, p.period, p.price_per_kwh, p.currency
    FROM slot s JOIN price p ON p.site_id = s.site_id AND p.month = extract(month FROM s.clock)
        AND p.start_min = extract(hour FROM s.clock) * 60 + extract(minute FROM s.clock)
        AND s.clock::date >= p.valid_from AND s.clock::date < p.valid_until
    ORDER BY 1, 2
$$;

-- Energy and its money by local bucket of `step` and time-of-use period, of the last 93 days before
-- `z` at most, since quarter hours are looked at. Without fixed charges; what is not known is not in.
CREATE FUNCTION read.site_cost(sites int[], a timestamptz, z timestamptz, step interval)
RETURNS TABLE (site_id int, start_at timestamptz, period text, energy_kwh float8,
    energy_money float8, currency text)
LANGUAGE sql STABLE AS $$
    WITH of_zone AS (
        SELECT m.zone, array_agg(m.meter_id) AS meters FROM read.main_meters(sites) m GROUP BY 1
    ), quarter AS MATERIALIZED (
        SELECT m.site_id, o.zone, e.start_at, e.energy_kwh, e.start_at AT TIME ZONE o.zone AS clock
        FROM of_zone o CROSS JOIN LATERAL read.energy(o.meters,
            read.bucket_start(greatest(a, z - interval '93 days'), step, o.zone),
            read.bucket_end(least(z, now()), interval '15 minutes', o.zone),
            interval '15 minutes', o.zone) e
        JOIN visible.meter m USING (meter_id) WHERE e.energy_kwh IS NOT NULL
    ), price AS MATERIALIZED (SELECT * FROM read.site_prices(sites))
    SELECT q.site_id, read.bucket_start(q.start_at, step, q.zone), p.period, sum(q.energy_kwh),
        sum(q.energy_kwh * p.price_per_kwh), p.currency
    FROM quarter q JOIN price p ON p.site_id = q.site_id
        AND p.month = extract(month FROM q.clock)
        AND p.start_min = extract(hour FROM q.clock) * 60 + extract(minute FROM q.clock)
        AND q.clock::date >= p.valid_from AND q.clock::date < p.valid_until
    GROUP BY 1, 2, 3, 6 ORDER BY 1, 2, 3
$$;
