-- The load of each subject as forecasts read it, a local day a row: read.load reckons quarter hours
-- anew each time, and an update every hour needs a year of them. Nothing but a copy: whoever asks
-- for the load itself asks read.load.
CREATE TABLE core.forecast_load (
    subject_id int NOT NULL REFERENCES core.forecast_subject,
    interval_s int NOT NULL,
    day date NOT NULL,
    load_kw real[] NOT NULL,
    read_at timestamptz NOT NULL,
    PRIMARY KEY (subject_id, interval_s, day)
);
COMMENT ON COLUMN core.forecast_load.load_kw IS
    'By slot of clock time, NaN where not measured; empty where nothing was.';
