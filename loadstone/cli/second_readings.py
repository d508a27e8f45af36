"""What `loadstone work` does with refused data that somebody wants to be read again."""

from __future__ import annotations

import structlog

from collector.backlog import Delivery
from collector.formats import payload_formats
from collector.reader import Reader
from ingest.second_reading import SecondReadings
from loadstone.domain.messages import Arrival, SinkUnavailableError
from loadstone.storage.ingest_connection import IngestConnection

_log = structlog.get_logger(__name__)


def second_readings(url: str, payload_limit_bytes: int) -> SecondReadings:
    """The job, over this database and the formats that the collector knows."""
    reader = Reader.of(payload_formats(), payload_limit_bytes)

    def read(topic: str, payload: bytes, received_ms: int) -> Arrival:
        return reader.read(Delivery(topic, payload, received_ms, mid=0, qos=0, generation=0))

    return SecondReadings(IngestConnection(url), read)


def read_again(job: SecondReadings) -> bool:
    """One turn; whether there may be more to do. Outlives a database that is away."""
    try:
        return job.work() > 0
    except SinkUnavailableError as error:
        _log.warning("quarantine_not_read_again", error=str(error))
        return False
