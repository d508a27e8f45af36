"""What a summary of quarter hour, hour, day or month is: each level's SELECT, written once."""

from __future__ import annotations

from loadstone.domain.quantities import REGISTERS


def _split(column: str) -> tuple[str, str]:
    stem, _, unit = column.rpartition("_")
    return stem, unit


_ENDS = [
    f"{stem}_{end}_{unit}" for stem, unit in (_split(q.column) for q in REGISTERS) for end in (0, 1)
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

# Raw readings to quarter hours; `bucket` is how a backend cuts time.
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
