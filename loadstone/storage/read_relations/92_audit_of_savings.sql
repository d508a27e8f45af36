-- Prices and opportunities: what the finder itself brings up to date is no change worth a line.
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.price FOR EACH ROW
    EXECUTE FUNCTION core.note_change('price', 'customer_id', '', '');
CREATE OR REPLACE TRIGGER noted AFTER UPDATE ON core.opportunity FOR EACH ROW
    WHEN (NEW.changed_at IS DISTINCT FROM OLD.changed_at)
    EXECUTE FUNCTION core.note_change('opportunity', 'opportunity_id', 'evidence', 'changed_at');
