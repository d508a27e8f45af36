"""What `loadstone work` does for webhooks, beside its other work, until it is told to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from time import monotonic

import structlog

from loadstone.clock import Clock
from loadstone.storage.idempotency import forget_expired
from loadstone.storage.pool import Pool
from loadstone.storage.read_only import DATABASE_AWAY
from loadstone.storage.webhook_outbox import forget_events
from loadstone.storage.webhook_watch import tell_incomplete_days, tell_silence
from loadstone.webhooks.call import call
from loadstone.webhooks.deliver import Call, deliver_due

_LOG = structlog.get_logger(__name__)
_EVERY_S = 1.0
_SILENCE_EVERY_S = 5.0
_QUALITY_EVERY_S = 900.0
_KEPT = timedelta(days=30)


@dataclass(slots=True, kw_only=True)
class WebhookWorker:
    """Looks for what is to be told, and tells it; outlives a database that is away."""

    pool: Pool
    clock: Clock
    silent_after_s: int
    allow_private: bool

    def run(self, stop: Event) -> None:
        """Work until `stop` is set."""
        due_s = dict.fromkeys(self._duties(), 0.0)
        while not stop.wait(_EVERY_S):
            for duty, every_s in self._duties().items():
                if monotonic() >= due_s[duty]:
                    due_s[duty] = monotonic() + every_s
                    self._do(duty)

    def _duties(self) -> dict[Callable[[], int], float]:
        return {
            self._silence: _SILENCE_EVERY_S,
            self._incomplete: _QUALITY_EVERY_S,
            self._forget: _QUALITY_EVERY_S,
            self._deliver: _EVERY_S,
        }

    def _do(self, duty: Callable[[], int]) -> None:
        try:
            duty()
        except DATABASE_AWAY as error:
            _LOG.warning("webhooks_not_told", error=str(error).strip())

    def _silence(self) -> int:
        with self.pool.connection(timeout=5) as connection:
            return tell_silence(connection, self.clock(), timedelta(seconds=self.silent_after_s))

    def _incomplete(self) -> int:
        with self.pool.connection(timeout=5) as connection:
            return tell_incomplete_days(connection, self.clock())

    def _forget(self) -> int:
        now = self.clock()
        with self.pool.connection(timeout=5) as connection:
            return forget_events(connection, now - _KEPT) + forget_expired(connection, now)

    def _deliver(self) -> int:
        return deliver_due(self.pool, self.clock, self._call())

    def _call(self) -> Call:
        return lambda url, headers, body: call(url, headers, body, allow_private=self.allow_private)
