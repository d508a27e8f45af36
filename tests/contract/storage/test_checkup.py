"""What `loadstone doctor` says of the store on every kind of server, and migrating it twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from loadstone.cli.doctor_store import sentence, store_lines
from loadstone.storage.backend import probe_backend
from loadstone.storage.chunk_interval import fitting_span
from loadstone.storage.findings import Finding, reading_findings, store_findings
from loadstone.storage.migrate import MigrationError, migrate
from loadstone.storage.rollups import refresh_rollups
from loadstone.storage.sizes import columnstore_size
from tests.contract.storage.histories import compress, make_history, put, register_meters

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_doctor_tells_sizes_and_ages_and_finds_nothing_wrong(connection, store) -> None:
    meters = register_meters(connection, ["Asia/Shanghai"])
    history = make_history(meters[0], NOW - timedelta(days=2), NOW, seed=1)
    put(connection, history.batch(), small=store.small)
    refresh_rollups(connection)
    backend = probe_backend(connection)
    text = "\n".join(store_lines(connection, backend))
    for name in ("readings:", "quarter hours:", "hours:", "days:", "months:", "quarantine:"):
        assert name in text
    assert "of readings, 2026-02-" in text
    assert store_findings(connection, backend, NOW) == []


def test_the_doctor_finds_summaries_that_nobody_keeps(connection) -> None:
    connection.execute(
        "INSERT INTO core.dirty_bucket SELECT 1, '2026-01-01Z' FROM generate_series(1, 10001)"
    )
    found = store_findings(connection, probe_backend(connection), NOW)
    assert [finding.code for finding in found] == ["summaries_waiting"]
    text = sentence(found[0])
    assert "10,001 hours wait" in text and "`loadstone work`" in text


def test_the_doctor_finds_hours_of_energy_that_nobody_reckons_anew(connection) -> None:
    connection.execute(
        "INSERT INTO core.hour_energy_mark "
        "SELECT 1, '2026-01-01Z', '2026-01-02Z' FROM generate_series(1, 10001)"
    )
    found = store_findings(connection, probe_backend(connection), NOW)
    assert [finding.code for finding in found] == ["hours_waiting"]
    text = sentence(found[0])
    assert "10,001 stretches" in text and "`loadstone work`" in text


def test_the_doctor_tells_readings_that_stay_away() -> None:
    assert reading_findings(NOW - timedelta(minutes=14), NOW) == []
    late = reading_findings(NOW - timedelta(hours=1), NOW)
    assert late == [Finding(code="reading_old", values={"age_s": 3600})]
    assert "3600 s old" in sentence(late[0])
    assert "gateway registered" in sentence(reading_findings(None, NOW)[0])


def test_the_doctor_tells_what_the_columnstore_saves(connection, store) -> None:
    meters = register_meters(connection, ["Asia/Shanghai"])
    history = make_history(meters[0], NOW - timedelta(days=4), NOW, seed=1, step_s=300)
    put(connection, history.batch(), small=store.small)
    compress(connection)
    backend = probe_backend(connection)
    if backend.name != "tsl":
        assert columnstore_size(connection) is None
        return
    assert "times smaller" in "\n".join(store_lines(connection, backend))


def test_chunks_span_what_fits_the_registered_meters(connection, store) -> None:
    register_meters(connection, ["Asia/Shanghai"])
    connection.execute("UPDATE core.meter SET interval_s = 1")
    connection.execute(
        "INSERT INTO core.meter (site_id, code, name_en, name_zh, interval_s) "
        "SELECT site_id, 'X-' || n, 'X', 'X', 60 FROM core.site, generate_series(1, 900) n"
    )
    connection.commit()
    backend = probe_backend(connection)
    found = [f for f in store_findings(connection, backend, NOW) if f.code == "chunk_span"]
    connection.commit()
    if backend.name == "plain":
        assert not found
        assert migrate(store.url).chunk_span is None
        return
    assert "168 hours, and 24 fit the 1,382,400 rows a day" in sentence(found[0])
    if not store.small:  # which has one client, and that is this one
        assert migrate(store.url).chunk_span == timedelta(days=1)
        assert migrate(store.url).chunk_span is None
        assert store_findings(connection, backend, NOW) == []


@pytest.mark.parametrize(
    ("meters", "interval_s", "hours"),
    [(1000, 900, 168), (1000, 60, 24), (10, 60, 168), (5000, 60, 2), (1_000_000, 60, 2)],
)
def test_a_chunk_is_as_long_as_its_rows_allow(meters, interval_s, hours) -> None:
    assert fitting_span(meters * 86400 // interval_s) == timedelta(hours=hours)


def test_migrating_again_changes_nothing(store) -> None:
    assert migrate(store.url).applied == ()


def test_migrating_beside_a_busy_collector_is_safe(store, a_whole_server) -> None:
    with psycopg.connect(store.url) as busy:
        busy.execute("INSERT INTO core.dirty_bucket VALUES (1, '2026-01-01Z')")
        assert migrate(store.url, lock_timeout_s=1).applied == ()


def test_an_unknown_step_is_refused(store) -> None:
    with psycopg.connect(store.url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO core.migration (version, name, checksum, backend)"
            " VALUES (9999, 'later', 'x', 'plain')"
        )
    with pytest.raises(MigrationError, match="newer Loadstone"):
        migrate(store.url)
