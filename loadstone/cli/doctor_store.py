"""What `loadstone doctor` says of the store: sizes, ages, the columnstore, lag and failed jobs."""

from __future__ import annotations

import psycopg

from loadstone.storage.backend import Backend
from loadstone.storage.findings import Finding
from loadstone.storage.parts import parts_of
from loadstone.storage.sizes import columnstore_size, relation_sizes

_NAMES = {
    "reading": "readings",
    "rollup_15m": "quarter hours",
    "rollup_1h": "hours",
    "rollup_day": "days",
    "rollup_month": "months",
    "hour_energy": "kept energy",
    "quarantine": "quarantine",
}


def store_lines(connection: psycopg.Connection, backend: Backend) -> list[str]:
    """Sizes, the age of the oldest and newest part, and what the columnstore saves."""
    lines = [
        f"{_NAMES[size.name] + ':':<15}{size.rows:>14,} rows, {size.bytes / 1e6:>10,.1f} MB"
        for size in relation_sizes(connection)
    ]
    parts = parts_of(connection, backend, "reading")
    kind = "chunks" if backend.has_hypertables else "partitions"
    if parts:
        first, last = parts[0].start, parts[-1].end
        lines.append(f"{len(parts)} {kind} of readings, {first:%Y-%m-%d} to {last:%Y-%m-%d}")
    columnstore = columnstore_size(connection)
    if columnstore and columnstore.ratio:
        lines.append(
            f"columnstore: {columnstore.columnstore_chunks} of {columnstore.chunks} chunks, "
            f"{columnstore.ratio:.1f} times smaller"
        )
    return lines


def sentence(finding: Finding) -> str:
    """What is wrong, with the way to mend it."""
    v = finding.values
    if finding.code == "no_reading":
        return "no reading yet: is `loadstone collect` running and a gateway registered?"
    if finding.code == "reading_old":
        return f"the newest reading is {v['age_s']} s old: is `loadstone collect` running?"
    if finding.code == "hours_waiting":
        return (
            f"{v['marks']:,} stretches of kept hours wait to be reckoned anew, and until then each "
            "question reckons them: is `loadstone work` running?"
        )
    if finding.code == "job_failed":
        return (
            f"the server's job {v['job_id']} ({v['what']} of {v['relation']}) failed when it ran "
            f"last: see timescaledb_information.job_errors, then run `CALL run_job({v['job_id']})`"
        )
    if finding.code == "chunks_behind":
        return (
            f"{v['chunks']} chunks should be in the columnstore and are not: does the server run "
            "its background workers (timescaledb.max_background_workers)?"
        )
    if finding.code == "roles_missing":
        return (
            f"{v['roles']} users or tokens have no role in the database and see nothing: "
            "run `loadstone migrate`, which makes them anew"
        )
    if finding.code == "chunk_span":
        return (
            f"new chunks of readings span {v['hours']} hours, and {v['fitting_hours']} fit the "
            f"{v['rows_a_day']:,} rows a day of the registered meters: run `loadstone migrate`"
        )
    return _summaries(finding)


def _summaries(finding: Finding) -> str:
    v = finding.values
    since = f", the oldest of {v['oldest']:%Y-%m-%d %H:%M} UTC" if v["oldest"] else ""
    if finding.code == "summaries_waiting":
        return f"{v['hours']:,} hours wait to be summarised{since}: is `loadstone work` running?"
    behind = (
        "there are no summaries"
        if v["behind_s"] is None
        else (f"the summaries are {v['behind_s']:.0f} s behind the readings")
    )
    return f"{behind} ({v['hours']:,} hours wait{since}): is `loadstone work` running?"
