-- What was forecast, when it was said and from what; the weather and the calendars it was said by.

-- Calendars go by country and subdivision (ISO 3166); NULL: by the country of the site's zone.
ALTER TABLE core.site
    ADD COLUMN country text CHECK (country ~ '^[A-Z]{2}$'),
    ADD COLUMN subdivision text CHECK (subdivision ~ '^[A-Z0-9]{1,4}$');

-- Who is forecast: each site, and each customer with more than one, whose load is not the sum of
-- its sites' quantiles.
CREATE TABLE core.forecast_subject (
    subject_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id int NOT NULL REFERENCES core.customer,
    site_id int REFERENCES core.site,
    UNIQUE NULLS NOT DISTINCT (customer_id, site_id)
);
CREATE INDEX forecast_subject_site ON core.forecast_subject (site_id);
COMMENT ON COLUMN core.forecast_subject.site_id IS 'NULL: all of the customer''s sites together.';

CREATE TABLE core.forecast_run (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('day_ahead', 'week_ahead', 'today', 'intraday', 'month')),
    zone text NOT NULL,
    issued_at timestamptz NOT NULL,
    engine text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    subjects int NOT NULL DEFAULT 0,
    stored int NOT NULL DEFAULT 0,
    refused int NOT NULL DEFAULT 0,
    failed int NOT NULL DEFAULT 0,
    UNIQUE (kind, zone, issued_at)
);
COMMENT ON COLUMN core.forecast_run.finished_at IS
    'NULL: under way, or ended before its time; the next start does what is missing.';

CREATE TABLE core.forecast_failure (
    run_id bigint NOT NULL REFERENCES core.forecast_run,
    subject_id int NOT NULL REFERENCES core.forecast_subject,
    failed_at timestamptz NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (run_id, subject_id)
);

-- One subject, one issue, one day. The arrays hold one value an interval of the local day from
-- `starts_at` on, 92 or 100 of a quarter hour where clocks change; NULL before the issue.
CREATE TABLE core.forecast (
    forecast_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject_id int NOT NULL REFERENCES core.forecast_subject,
    kind text NOT NULL CHECK (kind IN ('day_ahead', 'week_ahead', 'today', 'trial')),
    target_day date NOT NULL,
    issued_at timestamptz NOT NULL,
    reckoned_at timestamptz NOT NULL,
    replayed boolean NOT NULL DEFAULT false,
    lead_days smallint NOT NULL CHECK (lead_days >= 0),
    zone text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    interval_s int NOT NULL CHECK (interval_s > 0),
    model text NOT NULL,
    reason text NOT NULL,
    reasons jsonb NOT NULL DEFAULT '[]',
    inputs jsonb NOT NULL DEFAULT '{}',
    weights jsonb NOT NULL DEFAULT '{}',
    calibration jsonb NOT NULL DEFAULT '{}',
    mean_kw real[],
    p025_kw real[],
    p10_kw real[],
    p20_kw real[],
    p30_kw real[],
    p40_kw real[],
    p50_kw real[],
    p60_kw real[],
    p70_kw real[],
    p80_kw real[],
    p90_kw real[],
    p975_kw real[],
    peak_kw real[],
    energy_kwh real[],
    contract_demand_kw float8,
    exceeds_ratio float8 CHECK (exceeds_ratio BETWEEN 0 AND 1),
    error_correlation_ratio float8 CHECK (error_correlation_ratio BETWEEN -1 AND 1),
    UNIQUE (subject_id, kind, target_day, issued_at),
    CHECK (starts_at < ends_at),
    CHECK ((model = 'refused') = (mean_kw IS NULL))
);
CREATE INDEX forecast_issue ON core.forecast (issued_at);
COMMENT ON COLUMN core.forecast.issued_at IS 'Whatever became known at or after it was not used.';
COMMENT ON COLUMN core.forecast.reckoned_at IS 'By the clock.';
COMMENT ON COLUMN core.forecast.replayed IS
    'Reckoned later, as it would have been said then: nobody saw it at the time.';
COMMENT ON COLUMN core.forecast.kind IS
    'trial: what the product''s model would have said while a simpler one speaks; never shown.';
COMMENT ON COLUMN core.forecast.peak_kw IS
    'Eleven quantiles of the highest mean of an interval that is forecast, from joint paths.';
COMMENT ON COLUMN core.forecast.energy_kwh IS 'Eleven quantiles of the forecast intervals'' energy.';
COMMENT ON COLUMN core.forecast.error_correlation_ratio IS
    'Between the errors of neighbouring intervals.';

