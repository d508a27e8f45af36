-- Hours of energy, kept: what read.reckoned_energy says of every meter and hour, so that long series
-- and sums of many meters need not be reckoned each time. `loadstone work` keeps them.
--
-- A row is 24 hours of one meter and register: 30 bytes an hour become 10, and a year of a thousand
-- meters is summed in a third of a second instead of four.
CREATE TABLE core.hour_energy (
    meter_id int NOT NULL,
    slot smallint NOT NULL CHECK (slot IN (1, 2)),
    day timestamptz NOT NULL,
    corrected int NOT NULL,
    energy_kwh float8[] NOT NULL CHECK (cardinality(energy_kwh) = 24),
    measured_ratio float8[],
    estimated_ratio float8[],
    PRIMARY KEY (meter_id, slot, day)
) WITH (fillfactor = 80);
COMMENT ON COLUMN core.hour_energy.slot IS '1 imp, 2 exp.';
COMMENT ON COLUMN core.hour_energy.day IS
    'Start of 24 hours: the UTC day, moved by hour_energy_meter.phase_s.';
COMMENT ON COLUMN core.hour_energy.corrected IS 'Bits of the corrected hours, 1 the first.';
COMMENT ON COLUMN core.hour_energy.energy_kwh IS 'NULL where it is missing.';
COMMENT ON COLUMN core.hour_energy.measured_ratio IS 'NULL: 1 in every hour.';
COMMENT ON COLUMN core.hour_energy.estimated_ratio IS 'NULL: 0 in every hour.';

-- Whose hours are kept. Other meters' are reckoned when they are asked for.
CREATE TABLE core.hour_energy_meter (
    meter_id int PRIMARY KEY REFERENCES core.meter ON DELETE CASCADE,
    zone text NOT NULL,
    phase_s int NOT NULL,
    registers int NOT NULL DEFAULT 0
);
COMMENT ON COLUMN core.hour_energy_meter.phase_s IS
    'How long behind a UTC hour an hour of the zone begins: 1800 in India.';
COMMENT ON COLUMN core.hour_energy_meter.registers IS 'Bits of the registers ever read: 1 imp, 2 exp.';

-- A log of hours that may be others by now. Written in the transaction of what changes them, and
-- until it is followed these hours are reckoned when they are asked for.
CREATE TABLE core.hour_energy_mark (
    meter_id int NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL
);

-- How long behind a UTC hour an hour of the zone begins (s); NULL where that changes, as on Lord Howe
-- Island, whose clocks go forward by half an hour. There nothing is kept.
CREATE FUNCTION core.zone_phase_s(zone text) RETURNS int LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN min(phase_s) = max(phase_s) THEN min(phase_s) END FROM (
        SELECT (36 * 3600 - extract(epoch FROM (g AT TIME ZONE zone) - (g AT TIME ZONE 'UTC'))::int)
            % 3600 AS phase_s
        FROM generate_series(timestamptz '1995-01-01Z', timestamptz '2045-01-01Z', '28 days', 'UTC') g
    ) sampled
$$;

-- The UTC hours of [a, z] and on either side as far as the nearest hour that holds a reading: a piece
-- of energy lies between two readings, and whatever changes within changes all of it.
CREATE FUNCTION core.hours_around(meter int, registers int, a timestamptz, z timestamptz)
RETURNS TABLE (starts_at timestamptz, ends_at timestamptz) LANGUAGE sql STABLE AS $$
    SELECT least(hour.a,
        (SELECT r.bucket FROM core.rollup_1h r WHERE registers & 1 <> 0 AND r.meter_id = meter
            AND r.bucket < hour.a AND r.epoch >= 0 AND r.imp_0_wh IS NOT NULL
         ORDER BY r.bucket DESC LIMIT 1),
        (SELECT r.bucket FROM core.rollup_1h r WHERE registers & 2 <> 0 AND r.meter_id = meter
            AND r.bucket < hour.a AND r.epoch >= 0 AND r.exp_0_wh IS NOT NULL
         ORDER BY r.bucket DESC LIMIT 1)),
    greatest(hour.z,
        (SELECT r.bucket + interval '1 hour' FROM core.rollup_1h r
         WHERE registers & 1 <> 0 AND r.meter_id = meter
            AND r.bucket >= hour.z AND r.epoch >= 0 AND r.imp_0_wh IS NOT NULL
         ORDER BY r.bucket LIMIT 1),
        (SELECT r.bucket + interval '1 hour' FROM core.rollup_1h r
         WHERE registers & 2 <> 0 AND r.meter_id = meter
            AND r.bucket >= hour.z AND r.epoch >= 0 AND r.exp_0_wh IS NOT NULL
         ORDER BY r.bucket LIMIT 1))
    FROM (SELECT date_trunc('hour', a, 'UTC') AS a,
        date_trunc('hour', z, 'UTC') + CASE WHEN z > a AND z = date_trunc('hour', z, 'UTC')
            THEN interval '0' ELSE interval '1 hour' END AS z) hour
$$;

-- What lies over the registers: a correction changes its own stretch, and the pieces at its ends.
CREATE FUNCTION core.correction_marks_hours() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was core.register_correction := CASE WHEN tg_op <> 'INSERT' THEN old END;
    now_is core.register_correction := CASE WHEN tg_op <> 'DELETE' THEN new END;
