-- What a customer pays, from a local day on until the next row's; periods that have no price of
-- their own cost what flat costs.
CREATE TABLE core.price (
    customer_id int NOT NULL REFERENCES core.customer ON DELETE CASCADE,
    valid_from date NOT NULL,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    flat_per_kwh numeric(12, 6) NOT NULL CHECK (flat_per_kwh >= 0),
    sharp_per_kwh numeric(12, 6) CHECK (sharp_per_kwh >= 0),
    peak_per_kwh numeric(12, 6) CHECK (peak_per_kwh >= 0),
    valley_per_kwh numeric(12, 6) CHECK (valley_per_kwh >= 0),
    deep_valley_per_kwh numeric(12, 6) CHECK (deep_valley_per_kwh >= 0),
    windows jsonb NOT NULL DEFAULT '[]',
    basis text CHECK (basis IN ('actual', 'contract', 'capacity')),
    demand_per_kw_month numeric(12, 4) CHECK (demand_per_kw_month >= 0),
    capacity_per_kva_month numeric(12, 4) CHECK (capacity_per_kva_month >= 0),
    feed_in_per_kwh numeric(12, 6) CHECK (feed_in_per_kwh >= 0),
    power_factor_standard_ratio numeric(3, 2)
        CHECK (power_factor_standard_ratio IN (0.80, 0.85, 0.90)),
    PRIMARY KEY (customer_id, valid_from)
);
COMMENT ON COLUMN core.price.valid_from IS 'A day by the clock of the customer''s sites.';
COMMENT ON COLUMN core.price.windows IS
    'When periods count by local clock: [{"period", "start_min", "end_min", "months"}].';
COMMENT ON COLUMN core.price.basis IS
    'What the monthly charge is for: the highest demand, the contract demand, or the capacity.';
