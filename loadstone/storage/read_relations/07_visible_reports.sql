-- A report is seen by who sees all that is in it: its site, or each of its customers as a whole.
-- A schedule is its customer's or site's; one of a portfolio is its maker's, while that sees
-- anything. Deliveries and attempts are their report's.
DO $do$ BEGIN
    IF to_regclass('core.report') IS NULL THEN RETURN; END IF;
    CREATE VIEW visible.report WITH (security_barrier) AS
    SELECT t.* FROM core.report t
    WHERE (SELECT core.sees_all()) OR CASE WHEN t.site_id IS NULL
        THEN t.customers <@ (SELECT core.whole_customers())::int[]
        ELSE t.site_id = ANY ((SELECT core.visible_sites())::int[]) END;
    CREATE VIEW visible.report_schedule WITH (security_barrier) AS
    SELECT t.* FROM core.report_schedule t
    WHERE (SELECT core.sees_all()) OR CASE
        WHEN t.site_id IS NOT NULL THEN t.site_id = ANY ((SELECT core.visible_sites())::int[])
        WHEN t.customer_id IS NOT NULL
            THEN t.customer_id = ANY ((SELECT core.whole_customers())::int[])
        ELSE t.database_role = (SELECT core.viewer())
            AND (SELECT cardinality(core.whole_customers()) > 0) END;
    CREATE VIEW visible.report_delivery WITH (security_barrier) AS
    SELECT t.*, r.customer_id, r.site_id
    FROM core.report_delivery t JOIN visible.report r USING (report_id);
    CREATE VIEW visible.report_attempt WITH (security_barrier) AS
    SELECT t.*, d.customer_id, d.site_id
    FROM core.report_attempt t JOIN visible.report_delivery d USING (report_delivery_id);
END $do$;