BEGIN
    INSERT INTO core.hour_energy_mark (meter_id, starts_at, ends_at)
    SELECT k.meter_id, h.starts_at, h.ends_at
    FROM (VALUES ((was).meter_id, (was).starts_at, (was).ends_at, (was).kind),
        ((now_is).meter_id, (now_is).starts_at, (now_is).ends_at, (now_is).kind))
        c (meter_id, starts_at, ends_at, kind)
    JOIN core.hour_energy_meter k ON k.meter_id = c.meter_id
    CROSS JOIN LATERAL core.hours_around(k.meter_id, k.registers, c.starts_at, c.ends_at) h
    WHERE c.kind IN ('break', 'ratio', 'amount');
    RETURN NULL;
END $$;
CREATE TRIGGER correction_marks_hours AFTER INSERT OR UPDATE OR DELETE ON core.register_correction
    FOR EACH ROW EXECUTE FUNCTION core.correction_marks_hours();

-- An epoch's offset counts where it begins and where the next one does, by its readings' labels.
CREATE FUNCTION core.epoch_marks_hours() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    this core.register_epoch := CASE WHEN tg_op = 'DELETE' THEN old ELSE new END;
BEGIN
    INSERT INTO core.hour_energy_mark (meter_id, starts_at, ends_at)
    SELECT DISTINCT k.meter_id, h.starts_at, h.ends_at
    FROM core.hour_energy_meter k
    CROSS JOIN LATERAL (
        SELECT this.starts_at
        UNION SELECT old.starts_at WHERE tg_op = 'UPDATE'
        UNION SELECT min(e.starts_at) FROM core.register_epoch e
            WHERE e.meter_id = this.meter_id AND e.epoch > this.epoch
        UNION SELECT unnest(ARRAY[min(r.t0), max(r.t1)]) FROM core.rollup_month r
            WHERE r.meter_id = this.meter_id AND r.epoch = this.epoch) i (at)
    CROSS JOIN LATERAL core.hours_around(k.meter_id, k.registers, i.at, i.at) h
    WHERE k.meter_id = this.meter_id AND i.at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER register_epoch_marks_hours AFTER INSERT OR DELETE ON core.register_epoch
    FOR EACH ROW EXECUTE FUNCTION core.epoch_marks_hours();
CREATE TRIGGER register_epoch_change_marks_hours AFTER UPDATE ON core.register_epoch
    FOR EACH ROW WHEN ((old.starts_at, old.reason, old.offsets)
        IS DISTINCT FROM (new.starts_at, new.reason, new.offsets))
    EXECUTE FUNCTION core.epoch_marks_hours();

-- What every hour of a meter depends on: they are forgotten, and kept anew.
CREATE FUNCTION core.keep_hours_anew(meters int[]) RETURNS void LANGUAGE sql AS $$
    DELETE FROM core.hour_energy_meter WHERE meter_id = ANY (meters);
    INSERT INTO core.hour_energy_mark (meter_id, starts_at, ends_at)
    SELECT m, '-infinity', 'infinity' FROM unnest(meters) m;
$$;
CREATE FUNCTION core.meter_marks_hours() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM core.keep_hours_anew(ARRAY[new.meter_id]);
    RETURN NULL;
END $$;
CREATE TRIGGER meter_marks_hours AFTER UPDATE ON core.meter FOR EACH ROW
    WHEN ((old.interval_s, old.energy_source, old.site_id)
        IS DISTINCT FROM (new.interval_s, new.energy_source, new.site_id))
    EXECUTE FUNCTION core.meter_marks_hours();
CREATE FUNCTION core.site_marks_hours() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM core.keep_hours_anew(ARRAY(
        SELECT meter_id FROM core.meter WHERE site_id = new.site_id));
    RETURN NULL;
END $$;
CREATE TRIGGER site_marks_hours AFTER UPDATE ON core.site FOR EACH ROW
    WHEN (old.zone <> new.zone) EXECUTE FUNCTION core.site_marks_hours();

-- Energy that came as amounts: an interval, and what it refines or is refined by.
CREATE FUNCTION core.interval_marks_hours() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO core.hour_energy_mark (meter_id, starts_at, ends_at)
    SELECT f.meter_id, min(least(f.ts, i.ts)), max(greatest(
        f.ts + make_interval(secs => f.interval_s), i.ts + make_interval(secs => i.interval_s)))
    FROM fresh f LEFT JOIN core.interval_reading i ON i.meter_id = f.meter_id
        AND i.ts > f.ts - interval '1 day' AND i.ts < f.ts + make_interval(secs => f.interval_s)
        AND i.ts + make_interval(secs => i.interval_s) > f.ts
    GROUP BY f.meter_id, date_trunc('day', f.ts, 'UTC');
    RETURN NULL;
END $$;
CREATE TRIGGER interval_marks_hours AFTER INSERT ON core.interval_reading
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION core.interval_marks_hours();
CREATE TRIGGER interval_change_marks_hours AFTER UPDATE ON core.interval_reading
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION core.interval_marks_hours();
CREATE TRIGGER interval_end_marks_hours AFTER DELETE ON core.interval_reading
    REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION core.interval_marks_hours();

INSERT INTO core.hour_energy_mark (meter_id, starts_at, ends_at)
SELECT meter_id, '-infinity', 'infinity' FROM core.meter;
