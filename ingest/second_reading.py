"""Reading refused messages and readings again, after the registry was set right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec
import structlog

from ingest.pipeline import IngestPipeline
from loadstone.domain.messages import Arrival
from loadstone.storage.ingest_connection import Connection, IngestConnection
from loadstone.storage.judging import judge_alone
from loadstone.storage.ledger import Author, NewEvent, append_event
from loadstone.storage.quarantine_decisions import (
    SecondReading,
    meters_of_gateways,
    settle_again,
    waiting_again,
)

_log = structlog.get_logger(__name__)
_MOST = 500

# Reads a payload that came on a topic at an instant (epoch ms); never raises.
Read = Callable[[str, bytes, int], Arrival]


class SecondReadings:
    """Takes what people want to be read again through the pipeline, some hundred at a time.

    A crash in between does no harm: readings that were stored already are not counted twice.
    """

    def __init__(self, connection: IngestConnection, read: Read) -> None:
        self._database = connection
        self._read = read

    def close(self) -> None:
        """Give the connection up."""
        self._database.close()

    def work(self) -> int:
        """Read what waits again; returns how many rows. Raises SinkUnavailableError."""
        with self._database.transaction() as connection:
            waiting = waiting_again(connection, _MOST)
        if not waiting:
            return 0
        pipeline = IngestPipeline(self._database)  # anew: the registry was changed a moment ago
        pipeline.ingest([self._arrival(row) for row in waiting])
        with self._database.transaction() as connection:
            judge_alone(connection)
            self._tell(connection, waiting)
            taken, refused = settle_again(connection, waiting)
        _log.info("quarantine_read_again", taken=taken, refused=refused)
        return len(waiting)

    def _arrival(self, row: SecondReading) -> Arrival:
        received_ms = round(row.received_at.timestamp() * 1000)
        arrival = self._read(row.topic, whole_message(row, received_ms), received_ms)
        return replace(arrival, again=True, payload=row.payload)

    def _tell(self, connection: Connection, rows: Sequence[SecondReading]) -> None:
        """Whoever remembers how registers stood reads that anew: it is a second judgement."""
        codes = sorted({row.gateway_code for row in rows if row.gateway_code})
        author = Author(name=rows[0].decided_by, note=rows[0].decision_note or "read again")
        for meter_id in meters_of_gateways(connection, codes):
            event = NewEvent(
                kind="rejudge",
                starts_at=min(row.received_at for row in rows),
                details={"quarantine_ids": [row.quarantine_id for row in rows][:100]},
            )
            append_event(connection, meter_id, event, author)


def whole_message(row: SecondReading, received_ms: int) -> bytes:
    """What was refused as a message: a single reading is put into an envelope of its gateway's."""
    try:
        document = msgspec.json.decode(row.payload)
    except (msgspec.DecodeError, RecursionError):
        return row.payload
    if not isinstance(document, dict) or "m" not in document or "t" not in document:
        return row.payload
    envelope = {
        "v": 1, "gw": row.gateway_code, "boot": 0, "seq": 0, "sent": received_ms, "bf": True,
        "r": [msgspec.Raw(row.payload)],
    }  # fmt: skip
    return msgspec.json.encode(envelope)
