-- Who lets which dashboard in, and when its password was made anew.
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.dashboard_role
    FOR EACH ROW EXECUTE FUNCTION core.note_change('dashboard_role', 'role_name', '', '');
