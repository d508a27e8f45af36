-- Forecasts as they were said: nothing here changes a number that was issued.

-- One row an issue, day and subject: which model, why, from what. Trials are never shown.
CREATE VIEW read.forecast_issue AS
SELECT f.forecast_id, f.subject_id, s.customer_id, s.site_id, f.kind, f.target_day, f.issued_at,
    f.reckoned_at, f.replayed, f.lead_days, f.zone, f.starts_at, f.ends_at, f.interval_s, f.model,
    f.reason, f.reasons, f.inputs, f.weights, f.calibration, f.peak_kw, f.energy_kwh,
    f.contract_demand_kw, f.exceeds_ratio, f.error_correlation_ratio
FROM visible.forecast f JOIN visible.forecast_subject s USING (subject_id)
WHERE f.kind <> 'trial';

-- The values of every issue, one row an interval.
CREATE VIEW read.forecast_slot AS
SELECT f.forecast_id, f.subject_id, s.customer_id, s.site_id, f.kind, f.target_day, f.issued_at,
    f.replayed, f.lead_days, f.model,
    f.starts_at + (u.n - 1) * make_interval(secs => f.interval_s) AS start_at,
    f.starts_at + u.n * make_interval(secs => f.interval_s) AS end_at,
    u.mean_kw, u.p025_kw, u.p10_kw, u.p20_kw, u.p30_kw, u.p40_kw, u.p50_kw, u.p60_kw, u.p70_kw,
    u.p80_kw, u.p90_kw, u.p975_kw
FROM visible.forecast f JOIN visible.forecast_subject s USING (subject_id)
CROSS JOIN LATERAL unnest(f.mean_kw, f.p025_kw, f.p10_kw, f.p20_kw, f.p30_kw, f.p40_kw, f.p50_kw,
    f.p60_kw, f.p70_kw, f.p80_kw, f.p90_kw, f.p975_kw) WITH ORDINALITY
    u (mean_kw, p025_kw, p10_kw, p20_kw, p30_kw, p40_kw, p50_kw, p60_kw, p70_kw, p80_kw, p90_kw,
        p975_kw, n)
WHERE f.kind <> 'trial' AND u.mean_kw IS NOT NULL;

-- The newest issue of each kind and day.
CREATE VIEW read.forecast AS
SELECT f.* FROM read.forecast_slot f
WHERE NOT EXISTS (SELECT FROM visible.forecast g WHERE g.subject_id = f.subject_id
    AND g.kind = f.kind AND g.target_day = f.target_day AND g.issued_at > f.issued_at);

-- What was said of [a, z) as it stood at `as_of`: today's update where it reaches, else the day
-- ahead, else the week ahead; one row an interval.
CREATE FUNCTION read.forecast_as_of(
    subjects int[], a timestamptz, z timestamptz, as_of timestamptz DEFAULT 'infinity')
RETURNS TABLE (
    subject_id int, start_at timestamptz, end_at timestamptz, forecast_id bigint, kind text,
    issued_at timestamptz, lead_days smallint, model text, mean_kw real, p025_kw real, p10_kw real,
    p20_kw real, p30_kw real, p40_kw real, p50_kw real, p60_kw real, p70_kw real, p80_kw real,
    p90_kw real, p975_kw real)
LANGUAGE sql STABLE AS $$
    WITH newest AS (
        SELECT DISTINCT ON (f.subject_id, f.target_day, f.kind) f.*
        FROM visible.forecast f
        WHERE f.subject_id = ANY (subjects) AND f.kind <> 'trial' AND f.issued_at <= as_of
            AND f.target_day BETWEEN (a AT TIME ZONE 'UTC')::date - 1
                AND (z AT TIME ZONE 'UTC')::date + 1
            AND f.starts_at < z AND f.ends_at > a
        ORDER BY f.subject_id, f.target_day, f.kind, f.issued_at DESC
    )
    SELECT DISTINCT ON (n.subject_id, at.start_at) n.subject_id, at.start_at,
        at.start_at + make_interval(secs => n.interval_s), n.forecast_id, n.kind, n.issued_at,
        n.lead_days, n.model, u.mean_kw, u.p025_kw, u.p10_kw, u.p20_kw, u.p30_kw, u.p40_kw,
        u.p50_kw, u.p60_kw, u.p70_kw, u.p80_kw, u.p90_kw, u.p975_kw
    FROM newest n
    CROSS JOIN LATERAL unnest(n.mean_kw, n.p025_kw, n.p10_kw, n.p20_kw, n.p30_kw, n.p40_kw,
        n.p50_kw, n.p60_kw, n.p70_kw, n.p80_kw, n.p90_kw, n.p975_kw) WITH ORDINALITY
        u (mean_kw, p025_kw, p10_kw, p20_kw, p30_kw, p40_kw, p50_kw, p60_kw, p70_kw, p80_kw,
            p90_kw, p975_kw, n)
    CROSS JOIN LATERAL (
        SELECT n.starts_at + (u.n - 1) * make_interval(secs => n.interval_s) AS start_at) at
    WHERE u.mean_kw IS NOT NULL AND at.start_at >= a AND at.start_at < z
    ORDER BY n.subject_id, at.start_at,
        array_position(ARRAY['today', 'day_ahead', 'week_ahead'], n.kind)
