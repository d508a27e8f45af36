"""Summaries by quarter hour, hour, day and month; each level's SELECT is written once."""

from __future__ import annotations

import psycopg

from loadstone.domain.quantities import REGISTERS

_LOCK_KEY = 7_101_862_932


def _split(column: str) -> tuple[str, str]:
    stem, _, unit = column.rpartition("_")
    return stem, unit


_ENDS = [
    f"{stem}_{end}_{unit}" for stem, unit in (_split(q.column) for q in REGISTERS) for end in (0, 1)
]
_SUMS = [
    "p_sum_w",
    "q_sum_var",
    "ua_sum_cv",
    "ub_sum_cv",
    "uc_sum_cv",
    "ia_sum_ma",
    "ib_sum_ma",
    "ic_sum_ma",
]
COLUMNS = ", ".join(
    ["meter_id", "bucket", "epoch", "n", "t0", "t1", *_ENDS, "p_n", "p_sum_w", "p_min_w", "p_max_w",
     "q_n", "q_sum_var", "u_n", "ua_sum_cv", "ub_sum_cv", "uc_sum_cv", "u_min_cv", "u_max_cv",
     "i_n", "ia_sum_ma", "ib_sum_ma", "ic_sum_ma", "i_max_ma", "quality_or", "lag_max_s"]
)  # fmt: skip

_HAS_REGISTER = (
    "r.epoch >= 0 AND num_nonnulls(" + ", ".join(f"r.{q.column}" for q in REGISTERS) + ") > 0"
)
_RAW_ENDS = ", ".join(
    f"min(r.{q.column}) FILTER (WHERE r.epoch >= 0), max(r.{q.column}) FILTER (WHERE r.epoch >= 0)"
    for q in REGISTERS
)
_UA, _UB, _UC = (
    "coalesce(r.u_an_cv, r.u_ab_cv)",
    "coalesce(r.u_bn_cv, r.u_bc_cv)",
    ("coalesce(r.u_cn_cv, r.u_ca_cv)"),
)

# Raw readings to quarter hours. `%(bucket)s` is how a backend cuts time.
RAW_SELECT = f"""
SELECT r.meter_id, {{bucket}} AS bucket, r.epoch, count(*)::int AS n,
    min(r.ts) FILTER (WHERE {_HAS_REGISTER}) AS t0,
    max(r.ts) FILTER (WHERE {_HAS_REGISTER}) AS t1,
    {_RAW_ENDS},
    count(r.p_w)::int, sum(r.p_w::bigint)::bigint, min(r.p_w), max(r.p_w),
    count(r.q_var)::int, sum(r.q_var::bigint)::bigint,
    count({_UA})::int, sum({_UA}::bigint)::bigint, sum({_UB}::bigint)::bigint,
    sum({_UC}::bigint)::bigint,
    min(least({_UA}, {_UB}, {_UC})), max(greatest({_UA}, {_UB}, {_UC})),
    count(r.i_a_ma)::int, sum(r.i_a_ma::bigint)::bigint, sum(r.i_b_ma::bigint)::bigint,
    sum(r.i_c_ma::bigint)::bigint, max(greatest(r.i_a_ma, r.i_b_ma, r.i_c_ma)),
    bit_or(r.quality), max(r.lag_s)
FROM core.reading r
"""  # noqa: S608 - made of our own column names only

_LEVEL_ENDS = ", ".join(
    f"{'min' if name.split('_')[1] == '0' else 'max'}(r.{name})" for name in _ENDS
)
# One level to the next coarser one; the same columns, so that levels can be stacked.
LEVEL_SELECT = f"""
SELECT r.meter_id, {{bucket}} AS bucket, r.epoch, sum(r.n)::int AS n, min(r.t0), max(r.t1),
    {_LEVEL_ENDS},
    sum(r.p_n)::int, sum(r.p_sum_w)::bigint, min(r.p_min_w), max(r.p_max_w),
    sum(r.q_n)::int, sum(r.q_sum_var)::bigint,
    sum(r.u_n)::int, sum(r.ua_sum_cv)::bigint, sum(r.ub_sum_cv)::bigint, sum(r.uc_sum_cv)::bigint,
    min(r.u_min_cv), max(r.u_max_cv),
    sum(r.i_n)::int, sum(r.ia_sum_ma)::bigint, sum(r.ib_sum_ma)::bigint, sum(r.ic_sum_ma)::bigint,
    max(r.i_max_ma), bit_or(r.quality_or), max(r.lag_max_s)
FROM core.{{source}} r
"""  # noqa: S608 - made of our own column names only

