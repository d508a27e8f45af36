-- What is noted in core.audit whoever changes it and by whatever way: kind, the column that names
-- the row, columns that are secret, columns that are no change worth a line.
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.app_user FOR EACH ROW
    EXECUTE FUNCTION core.note_change('user', 'name', 'password_hash', 'last_login_at');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.api_token FOR EACH ROW
    EXECUTE FUNCTION core.note_change('token', 'token_id', 'token_hash', 'last_used_at');
-- A key that was shown and never confirmed is nothing that happened.
DROP TRIGGER IF EXISTS noted ON core.totp;
CREATE OR REPLACE TRIGGER noted AFTER UPDATE OF confirmed_at ON core.totp FOR EACH ROW
    EXECUTE FUNCTION core.note_change('second_step', 'user_id', 'secret', 'last_step');
CREATE OR REPLACE TRIGGER noted_end AFTER DELETE ON core.totp FOR EACH ROW
    WHEN (OLD.confirmed_at IS NOT NULL)
    EXECUTE FUNCTION core.note_change('second_step', 'user_id', 'secret', 'last_step');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.sso_identity FOR EACH ROW
    EXECUTE FUNCTION core.note_change('sso_identity', 'user_id', '', '');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.viewer_role FOR EACH ROW
    EXECUTE FUNCTION core.note_change('scope', 'role_name', '', '');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.viewer_customer
    FOR EACH ROW EXECUTE FUNCTION core.note_change('scope_customer', 'role_name', '', '');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.viewer_site
    FOR EACH ROW EXECUTE FUNCTION core.note_change('scope_site', 'role_name', '', '');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.customer FOR EACH ROW
    EXECUTE FUNCTION core.note_change('customer', 'code', '', '');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.site FOR EACH ROW
    EXECUTE FUNCTION core.note_change('site', 'code', '', '');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.equipment FOR EACH ROW
    EXECUTE FUNCTION core.note_change('equipment', 'code', '', '');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.gateway FOR EACH ROW
    EXECUTE FUNCTION core.note_change('gateway', 'code', 'password_hash', 'firmware');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.meter FOR EACH ROW
    EXECUTE FUNCTION core.note_change('meter', 'code', '', '');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.meter_channel
    FOR EACH ROW EXECUTE FUNCTION core.note_change('meter_channel', 'meter_id', '', '');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.virtual_meter
    FOR EACH ROW EXECUTE FUNCTION core.note_change('virtual_meter', 'code', '', '');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.virtual_term
    FOR EACH ROW EXECUTE FUNCTION core.note_change('virtual_term', 'virtual_meter_id', '', '');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.shift_plan
    FOR EACH ROW EXECUTE FUNCTION core.note_change('shift_plan', 'site_id', '', '');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.production_day
    FOR EACH ROW EXECUTE FUNCTION core.note_change('production_day', 'production_day_id', '', '');
-- What people decide of registers; what ingest decides stands in the ledger alone.
CREATE OR REPLACE TRIGGER noted AFTER INSERT ON core.ledger_event FOR EACH ROW
    WHEN (NEW.decided_by <> 'ingest')
    EXECUTE FUNCTION core.note_change('correction', 'meter_id', '', '');
