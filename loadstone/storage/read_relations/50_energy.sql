-- Energy per meter and bucket of [a, z), reckoned: the only place where registers become energy.
-- Ask read.energy, which answers the same and knows what of it is kept already.
--
-- Known points of the register (first and last reading of every summary row) are joined by straight
-- pieces; each piece is cut at the bucket edges it crosses. Sums of buckets therefore equal register
-- differences by construction. A piece is a hole when it is longer than twice the meter's interval;
-- energy of a hole that an edge cuts is `estimated`, of one inside a single bucket it is exact. What
-- a gateway itself marked as estimated (bit 1) or interpolated (bit 13) is estimated, from the reading
-- before to the one after.
-- Corrections in force (read.register_overlay) raise, multiply and replace on the way.
-- `register`: imp, exp (kWh), q1..q4, rimp, rexp (kvarh).
CREATE FUNCTION read.reckoned_energy(
    meters int[], a timestamptz, z timestamptz, step interval, zone text,
    register text DEFAULT 'imp')
RETURNS TABLE (
    meter_id int, start_at timestamptz, end_at timestamptz, energy_kwh float8,
    measured_ratio float8, estimated_ratio float8, quality text)
LANGUAGE plpgsql STABLE SET jit = off SET work_mem = '64MB' AS $f$
DECLARE
    edges timestamptz[] := read.edges(a, z, step, zone);
    slot int := array_position(ARRAY['imp', 'exp', 'q1', 'q2', 'q3', 'q4', 'rimp', 'rexp'], register);
    unit text := CASE WHEN slot <= 2 THEN 'wh' ELSE 'varh' END;
    grid bigint;
    level text;
    rows_sql text;
    overlaid boolean := EXISTS (
        SELECT FROM core.register_correction c
        WHERE c.meter_id = ANY (meters) AND c.kind IN ('break', 'ratio', 'amount'));
    overlay_columns text := '';
    overlay_join text := '';
    cut_sql text := 'y';
    step_sql text[] := ARRAY['', '', ', NULL::text AS step_reason'];
    part_sql text := 'SELECT * FROM piece';
    -- A row that holds an estimate says not where: the readings at its ends are looked at.
    guess_sql text := $q$CROSS JOIN LATERAL (SELECT
        CASE WHEN y.quality & 8194 <> 0 THEN coalesce((SELECT r.quality & 8194 <> 0
            FROM core.reading r WHERE r.meter_id = w.meter_id AND r.ts = y.t0), true) END AS guess_0,
        CASE WHEN y.quality & 8194 <> 0 THEN coalesce((SELECT r.quality & 8194 <> 0
            FROM core.reading r WHERE r.meter_id = w.meter_id AND r.ts = y.t1), true) END AS guess_1
        ) guess$q$;
