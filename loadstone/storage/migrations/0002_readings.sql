-- What was measured. Instantaneous values are scaled integers, registers whole Wh and varh;
-- rows become units in the `read` schema. `epoch` -1 marks a register that is not trusted.
CREATE TABLE core.reading (
    meter_id int NOT NULL,
    ts timestamptz NOT NULL,
    epoch smallint NOT NULL,
    quality int NOT NULL,
    lag_s int NOT NULL,
    u_an_cv int,
    u_bn_cv int,
    u_cn_cv int,
    u_ab_cv int,
    u_bc_cv int,
    u_ca_cv int,
    i_a_ma int,
    i_b_ma int,
    i_c_ma int,
    i_n_ma int,
    p_w int,
    p_a_w int,
    p_b_w int,
    p_c_w int,
    q_var int,
    s_va int,
    pf_e4 smallint,
    hz_mhz int,
    imp_wh bigint,
    exp_wh bigint,
    q1_varh bigint,
    q2_varh bigint,
    q3_varh bigint,
    q4_varh bigint,
    rimp_varh bigint,
    rexp_varh bigint,
    PRIMARY KEY (meter_id, ts)
)
--@plain PARTITION BY RANGE (ts)
;
COMMENT ON COLUMN core.reading.lag_s IS 'Seconds from the reading''s own time to its receipt.';

-- Energy as amounts over an interval, from gateways that send no register.
CREATE TABLE core.interval_reading (
    meter_id int NOT NULL,
    ts timestamptz NOT NULL,
    interval_s int NOT NULL CHECK (interval_s > 0),
    quality int NOT NULL,
    lag_s int NOT NULL,
    imp_wh bigint,
    exp_wh bigint,
    q1_varh bigint,
    q2_varh bigint,
    q3_varh bigint,
    q4_varh bigint,
    rimp_varh bigint,
    rexp_varh bigint,
    PRIMARY KEY (meter_id, ts, interval_s)
);

-- Every field that has no column of its own, so that nothing sent is lost.
CREATE TABLE core.extra_reading (
    meter_id int NOT NULL,
    ts timestamptz NOT NULL,
    kind text NOT NULL,
    field text NOT NULL,
    interval_s int NOT NULL DEFAULT 0,
    value float8,
    quality int NOT NULL,
    PRIMARY KEY (meter_id, ts, kind, field, interval_s)
);

CREATE TABLE core.meter_latest (
    meter_id int PRIMARY KEY,
    ts timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    epoch smallint NOT NULL,
    quality int NOT NULL,
    u_an_cv int,
    u_bn_cv int,
    u_cn_cv int,
    u_ab_cv int,
    u_bc_cv int,
    u_ca_cv int,
    i_a_ma int,
    i_b_ma int,
    i_c_ma int,
    i_n_ma int,
    p_w int,
    p_a_w int,
    p_b_w int,
    p_c_w int,
    q_var int,
    s_va int,
    pf_e4 smallint,
    hz_mhz int,
    imp_wh bigint,
    exp_wh bigint,
    q1_varh bigint,
    q2_varh bigint,
    q3_varh bigint,
    q4_varh bigint,
    rimp_varh bigint,
    rexp_varh bigint
) WITH (fillfactor = 50);

CREATE TABLE core.register_epoch (
    meter_id int NOT NULL REFERENCES core.meter ON DELETE CASCADE,
    epoch smallint NOT NULL CHECK (epoch >= 0),
    starts_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    reason text NOT NULL CHECK (reason IN
        ('first', 'rollover', 'reset', 'jump', 'exchange', 'declared', 'manual')),
    declared_epoch int,
    offsets bigint[] NOT NULL,
    registers smallint NOT NULL DEFAULT 0,
    decided_at timestamptz NOT NULL DEFAULT now(),
    details jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (meter_id, epoch)
);
COMMENT ON COLUMN core.register_epoch.offsets IS
    'Wh and varh to add per register: imp, exp, q1, q2, q3, q4, rimp, rexp.';
