"""The yardstick: the server's own binary COPY of the same rows into the same table."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

from benchmarks.straight_line.stack import Stack
from loadstone.storage.readings import COLUMNS

_FRESH_METERS = 1_000_000
_TIMING = re.compile(r"^Time: ([\d.]+) ms", re.MULTILINE)
_OTHERS = COLUMNS.removeprefix("meter_id, ")


def keep_rows(stack: Stack, target: Path) -> int:
    """Write the stored rows to a file, in the order of time, for meters of a fresh range."""
    rows = f"SELECT meter_id + {_FRESH_METERS}, {_OTHERS} FROM core.reading ORDER BY ts, meter_id"
    query = f"COPY ({rows}) TO STDOUT (FORMAT BINARY)"
    with stack.connect() as connection, connection.cursor() as cursor:
        with target.open("wb") as output, cursor.copy(query) as copy:
            for block in copy:
                output.write(block)
        return cursor.rowcount


def copy_seconds(stack: Stack, source: Path) -> float:
    """Seconds for one COPY of the file, committed; psql's own count where psql is."""
    if stack.psql is None:
        return _by_psycopg(stack, source)
    command = rf"\copy core.reading ({COLUMNS}) from '{source}' with (format binary)"
    answer = subprocess.run(
        [stack.psql, "--no-psqlrc", stack.database_url, "-c", r"\timing on", "-c", command],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(_TIMING.findall(answer.stdout)[-1]) / 1000


def _by_psycopg(stack: Stack, source: Path) -> float:
    content = source.read_bytes()
    with stack.connect() as connection, connection.cursor() as cursor:
        begun_s = time.monotonic()
        with cursor.copy(f"COPY core.reading ({COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(content)
        return time.monotonic() - begun_s
