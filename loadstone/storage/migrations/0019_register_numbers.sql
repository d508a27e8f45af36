-- The readings that raised the number which a gateway gives a meter's register. A reading that is
-- not trusted has no epoch to keep its number, but what comes late may make it count.
CREATE TABLE core.register_number (
    meter_id int NOT NULL REFERENCES core.meter ON DELETE CASCADE,
    ts timestamptz NOT NULL,
    number int NOT NULL,
    PRIMARY KEY (meter_id, ts)
);
COMMENT ON COLUMN core.register_number.number IS
    'Higher than every number that had been said of earlier readings when it was stored.';

INSERT INTO core.register_number (meter_id, ts, number)
SELECT meter_id, starts_at, max(declared_epoch)
FROM (
    SELECT meter_id, starts_at, declared_epoch,
        lag(declared_epoch) OVER (PARTITION BY meter_id ORDER BY epoch) AS before
    FROM core.register_epoch
) e
WHERE declared_epoch IS DISTINCT FROM before AND declared_epoch IS NOT NULL
GROUP BY meter_id, starts_at;
