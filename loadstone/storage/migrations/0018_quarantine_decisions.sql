-- What people decided of refused and flagged data. The row itself stays as it came.
ALTER TABLE core.quarantine
    ADD COLUMN decision text CHECK (decision IN ('dismissed', 'again', 'taken', 'refused_again', 'accepted')),
    ADD COLUMN decided_by text,
    ADD COLUMN decided_at timestamptz,
    ADD COLUMN decision_note text,
    ADD CHECK ((decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS NULL));
COMMENT ON COLUMN core.quarantine.decision IS
    'again: waits to be read a second time, which ends in taken or refused_again; NULL: still open.';
CREATE INDEX quarantine_open ON core.quarantine (last_seen_at DESC, quarantine_id DESC)
    WHERE decision IS NULL OR decision = 'refused_again';
CREATE INDEX quarantine_again ON core.quarantine (quarantine_id) WHERE decision = 'again';
