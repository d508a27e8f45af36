-- Whose rows a role sees: `visible.<table>` shows of core.<table> what belongs to the effective role.
-- API, pages, exports and dashboards read through these, and through `read`, which stands on them.
--
-- The effective role is the one set by SET ROLE, else the one that logged in. It is asked of the
-- setting and not of current_user, so that it is the same inside SECURITY DEFINER; and it cannot be
-- forged, since setting it takes membership. Who owns `core` sees all, or narrows itself to a
-- viewer by `loadstone.viewer`, as a transaction does that changes things in a viewer's name. Any
-- other role sees what core.viewer_role says of it: nothing, where it says nothing.
DROP SCHEMA IF EXISTS visible CASCADE;
CREATE SCHEMA visible;

CREATE OR REPLACE FUNCTION core.viewer() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN pg_has_role(r.role_name, (SELECT nspowner FROM pg_namespace WHERE nspname = 'core'),
                'USAGE')
        THEN nullif(current_setting('loadstone.viewer', true), '')
        ELSE r.role_name END
    FROM (SELECT CASE current_setting('role') WHEN 'none' THEN session_user::text
        ELSE current_setting('role') END AS role_name) r
$$;
COMMENT ON FUNCTION core.viewer IS 'The effective role; NULL for the owner, who sees all.';

CREATE OR REPLACE FUNCTION core.sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT v.name IS NULL OR coalesce((
        SELECT r.enabled AND r.sees = 'all' AND coalesce(w.enabled AND w.sees = 'all', true)
        FROM core.viewer_role r LEFT JOIN core.viewer_role w ON w.role_name = r.within
        WHERE r.role_name = v.name), false)
    FROM (SELECT core.viewer() AS name) v
$$;

CREATE OR REPLACE FUNCTION core.visible_sites() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(
        SELECT s.site_id FROM core.site s
        WHERE v.name IS NULL OR EXISTS (
            SELECT FROM core.viewer_role r LEFT JOIN core.viewer_role w ON w.role_name = r.within
            WHERE r.role_name = v.name AND r.enabled AND coalesce(w.enabled, true)
                AND CASE r.sees WHEN 'all' THEN true
                    WHEN 'customers' THEN EXISTS (SELECT FROM core.viewer_customer c
                        WHERE c.role_name = r.role_name AND c.customer_id = s.customer_id)
                    ELSE EXISTS (SELECT FROM core.viewer_site c
                        WHERE c.role_name = r.role_name AND c.site_id = s.site_id) END
                AND CASE coalesce(w.sees, 'all') WHEN 'all' THEN true
                    WHEN 'customers' THEN EXISTS (SELECT FROM core.viewer_customer c
                        WHERE c.role_name = w.role_name AND c.customer_id = s.customer_id)
                    ELSE EXISTS (SELECT FROM core.viewer_site c
                        WHERE c.role_name = w.role_name AND c.site_id = s.site_id) END)
        ORDER BY 1)
    FROM (SELECT core.viewer() AS name) v
$$;

-- Customers who are seen as a whole, with what belongs to them and to none of their sites.
CREATE OR REPLACE FUNCTION core.whole_customers() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(
        SELECT k.customer_id FROM core.customer k
        WHERE v.name IS NULL OR EXISTS (
            SELECT FROM core.viewer_role r LEFT JOIN core.viewer_role w ON w.role_name = r.within
            WHERE r.role_name = v.name AND r.enabled AND coalesce(w.enabled, true)
                AND (r.sees = 'all' OR (r.sees = 'customers' AND EXISTS (
                    SELECT FROM core.viewer_customer c
                    WHERE c.role_name = r.role_name AND c.customer_id = k.customer_id)))
                AND (coalesce(w.sees, 'all') = 'all' OR (w.sees = 'customers' AND EXISTS (
                    SELECT FROM core.viewer_customer c
                    WHERE c.role_name = w.role_name AND c.customer_id = k.customer_id))))
        ORDER BY 1)
    FROM (SELECT core.viewer() AS name) v
$$;

CREATE OR REPLACE FUNCTION core.visible_customers() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(
        SELECT unnest(core.whole_customers())
        UNION SELECT s.customer_id FROM core.site s
        WHERE s.site_id = ANY ((SELECT core.visible_sites())::int[]) ORDER BY 1)