_TAKE_MARKS = """
CREATE TEMP TABLE dirty_hour ON COMMIT DROP AS
WITH marks AS (
    DELETE FROM core.dirty_bucket WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM core.dirty_bucket LIMIT %s)) RETURNING meter_id, bucket
)
SELECT DISTINCT meter_id, bucket AS at, date_add(bucket, '1 hour', 'UTC') AS until FROM marks
"""

_LOCAL_SPANS = """
CREATE TEMP TABLE dirty_{unit} ON COMMIT DROP AS
SELECT meter_id, at, date_add(at, '1 {unit}', zone) AS until FROM (
    SELECT DISTINCT d.meter_id, date_trunc('{unit}', d.at + edge, s.zone) AS at, s.zone
    FROM dirty_{below} d JOIN core.meter USING (meter_id) JOIN core.site s USING (site_id),
        (VALUES (interval '0'), (interval '{reach}')) e (edge)
) local_span
"""

_CLEAR = """
DELETE FROM core.{target} r USING {dirty} d
WHERE r.meter_id = d.meter_id AND r.bucket >= d.at AND r.bucket < d.until
"""

_FILL = """
INSERT INTO core.{target} ({columns})
{select} JOIN {dirty} d ON r.meter_id = d.meter_id AND r.{time} >= d.at AND r.{time} < d.until
GROUP BY 1, 2, 3
"""

_QUARTER = "date_bin('15 minutes', r.ts, timestamptz '2000-01-01 00:00:00+00')"


def _fill(target: str, dirty: str, select: str, time: str) -> str:
    return _FILL.format(target=target, columns=COLUMNS, select=select, dirty=dirty, time=time)


# The planner takes the span condition of these joins for weak and, for a long history of one meter,
# compares every row with every span. Looking each span up by its index is never far off the best.
_BY_INDEX = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off"

_STEPS: tuple[str, ...] = (
    "CREATE INDEX ON dirty_hour (meter_id, at)",
    "ANALYZE dirty_hour",
    _CLEAR.format(target="rollup_15m", dirty="dirty_hour"),
    _fill("rollup_15m", "dirty_hour", RAW_SELECT.format(bucket=_QUARTER), "ts"),
    _CLEAR.format(target="rollup_1h", dirty="dirty_hour"),
    _fill("rollup_1h", "dirty_hour",
          LEVEL_SELECT.format(bucket="d.at", source="rollup_15m"), "bucket"),
    _LOCAL_SPANS.format(unit="day", below="hour", reach="59 minutes 59 seconds"),
    "ANALYZE dirty_day",
    _CLEAR.format(target="rollup_day", dirty="dirty_day"),
    _fill("rollup_day", "dirty_day",
          LEVEL_SELECT.format(bucket="d.at", source="rollup_15m"), "bucket"),
    _LOCAL_SPANS.format(unit="month", below="day", reach="0"),
    "ANALYZE dirty_month",
    _CLEAR.format(target="rollup_month", dirty="dirty_month"),
    _fill("rollup_month", "dirty_month",
          LEVEL_SELECT.format(bucket="d.at", source="rollup_day"), "bucket"),
)  # fmt: skip


def refresh_rollups(connection: psycopg.Connection, *, most_marks: int = 200_000) -> int:
    """Summarise again what was marked dirty, in one transaction; returns the hours taken.

    One refresh runs at a time; a second caller returns 0 at once.
    """
    with connection.transaction():
        locked = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK_KEY]).fetchone()
        if not locked or not locked[0]:
            return 0
        taken = connection.execute(_TAKE_MARKS, [most_marks]).rowcount
        if taken:
            connection.execute(_BY_INDEX)
            for step in _STEPS:
                connection.execute(step.encode())
        return taken