-- Where a month lands, as said at the issue: eleven quantiles each.
CREATE TABLE core.forecast_month (
    forecast_month_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject_id int NOT NULL REFERENCES core.forecast_subject,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    issued_at timestamptz NOT NULL,
    reckoned_at timestamptz NOT NULL,
    replayed boolean NOT NULL DEFAULT false,
    zone text NOT NULL,
    interval_s int NOT NULL CHECK (interval_s > 0),
    model text NOT NULL,
    reason text NOT NULL,
    reasons jsonb NOT NULL DEFAULT '[]',
    inputs jsonb NOT NULL DEFAULT '{}',
    energy_kwh real[],
    peak_kw real[],
    so_far_kwh float8,
    so_far_peak_kw float8,
    contract_demand_kw float8,
    exceeds_ratio float8 CHECK (exceeds_ratio BETWEEN 0 AND 1),
    UNIQUE (subject_id, month, issued_at),
    CHECK ((model = 'refused') = (energy_kwh IS NULL))
);

-- How a forecast of a finished day turned out: sums, so that any stretch of days adds up. Late
-- data change them, unlike the forecasts.
CREATE TABLE core.forecast_score (
    subject_id int NOT NULL REFERENCES core.forecast_subject,
    kind text NOT NULL,
    target_day date NOT NULL,
    lead_days smallint NOT NULL,
    forecast_id bigint NOT NULL,
    issued_at timestamptz NOT NULL,
    replayed boolean NOT NULL,
    model text NOT NULL,
    scored_at timestamptz NOT NULL,
    slots int NOT NULL,
    special boolean NOT NULL,
    measured_sum_kw float8 NOT NULL,
    error_sum_kw float8 NOT NULL,
    bias_sum_kw float8 NOT NULL,
    pinball_sum_kw float8 NOT NULL,
    inside_80 int NOT NULL,
    inside_95 int NOT NULL,
    skill_slots int NOT NULL,
    skill_error_sum_kw float8 NOT NULL,
    naive_day_sum_kw float8 NOT NULL,
    naive_week_sum_kw float8 NOT NULL,
    week_change_kw float8,
    peak_kw float8,
    peak_error_kw float8,
    peak_shift_h float8,
    PRIMARY KEY (subject_id, kind, target_day, lead_days)
);
COMMENT ON COLUMN core.forecast_score.slots IS 'Intervals that were forecast and measured.';
COMMENT ON COLUMN core.forecast_score.skill_slots IS 'Those for which both naive forecasts are known.';
COMMENT ON COLUMN core.forecast_score.week_change_kw IS
    'Mean absolute change from week to week in the year before: what MASE is measured in.';
COMMENT ON COLUMN core.forecast_score.peak_kw IS 'Measured; NULL where the day has holes.';

-- Temperatures at a site: measured, or foreseen at `known_at`. Never changed, only added to.
CREATE TABLE core.weather_value (
    site_id int NOT NULL REFERENCES core.site,
    valid_at timestamptz NOT NULL,
    known_at timestamptz NOT NULL,
    source text NOT NULL CHECK (source <> ''),
    measured boolean NOT NULL,
    temperature_c real NOT NULL CHECK (temperature_c BETWEEN -90 AND 65),
    PRIMARY KEY (site_id, valid_at, known_at, source),
    CHECK (NOT measured OR known_at >= valid_at)
);
COMMENT ON COLUMN core.weather_value.known_at IS
    'From when on it was known: for foreseen values the issue of the weather forecast.';

-- A customer's own calendar. A changed entry is withdrawn and made again, so that it is known what
-- stood in it when a forecast was issued.
CREATE TABLE core.production_day (
    production_day_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id int NOT NULL REFERENCES core.customer,
    site_id int REFERENCES core.site,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    kind text NOT NULL CHECK (kind IN ('shutdown', 'working', 'event')),
    first_day date NOT NULL,
    last_day date NOT NULL,
    note text CHECK (length(note) <= 500),
    entered_by text NOT NULL,
    entered_at timestamptz NOT NULL,
    withdrawn_by text,
    withdrawn_at timestamptz,
    CHECK (first_day <= last_day),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
);
CREATE INDEX production_day_customer ON core.production_day (customer_id);
COMMENT ON COLUMN core.production_day.site_id IS 'NULL: all of the customer''s sites.';
COMMENT ON COLUMN core.production_day.kind IS
    'shutdown: days off; working: worked whatever the weekday, an extra shift; event: unlike others.';

-- What was said stays said. Only what lets go of old rows may delete, and says so.
CREATE FUNCTION core.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('loadstone.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '%.% is only added to', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON core.forecast
    FOR EACH ROW EXECUTE FUNCTION core.refuse_rewriting();
CREATE TRIGGER kept_whole BEFORE TRUNCATE ON core.forecast
    FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_rewriting();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON core.forecast_month
    FOR EACH ROW EXECUTE FUNCTION core.refuse_rewriting();
CREATE TRIGGER kept_whole BEFORE TRUNCATE ON core.forecast_month
    FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_rewriting();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON core.weather_value
    FOR EACH ROW EXECUTE FUNCTION core.refuse_rewriting();
CREATE TRIGGER kept_whole BEFORE TRUNCATE ON core.weather_value
    FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_rewriting();