$$;

CREATE OR REPLACE FUNCTION core.visible_meters() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(
        SELECT m.meter_id FROM core.meter m
        WHERE m.site_id = ANY ((SELECT core.visible_sites())::int[]) ORDER BY 1)
$$;

CREATE OR REPLACE FUNCTION core.visible_gateways() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(
        SELECT g.gateway_id FROM core.gateway g
        WHERE g.site_id = ANY ((SELECT core.visible_sites())::int[]) ORDER BY 1)
$$;

CREATE OR REPLACE FUNCTION core.visible_virtual_meters() RETURNS int[] LANGUAGE sql STABLE
PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(
        SELECT v.virtual_meter_id FROM core.virtual_meter v
        WHERE CASE WHEN v.site_id IS NULL
            THEN v.customer_id = ANY ((SELECT core.whole_customers())::int[])
            ELSE v.site_id = ANY ((SELECT core.visible_sites())::int[]) END
        ORDER BY 1)
$$;

CREATE OR REPLACE FUNCTION core.visible_forecast_subjects() RETURNS int[] LANGUAGE sql STABLE
PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(
        SELECT f.subject_id FROM core.forecast_subject f
        WHERE CASE WHEN f.site_id IS NULL
            THEN f.customer_id = ANY ((SELECT core.whole_customers())::int[])
            ELSE f.site_id = ANY ((SELECT core.visible_sites())::int[]) END
        ORDER BY 1)
$$;

-- Those of these that are seen, in the same order: what functions of the owner begin with.
CREATE OR REPLACE FUNCTION core.seen_meters(meters int[]) RETURNS int[] LANGUAGE plpgsql STABLE
PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN
    IF core.sees_all() THEN RETURN meters; END IF;
    RETURN ARRAY(
        SELECT u.id FROM unnest(meters) WITH ORDINALITY u(id, place)
        JOIN core.meter m ON m.meter_id = u.id
        WHERE m.site_id = ANY ((SELECT core.visible_sites())::int[]) ORDER BY u.place);
END $$;
CREATE OR REPLACE FUNCTION core.seen_virtual_meters(virtual_meters int[]) RETURNS int[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ BEGIN
    IF core.sees_all() THEN RETURN virtual_meters; END IF;
    RETURN ARRAY(
        SELECT u.id FROM unnest(virtual_meters) WITH ORDINALITY u(id, place)
        WHERE u.id = ANY ((SELECT core.visible_virtual_meters())::int[]) ORDER BY u.place);
END $$;

-- The views: table, its column that says whose a row is, which list that is looked up in, and the
-- columns that nobody reads. Lists are sorted: width_bucket finds an id by halving. They are had
-- once a query, as subqueries that depend on nothing.
DO $do$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT * FROM (VALUES
        ('customer', 'customer_id', 'visible_customers', ''),
        ('site', 'site_id', 'visible_sites', ''),
        ('equipment', 'site_id', 'visible_sites', ''),
        ('shift_plan', 'site_id', 'visible_sites', ''),
        ('price', 'customer_id', 'visible_customers', ''),
        ('opportunity', 'site_id', 'visible_sites', ''),
        ('opportunity_search', 'site_id', 'visible_sites', ''),
        ('gateway', 'site_id', 'visible_sites', 'password_hash'),
        ('gateway_state', 'gateway_id', 'visible_gateways', ''),
        ('gateway_event', 'gateway_id', 'visible_gateways', ''),
        ('gateway_sequence', 'gateway_id', 'visible_gateways', ''),
        ('gateway_silence', 'gateway_id', 'visible_gateways', ''),
        ('meter', 'site_id', 'visible_sites', ''),
        ('meter_channel', 'meter_id', 'visible_meters', ''),
        ('meter_latest', 'meter_id', 'visible_meters', ''),
        ('reading', 'meter_id', 'visible_meters', ''),
        ('interval_reading', 'meter_id', 'visible_meters', ''),
        ('extra_reading', 'meter_id', 'visible_meters', ''),
        ('rollup_15m', 'meter_id', 'visible_meters', ''),
        ('rollup_1h', 'meter_id', 'visible_meters', ''),
        ('rollup_day', 'meter_id', 'visible_meters', ''),
        ('rollup_month', 'meter_id', 'visible_meters', ''),
        ('register_epoch', 'meter_id', 'visible_meters', ''),
        ('register_exchange', 'meter_id', 'visible_meters', ''),
        ('register_number', 'meter_id', 'visible_meters', ''),
        ('register_correction', 'meter_id', 'visible_meters', ''),
        ('ledger_event', 'meter_id', 'visible_meters', ''),
        ('virtual_meter', 'virtual_meter_id', 'visible_virtual_meters', ''),
        ('virtual_term', 'virtual_meter_id', 'visible_virtual_meters', ''),
        ('weather_value', 'site_id', 'visible_sites', ''),
        ('forecast_subject', 'subject_id', 'visible_forecast_subjects', ''),
        ('forecast', 'subject_id', 'visible_forecast_subjects', ''),
        ('forecast_month', 'subject_id', 'visible_forecast_subjects', ''),
        ('forecast_score', 'subject_id', 'visible_forecast_subjects', ''),
        ('forecast_failure', 'subject_id', 'visible_forecast_subjects', '')
    ) AS listed (name, id, list, hidden)
    WHERE to_regclass('core.' || name) IS NOT NULL
    LOOP
        EXECUTE (
            SELECT format(
                'CREATE VIEW visible.%1$I WITH (security_barrier) AS SELECT %2$s FROM core.%1$I t '
                'WHERE (SELECT core.sees_all()) OR '
                '(SELECT core.%3$I())[width_bucket(t.%4$I, (SELECT core.%3$I()))] = t.%4$I',
                t.name, string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum), t.list, t.id)
            FROM pg_attribute a
            WHERE a.attrelid = format('core.%I', t.name)::regclass AND a.attnum > 0
                AND NOT a.attisdropped AND a.attname <> t.hidden);
    END LOOP;
