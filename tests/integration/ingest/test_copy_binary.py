"""The binary COPY stream against the server that reads it."""

from __future__ import annotations

import numpy as np
import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loadstone.storage.copy_binary import CopyColumn, copy_stream

_WHOLE = {"int2": 2**15 - 1, "int4": 2**31 - 1, "int8": 2**53}
_ROW = st.tuples(
    *(st.none() | st.integers(-most, most) for most in _WHOLE.values()),
    st.integers(0, 4_102_444_800_000),
    st.floats(allow_nan=False),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(_ROW, min_size=0, max_size=30))
def test_what_is_copied_in_can_be_read_back(
    ingest_database: str, rows: list[tuple[int | None, int | None, int | None, int, float]]
) -> None:
    columns = []
    for at, kind in enumerate(_WHOLE):
        said = [row[at] for row in rows]
        values = np.array([np.nan if v is None else v for v in said], dtype=np.float64)
        columns.append(CopyColumn(kind=kind, values=values, null=np.isnan(values)))
    stamps = np.array([row[3] for row in rows], dtype=np.int64)
    columns.append(CopyColumn(kind="timestamptz", values=stamps))
    columns.append(CopyColumn(kind="float8", values=np.array([row[4] for row in rows], float)))
    with psycopg.connect(ingest_database) as connection:
        connection.execute(
            "CREATE TEMP TABLE t (a int2, b int4, c int8, d timestamptz, e float8,"
            " n int GENERATED ALWAYS AS IDENTITY)"
        )
        with connection.cursor().copy("COPY t (a, b, c, d, e) FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(copy_stream(columns))
        back = connection.execute(
            "SELECT a, b, c, (extract(epoch FROM d) * 1000)::bigint, e FROM t ORDER BY n"
        ).fetchall()
        connection.rollback()
    assert back == rows
