-- Summaries: per meter, register epoch and bucket. Each level keeps the first and last instant at
-- which a trusted register was read (t0, t1) and the registers then; energy is computed from these
-- when it is asked for (read.energy), so nothing here depends on neighbours or on offsets.
CREATE TABLE core.rollup_form (
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
COMMENT ON TABLE core.rollup_form IS 'The columns of every level; holds no rows.';

-- Community: the levels are continuous aggregates, made of the same SELECTs (rollups.py).
--@tsl :continuous_aggregates
-- Everywhere else we fill tables from what `core.dirty_bucket` names.
--@own CREATE TABLE core.rollup_15m (LIKE core.rollup_form INCLUDING ALL)
--@plain PARTITION BY RANGE (bucket)
--@own ;
--@own CREATE TABLE core.rollup_1h (LIKE core.rollup_form INCLUDING ALL)
--@plain PARTITION BY RANGE (bucket)
--@own ;
--@own CREATE TABLE core.rollup_day (LIKE core.rollup_form INCLUDING ALL);
--@own CREATE TABLE core.rollup_month (LIKE core.rollup_form INCLUDING ALL);
--@apache SELECT create_hypertable('core.rollup_15m', by_range('bucket', interval '90 days'),
--@apache     create_default_indexes => false);
--@apache SELECT create_hypertable('core.rollup_1h', by_range('bucket', interval '90 days'),
--@apache     create_default_indexes => false);
--@own COMMENT ON COLUMN core.rollup_15m.bucket IS 'Start of the UTC quarter hour.';
--@own COMMENT ON COLUMN core.rollup_1h.bucket IS 'Start of the UTC hour.';
--@own COMMENT ON COLUMN core.rollup_day.bucket IS 'Start of the day in the site''s zone.';
--@own COMMENT ON COLUMN core.rollup_month.bucket IS 'Start of the month in the site''s zone.';

-- Days and months belong to a zone: where that changes they are made anew. (With continuous
-- aggregates a meter is simply shown those of its new zone.)
--@own CREATE FUNCTION core.resummarise_days(meters int[]) RETURNS void LANGUAGE sql AS $$
--@own     DELETE FROM core.rollup_day WHERE meter_id = ANY (meters);
--@own     DELETE FROM core.rollup_month WHERE meter_id = ANY (meters);
--@own     INSERT INTO core.dirty_bucket (meter_id, bucket)
--@own     SELECT DISTINCT meter_id, bucket FROM core.rollup_1h WHERE meter_id = ANY (meters);
--@own $$;
--@own CREATE FUNCTION core.site_zone_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
--@own     PERFORM core.resummarise_days(ARRAY(
--@own         SELECT meter_id FROM core.meter WHERE site_id = NEW.site_id));
--@own     RETURN NULL;
--@own END $$;
--@own CREATE FUNCTION core.meter_site_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
--@own     PERFORM core.resummarise_days(ARRAY[NEW.meter_id]);
--@own     RETURN NULL;
--@own END $$;
--@own CREATE TRIGGER zone_changed AFTER UPDATE OF zone ON core.site FOR EACH ROW
--@own     WHEN (OLD.zone <> NEW.zone) EXECUTE FUNCTION core.site_zone_changed();
--@own CREATE TRIGGER site_changed AFTER UPDATE OF site_id ON core.meter FOR EACH ROW
--@own     WHEN (OLD.site_id <> NEW.site_id) EXECUTE FUNCTION core.meter_site_changed();

-- Plain PostgreSQL: what grows is kept by UTC month, so that old months can be dropped whole.
--@plain CREATE FUNCTION core.ensure_reading_partition(at timestamptz) RETURNS void
--@plain LANGUAGE plpgsql AS $$
--@plain DECLARE
--@plain     month_start timestamptz := date_trunc('month', at, 'UTC');
--@plain     month_name text := to_char(month_start AT TIME ZONE 'UTC', '_YYYYMM');
--@plain     parent text;
--@plain BEGIN
--@plain     IF to_regclass('core.reading' || month_name) IS NOT NULL THEN RETURN; END IF;
--@plain     PERFORM pg_advisory_xact_lock(hashtext('loadstone.partition'));
--@plain     IF to_regclass('core.reading' || month_name) IS NOT NULL THEN RETURN; END IF;
--@plain     FOREACH parent IN ARRAY ARRAY['rollup_1h', 'rollup_15m', 'reading'] LOOP
--@plain         IF to_regclass('core.' || parent || month_name) IS NULL THEN
--@plain             EXECUTE format('CREATE TABLE core.%I (LIKE core.%I INCLUDING ALL)',
--@plain                 parent || month_name, parent);
--@plain             EXECUTE format('ALTER TABLE core.%I ATTACH PARTITION core.%I '
--@plain                 'FOR VALUES FROM (%L) TO (%L)', parent, parent || month_name, month_start,
--@plain                 date_add(month_start, '1 month', 'UTC'));
--@plain         END IF;
--@plain     END LOOP;
--@plain END $$;
