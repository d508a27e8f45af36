-- What was measured is one row an hour, what was foreseen of it dozens: the past is read from these.
CREATE INDEX weather_measured ON core.weather_value (site_id, valid_at, known_at) WHERE measured;