$$;

-- The newest word on each month.
CREATE VIEW read.forecast_month AS
SELECT s.customer_id, s.site_id, f.*
FROM visible.forecast_month f JOIN visible.forecast_subject s USING (subject_id)
WHERE NOT EXISTS (SELECT FROM visible.forecast_month g WHERE g.subject_id = f.subject_id
    AND g.month = f.month AND g.issued_at > f.issued_at);

-- The score card of each subject over the target days from the first to the last, both included.
CREATE FUNCTION read.forecast_card(
    subjects int[], first_day date, last_day date, kind text, lead_days int)
RETURNS TABLE (
    subject_id int, days bigint, slots bigint, wape_pct float8, mase_ratio float8,
    pinball_pct float8, coverage_80_pct float8, coverage_95_pct float8, bias_pct float8,
    special_wape_pct float8, peak_error_pct float8, peak_shift_h float8, skill_ratio float8)
LANGUAGE sql STABLE AS $$
    SELECT c.subject_id, count(*), sum(c.slots),
        100 * sum(c.error_sum_kw) / nullif(sum(c.measured_sum_kw), 0),
        sum(c.error_sum_kw) / nullif(sum(c.slots), 0) / nullif(avg(c.week_change_kw), 0),
        100 * sum(c.pinball_sum_kw) / nullif(sum(c.measured_sum_kw), 0),
        100 * sum(c.inside_80)::float8 / nullif(sum(c.slots), 0),
        100 * sum(c.inside_95)::float8 / nullif(sum(c.slots), 0),
        100 * sum(c.bias_sum_kw) / nullif(sum(c.measured_sum_kw), 0),
        100 * sum(c.error_sum_kw) FILTER (WHERE c.special)
            / nullif(sum(c.measured_sum_kw) FILTER (WHERE c.special), 0),
        100 * avg(c.peak_error_kw / c.peak_kw) FILTER (WHERE c.peak_kw > 0),
        avg(c.peak_shift_h),
        1 - sum(c.skill_error_sum_kw)
            / nullif(least(sum(c.naive_day_sum_kw), sum(c.naive_week_sum_kw)), 0)
    FROM visible.forecast_score c
    WHERE c.subject_id = ANY (subjects) AND c.kind = forecast_card.kind
        AND c.target_day BETWEEN first_day AND last_day AND c.lead_days = forecast_card.lead_days
    GROUP BY c.subject_id
$$;

-- The mean card of all sites that the viewer sees, each counting once.
CREATE FUNCTION read.forecast_portfolio(first_day date, last_day date, kind text, lead_days int)
RETURNS TABLE (
    sites bigint, slots bigint, wape_pct float8, mase_ratio float8, pinball_pct float8,
    coverage_80_pct float8, coverage_95_pct float8, bias_pct float8, special_wape_pct float8,
    peak_error_pct float8, peak_shift_h float8, skill_ratio float8, worse_than_naive bigint)
LANGUAGE sql STABLE AS $$
    SELECT count(*), coalesce(sum(c.slots), 0)::bigint, avg(c.wape_pct), avg(c.mase_ratio),
        avg(c.pinball_pct), avg(c.coverage_80_pct), avg(c.coverage_95_pct), avg(c.bias_pct),
        avg(c.special_wape_pct), avg(c.peak_error_pct), avg(c.peak_shift_h), avg(c.skill_ratio),
        count(*) FILTER (WHERE c.skill_ratio < 0)
    FROM read.forecast_card(
        ARRAY(SELECT s.subject_id FROM visible.forecast_subject s WHERE s.site_id IS NOT NULL),
        first_day, last_day, kind, lead_days) c
$$;

-- The temperature of each site and instant as it was known at `as_of`: measured where it was
-- measured by then, else the newest that was foreseen.
CREATE FUNCTION read.weather_as_of(
    sites int[], a timestamptz, z timestamptz, as_of timestamptz DEFAULT 'infinity')
RETURNS TABLE (
    site_id int, valid_at timestamptz, temperature_c real, measured boolean,
    known_at timestamptz, source text)
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (w.site_id, w.valid_at) w.site_id, w.valid_at, w.temperature_c, w.measured,
        w.known_at, w.source
    FROM visible.weather_value w
    WHERE w.site_id = ANY (sites) AND w.valid_at >= a AND w.valid_at < z AND w.known_at <= as_of
    ORDER BY w.site_id, w.valid_at, w.measured DESC, w.known_at DESC
$$;

-- The same for all that is known by now.
CREATE VIEW read.weather AS
SELECT DISTINCT ON (w.site_id, w.valid_at) w.site_id, w.valid_at, w.temperature_c, w.measured,
    w.known_at, w.source
FROM visible.weather_value w
ORDER BY w.site_id, w.valid_at, w.measured DESC, w.known_at DESC;

-- What stands in customers' own calendars.
CREATE VIEW read.production_day AS
SELECT p.production_day_id, p.customer_id, p.site_id, p.name, p.kind, p.first_day, p.last_day,
    p.note, p.entered_by, p.entered_at
FROM visible.production_day p WHERE p.withdrawn_at IS NULL;
