"""What nobody writes down as it happens: gateways that fell silent, days that stayed incomplete."""

from __future__ import annotations

from datetime import datetime, timedelta

import psycopg

_SILENT = """
WITH silent AS (
    INSERT INTO core.gateway_silence (gateway_id, silent_since)
    SELECT g.gateway_id, coalesce(t.last_message_at, t.state_at)
    FROM core.gateway g JOIN core.gateway_state t USING (gateway_id)
    WHERE g.retired_at IS NULL AND coalesce(t.last_message_at, t.state_at) IS NOT NULL
        AND (t.online IS FALSE OR t.last_message_at < %(now)s - greatest(%(after)s::interval,
            3 * (SELECT coalesce(max(m.interval_s), 0) * interval '1 second'
                 FROM core.meter_channel k JOIN core.meter m USING (meter_id)
                 WHERE k.gateway_id = g.gateway_id
                     AND k.valid_from <= %(now)s AND k.valid_to > %(now)s)))
    ON CONFLICT (gateway_id) DO NOTHING RETURNING gateway_id, silent_since
)
SELECT count(core.tell('gateway_silent', s.customer_id, s.site_id, %(now)s,
    jsonb_build_object('gateway_id', g.gateway_id, 'gateway_code', g.code,
        'silent_since', silent.silent_since, 'why', t.why)))
FROM silent JOIN core.gateway g USING (gateway_id) JOIN core.gateway_state t USING (gateway_id)
    JOIN core.site s USING (site_id)
"""
_BACK = """
WITH back AS (
    DELETE FROM core.gateway_silence q USING core.gateway g, core.gateway_state t
    WHERE g.gateway_id = q.gateway_id AND t.gateway_id = q.gateway_id
        AND g.retired_at IS NULL AND t.online IS NOT FALSE AND t.last_message_at > q.silent_since
        AND t.last_message_at >= %(now)s - %(after)s::interval
    RETURNING q.gateway_id, q.silent_since, t.last_message_at
)
SELECT count(core.tell('gateway_back', s.customer_id, s.site_id, %(now)s,
    jsonb_build_object('gateway_id', g.gateway_id, 'gateway_code', g.code,
        'silent_since', back.silent_since, 'last_message_at', back.last_message_at)))
FROM back JOIN core.gateway g USING (gateway_id) JOIN core.site s USING (site_id)
"""


def tell_silence(connection: psycopg.Connection, now: datetime, after: timedelta) -> int:
    """Tell of gateways that fell silent or came back, each time once; returns how many calls.

    Silent is who said so, whom the broker lost, or who was not heard for `after` and three times
    the longest interval of its meters.
    """
    told = 0
    for query in (_SILENT, _BACK):
        row = connection.execute(query, {"now": now, "after": after}).fetchone()
        told += int(row[0]) if row else 0
    return told


_DAYS = """
SELECT w.webhook_id, w.completeness_below_ratio, s.site_id, s.customer_id, s.code, s.zone,
    date_add(date_trunc('day', %(now)s::timestamptz, s.zone), '-1 day', s.zone) AS start_at,
    date_trunc('day', %(now)s::timestamptz, s.zone) AS end_at
FROM core.webhook w JOIN core.site s
    ON coalesce(w.customer_id = s.customer_id, w.customer_id IS NULL)
    AND coalesce(w.site_id = s.site_id, w.site_id IS NULL)
WHERE 'quality_low' = ANY (w.kinds) AND w.disabled_at IS NULL AND s.retired_at IS NULL
    AND w.completeness_below_ratio IS NOT NULL
    AND w.created_at < date_trunc('day', %(now)s::timestamptz, s.zone)
    AND NOT EXISTS (SELECT FROM core.quality_told q WHERE q.webhook_id = w.webhook_id
        AND q.site_id = s.site_id
        AND q.day = (date_trunc('day', %(now)s::timestamptz, s.zone) AT TIME ZONE s.zone)::date - 1)
"""
_TELL_DAYS = f"""
WITH due AS ({_DAYS}), judged AS (
    SELECT d.*, (SELECT sum(q.measured_s) / nullif(sum(q.due_s), 0) FROM read.quality(
        ARRAY(SELECT m.meter_id FROM core.meter m
              WHERE m.site_id = d.site_id AND m.retired_at IS NULL),
        d.start_at, d.end_at, interval '1 day', d.zone, %(now)s) q) AS completeness_ratio
    FROM due d WHERE %(now)s >= d.end_at + interval '30 minutes'
), noted AS (
    INSERT INTO core.quality_told (webhook_id, site_id, day)
    SELECT webhook_id, site_id, (start_at AT TIME ZONE zone)::date FROM judged
    ON CONFLICT DO NOTHING
)
SELECT count(core.tell('quality_low', customer_id, site_id, %(now)s,
    jsonb_build_object('site_code', code, 'start_at', start_at, 'end_at', end_at, 'zone', zone,
        'completeness_ratio', round(completeness_ratio::numeric, 4),
        'below_ratio', completeness_below_ratio), webhook_id))
FROM judged WHERE completeness_ratio < completeness_below_ratio
"""  # noqa: S608 - of constants


def tell_incomplete_days(connection: psycopg.Connection, now: datetime) -> int:
    """Tell of sites whose last local day is less complete than a hook wants; each day once.

    A day is judged half an hour after its end, so that what comes a little late still counts.
    """
    row = connection.execute(_TELL_DAYS.encode(), {"now": now}).fetchone()
    return int(row[0]) if row else 0
