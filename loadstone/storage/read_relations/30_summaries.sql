-- The summaries in units, a view a level.
DO $do$
DECLARE
    level text;
BEGIN
    FOREACH level IN ARRAY ARRAY['15m', '1h', 'day', 'month'] LOOP
        EXECUTE format($q$CREATE VIEW read.load_%1$s AS SELECT
    r.meter_id,
    r.bucket AS start_at,
    r.epoch,
    r.n,
    r.t0,
    r.t1,
    r.p_sum_w * float8 '0.001' / nullif(r.p_n, 0) AS active_power_mean_kw,
    r.p_min_w * float8 '0.001' AS active_power_min_kw,
    r.p_max_w * float8 '0.001' AS active_power_max_kw,
    r.q_sum_var * float8 '0.001' / nullif(r.q_n, 0) AS reactive_power_mean_kvar,
    r.ua_sum_cv * float8 '0.01' / nullif(r.u_n, 0) AS voltage_a_mean_v,
    r.ub_sum_cv * float8 '0.01' / nullif(r.u_n, 0) AS voltage_b_mean_v,
    r.uc_sum_cv * float8 '0.01' / nullif(r.u_n, 0) AS voltage_c_mean_v,
    r.u_min_cv * float8 '0.01' AS voltage_min_v,
    r.u_max_cv * float8 '0.01' AS voltage_max_v,
    r.ia_sum_ma * float8 '0.001' / nullif(r.i_n, 0) AS current_a_mean_a,
    r.ib_sum_ma * float8 '0.001' / nullif(r.i_n, 0) AS current_b_mean_a,
    r.ic_sum_ma * float8 '0.001' / nullif(r.i_n, 0) AS current_c_mean_a,
    r.i_max_ma * float8 '0.001' AS current_max_a,
    r.quality_or,
    r.lag_max_s
FROM visible.rollup_%1$s r$q$, level);
    END LOOP;
END $do$;
