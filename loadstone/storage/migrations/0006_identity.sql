-- What users and programs may see, a second step of logging in, and who did what.
--
-- A scope belongs to a database role (`ls_…`, opaque, since names of roles can be read by all): one
-- for each user, and one for each token that is to see less than its user. `within` cuts a token's
-- scope to its user's, whatever that becomes.
CREATE TABLE core.viewer_role (
    role_name text PRIMARY KEY DEFAULT 'ls_' || replace(gen_random_uuid()::text, '-', '')
        CHECK (role_name ~ '^ls_[0-9a-f]{32}$'),
    sees text NOT NULL CHECK (sees IN ('all', 'customers', 'sites')),
    within text REFERENCES core.viewer_role ON DELETE CASCADE CHECK (within <> role_name),
    enabled boolean NOT NULL DEFAULT true
);
CREATE TABLE core.viewer_customer (
    role_name text NOT NULL REFERENCES core.viewer_role ON DELETE CASCADE,
    customer_id int NOT NULL REFERENCES core.customer ON DELETE CASCADE,
    PRIMARY KEY (role_name, customer_id)
);
CREATE TABLE core.viewer_site (
    role_name text NOT NULL REFERENCES core.viewer_role ON DELETE CASCADE,
    site_id int NOT NULL REFERENCES core.site ON DELETE CASCADE,
    PRIMARY KEY (role_name, site_id)
);

ALTER TABLE core.app_user
    ADD COLUMN database_role text,
    ADD COLUMN email text,
    ADD COLUMN password_changed_at timestamptz,
    ADD COLUMN last_login_at timestamptz;
UPDATE core.app_user SET database_role = 'ls_' || replace(gen_random_uuid()::text, '-', '');
INSERT INTO core.viewer_role (role_name, sees, enabled)
SELECT database_role, CASE WHEN customer_id IS NULL THEN 'all' ELSE 'customers' END,
    disabled_at IS NULL
FROM core.app_user;
INSERT INTO core.viewer_customer (role_name, customer_id)
SELECT database_role, customer_id FROM core.app_user WHERE customer_id IS NOT NULL;
ALTER TABLE core.app_user
    ADD FOREIGN KEY (database_role) REFERENCES core.viewer_role,
    ADD UNIQUE (database_role),
    ALTER COLUMN database_role SET NOT NULL,
    DROP COLUMN customer_id;
CREATE UNIQUE INDEX app_user_email ON core.app_user (lower(email));
COMMENT ON COLUMN core.app_user.database_role IS 'Whose rows this user sees: core.viewer_role.';
COMMENT ON COLUMN core.app_user.email IS 'By which an OpenID provider''s user is recognised.';

ALTER TABLE core.api_token
    ADD COLUMN access text NOT NULL DEFAULT 'write' CHECK (access IN ('read', 'write')),
    ADD COLUMN database_role text UNIQUE REFERENCES core.viewer_role,
    ADD COLUMN revoked_at timestamptz;
COMMENT ON COLUMN core.api_token.database_role IS 'NULL: sees what its user sees.';
CREATE INDEX api_token_user ON core.api_token (user_id);

ALTER TABLE core.web_session
    ADD COLUMN session_id int GENERATED ALWAYS AS IDENTITY UNIQUE,
    ADD COLUMN stage text NOT NULL DEFAULT 'in' CHECK (stage IN ('in', 'code', 'enrol')),
    ADD COLUMN method text NOT NULL DEFAULT 'password'
        CHECK (method IN ('password', 'totp', 'recovery', 'sso', 'demo')),
    ADD COLUMN last_seen_at timestamptz,
    ADD COLUMN address text,
    ADD COLUMN user_agent text;
COMMENT ON COLUMN core.web_session.stage IS
    '`in`: signed in. `code`, `enrol`: the password was right, the second step is still to come.';
CREATE INDEX web_session_user ON core.web_session (user_id);

CREATE TABLE core.totp (
    user_id int PRIMARY KEY REFERENCES core.app_user ON DELETE CASCADE,
    secret bytea NOT NULL,
    created_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    last_step bigint NOT NULL DEFAULT 0
);
COMMENT ON COLUMN core.totp.last_step IS 'The newest 30-s step whose code was taken: none is twice.';
CREATE TABLE core.recovery_code (
    user_id int NOT NULL REFERENCES core.app_user ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (user_id, code_hash)
);

