"""From an empty database to this build's version, once, and never silently."""

from __future__ import annotations

import psycopg
import pytest

from loadstone.storage.migrate import MigrationError, migrate
from loadstone.storage.steps import all_migrations


def test_an_empty_database_is_brought_to_the_newest_version_once(empty_database_url: str) -> None:
    names = (*(step.name for step in all_migrations()), "read_relations")
    assert migrate(empty_database_url).applied == names
    assert migrate(empty_database_url).applied == ()


def test_a_step_that_was_changed_after_it_was_applied_is_noticed(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE core.migration SET checksum = 'other' WHERE version = 2")
    with pytest.raises(MigrationError, match=r"step 2 \(readings\) was changed"):
        migrate(database_url)


def test_a_database_of_a_newer_build_is_left_alone(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO core.migration VALUES (9999, 'new', 'x', 'plain')")
    with pytest.raises(MigrationError, match="migrated by a newer Loadstone"):
        migrate(database_url)


def test_a_step_that_fails_leaves_nothing_behind(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM core.migration WHERE version >= 2")
        count = connection.execute("SELECT count(*) FROM core.migration").fetchone()
    with pytest.raises(MigrationError, match="failed"):
        migrate(database_url)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM core.migration").fetchone() == count


def test_the_read_relations_are_written_anew_when_one_of_them_changed(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE core.migration SET checksum = 'older' WHERE version = 0")
        connection.execute("DROP VIEW read.reading")
    assert migrate(database_url).applied == ("read_relations",)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM read.reading").fetchone() == (0,)


def test_a_view_that_somebody_built_on_the_read_relations_is_not_dropped_unasked(
    database_url: str,
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE core.migration SET checksum = 'older' WHERE version = 0")
        connection.execute("CREATE VIEW public.mine AS SELECT meter_id FROM read.reading")
    with pytest.raises(MigrationError, match="use the read relations: mine"):
        migrate(database_url)