END $do$;

-- A webhook of a site is that site's, else its customer's; one of all is for who sees all.
DO $do$ BEGIN
    IF to_regclass('core.webhook') IS NULL THEN RETURN; END IF;
    EXECUTE (
        SELECT format('CREATE VIEW visible.webhook WITH (security_barrier) AS SELECT %s '
            'FROM core.webhook t WHERE (SELECT core.sees_all()) OR CASE WHEN t.site_id IS NULL '
            'THEN t.customer_id = ANY ((SELECT core.whole_customers())::int[]) '
            'ELSE t.site_id = ANY ((SELECT core.visible_sites())::int[]) END',
            string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum))
        FROM pg_attribute a
        WHERE a.attrelid = 'core.webhook'::regclass AND a.attnum > 0 AND NOT a.attisdropped
            AND a.attname <> 'secret');
END $do$;

-- An entry of a customer's calendar is its site's, else the whole customer's.
DO $do$ BEGIN
    EXECUTE (
        SELECT format('CREATE VIEW visible.production_day WITH (security_barrier) AS SELECT %s '
            'FROM core.production_day t WHERE (SELECT core.sees_all()) OR '
            'CASE WHEN t.site_id IS NULL '
            'THEN t.customer_id = ANY ((SELECT core.whole_customers())::int[]) '
            'ELSE t.site_id = ANY ((SELECT core.visible_sites())::int[]) END',
            string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum))
        FROM pg_attribute a
        WHERE a.attrelid = 'core.production_day'::regclass AND a.attnum > 0
            AND NOT a.attisdropped);
END $do$;

-- What was refused is its gateway's; what came in the name of nobody's gateway is for who sees all.
DO $do$ BEGIN
    EXECUTE (
        SELECT format('CREATE VIEW visible.quarantine WITH (security_barrier) AS SELECT %s '
            'FROM core.quarantine t WHERE (SELECT core.sees_all()) OR t.gateway_code IN '
            '(SELECT g.code FROM core.gateway g '
            'WHERE g.site_id = ANY ((SELECT core.visible_sites())::int[]))',
            string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum))
        FROM pg_attribute a
        WHERE a.attrelid = 'core.quarantine'::regclass AND a.attnum > 0 AND NOT a.attisdropped);
END $do$;
