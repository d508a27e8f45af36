-- Reports as they were made: the document itself, so that it can be rendered again just as it was.
CREATE TABLE core.report (
    report_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    customer_id int REFERENCES core.customer ON DELETE CASCADE,
    site_id int REFERENCES core.site ON DELETE CASCADE,
    customers int[] NOT NULL CHECK (cardinality(customers) > 0),
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    language text NOT NULL CHECK (language IN ('en', 'zh', 'both')),
    as_known_at timestamptz NOT NULL,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    document jsonb NOT NULL,
    CHECK (site_id IS NULL OR customer_id IS NOT NULL)
);
COMMENT ON COLUMN core.report.customer_id IS 'NULL: of several customers, a portfolio.';
COMMENT ON COLUMN core.report.customers IS
    'Whose data are in it, sorted: only who sees all of them as a whole sees the report.';
COMMENT ON COLUMN core.report.language IS 'Of its files, where none is asked for: it holds all.';
CREATE UNIQUE INDEX report_once ON core.report
    (kind, customers, coalesce(site_id, 0), month, as_known_at);
CREATE INDEX report_customer ON core.report (customer_id, report_id);

-- What is made every month by itself, and to whom it goes.
CREATE TABLE core.report_schedule (
    report_schedule_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    customer_id int REFERENCES core.customer ON DELETE CASCADE,
    site_id int REFERENCES core.site ON DELETE CASCADE,
    database_role text NOT NULL REFERENCES core.viewer_role ON DELETE CASCADE,
    zone text NOT NULL,
    day_of_month smallint NOT NULL CHECK (day_of_month BETWEEN 1 AND 28),
    language text NOT NULL CHECK (language IN ('en', 'zh', 'both')),
    formats text[] NOT NULL CHECK (cardinality(formats) > 0
        AND formats <@ ARRAY['html', 'pdf', 'xlsx']),
    recipients text[] NOT NULL,
    webhook_id int REFERENCES core.webhook ON DELETE SET NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    due_at timestamptz,
    failures int NOT NULL DEFAULT 0,
    last_error text,
    CHECK (site_id IS NULL OR customer_id IS NOT NULL)
);
CREATE INDEX report_schedule_due ON core.report_schedule (due_at) WHERE due_at IS NOT NULL;
COMMENT ON COLUMN core.report_schedule.customer_id IS
    'NULL: all that its maker sees, at the time.';
COMMENT ON COLUMN core.report_schedule.database_role IS
    'Whose rows a portfolio is made of, and who else may look at its schedule.';
COMMENT ON COLUMN core.report_schedule.due_at IS 'When it is made next; NULL: it is stopped.';

-- A report on its way to one address.
CREATE TABLE core.report_delivery (
    report_delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    report_id bigint NOT NULL REFERENCES core.report ON DELETE CASCADE,
    report_schedule_id int REFERENCES core.report_schedule ON DELETE SET NULL,
    channel text NOT NULL CHECK (channel IN ('email', 'webhook')),
    address text NOT NULL,
    language text NOT NULL CHECK (language IN ('en', 'zh', 'both')),
    formats text[] NOT NULL,
    webhook_event_id bigint,
    attempts int NOT NULL DEFAULT 0,
    due_at timestamptz,
    delivered_at timestamptz,
    given_up_at timestamptz
);
CREATE INDEX report_delivery_due ON core.report_delivery (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX report_delivery_report ON core.report_delivery (report_id);
COMMENT ON COLUMN core.report_delivery.address IS 'An e-mail address, or the id of a webhook; empty: all that want to know.';
COMMENT ON COLUMN core.report_delivery.delivered_at IS
    'When the mail server took it; of a webhook: when it was handed to the webhook''s own queue.';

CREATE TABLE core.report_attempt (
    report_delivery_id bigint NOT NULL REFERENCES core.report_delivery ON DELETE CASCADE,
    attempt int NOT NULL,
    tried_at timestamptz NOT NULL,
    error text,
    duration_ms int NOT NULL,
    PRIMARY KEY (report_delivery_id, attempt)
);
COMMENT ON COLUMN core.report_attempt.error IS 'NULL: it was taken.';
