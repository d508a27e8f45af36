"""Meters whose energy everything befalls: what comes late, what people say, what is moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import psycopg

from loadstone.storage.register_writes import relabel_range
from loadstone.storage.rollups import refresh_rollups
from loadstone.storage.trust import distrust, trust
from tests.contract.storage.histories import (
    History,
    compress,
    make_history,
    put,
    put_epochs,
    register_meters,
)

# Hours as everywhere, hours that begin at the half, and a zone that changes between both.
ZONES = ("Asia/Shanghai", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Shanghai")
START = datetime(2026, 3, 30, tzinfo=UTC)
END = datetime(2026, 4, 5, 9, 10, tzinfo=UTC)
_HELD_BACK = 0.15


class World:
    """Four meters, the last of which sends amounts, and everything that can befall them."""

    def __init__(self, connection: psycopg.Connection, *, small: bool, seed: int) -> None:
        self.connection, self.small = connection, small
        self.rng = np.random.default_rng(seed)
        self.meters = register_meters(connection, ZONES)
        self.histories = [
            make_history(meter, START, END, seed=seed * 10 + meter, step_s=1800)
            for meter in self.meters[:3]
        ]
        self.late: list[list[int]] = []
        for history in self.histories:
            put_epochs(connection, history)
            held_back = self.rng.random(len(history.ts_ms)) < _HELD_BACK
            held_back[20:40] = True
            self.late.append(self.rng.permutation(np.flatnonzero(held_back)).tolist())
            put(connection, history.batch(np.flatnonzero(~held_back)), small=small)
        self._do("UPDATE core.reading SET exp_wh = imp_wh / 3 WHERE meter_id = %s AND ts > %s",
                 self.meters[0], START + timedelta(days=2))  # fmt: skip
        self._do("UPDATE core.meter SET energy_source = 'interval' WHERE meter_id = %s",
                 self.meters[3])  # fmt: skip
        self.amounts_come()

    def _do(self, statement: str, *values: object) -> None:
        self.connection.execute(statement.encode(), values)
        self.connection.commit()

    def _history(self) -> History:
        return self.histories[int(self.rng.integers(0, 3))]

    def _moment(self) -> datetime:
        return START + timedelta(seconds=int(self.rng.integers(-20_000, 530_000)))

    def _stretch(self, most_s: int = 90_000) -> tuple[datetime, datetime]:
        start = self._moment()
        return start, start + timedelta(seconds=int(self.rng.integers(60, most_s)))

    def readings_come_late(self) -> None:
        for history, waiting in zip(self.histories, self.late, strict=True):
            now, waiting[:] = waiting[:3], waiting[3:]
            if now:
                put(self.connection, history.batch(np.sort(now)), small=self.small)

    def readings_are_distrusted(self) -> None:
        distrust(self.connection, self._history().meter_id, *self._stretch())
        self.connection.commit()

    def readings_are_trusted_again(self) -> None:
        trust(self.connection, self._history().meter_id, START, END, was_distrusted=True)
        self.connection.commit()

    def readings_are_judged_anew(self) -> None:
        history = self._history()
        begun = history.ts_ms[history.epoch == 2]
        was, now = self.rng.permutation([1, 2]).tolist()
        relabel_range(self.connection, history.meter_id, int(begun[0]), int(begun[6]), was, now)
        self.connection.commit()

    def an_offset_changes(self) -> None:
        self._do(
            "UPDATE core.register_epoch SET offsets[1] = offsets[1] + %s "
            "WHERE meter_id = %s AND epoch >= %s",
            int(self.rng.integers(1, 5000)), self._history().meter_id,
            int(self.rng.integers(1, 3)),
        )  # fmt: skip

    def an_epoch_gets_another_reason(self) -> None:
        reason = str(self.rng.choice(["reset", "exchange", "rollover"]))
        self._do("UPDATE core.register_epoch SET reason = %s WHERE meter_id = %s AND epoch = 1",
                 reason, self._history().meter_id)  # fmt: skip

    def an_epoch_goes(self) -> None:
        self._do("DELETE FROM core.register_epoch WHERE meter_id = %s AND epoch = 2",
                 self._history().meter_id)  # fmt: skip

    def a_correction_comes(self) -> None:
        kind = str(self.rng.choice(["break", "ratio", "amount", "open ratio"]))
        start, end = self._stretch()
        meter = int(self.rng.choice(self.meters))
        steps = [int(self.rng.integers(-9000, 9000)), *[None] * 7]
        self._do(
            """WITH event AS (INSERT INTO core.ledger_event (meter_id, kind, starts_at, decided_by)
                VALUES (%s, 'ratio', %s, 'wang') RETURNING ledger_event_id)
            INSERT INTO core.register_correction SELECT ledger_event_id, %s, %s, %s, %s, %s,
                %s::bigint[], %s, %s, %s FROM event""",
            meter, start, meter, kind.removeprefix("open "), start,
            {"break": start, "open ratio": "infinity"}.get(kind, end),
            "manual" if kind == "break" else None,
            steps if kind == "break" else None,
            1.5 if "ratio" in kind else None,
            int(self.rng.integers(1, 3)) if kind == "amount" else None,
            77_000 if kind == "amount" else None,
        )  # fmt: skip

    def a_correction_goes(self) -> None:
        self._do("DELETE FROM core.register_correction WHERE ledger_event_id = ("
                 "SELECT max(ledger_event_id) FROM core.register_correction)")  # fmt: skip

    def a_meter_sends_more_often(self) -> None:
        self._do("UPDATE core.meter SET interval_s = %s WHERE meter_id = %s",
                 int(self.rng.choice([900, 1800, 7200])), self._history().meter_id)  # fmt: skip

    def a_meter_is_retired(self) -> None:
        self._do("UPDATE core.meter SET retired_at = %s WHERE meter_id = %s",
                 self._moment(), int(self.rng.choice(self.meters)))  # fmt: skip

    def a_meter_is_moved(self) -> None:
        sites = self.connection.execute("SELECT site_id FROM core.site").fetchall()
        self._do("UPDATE core.meter SET site_id = %s WHERE meter_id = %s",
                 int(self.rng.choice([site for (site,) in sites])),
                 int(self.rng.choice(self.meters)))  # fmt: skip

    def a_site_gets_another_zone(self) -> None:
        self._do("UPDATE core.site SET zone = %s WHERE code = 'SITE-1'",
                 str(self.rng.choice(["Asia/Kathmandu", "Asia/Kolkata", "Europe/Berlin"])),
                 )  # fmt: skip

    def amounts_come(self) -> None:
        start, _ = self._stretch()
        start -= timedelta(seconds=start.timestamp() % 3600)
        step_s = int(self.rng.choice([900, 3600, 14_400]))
        for number in range(8):
            self._do("INSERT INTO core.interval_reading (meter_id, ts, interval_s, quality, lag_s,"
                     " imp_wh) VALUES (%s, %s, %s, 0, 0, %s) ON CONFLICT (meter_id, ts, interval_s)"
                     " DO UPDATE SET imp_wh = excluded.imp_wh",
                     self.meters[3], start + timedelta(seconds=number * step_s), step_s,
                     int(self.rng.integers(0, 9000)))  # fmt: skip

    def readings_lie_in_the_columnstore(self) -> None:
        compress(self.connection)

    def summaries_are_made(self) -> None:
        while refresh_rollups(self.connection):
            self.connection.commit()
        self.connection.commit()


OPERATIONS: tuple[Callable[[World], None], ...] = (
    World.readings_come_late, World.readings_are_distrusted, World.readings_are_trusted_again,
    World.readings_are_judged_anew, World.an_offset_changes, World.an_epoch_gets_another_reason,
    World.an_epoch_goes, World.a_correction_comes, World.a_correction_comes,
    World.a_correction_goes, World.a_meter_sends_more_often, World.a_meter_is_moved,
    World.a_meter_is_retired,
    World.a_site_gets_another_zone, World.amounts_come, World.readings_lie_in_the_columnstore,
    World.summaries_are_made, World.summaries_are_made, World.summaries_are_made,
)  # fmt: skip
