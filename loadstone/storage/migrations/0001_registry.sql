-- Who is measured: customers, sites, equipment, gateways, meters; and who may look.
CREATE TABLE core.customer (
    customer_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code <> ''),
    name_en text NOT NULL,
    name_zh text NOT NULL,
    kind text NOT NULL,
    tier text NOT NULL DEFAULT 'N' CHECK (tier IN ('A', 'B', 'C', 'N')),
    manager text,
    region text,
    contract_demand_kw float8 CHECK (contract_demand_kw > 0),
    transformer_kva float8 CHECK (transformer_kva > 0),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE core.site (
    site_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id int NOT NULL REFERENCES core.customer,
    code text NOT NULL UNIQUE CHECK (code <> ''),
    name_en text NOT NULL,
    name_zh text NOT NULL,
    zone text NOT NULL,
    city_en text,
    city_zh text,
    latitude_deg float8,
    longitude_deg float8,
    contract_demand_kw float8 CHECK (contract_demand_kw > 0)
);
CREATE INDEX site_customer ON core.site (customer_id);

CREATE TABLE core.equipment (
    equipment_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id int NOT NULL REFERENCES core.site,
    code text NOT NULL,
    name_en text NOT NULL,
    name_zh text NOT NULL,
    category text NOT NULL,
    rated_power_kw float8 CHECK (rated_power_kw > 0),
    UNIQUE (site_id, code)
);

CREATE TABLE core.gateway (
    gateway_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id int NOT NULL REFERENCES core.site,
    code text NOT NULL UNIQUE CHECK (code ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$'),
    model text,
    firmware text,
    password_hash text,
    created_at timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz
);
CREATE INDEX gateway_site ON core.gateway (site_id);

CREATE TABLE core.gateway_state (
    gateway_id int PRIMARY KEY REFERENCES core.gateway ON DELETE CASCADE,
    online boolean,
    boot bigint,
    why text,
    state_at timestamptz,
    last_message_at timestamptz,
    clock_skew_ms bigint,
    clock_synced boolean,
    birth jsonb,
    birth_at timestamptz
);

CREATE TABLE core.meter (
    meter_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id int NOT NULL REFERENCES core.site,
    code text NOT NULL UNIQUE CHECK (code ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$'),
    serial text,
    name_en text NOT NULL,
    name_zh text NOT NULL,
    equipment_id int REFERENCES core.equipment,
    parent_meter_id int REFERENCES core.meter,
    role text NOT NULL DEFAULT 'main' CHECK (role IN ('main', 'sub')),
    wiring text NOT NULL DEFAULT '3P4W' CHECK (wiring IN ('3P4W', '3P3W', '1P2W')),
    nominal_voltage_v float8 CHECK (nominal_voltage_v > 0),
    ct_primary_a float8 CHECK (ct_primary_a > 0),
    ct_secondary_a float8 CHECK (ct_secondary_a > 0),
    pt_primary_v float8 CHECK (pt_primary_v > 0),
    pt_secondary_v float8 CHECK (pt_secondary_v > 0),
    max_power_kw float8 CHECK (max_power_kw > 0),
    register_modulus_kwh float8 CHECK (register_modulus_kwh > 0),
    interval_s int NOT NULL DEFAULT 60 CHECK (interval_s > 0),
    energy_source text NOT NULL DEFAULT 'register' CHECK (energy_source IN ('register', 'interval')),
    created_at timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz
);
CREATE INDEX meter_site ON core.meter (site_id);
CREATE INDEX meter_parent ON core.meter (parent_meter_id);
COMMENT ON COLUMN core.meter.interval_s IS
    'Expected time between readings; a longer silence than twice this is a hole.';
COMMENT ON COLUMN core.meter.register_modulus_kwh IS
    'Primary-side energy at which the register starts again from zero.';

-- Which meter answers to which name on which gateway, and from when to when.
CREATE TABLE core.meter_channel (
    gateway_id int NOT NULL REFERENCES core.gateway ON DELETE CASCADE,
    channel text NOT NULL,
    meter_id int NOT NULL REFERENCES core.meter ON DELETE CASCADE,
    valid_from timestamptz NOT NULL DEFAULT '-infinity',
    valid_to timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (gateway_id, channel, valid_from),
    CHECK (valid_from < valid_to)
);
CREATE INDEX meter_channel_meter ON core.meter_channel (meter_id);

CREATE TABLE core.app_user (
    user_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name <> ''),
    display_name text NOT NULL,
    role text NOT NULL CHECK (role IN
        ('admin', 'operator', 'account_manager', 'facility_manager', 'auditor', 'integrator')),
    password_hash text,
    language text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'zh')),
    customer_id int REFERENCES core.customer,
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    CHECK ((role = 'facility_manager') <= (customer_id IS NOT NULL))
);
COMMENT ON COLUMN core.app_user.customer_id IS 'Sees this customer only; NULL sees all.';

CREATE TABLE core.api_token (
    token_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id int NOT NULL REFERENCES core.app_user ON DELETE CASCADE,
    name text NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    last_used_at timestamptz
);

CREATE TABLE core.web_session (
    session_hash bytea PRIMARY KEY,
    user_id int NOT NULL REFERENCES core.app_user ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
