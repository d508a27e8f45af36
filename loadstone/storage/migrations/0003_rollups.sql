-- Summaries: per meter, register epoch and bucket. Each level keeps the first and last instant at
-- which a trusted register was read (t0, t1) and the registers then; energy is computed from these
-- when it is asked for (read.energy), so nothing here depends on neighbours or on offsets.
CREATE TABLE core.rollup_15m (
    meter_id int NOT NULL,
    bucket timestamptz NOT NULL,
    epoch smallint NOT NULL,
    n int NOT NULL,
    t0 timestamptz,
    t1 timestamptz,
    imp_0_wh bigint,
    imp_1_wh bigint,
    exp_0_wh bigint,
    exp_1_wh bigint,
    q1_0_varh bigint,
    q1_1_varh bigint,
    q2_0_varh bigint,
    q2_1_varh bigint,
    q3_0_varh bigint,
    q3_1_varh bigint,
    q4_0_varh bigint,
    q4_1_varh bigint,
    rimp_0_varh bigint,
    rimp_1_varh bigint,
    rexp_0_varh bigint,
    rexp_1_varh bigint,
    p_n int NOT NULL,
    p_sum_w bigint,
    p_min_w int,
    p_max_w int,
    q_n int NOT NULL,
    q_sum_var bigint,
    u_n int NOT NULL,
    ua_sum_cv bigint,
    ub_sum_cv bigint,
    uc_sum_cv bigint,
    u_min_cv int,
    u_max_cv int,
    i_n int NOT NULL,
    ia_sum_ma bigint,
    ib_sum_ma bigint,
    ic_sum_ma bigint,
    i_max_ma int,
    quality_or int,
    lag_max_s int,
    PRIMARY KEY (meter_id, bucket, epoch)
);
CREATE TABLE core.rollup_1h (LIKE core.rollup_15m INCLUDING ALL);
CREATE TABLE core.rollup_day (LIKE core.rollup_15m INCLUDING ALL);
CREATE TABLE core.rollup_month (LIKE core.rollup_15m INCLUDING ALL);
COMMENT ON COLUMN core.rollup_15m.bucket IS 'Start of the UTC quarter hour.';
COMMENT ON COLUMN core.rollup_1h.bucket IS 'Start of the UTC hour.';
COMMENT ON COLUMN core.rollup_day.bucket IS 'Start of the day in the site''s zone.';
COMMENT ON COLUMN core.rollup_month.bucket IS 'Start of the month in the site''s zone.';
