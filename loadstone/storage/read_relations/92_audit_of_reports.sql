-- Who had which report made, and who lets what be sent to whom by itself.
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR DELETE ON core.report FOR EACH ROW
    EXECUTE FUNCTION core.note_change('report', 'report_id', '', 'document');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.report_schedule
    FOR EACH ROW EXECUTE FUNCTION
    core.note_change('report_schedule', 'report_schedule_id', '', 'due_at,failures,last_error');
