"""What `loadstone work` does for reports, beside its other work, until it is told to stop."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event
from typing import Final

import structlog

from forecast.reports.scheduled import Postman, make_due, send_due
from loadstone.clock import Clock
from loadstone.storage.pool import Pool
from loadstone.storage.read_only import DATABASE_AWAY

_LOG = structlog.get_logger(__name__)
_EVERY_S: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWorker:
    """Makes what is due and mails it; outlives a database that is away."""

    pool: Pool
    clock: Clock
    postman: Postman

    def run(self, stop: Event) -> None:
        """Work until `stop` is set."""
        while not stop.wait(_EVERY_S):
            try:
                while not stop.is_set() and self.turn():
                    pass
            except DATABASE_AWAY as error:
                _LOG.warning("reports_not_made", error=str(error).strip())

    def turn(self) -> bool:
        """Make one report and send one mail, if any is due; whether there was anything."""
        made = make_due(self.pool, self.clock)
        return send_due(self.pool, self.clock, self.postman) or made
