-- What could be saved at a site, as the finder last saw it, and what people made of it. One row a
-- site, meter and kind: what is found again is brought up to date, never told twice.
CREATE TABLE core.opportunity (
    opportunity_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id int NOT NULL REFERENCES core.site ON DELETE CASCADE,
    meter_id int REFERENCES core.meter ON DELETE CASCADE,
    code text NOT NULL CHECK (code ~ '^[a-z_]{1,40}$'),
    params jsonb NOT NULL,
    evidence jsonb NOT NULL,
    energy_kwh float8 NOT NULL,
    energy_low_kwh float8 NOT NULL,
    energy_high_kwh float8 NOT NULL,
    demand_kw float8 NOT NULL,
    money numeric(16, 2),
    low_money numeric(16, 2),
    high_money numeric(16, 2),
    currency text,
    confidence text NOT NULL CHECK (confidence IN ('low', 'medium', 'high')),
    effort text NOT NULL CHECK (effort IN ('low', 'medium', 'high')),
    status text NOT NULL DEFAULT 'new'
        CHECK (status IN ('new', 'accepted', 'proposed', 'measure', 'rejected', 'done')),
    owner text CHECK (length(owner) BETWEEN 1 AND 80),
    note text CHECK (length(note) BETWEEN 1 AND 2000),
    measure_id bigint,
    first_found_at timestamptz NOT NULL,
    last_found_at timestamptz NOT NULL,
    gone_at timestamptz,
    changed_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (site_id, meter_id, code)
);
CREATE INDEX opportunity_meter ON core.opportunity (meter_id) WHERE meter_id IS NOT NULL;
COMMENT ON COLUMN core.opportunity.meter_id IS 'The sub-meter that it is seen at; NULL: the site.';
COMMENT ON COLUMN core.opportunity.params IS 'Numbers for the texts of its code, named by unit.';
COMMENT ON COLUMN core.opportunity.evidence IS 'What a chart needs: axis, unit, x, series, levels.';
COMMENT ON COLUMN core.opportunity.energy_kwh IS 'A year, on what findings before it left over.';
COMMENT ON COLUMN core.opportunity.measure_id IS 'The measure that it became.';
COMMENT ON COLUMN core.opportunity.gone_at IS 'When the finder first no longer saw it.';
COMMENT ON COLUMN core.opportunity.changed_at IS 'When a person last changed it.';

-- When each site was last searched, so that one that has nothing is not searched all day.
CREATE TABLE core.opportunity_search (
    site_id int PRIMARY KEY REFERENCES core.site ON DELETE CASCADE,
    searched_at timestamptz NOT NULL,
    days int NOT NULL
);
COMMENT ON COLUMN core.opportunity_search.days IS 'Days with data that were looked at.';
