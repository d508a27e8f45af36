-- Measures that should save energy, what was judged of them, and what else moved the load.
CREATE TABLE core.saving_measure (
    measure_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id int NOT NULL REFERENCES core.site ON DELETE CASCADE,
    what text NOT NULL CHECK (length(what) BETWEEN 1 AND 200),
    status text NOT NULL DEFAULT 'proposed'
        CHECK (status IN ('proposed', 'planned', 'implemented', 'verified', 'rejected')),
    option text NOT NULL DEFAULT 'C' CHECK (option IN ('B', 'C')),
    meter_ids int[] NOT NULL DEFAULT '{}',
    planned_on date,
    implemented_on date,
    baseline_from date,
    expected_kwh float8 CHECK (expected_kwh >= 0),
    owner text CHECK (length(owner) BETWEEN 1 AND 80),
    note text CHECK (length(note) BETWEEN 1 AND 2000),
    opportunity_id bigint,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CHECK (option = 'C' OR cardinality(meter_ids) > 0),
    CHECK (status NOT IN ('implemented', 'verified') OR implemented_on IS NOT NULL),
    CHECK (baseline_from < implemented_on)
);
CREATE INDEX saving_measure_site ON core.saving_measure (site_id);
COMMENT ON COLUMN core.saving_measure.option IS
    'Of the IPMVP: C the whole site by its main meters, B the measure''s own meters.';
COMMENT ON COLUMN core.saving_measure.meter_ids IS
    'The boundary; none: the main meters of the site.';
COMMENT ON COLUMN core.saving_measure.implemented_on IS
    'The local day from which on it saves; what lies before is baseline.';
COMMENT ON COLUMN core.saving_measure.baseline_from IS 'NULL: from the first day that is known.';
COMMENT ON COLUMN core.saving_measure.expected_kwh IS 'A year.';
COMMENT ON COLUMN core.saving_measure.opportunity_id IS 'The finding that it came from.';

-- Only added to: what was judged, from what was known then.
CREATE TABLE core.saving_verification (
    verification_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    measure_id bigint NOT NULL REFERENCES core.saving_measure ON DELETE CASCADE,
    known_at timestamptz NOT NULL,
    made_by text NOT NULL,
    baseline_from date NOT NULL,
    baseline_to date NOT NULL,
    reporting_from date NOT NULL,
    reporting_to date NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('proven', 'not_proven')),
    saved_kwh float8 NOT NULL,
    low_kwh float8 NOT NULL,
    high_kwh float8 NOT NULL,
    saved_money numeric(16, 2),
    low_money numeric(16, 2),
    high_money numeric(16, 2),
    currency text,
    weather_source text,
    result jsonb NOT NULL,
    CHECK ((saved_money IS NULL) = (currency IS NULL))
);
CREATE INDEX saving_verification_measure
    ON core.saving_verification (measure_id, known_at DESC);
COMMENT ON COLUMN core.saving_verification.saved_money IS
    'By each hour''s price; NULL where the customer had no price for some of it.';
COMMENT ON COLUMN core.saving_verification.weather_source IS
    'NULL: no temperatures were known, the calendar alone spoke.';
COMMENT ON COLUMN core.saving_verification.result IS 'The whole judgement, to the last figure.';

CREATE TRIGGER only_added_to BEFORE UPDATE ON core.saving_verification
    FOR EACH ROW EXECUTE FUNCTION core.refuse_rewriting();

-- What looks as if something else than the measure had changed the load; people decide.
CREATE TABLE core.non_routine_event (
    event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    measure_id bigint NOT NULL REFERENCES core.saving_measure ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('shutdown', 'surge', 'level_shift', 'declared')),
    period text NOT NULL CHECK (period IN ('baseline', 'reporting')),
    first_day date NOT NULL,
    end_day date NOT NULL CHECK (end_day > first_day),
    effect_kwh float8,
    status text NOT NULL DEFAULT 'flagged' CHECK (status IN ('flagged', 'confirmed', 'dismissed')),
    treatment text CHECK (treatment IN ('exclude', 'adjust')),
    adjustment_kwh float8,
    note text CHECK (length(note) BETWEEN 1 AND 2000),
    flagged_at timestamptz NOT NULL,
    decided_by text,
    decided_at timestamptz,
    UNIQUE (measure_id, kind, period, first_day),
    CHECK ((status = 'confirmed') = (treatment IS NOT NULL)),
    CHECK ((treatment = 'adjust') = (adjustment_kwh IS NOT NULL) OR treatment IS NULL)
);
COMMENT ON COLUMN core.non_routine_event.effect_kwh IS 'Used above the model there, if positive.';
COMMENT ON COLUMN core.non_routine_event.treatment IS
    'exclude: these days count for nothing; adjust: adjustment_kwh is added to the baseline.';
