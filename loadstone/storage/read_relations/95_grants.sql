-- What viewers may do: read `visible` and `read`, and nothing else. The roles of viewers have no
-- rights of their own, but those of this one; they cannot become it.
DO $do$
DECLARE
    f regprocedure;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'loadstone_viewer') THEN
        BEGIN
            CREATE ROLE loadstone_viewer NOLOGIN;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL; -- another database, just now
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'the database user % may not create roles', current_user
                    USING HINT = 'ALTER ROLE ... CREATEROLE: each user of Loadstone has a role.';
        END;
    END IF;
    -- Large objects can be made by everybody unless that is taken away, which takes a superuser.
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace
            AND (p.proname LIKE 'lo\_%' OR p.proname IN ('loread', 'lowrite'))
            AND has_function_privilege('loadstone_viewer', p.oid, 'EXECUTE')
    LOOP
        BEGIN
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE NOTICE '% stays open to all database users', f;
        END;
    END LOOP;
    IF has_database_privilege('loadstone_viewer', current_database(), 'TEMPORARY') THEN
        BEGIN
            EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
        EXCEPTION WHEN internal_error THEN -- as PostgreSQL in WebAssembly has it
            RAISE WARNING 'temporary tables stay open to all database users: %', SQLERRM;
        END;
    END IF;
END $do$;
REVOKE ALL ON SCHEMA core FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA core FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core.viewer(), core.sees_all(), core.visible_sites(),
    core.visible_customers(), core.whole_customers(), core.visible_meters(),
    core.visible_gateways(), core.visible_virtual_meters(), core.visible_forecast_subjects() TO loadstone_viewer;
GRANT USAGE ON SCHEMA visible, read TO loadstone_viewer;
GRANT SELECT ON ALL TABLES IN SCHEMA visible, read TO loadstone_viewer;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA read FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA read TO loadstone_viewer;
