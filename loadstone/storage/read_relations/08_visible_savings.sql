-- Judgements and events are their measure's, which is its site's.
DO $do$ BEGIN
    IF to_regclass('core.saving_measure') IS NULL THEN RETURN; END IF;
    CREATE VIEW visible.saving_measure WITH (security_barrier) AS
    SELECT t.*, s.customer_id FROM core.saving_measure t JOIN visible.site s USING (site_id);
    CREATE VIEW visible.saving_verification WITH (security_barrier) AS
    SELECT t.*, m.site_id, m.customer_id
    FROM core.saving_verification t JOIN visible.saving_measure m USING (measure_id);
    CREATE VIEW visible.non_routine_event WITH (security_barrier) AS
    SELECT t.*, m.site_id, m.customer_id
    FROM core.non_routine_event t JOIN visible.saving_measure m USING (measure_id);
END $do$;
