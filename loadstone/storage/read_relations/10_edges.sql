-- Bucket edges from `a` to `z`: both ends, and every multiple of `step` counted from local midnight
-- (or from the local month or week start) in between. Each local day starts its own count, so that
-- days of 23, 23.5, 24.5 and 25 hours keep their clock times.
CREATE FUNCTION read.edges(a timestamptz, z timestamptz, step interval, zone text)
RETURNS timestamptz[] LANGUAGE sql STABLE AS $$
    WITH unit AS (
        SELECT CASE
            WHEN step >= interval '1 year' THEN 'year'
            WHEN step >= interval '1 month' THEN 'month'
            WHEN step = interval '7 days' THEN 'week'
            ELSE 'day' END AS name
    ), outer_edge AS (
        SELECT g AS at, date_add(g, CASE WHEN step >= interval '1 day' THEN step
                                         ELSE interval '1 day' END, zone) AS next_at
        FROM unit, generate_series(
            date_trunc(unit.name, a, zone), z,
            CASE WHEN step >= interval '1 day' THEN step ELSE interval '1 day' END, zone) g
    ), inner_edge AS (
        SELECT at FROM outer_edge WHERE step >= interval '1 day'
        UNION ALL
        SELECT g FROM outer_edge o, generate_series(o.at, o.next_at, step) g
        WHERE step < interval '1 day' AND g < o.next_at
    )
    SELECT array_agg(DISTINCT at ORDER BY at) FROM (
        SELECT a AS at UNION ALL SELECT z
        UNION ALL SELECT at FROM inner_edge WHERE at > a AND at < z) all_edges
$$;