-- Users of OpenID providers, bound at their first login; and logins that are under way there.
CREATE TABLE core.sso_identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    user_id int NOT NULL REFERENCES core.app_user ON DELETE CASCADE,
    bound_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE TABLE core.sso_attempt (
    cookie_hash bytea PRIMARY KEY,
    state text NOT NULL,
    nonce text NOT NULL,
    verifier text NOT NULL,
    next_path text NOT NULL,
    expires_at timestamptz NOT NULL
);

-- Who did what, when, from where; what it was before and after. Written in the transaction of the
-- change itself, and never changed.
CREATE TABLE core.audit (
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    user_id int,
    who text NOT NULL,
    address text,
    user_agent text,
    action text NOT NULL,
    kind text NOT NULL,
    subject text,
    before jsonb,
    after jsonb
);
CREATE INDEX audit_at ON core.audit (at);
CREATE INDEX audit_user ON core.audit (user_id, audit_id);
CREATE INDEX audit_subject ON core.audit (kind, subject, audit_id);
COMMENT ON COLUMN core.audit.user_id IS 'NULL: nobody known, or a command on the server.';

CREATE FUNCTION core.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' AND current_setting('loadstone.forgets_audit', true) = 'on'
        AND OLD.at < now() - interval '180 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit log is only ever added to'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON core.audit
    FOR EACH ROW EXECUTE FUNCTION core.refuse_audit_change();
CREATE TRIGGER kept_whole BEFORE TRUNCATE ON core.audit
    FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_audit_change();

-- The retention policy's way, for rows that are older than half a year only.
CREATE FUNCTION core.forget_audit(kept_from timestamptz, most int) RETURNS bigint
LANGUAGE sql SET loadstone.forgets_audit = 'on' AS $$
    WITH gone AS (
        DELETE FROM core.audit WHERE audit_id IN (
            SELECT audit_id FROM core.audit
            WHERE at < least(kept_from, now() - interval '180 days') LIMIT most)
        RETURNING 1)
    SELECT count(*) FROM gone
$$;

-- Who acts is told to the transaction as loadstone.actor; without it, it is the database's user.
CREATE FUNCTION core.write_audit(action text, kind text, subject text, before jsonb, after jsonb)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO core.audit (at, user_id, who, address, user_agent, action, kind, subject, before,
        after)
    SELECT coalesce((actor ->> 'at')::timestamptz, now()), (actor ->> 'user_id')::int,
        coalesce(actor ->> 'who', 'database: ' || session_user), actor ->> 'address',
        actor ->> 'user_agent', action, kind, subject, before, after
    FROM (SELECT nullif(current_setting('loadstone.actor', true), '')::jsonb AS actor) a
$$;

-- Trigger: kind, the column that names the row, columns that are secret, columns that are no change.
CREATE FUNCTION core.note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    secret text[] := string_to_array(TG_ARGV[2], ',');
    unnoted text[] := string_to_array(TG_ARGV[3], ',');
    was jsonb := to_jsonb(OLD) - unnoted;
    becomes jsonb := to_jsonb(NEW) - unnoted;
    subject text := coalesce(becomes, was) ->> TG_ARGV[1];
BEGIN
    -- A whole database on its way to another server brings its own log along.
    IF current_setting('loadstone.audit', true) = 'off' THEN RETURN NULL; END IF;
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(key, was -> key), jsonb_object_agg(key, value) INTO was, becomes
        FROM jsonb_each(becomes) WHERE value IS DISTINCT FROM was -> key;
        IF becomes IS NULL THEN RETURN NULL; END IF;
    END IF;
    SELECT jsonb_object_agg(key, CASE WHEN key = ANY (secret) AND value <> 'null'
        THEN '"(secret)"' ELSE value END) INTO was FROM jsonb_each(was);
    SELECT jsonb_object_agg(key, CASE WHEN key = ANY (secret) AND value <> 'null'
        THEN '"(secret)"' ELSE value END) INTO becomes FROM jsonb_each(becomes);
    PERFORM core.write_audit(
        TG_ARGV[0] || CASE TG_OP WHEN 'INSERT' THEN '.add' WHEN 'UPDATE' THEN '.change'
            ELSE '.remove' END,
        TG_ARGV[0], subject, was, becomes);
    RETURN NULL;
END $$;
