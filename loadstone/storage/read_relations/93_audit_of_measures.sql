-- Measures, what was judged of them and what people decided of events; what is flagged by itself is
-- nobody's doing.
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.saving_measure FOR EACH ROW
    EXECUTE FUNCTION core.note_change('saving_measure', 'measure_id', '', 'changed_at');
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR DELETE ON core.saving_verification FOR EACH ROW
    EXECUTE FUNCTION core.note_change('saving_verification', 'verification_id', '', 'result');
CREATE OR REPLACE TRIGGER noted AFTER UPDATE ON core.non_routine_event FOR EACH ROW
    WHEN (NEW.decided_at IS DISTINCT FROM OLD.decided_at)
    EXECUTE FUNCTION core.note_change('non_routine_event', 'event_id', '', 'effect_kwh');
CREATE OR REPLACE TRIGGER noted_new AFTER INSERT ON core.non_routine_event FOR EACH ROW
    WHEN (NEW.kind = 'declared')
    EXECUTE FUNCTION core.note_change('non_routine_event', 'event_id', '', 'effect_kwh');
