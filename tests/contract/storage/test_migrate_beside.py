"""An older database is brought to this build's version while a collector goes on writing to it."""

from __future__ import annotations

import threading
from datetime import timedelta

import psycopg
import pytest

from loadstone.storage import migrate as migration
from loadstone.storage.migrate import MigrationError, migrate
from loadstone.storage.rollups import refresh_rollups
from loadstone.storage.steps import Migration, all_migrations
from tests.integration.ingest.premises import DAY, Premises, ms, reading

# The steps that a collector of this build cannot do without.
_NEEDED = {*range(12), 19}
_STEP_MS = 10_000
# Of the read relations, what a collector looks at.
_OLDER_VIEWS = "CREATE SCHEMA visible;" + "".join(
    f"CREATE VIEW visible.{name} AS SELECT * FROM core.{name};"
    for name in ("reading", "register_epoch", "register_exchange", "register_number")
)


def _later_steps() -> list[str]:
    return [step.name for step in all_migrations() if step.version not in _NEEDED]


@pytest.fixture
def older_store(empty_store, a_whole_server, monkeypatch):
    """Return a database from before the newer steps."""
    views = Migration(version=0, name="read_relations", text=_OLDER_VIEWS)
    older = [step for step in all_migrations() if step.version in _NEEDED]
    with monkeypatch.context() as past:
        past.setattr(migration, "all_migrations", lambda: older)
        past.setattr(migration, "read_definition", lambda: views)
        past.setattr(migration, "ensure_roles", lambda connection: None)
        migrate(empty_store.url)
    return empty_store


class Collector(threading.Thread):
    """A line that stores one reading after the other until it is told to stop."""

    def __init__(self, premises: Premises) -> None:
        super().__init__()
        self.stored = 0
        self.fault: BaseException | None = None
        self.some, self.stop = threading.Event(), threading.Event()
        self._premises = premises

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                one = reading(ms(DAY) + self.stored * _STEP_MS, p=1.0, ep_imp=self.stored * 0.25)
                bad = {**one, "m": f"stranger-{self.stored}"}  # fills the quarantine too
                self._premises.feed([self._premises.telemetry([one, bad])])
                self.stored += 1
                self.some.set()
        except BaseException as fault:  # noqa: BLE001 - it is looked at by the test
            self.fault = fault
            self.some.set()


def test_the_newer_steps_are_applied_beside_a_collector_and_nothing_is_lost(older_store) -> None:
    premises = Premises(older_store.url)
    collector = Collector(premises)
    collector.start()
    try:
        assert collector.some.wait(30) and collector.fault is None, collector.fault
        assert migrate(older_store.url).applied == (*_later_steps(), "read_relations")
        collector.some.clear()
        assert collector.some.wait(30)  # and goes on afterwards
    finally:
        collector.stop.set()
        collector.join()
    assert collector.fault is None
    assert len(premises.readings()) == collector.stored
    assert len(premises.quarantine()) == collector.stored
    while refresh_rollups(premises.connection):
        pass
    end = DAY + timedelta(milliseconds=_STEP_MS * (collector.stored - 1))
    assert premises.total_kwh(DAY, end) == pytest.approx((collector.stored - 1) * 0.25)
    premises.close()


def test_a_step_that_does_not_get_its_lock_in_time_changes_nothing_and_says_so(older_store) -> None:
    with psycopg.connect(older_store.url) as busy:
        # Whoever is in the middle of writing holds back whatever would change these tables.
        busy.execute("LOCK TABLE core.quarantine, core.register_epoch IN ROW EXCLUSIVE MODE")
        with pytest.raises(MigrationError, match=r"did not get its lock within 1 s"):
            migrate(older_store.url, lock_timeout_s=1)
    applied = migrate(older_store.url, lock_timeout_s=1).applied
    assert applied[-1] == "read_relations"
    assert set(applied) <= {*_later_steps(), "read_relations"}
