-- The three shifts of a site's day; a site without rows has the usual ones (00-08-16).
CREATE TABLE core.shift_plan (
    site_id int NOT NULL REFERENCES core.site ON DELETE CASCADE,
    shift_no smallint NOT NULL CHECK (shift_no BETWEEN 1 AND 3),
    start_min smallint NOT NULL CHECK (start_min BETWEEN 0 AND 1439 AND start_min % 15 = 0),
    name text CHECK (length(name) BETWEEN 1 AND 40),
    PRIMARY KEY (site_id, shift_no)
);
COMMENT ON COLUMN core.shift_plan.start_min IS 'Minutes after local midnight.';
COMMENT ON COLUMN core.shift_plan.name IS 'NULL: called by its number and time.';
