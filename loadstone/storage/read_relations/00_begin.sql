-- The read relations: the same names, columns and results on every backend. Everything that shows
-- a number reads these: API, pages, Grafana, forecasts and bills. They hold no data: `loadstone
-- migrate` drops them and writes these files anew, in the order of their names, when one changed.
DO $do$
DECLARE
    strangers text;
BEGIN
    SELECT string_agg(DISTINCT w.ev_class::regclass::text, ', ') INTO strangers
    FROM pg_depend d
    JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
    JOIN pg_class user_of ON user_of.oid = w.ev_class
    LEFT JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
    LEFT JOIN pg_proc p ON d.refclassid = 'pg_proc'::regclass AND p.oid = d.refobjid
    WHERE coalesce(c.relnamespace, p.pronamespace) = 'read'::regnamespace
        AND user_of.relnamespace <> 'read'::regnamespace;
    IF strangers IS NOT NULL THEN
        RAISE EXCEPTION 'views outside of Loadstone use the read relations: %', strangers
            USING HINT = 'Drop them, migrate, and create them again.';
    END IF;
END $do$;
DROP SCHEMA read CASCADE;
CREATE SCHEMA read;
-- Where these stood before they moved here.
DROP VIEW IF EXISTS core.register_break CASCADE;
DROP FUNCTION IF EXISTS core.register_overlay(int[], int),
    core.virtual_part(int[], timestamptz, timestamptz, interval, text, text);
