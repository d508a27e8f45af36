-- Meters that are reckoned: sums, differences and shares of real ones, each term with its time.
CREATE TABLE core.virtual_meter (
    virtual_meter_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id int NOT NULL REFERENCES core.customer,
    site_id int REFERENCES core.site,
    code text NOT NULL UNIQUE CHECK (code ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$'),
    name_en text NOT NULL,
    name_zh text NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX virtual_meter_customer ON core.virtual_meter (customer_id);
COMMENT ON COLUMN core.virtual_meter.site_id IS 'NULL: its terms may lie on any of the customer''s sites.';

CREATE TABLE core.virtual_term (
    virtual_meter_id int NOT NULL REFERENCES core.virtual_meter ON DELETE CASCADE,
    meter_id int NOT NULL REFERENCES core.meter,
    term_factor float8 NOT NULL CHECK (term_factor <> 0),
    valid_from timestamptz NOT NULL DEFAULT '-infinity',
    valid_to timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (virtual_meter_id, meter_id, valid_from),
    CHECK (valid_from < valid_to)
);
CREATE INDEX virtual_term_meter ON core.virtual_term (meter_id);
