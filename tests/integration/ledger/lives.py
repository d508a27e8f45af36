"""Random lives of a meter, sent over the real line: all that happens to registers and messages.

Gaps, duplicates, a tenth late, order lost, rollovers, resets, declared exchanges, a change of the
clocks where the zone has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import numpy as np
import pytest

from loadstone.storage.rollups import refresh_rollups
from tests.integration.ingest.premises import Premises, ms, reading
from tests.integration.ledger.brute_force import Laid, between_kwh, pieces

EXACT = 1e-6
MODULUS_WH = 20_000_000
DAYS = 3
STEPS = ("15 minutes", "1 hour", "1 day", "1 month")
ALL_BREAKS = ("reset", "exchange", "reset")
# Beginnings from which three days hold the change of the clocks, where there is one.
STARTS = {
    "Asia/Shanghai": datetime(2026, 3, 30, tzinfo=UTC),
    "Asia/Kolkata": datetime(2026, 4, 29, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 4, 3, tzinfo=UTC),
    "Europe/Berlin": datetime(2026, 3, 28, tzinfo=UTC),
}
_CODES = count(1)
_GAPS_S = (600, 600, 599, 640)
_OUTAGE_S = 9000

Read = tuple[int, int]
Exchanged = tuple[int, int, int]


class Life:
    """One meter's random life; `breaks` befall its register, which also rolls over by itself.

    `truth` is what had really flowed (Wh) at each instant (epoch ms) that was read.
    """

    def __init__(
        self, house: Premises, zone: str, seed: int, breaks: Sequence[str] = ALL_BREAKS
    ) -> None:
        self.house, self.zone, self.start = house, zone, STARTS[zone]
        self.rng = np.random.default_rng(seed)
        self.code = f"M-{next(_CODES)}"
        self.truth: list[Read] = []
        self.meter_id = house.add_meter(
            self.code,
            max_power_kw=500.0,
            register_modulus_kwh=MODULUS_WH / 1000,
            interval_s=600,
        )
        house.restart()  # the line knows at once that there is another meter
        self._send(*self._live(breaks))
        refresh_rollups(house.connection)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(days=DAYS)

    def moment(self, whole_s: int = 1) -> datetime:
        seconds = int(self.rng.integers(0, DAYS * 86400 // whole_s)) * whole_s
        return self.start + timedelta(seconds=seconds)

    def stretch(self) -> tuple[datetime, datetime]:
        one, other = sorted((self.moment(), self.moment()))
        return one, other + timedelta(seconds=60)

    def rows(self, start: datetime, end: datetime, step: str) -> list[tuple[float | None, str]]:
        return self.house.connection.execute(
            "SELECT energy_kwh, quality FROM read.energy(%s, %s, %s, %s::interval, %s)",
            [[self.meter_id], start, end, step, self.zone],
        ).fetchall()

    def check(self, laid: Laid) -> None:
        """Any window and step: the intervals are what the readings say, and none is negative."""
        course = pieces(self.house, self.meter_id, laid)
        assert len(course) > 100
        for start, end in self._windows():
            self._check_window(start, end, between_kwh(course, start, end))

    def check_truth(self) -> None:
        """The same against what had really flowed: for lives without a reset nobody declared."""
        stamps, totals = zip(*self.truth, strict=True)
        for start, end in self._windows():
            at = [start.timestamp() * 1000, end.timestamp() * 1000]
            flowed_wh = float(np.diff(np.interp(at, stamps, totals))[0])
            self._check_window(start, end, flowed_wh / 1000)

    def _windows(self) -> list[tuple[datetime, datetime]]:
        windows = [(self.start, self.end), self.stretch(), (self.moment(900), self.end)]
        return [(start, end) for start, end in windows if start < end]

    def _check_window(self, start: datetime, end: datetime, truth_kwh: float) -> None:
        for step in STEPS:
            known = [energy for energy, _ in self.rows(start, end, step) if energy is not None]
            assert sum(known) == pytest.approx(truth_kwh, abs=EXACT), (start, end, step)
            assert min(known, default=0) >= -EXACT

    def _live(self, kinds: Sequence[str]) -> tuple[list[Read], list[Exchanged]]:
        """Readings (epoch ms, Wh) and exchanges (epoch ms, closing, opening)."""
        rng = self.rng
        gaps_s = np.where(rng.random(500) < 0.03, _OUTAGE_S, rng.choice(_GAPS_S, 500))
        seconds = np.cumsum(gaps_s)
        seconds = seconds[seconds < DAYS * 86400]
        breaks = dict(zip(rng.choice(len(seconds), len(kinds)).tolist(), kinds, strict=True))
        wh, flowed_wh = int(rng.integers(0, MODULUS_WH)), 0
        readings: list[Read] = []
        exchanges: list[Exchanged] = []
        for at, second in enumerate(seconds.tolist()):
            grown_wh = int(rng.integers(0, 400_000)) * int(gaps_s[at]) // 3600
            wh, flowed_wh = wh + grown_wh, flowed_wh + grown_wh
            ts_ms = ms(self.start) + second * 1000
            if breaks.get(at) == "reset":
                wh = int(rng.integers(0, 20_000))
            if breaks.get(at) == "exchange":
                opening = int(rng.integers(0, 9_000_000))
                exchanges.append((ts_ms - 1000, wh % MODULUS_WH, opening))
                self.truth.append((ts_ms - 1000, flowed_wh))
                wh = opening
            readings.append((ts_ms, wh % MODULUS_WH))
            self.truth.append((ts_ms, flowed_wh))
        return readings, exchanges

    def _send(self, readings: list[Read], exchanges: list[Exchanged]) -> None:
        rng, received_ms = self.rng, ms(self.end) + 60_000
        late = rng.random(len(readings)) < 0.1
        punctual = [r for r, is_late in zip(readings, late, strict=True) if not is_late]
        again = [punctual[i] for i in rng.integers(0, len(punctual), 20)]
        behind = [r for r, is_late in zip(readings, late, strict=True) if is_late] + again
        rng.shuffle(behind)
        for first in range(0, len(punctual), 37):
            part = punctual[first : first + 37]
            rng.shuffle(part)
            self._batch(part, received_ms)
        for ts_ms, closing_wh, opening_wh in exchanges:
            closing, opening = {"ep_imp": closing_wh / 1000}, {"ep_imp": opening_wh / 1000}
            self.house.feed(
                [
                    self.house.exchange(
                        ts_ms, closing, opening, received_ms=received_ms, meter=self.code
                    )
                ]
            )
        for first in range(0, len(behind), 11):
            self._batch(behind[first : first + 11], received_ms)

    def _batch(self, part: Sequence[Read], received_ms: int) -> None:
        readings = [
            reading(int(ts_ms), meter=self.code, ep_imp=int(wh) / 1000) for ts_ms, wh in part
        ]
        self.house.feed([self.house.telemetry(readings, received_ms=received_ms)])