BEGIN
    IF slot IS NULL THEN
        RAISE EXCEPTION 'unknown register %', register USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT CASE WHEN bool_and(e = date_trunc('hour', e, 'UTC')) THEN 3600
                WHEN bool_and(e = date_bin('15 minutes', e, timestamptz '2000-01-01Z')) THEN 900
                ELSE 1 END
    INTO grid FROM unnest(edges) e;
    level := CASE
        WHEN step >= interval '1 month' AND grid > 1
            AND (SELECT bool_and(s.zone = reckoned_energy.zone) FROM core.meter m
                 JOIN core.site s USING (site_id) WHERE m.meter_id = ANY (meters))
            AND (SELECT bool_and(e = date_trunc('month', e, reckoned_energy.zone)) FROM unnest(edges) e)
            THEN 'rollup_month'
        WHEN step >= interval '1 day' AND grid > 1
            AND (SELECT bool_and(s.zone = reckoned_energy.zone) FROM core.meter m
                 JOIN core.site s USING (site_id) WHERE m.meter_id = ANY (meters))
            AND (SELECT bool_and(e = date_trunc('day', e, reckoned_energy.zone)) FROM unnest(edges) e)
            THEN 'rollup_day'
        WHEN grid = 3600 AND step >= interval '1 hour' THEN 'rollup_1h'
        WHEN grid >= 900 AND step >= interval '15 minutes' THEN 'rollup_15m'
        ELSE 'reading' END;
    IF level = 'reading' THEN
        rows_sql := format($q$SELECT r.epoch, r.ts AS bucket, r.ts AS t0, r.ts AS t1,
            r.%1$s_%2$s AS e0, r.%1$s_%2$s AS e1, r.quality FROM core.reading r
            WHERE r.meter_id = w.meter_id AND r.epoch >= 0 AND r.%1$s_%2$s IS NOT NULL$q$,
            register, unit);
        rows_sql := format($q$
            (%1$s AND r.ts < $2 ORDER BY r.ts DESC LIMIT 1) UNION ALL
            (%1$s AND r.ts >= $2 AND r.ts < $3) UNION ALL
            (%1$s AND r.ts >= $3 ORDER BY r.ts LIMIT 1)$q$, rows_sql);
    ELSE
        rows_sql := format($q$SELECT r.epoch, r.bucket, r.t0, r.t1,
            r.%1$s_0_%2$s AS e0, r.%1$s_1_%2$s AS e1, r.quality_or AS quality FROM core.%3$I r
            WHERE r.meter_id = w.meter_id AND r.epoch >= 0 AND r.%1$s_0_%2$s IS NOT NULL$q$,
            register, unit, level);
        rows_sql := format($q$
            (%1$s AND r.bucket < $2 ORDER BY r.bucket DESC, r.epoch DESC LIMIT 1) UNION ALL
            (%1$s AND r.bucket >= $2 AND r.bucket < $3) UNION ALL
            (%1$s AND r.bucket >= $3 ORDER BY r.bucket, r.epoch LIMIT 1)$q$, rows_sql);
    END IF;
    IF overlaid THEN
        -- A row in which a correction begins or ends is read again on either side of it.
        overlay_columns := ', v.step_at, v.step_sums_wh, v.step_reasons, v.part_at, v.part_factor, v.cuts';
        overlay_join := format('LEFT JOIN read.register_overlay($1, %s) v USING (meter_id)', slot);
        cut_sql := format($q$x CROSS JOIN LATERAL (
            SELECT x.epoch, x.t0, x.t1, x.e0, x.e1, x.quality
            WHERE width_bucket(x.t0, w.cuts) IS NOT DISTINCT FROM width_bucket(x.t1, w.cuts)
                OR NOT EXISTS (SELECT FROM core.reading r WHERE r.meter_id = w.meter_id
                    AND r.ts >= x.t0 AND r.ts <= x.t1 AND r.epoch = x.epoch)
            UNION ALL
            SELECT x.epoch, min(r.ts), max(r.ts), min(r.%1$I), max(r.%1$I), bit_or(r.quality)
            FROM core.reading r
            WHERE width_bucket(x.t0, w.cuts) <> width_bucket(x.t1, w.cuts)
                AND r.meter_id = w.meter_id AND r.ts >= x.t0 AND r.ts <= x.t1
                AND r.epoch = x.epoch AND r.%1$I IS NOT NULL
            GROUP BY width_bucket(r.ts, w.cuts)) y$q$, register || '_' || unit);
        step_sql := ARRAY[
            '+ coalesce(w.step_sums_wh[nullif(width_bucket(y.t0, w.step_at), 0)], 0)',
            '+ coalesce(w.step_sums_wh[nullif(width_bucket(y.t1, w.step_at), 0)], 0)',
            $q$, CASE WHEN width_bucket(y.t0, w.step_at) > coalesce(lag(width_bucket(y.t1, w.step_at))
                OVER (PARTITION BY w.meter_id ORDER BY y.t0), width_bucket(y.t0, w.step_at))
                THEN w.step_reasons[width_bucket(y.t0, w.step_at)] END AS step_reason$q$];
        part_sql := format($q$
            SELECT k.meter_id, s.p, s.q, k.d * s.factor
                    * extract(epoch FROM s.q - s.p)::float8 / extract(epoch FROM k.q - k.p)::float8 AS d,
                k.hole, CASE WHEN s.factor <> 1 THEN 'manual'
                    WHEN k.hole AND s.q - s.p < k.q - k.p THEN coalesce(k.reason, 'estimated')
                    ELSE k.reason END AS reason
            FROM piece k JOIN wanted w USING (meter_id) CROSS JOIN LATERAL (
                SELECT greatest(k.p, f.at) AS p, f.factor,
                    least(k.q, coalesce(w.part_at[f.n + 1], 'infinity')) AS q
                FROM unnest(coalesce(w.part_at, '{-infinity}'), coalesce(w.part_factor, '{1}'))
                    WITH ORDINALITY f (at, factor, n)) s
            WHERE s.p < s.q AND s.factor > 0
            UNION ALL
            SELECT c.meter_id, c.starts_at, c.ends_at, c.amount_wh, false, 'manual'
            FROM core.register_correction c
            WHERE c.meter_id = ANY ($1) AND c.kind = 'amount' AND c.register_slot = %s
            $q$, slot);
    END IF;
    IF level <> 'reading' AND NOT overlaid AND NOT EXISTS (
        SELECT FROM core.meter m WHERE m.meter_id = ANY (meters) AND m.energy_source <> 'register')
    THEN
        -- The same pieces, for the usual case that nothing lies over the registers: a summary row
        -- lies in one bucket, so only the way to the next row can cross edges. It gives its bucket
        -- the row and the way up to the edge (`near`), the next row's bucket the way from there
        -- (`far`), and buckets without any row what lies between, or nothing before the first and
        -- behind the last.
        RETURN QUERY EXECUTE format($q$
        WITH wanted AS (
            SELECT m.meter_id, greatest(2 * m.interval_s, 120)::float8 AS hole_s
            FROM core.meter m WHERE m.meter_id = ANY ($1)
        ), known AS (
            SELECT w.meter_id, w.hole_s, y.epoch, date_part('epoch', y.t0) AS p,
                date_part('epoch', y.t1) AS q, width_bucket(date_part('epoch', y.bucket), $5) AS b, o.reason,
                y.quality & 8194 <> 0 AS guessed, guess_0, guess_1,
                (y.e0 + coalesce(o.offsets[%2$s], 0))::float8 AS e0,
                (y.e1 + coalesce(o.offsets[%2$s], 0))::float8 AS e1
            FROM wanted w CROSS JOIN LATERAL (%1$s) y
            %3$s
            LEFT JOIN core.register_epoch o ON o.meter_id = w.meter_id AND o.epoch = y.epoch
        ), followed AS (
            SELECT k.*, lead(p) OVER later AS next_p, lead(b) OVER later AS next_b,
                lag(b) OVER later IS NULL AS is_first, lead(e0) OVER later - e1 AS way, lead(guess_0) OVER later AS next_guessed,
                CASE WHEN lead(k.epoch) OVER later <> k.epoch THEN lead(reason) OVER later END
                    AS next_reason
            FROM known k WINDOW later AS (PARTITION BY k.meter_id ORDER BY p)
        ), judged AS MATERIALIZED (
            SELECT f.meter_id, is_first, p, q, b, e1 - e0 AS own, way, next_p, next_b, next_p - q AS way_s,
                coalesce(CASE WHEN next_b = b THEN next_p
                              WHEN next_b > b THEN $5[b + 1] END - q, 0) AS near_s,
                guessed, coalesce(guess_1 OR next_guessed
                    OR next_reason IN ('reset', 'jump', 'declared')
                    OR (next_p > $5[b + 1] AND next_p - q > hole_s), false) AS way_estimated,
                coalesce(next_reason IN ('exchange', 'manual'), false) AS way_corrected
            FROM followed f
        ), part AS (
            SELECT j.meter_id, j.b, own + coalesce(way * near_s / nullif(way_s, 0), 0) AS d,
                q - p + near_s AS sec,
                CASE WHEN guessed THEN q - p ELSE 0 END
                    + CASE WHEN way_estimated THEN near_s ELSE 0 END AS estimated_s,
                way_corrected AND near_s > 0 AS corrected, q > p OR near_s > 0 AS says
            FROM judged j WHERE b BETWEEN 1 AND cardinality($4) - 1
            UNION ALL
            SELECT j.meter_id, next_b, way * (next_p - $5[next_b]) / way_s, next_p - $5[next_b],
                CASE WHEN way_estimated THEN next_p - $5[next_b] ELSE 0 END,
                way_corrected, true
            FROM judged j
            WHERE next_b > b AND next_b < cardinality($4) AND next_p > $5[next_b]
            UNION ALL
            SELECT j.meter_id, g.b, way * ($5[g.b + 1] - $5[g.b]) / way_s, $5[g.b + 1] - $5[g.b],
                CASE WHEN way_estimated THEN $5[g.b + 1] - $5[g.b] ELSE 0 END, way_corrected, true
            FROM judged j CROSS JOIN LATERAL
                generate_series(j.b + 1, least(next_b, cardinality($4)) - 1) g(b)
            WHERE next_b > j.b + 1
            UNION ALL
            SELECT j.meter_id, g.b, 0, 0, 0, false, false FROM judged j CROSS JOIN LATERAL
                generate_series(1, least(j.b, cardinality($4)) - 1) g(b) WHERE is_first
            UNION ALL
            SELECT j.meter_id, g.b, 0, 0, 0, false, false FROM judged j CROSS JOIN LATERAL
                generate_series(j.b + 1, cardinality($4) - 1) g(b) WHERE next_b IS NULL
            UNION ALL
            SELECT w.meter_id, g.b, 0, 0, 0, false, false
            FROM wanted w CROSS JOIN generate_series(1, cardinality($4) - 1) g(b)
            WHERE NOT EXISTS (SELECT FROM judged j WHERE j.meter_id = w.meter_id)
        )
        SELECT s.meter_id, ($4)[s.b], ($4)[s.b + 1],
            CASE WHEN s.says THEN s.d / 1000 END,
            greatest(0, s.sec - s.estimated_s) / ($5[s.b + 1] - $5[s.b]),
            s.estimated_s / ($5[s.b + 1] - $5[s.b]),
            CASE WHEN NOT s.says THEN 'missing' WHEN s.corrected THEN 'corrected'
                 WHEN s.estimated_s > 0 THEN 'estimated' ELSE 'measured' END
        FROM (
            SELECT c.meter_id, c.b, sum(d) AS d, sum(sec) AS sec, sum(c.estimated_s) AS estimated_s,
                bool_or(corrected) AS corrected, bool_or(says) AS says
            FROM part c GROUP BY c.meter_id, c.b) s
        ORDER BY s.meter_id, s.b
        $q$, rows_sql, slot, guess_sql) USING meters, a, z, edges,
            ARRAY(SELECT date_part('epoch', e) FROM unnest(edges) e);
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format($q$
    WITH wanted AS (
        SELECT m.meter_id, m.energy_source, greatest(2 * m.interval_s, 120) AS hole_s %6$s
        FROM core.meter m %7$s WHERE m.meter_id = ANY ($1)
    ), known AS (
        SELECT w.meter_id, w.hole_s, y.epoch, y.t0, y.t1, o.reason,
            y.quality & 8194 <> 0 AS guessed, guess_0, guess_1,
            y.e0 + coalesce(o.offsets[%2$s], 0) %8$s AS e0,
            y.e1 + coalesce(o.offsets[%2$s], 0) %9$s AS e1 %10$s
        FROM wanted w CROSS JOIN LATERAL (%1$s) %4$s
        %11$s
        LEFT JOIN core.register_epoch o ON o.meter_id = w.meter_id AND o.epoch = y.epoch
        WHERE w.energy_source = 'register'
    ), followed AS (
        SELECT k.*, lead(t0) OVER later AS next_t0, lead(e0) OVER later AS next_e0,
            lead(k.epoch) OVER later AS next_epoch, lead(k.reason) OVER later AS next_reason,
            lead(k.step_reason) OVER later AS next_step_reason, lead(k.guess_0) OVER later AS next_guessed
        FROM known k WINDOW later AS (PARTITION BY k.meter_id ORDER BY t0)
    ), piece AS (
        SELECT f.meter_id, t0 AS p, t1 AS q, (e1 - e0)::float8 AS d, false AS hole,
            CASE WHEN guessed THEN 'estimated' END AS reason
        FROM followed f WHERE t1 > t0
        UNION ALL
        SELECT f.meter_id, t1, next_t0, (next_e0 - e1)::float8,
            extract(epoch FROM next_t0 - t1) > hole_s,
            CASE WHEN next_step_reason IS NOT NULL THEN next_step_reason
                 WHEN next_epoch <> f.epoch AND next_reason <> 'rollover' THEN next_reason
                 WHEN guess_1 OR next_guessed THEN 'estimated' END
        FROM followed f WHERE next_t0 > t1
        UNION ALL
        SELECT w.meter_id, i.ts, i.ts + make_interval(secs => i.interval_s), i.%3$s::float8, false,
            CASE WHEN i.quality & 8194 <> 0 THEN 'estimated' END
        FROM wanted w JOIN core.interval_reading i ON i.meter_id = w.meter_id
            AND i.ts < $3 AND i.ts > $2 - interval '1 day'
        WHERE w.energy_source = 'interval' AND i.%3$s IS NOT NULL
            AND NOT EXISTS (  -- the same energy in finer intervals
                SELECT FROM core.interval_reading f
                WHERE f.meter_id = i.meter_id AND f.interval_s < i.interval_s AND f.ts >= i.ts
                    AND f.ts < i.ts + make_interval(secs => i.interval_s) AND f.%3$s IS NOT NULL)
    ), part AS (
        %5$s
    ), placed AS (
        SELECT k.*, width_bucket(greatest(p, $2), $4) AS pb,
            width_bucket(least(q, $3), $4)
                - (least(q, $3) = ($4)[width_bucket(least(q, $3), $4)])::int AS qb
        FROM part k WHERE q > $2 AND p < $3
    ), cut AS (
        SELECT k.meter_id, k.pb AS b, k.d AS d, extract(epoch FROM q - p)::float8 AS sec,
            coalesce(reason IN ('reset', 'jump', 'declared', 'estimated'), false) AS estimated,
            reason
        FROM placed k WHERE pb = qb AND p >= $2 AND q <= $3
        UNION ALL
        SELECT k.meter_id, g.b,
            k.d * extract(epoch FROM least(q, ($4)[g.b + 1]) - greatest(p, ($4)[g.b]))::float8
                / extract(epoch FROM q - p)::float8,
            extract(epoch FROM least(q, ($4)[g.b + 1]) - greatest(p, ($4)[g.b]))::float8,
            hole OR coalesce(reason IN ('reset', 'jump', 'declared', 'estimated'), false), reason
        FROM placed k CROSS JOIN LATERAL generate_series(pb, qb) g(b)
        WHERE NOT (pb = qb AND p >= $2 AND q <= $3)
    ), summed AS (
        SELECT c.meter_id, c.b, sum(d) / 1000 AS energy, sum(sec) AS known_s,
            coalesce(sum(sec) FILTER (WHERE estimated), 0) AS estimated_s,
            bool_or(reason IN ('exchange', 'manual')) AS corrected
        FROM cut c GROUP BY 1, 2
    ), frame AS (
        SELECT w.meter_id, b, ($4)[b] AS start_at, ($4)[b + 1] AS end_at,
            extract(epoch FROM ($4)[b + 1] - ($4)[b])::float8 AS sec
        FROM wanted w, generate_series(1, cardinality($4) - 1) b
    )
    SELECT f.meter_id, f.start_at, f.end_at, s.energy::float8,
        greatest(0, coalesce(s.known_s - s.estimated_s, 0) / f.sec)::float8,
        (coalesce(s.estimated_s, 0) / f.sec)::float8,
        CASE WHEN s.energy IS NULL THEN 'missing'
             WHEN s.corrected THEN 'corrected'
             WHEN s.estimated_s > 0 THEN 'estimated' ELSE 'measured' END
    FROM frame f LEFT JOIN summed s ON s.meter_id = f.meter_id AND s.b = f.b
    ORDER BY f.meter_id, f.start_at
    $q$, rows_sql, slot, register || '_' || unit, cut_sql, part_sql, overlay_columns, overlay_join,
        step_sql[1], step_sql[2], step_sql[3], guess_sql) USING meters, a, z, edges;
END $f$;
