-- Readings and each meter's newest one, in units: what the stored whole numbers mean is said here.
DO $do$
DECLARE
    units text := $q$
    r.u_an_cv * float8 '0.01' AS voltage_an_v,
    r.u_bn_cv * float8 '0.01' AS voltage_bn_v,
    r.u_cn_cv * float8 '0.01' AS voltage_cn_v,
    r.u_ab_cv * float8 '0.01' AS voltage_ab_v,
    r.u_bc_cv * float8 '0.01' AS voltage_bc_v,
    r.u_ca_cv * float8 '0.01' AS voltage_ca_v,
    r.i_a_ma * float8 '0.001' AS current_a_a,
    r.i_b_ma * float8 '0.001' AS current_b_a,
    r.i_c_ma * float8 '0.001' AS current_c_a,
    r.i_n_ma * float8 '0.001' AS current_n_a,
    r.p_w * float8 '0.001' AS active_power_kw,
    r.p_a_w * float8 '0.001' AS active_power_a_kw,
    r.p_b_w * float8 '0.001' AS active_power_b_kw,
    r.p_c_w * float8 '0.001' AS active_power_c_kw,
    r.q_var * float8 '0.001' AS reactive_power_kvar,
    r.s_va * float8 '0.001' AS apparent_power_kva,
    r.pf_e4 * float8 '0.0001' AS power_factor_ratio,
    r.hz_mhz * float8 '0.001' AS frequency_hz,
    r.imp_wh * float8 '0.001' AS import_total_kwh,
    r.exp_wh * float8 '0.001' AS export_total_kwh,
    r.q1_varh * float8 '0.001' AS reactive_q1_total_kvarh,
    r.q2_varh * float8 '0.001' AS reactive_q2_total_kvarh,
    r.q3_varh * float8 '0.001' AS reactive_q3_total_kvarh,
    r.q4_varh * float8 '0.001' AS reactive_q4_total_kvarh,
    r.rimp_varh * float8 '0.001' AS reactive_import_total_kvarh,
    r.rexp_varh * float8 '0.001' AS reactive_export_total_kvarh$q$;
BEGIN
    EXECUTE 'CREATE VIEW read.reading AS SELECT
        r.meter_id, r.ts, r.epoch, r.quality, r.lag_s,' || units || ' FROM visible.reading r';
    EXECUTE 'CREATE VIEW read.latest AS SELECT
        r.meter_id, r.ts, r.received_at, r.epoch, r.quality,' || units || ' FROM visible.meter_latest r';
END $do$;
