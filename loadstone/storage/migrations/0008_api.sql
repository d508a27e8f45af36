-- What the API keeps: what was retired, answers to requests that may be sent again, and webhooks.
ALTER TABLE core.customer ADD COLUMN retired_at timestamptz;
ALTER TABLE core.site ADD COLUMN retired_at timestamptz;
ALTER TABLE core.equipment ADD COLUMN retired_at timestamptz;

-- The answer to a change whose sender named it. Written in the transaction of the change, so that
-- the same name waits for the first one and then finds its answer, or finds nothing.
CREATE TABLE core.idempotency_key (
    key_hash bytea PRIMARY KEY,
    request_hash bytea NOT NULL,
    status int,
    body bytea,
    expires_at timestamptz NOT NULL
);
CREATE INDEX idempotency_key_expiry ON core.idempotency_key (expires_at);
COMMENT ON COLUMN core.idempotency_key.key_hash IS 'SHA-256 of the user and the key.';

CREATE TABLE core.webhook (
    webhook_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id int REFERENCES core.customer ON DELETE CASCADE,
    site_id int REFERENCES core.site ON DELETE CASCADE,
    name text NOT NULL,
    url text NOT NULL,
    secret text NOT NULL,
    kinds text[] NOT NULL CHECK (cardinality(kinds) > 0),
    completeness_below_ratio float8 CHECK (completeness_below_ratio BETWEEN 0 AND 1),
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz
);
COMMENT ON COLUMN core.webhook.customer_id IS 'Told of this customer only; NULL: of all.';
COMMENT ON COLUMN core.webhook.secret IS 'In clear: each call is signed with it.';

-- The outbox: what happened that somebody wants to be told of, written where it happened.
CREATE TABLE core.webhook_event (
    webhook_event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    customer_id int,
    site_id int,
    happened_at timestamptz NOT NULL,
    details jsonb NOT NULL
);
CREATE INDEX webhook_event_age ON core.webhook_event (happened_at);

CREATE TABLE core.webhook_delivery (
    webhook_delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_event_id bigint NOT NULL REFERENCES core.webhook_event ON DELETE CASCADE,
    webhook_id int NOT NULL REFERENCES core.webhook ON DELETE CASCADE,
    attempts int NOT NULL DEFAULT 0,
    due_at timestamptz,
    delivered_at timestamptz,
    given_up_at timestamptz
);
CREATE INDEX webhook_delivery_due ON core.webhook_delivery (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_delivery_hook ON core.webhook_delivery (webhook_id, webhook_delivery_id);
CREATE INDEX webhook_delivery_event ON core.webhook_delivery (webhook_event_id);
COMMENT ON COLUMN core.webhook_delivery.due_at IS 'When to try next; NULL: it is over.';

CREATE TABLE core.webhook_attempt (
    webhook_delivery_id bigint NOT NULL REFERENCES core.webhook_delivery ON DELETE CASCADE,
    attempt int NOT NULL,
    tried_at timestamptz NOT NULL,
    status int,
    error text,
    duration_ms int NOT NULL,
    PRIMARY KEY (webhook_delivery_id, attempt)
);

-- Which gateways are known to be silent, and which days were told to be incomplete: each once.
CREATE TABLE core.gateway_silence (
    gateway_id int PRIMARY KEY REFERENCES core.gateway ON DELETE CASCADE,
    silent_since timestamptz NOT NULL
);
CREATE TABLE core.quality_told (
    webhook_id int NOT NULL REFERENCES core.webhook ON DELETE CASCADE,
    site_id int NOT NULL REFERENCES core.site ON DELETE CASCADE,
    day date NOT NULL,
    PRIMARY KEY (webhook_id, site_id, day)
);

-- Tells the hooks that want to know, in the caller's transaction; nothing is kept where none does.
CREATE FUNCTION core.tell(
    told_kind text, of_customer_id int, of_site_id int, at timestamptz, told jsonb,
    only_webhook_id int DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    hooks int[] := ARRAY(
        SELECT w.webhook_id FROM core.webhook w
        WHERE CASE WHEN only_webhook_id IS NOT NULL THEN w.webhook_id = only_webhook_id
            ELSE w.disabled_at IS NULL AND told_kind = ANY (w.kinds)
                AND coalesce(w.customer_id = of_customer_id, w.customer_id IS NULL)
                AND coalesce(w.site_id = of_site_id, w.site_id IS NULL) END);
    event_id bigint;
BEGIN
    IF cardinality(hooks) = 0 THEN
        RETURN NULL;
    END IF;
    INSERT INTO core.webhook_event (kind, customer_id, site_id, happened_at, details)
        VALUES (told_kind, of_customer_id, of_site_id, at, told)
        RETURNING webhook_event_id INTO event_id;
    INSERT INTO core.webhook_delivery (webhook_event_id, webhook_id, due_at)
        SELECT event_id, hook, at FROM unnest(hooks) hook;
    RETURN event_id;
END $$;

-- A refusal that comes again is counted by an update, and not told again.
CREATE FUNCTION core.tell_of_quarantine() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM core.tell('quarantine', s.customer_id, s.site_id, q.received_at,
        jsonb_build_object('quarantine_id', q.quarantine_id, 'severity', q.severity,
            'gateway_code', q.gateway_code, 'meter_code', q.meter_code, 'code', q.code,
            'field', q.field, 'value', left(q.value, 200), 'rule', q.rule))
    FROM told_row q LEFT JOIN core.gateway g ON g.code = q.gateway_code
        LEFT JOIN core.site s USING (site_id)
    WHERE EXISTS (SELECT FROM core.webhook w
        WHERE 'quarantine' = ANY (w.kinds) AND w.disabled_at IS NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER quarantine_told AFTER INSERT ON core.quarantine
    REFERENCING NEW TABLE AS told_row
    FOR EACH STATEMENT EXECUTE FUNCTION core.tell_of_quarantine();