COMMENT ON COLUMN core.register_epoch.confirmed_at IS
    'The reading that made the epoch certain; readings up to it may still be judged differently.';
COMMENT ON COLUMN core.register_epoch.registers IS
    'Bits of the registers read until now: 1 imp, 2 exp, 4 q1 ... 128 rexp.';

-- What was declared of meter exchanges, Wh and varh per register as in register_epoch.offsets, NULL
-- where not said. Kept apart from the epochs because these are judged anew when data comes late.
CREATE TABLE core.register_exchange (
    meter_id int NOT NULL REFERENCES core.meter ON DELETE CASCADE,
    ts timestamptz NOT NULL,
    closing bigint[] NOT NULL,
    opening bigint[] NOT NULL,
    PRIMARY KEY (meter_id, ts)
);

CREATE TABLE core.quarantine (
    quarantine_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fingerprint bytea NOT NULL UNIQUE,
    received_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    times_seen int NOT NULL DEFAULT 1,
    severity text NOT NULL CHECK (severity IN ('refused', 'flagged')),
    gateway_code text,
    meter_code text,
    meter_id int,
    ts timestamptz,
    topic text NOT NULL,
    code text NOT NULL,
    field text,
    value text,
    rule text NOT NULL,
    payload bytea NOT NULL,
    payload_bytes int NOT NULL
);
CREATE INDEX quarantine_recent ON core.quarantine (last_seen_at DESC, quarantine_id DESC);

CREATE TABLE core.gateway_event (
    gateway_event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gateway_id int NOT NULL REFERENCES core.gateway ON DELETE CASCADE,
    boot bigint NOT NULL,
    seq bigint NOT NULL,
    ts timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    kind text NOT NULL,
    meter_id int,
    details jsonb NOT NULL,
    UNIQUE (gateway_id, boot, seq, kind)
);

-- How many of a gateway's numbered messages arrived; open gaps are what is still missing.
CREATE TABLE core.gateway_sequence (
    gateway_id int NOT NULL REFERENCES core.gateway ON DELETE CASCADE,
    boot bigint NOT NULL,
    first_seq bigint NOT NULL,
    last_seq bigint NOT NULL,
    received bigint NOT NULL,
    repeated bigint NOT NULL,
    gaps int8multirange NOT NULL DEFAULT '{}',
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (gateway_id, boot)
);

-- A log of what must be summarised again. Appended in the same transaction as the rows: a mark
-- that is not visible yet belongs to rows that are not visible yet, so no row is overlooked.
CREATE TABLE core.dirty_bucket (
    meter_id int NOT NULL,
    bucket timestamptz NOT NULL
);
COMMENT ON COLUMN core.dirty_bucket.bucket IS 'A UTC hour.';

-- Before this instant readings were dropped for good. A mark from before it is not followed any
-- more: what is left of the readings would say less than the summaries that were made of all.
CREATE TABLE core.retention (
    relation text PRIMARY KEY CHECK (relation IN ('readings', 'rollups')),
    kept_from timestamptz NOT NULL
);

--@timescale SELECT create_hypertable('core.reading', by_range('ts', interval '7 days'),
--@timescale     create_default_indexes => false);
--@tsl ALTER TABLE core.reading SET (timescaledb.enable_columnstore,
--@tsl     timescaledb.segmentby = 'meter_id', timescaledb.orderby = 'ts');
--@tsl CALL add_columnstore_policy('core.reading', after => interval '14 days');
-- A register's history can be judged anew however long it is; the limit is meant for accidents.
--@tsl DO $$ BEGIN
--@tsl     EXECUTE format('ALTER DATABASE %I SET '
--@tsl         'timescaledb.max_tuples_decompressed_per_dml_transaction = 0', current_database());
--@tsl END $$;
