-- Who lets which other system be told of what.
CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON core.webhook FOR EACH ROW
    EXECUTE FUNCTION core.note_change('webhook', 'webhook_id', 'secret', '');
