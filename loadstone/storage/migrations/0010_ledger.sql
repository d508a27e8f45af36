-- The ledger: every decision on a meter's registers, and the corrections that people lay over the
-- rules' judgement. Nothing measured is rewritten; what ingest decided stays what it was.

-- Append only: what was decided, by whom, why, and how it was before and after. No reference to the
-- meter: the ledger outlives it.
CREATE TABLE core.ledger_event (
    ledger_event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    meter_id int NOT NULL,
    kind text NOT NULL CHECK (kind IN ('epoch_opened', 'epoch_changed', 'epoch_removed', 'exchange',
        'epoch', 'join', 'trust', 'distrust', 'ratio', 'amount', 'withdraw', 'rejudge')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    epoch smallint,
    reason text,
    details jsonb NOT NULL DEFAULT '{}',
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT now(),
    note text,
    withdraws bigint UNIQUE REFERENCES core.ledger_event,
    request_key text,
    UNIQUE (decided_by, request_key),
    CHECK ((kind = 'withdraw') = (withdraws IS NOT NULL))
);
CREATE INDEX ledger_event_meter ON core.ledger_event (meter_id, ledger_event_id);
CREATE INDEX ledger_event_rejudge ON core.ledger_event (ledger_event_id) WHERE kind = 'rejudge';
COMMENT ON COLUMN core.ledger_event.decided_by IS 'ingest, or the name of a user.';
COMMENT ON COLUMN core.ledger_event.request_key IS
    'What the sender calls this request, so that sending it again does nothing.';

CREATE FUNCTION core.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append only: write another event', tg_table_name
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON core.ledger_event
    FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

-- The corrections in force. `break`: between the trusted readings before and after starts_at the
-- offset rises by `steps_wh`, whatever epochs begin there; NULL leaves a register to the rules.
-- `ratio`: energy of [starts_at, ends_at) times `ratio_factor`. `amount`: energy of one register in
-- [starts_at, ends_at), whatever it says. `trust`, `distrust`: readings of [starts_at, ends_at).
CREATE TABLE core.register_correction (
    ledger_event_id bigint PRIMARY KEY REFERENCES core.ledger_event,
    meter_id int NOT NULL REFERENCES core.meter ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('break', 'ratio', 'amount', 'trust', 'distrust')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    reason text,
    steps_wh bigint[] CHECK (cardinality(steps_wh) = 8),
    ratio_factor float8 CHECK (ratio_factor > 0),
    register_slot int CHECK (register_slot BETWEEN 1 AND 8),
    amount_wh bigint CHECK (amount_wh >= 0),
    CHECK (starts_at < ends_at OR (kind = 'break' AND starts_at = ends_at)),
    CHECK ((kind = 'break') = (steps_wh IS NOT NULL)),
    CHECK ((kind = 'ratio') = (ratio_factor IS NOT NULL)),
    CHECK ((kind = 'amount') = (amount_wh IS NOT NULL AND register_slot IS NOT NULL))
);
CREATE INDEX register_correction_meter ON core.register_correction (meter_id, starts_at);
COMMENT ON COLUMN core.register_correction.steps_wh IS
    'Wh and varh per register, in the order of register_epoch.offsets.';

-- What ingest decides of epochs is written down wherever it happens; not again where the ledger says
-- so already, as when both are copied from another database.
CREATE FUNCTION core.note_epoch() RETURNS trigger LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
    this core.register_epoch := CASE WHEN tg_op = 'DELETE' THEN old ELSE new END;
BEGIN
    IF tg_op = 'INSERT' AND (
        SELECT e.kind <> 'epoch_removed' AND e.starts_at = new.starts_at AND e.reason = new.reason
            AND e.details #> '{after,offsets_wh}' = to_jsonb(new.offsets)
        FROM core.ledger_event e
        WHERE e.meter_id = new.meter_id AND e.epoch = new.epoch AND e.decided_by = 'ingest'
        ORDER BY e.ledger_event_id DESC LIMIT 1)
    THEN
        RETURN NULL;
    END IF;
    INSERT INTO core.ledger_event (meter_id, kind, starts_at, epoch, reason, details, decided_by)
    VALUES (this.meter_id,
        CASE tg_op WHEN 'INSERT' THEN 'epoch_opened' WHEN 'UPDATE' THEN 'epoch_changed'
            ELSE 'epoch_removed' END,
        this.starts_at, this.epoch, this.reason,
        jsonb_build_object(
            'before', CASE WHEN tg_op <> 'INSERT' THEN jsonb_build_object(
                'starts_at', old.starts_at, 'reason', old.reason, 'offsets_wh', old.offsets) END,
            'after', CASE WHEN tg_op <> 'DELETE' THEN jsonb_build_object(
                'starts_at', new.starts_at, 'reason', new.reason, 'offsets_wh', new.offsets) END),
        'ingest');
    RETURN NULL;
END $$;
CREATE TRIGGER register_epoch_noted AFTER INSERT OR DELETE ON core.register_epoch
    FOR EACH ROW EXECUTE FUNCTION core.note_epoch();
CREATE TRIGGER register_epoch_change_noted AFTER UPDATE ON core.register_epoch
    FOR EACH ROW WHEN ((old.starts_at, old.reason, old.offsets)
        IS DISTINCT FROM (new.starts_at, new.reason, new.offsets))
    EXECUTE FUNCTION core.note_epoch();

-- Trust is a label of readings: -1 the rules do not trust it, -2 a person does not. Whoever writes
-- readings marks their hours; there the corrections in force are put on again, so that neither late
-- data nor judging anew undoes what a person decided.
CREATE FUNCTION core.keep_trust() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM core.register_correction c JOIN fresh f USING (meter_id)
        WHERE c.kind IN ('trust', 'distrust')
            AND f.bucket < c.ends_at AND f.bucket + interval '1 hour' > c.starts_at)
    THEN
        RETURN NULL;
    END IF;
    UPDATE core.reading r SET epoch = -2
    FROM core.register_correction c JOIN (SELECT DISTINCT meter_id, bucket FROM fresh) f USING (meter_id)
    WHERE c.kind = 'distrust' AND r.meter_id = c.meter_id AND r.epoch >= 0
        AND r.ts >= greatest(c.starts_at, f.bucket)
        AND r.ts < least(c.ends_at, f.bucket + interval '1 hour');
    UPDATE core.reading r SET epoch = (
        SELECT max(e.epoch) FROM core.register_epoch e
        WHERE e.meter_id = r.meter_id AND e.starts_at <= r.ts)
    FROM core.register_correction c JOIN (SELECT DISTINCT meter_id, bucket FROM fresh) f USING (meter_id)
    WHERE c.kind = 'trust' AND r.meter_id = c.meter_id AND r.epoch = -1
        AND r.ts >= greatest(c.starts_at, f.bucket)
        AND r.ts < least(c.ends_at, f.bucket + interval '1 hour')
        AND EXISTS (SELECT FROM core.register_epoch e
                    WHERE e.meter_id = r.meter_id AND e.starts_at <= r.ts);
    RETURN NULL;
END $$;
CREATE TRIGGER dirty_bucket_keeps_trust AFTER INSERT ON core.dirty_bucket
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION core.keep_trust();
