"""`loadstone collect`: from the broker to the database."""

from __future__ import annotations

import click

from collector.backlog import Backlog
from collector.formats import payload_formats
from collector.line import Line, LineSettings
from collector.mqtt import Subscriber
from collector.reader import Reader
from ingest.pipeline import IngestPipeline
from loadstone.cli.environment import database_url, load_settings, mqtt_url, stop_on_signals
from loadstone.clock import utc_now
from loadstone.storage.ingest_connection import IngestConnection


@click.command()
def collect() -> None:
    """Store what gateways publish, and acknowledge it once it is stored."""
    settings = load_settings()
    formats = payload_formats()
    backlog = Backlog(most_messages=settings.collect_queue_messages)
    subscriber = Subscriber(
        mqtt_url(settings),
        settings.mqtt_client_id,
        [each.topic_filter for each in formats.values()],
        backlog,
        utc_now,
    )
    pipeline = IngestPipeline(IngestConnection(database_url(settings)))
    line = Line(
        subscriber,
        backlog,
        Reader.of(formats, settings.payload_limit_bytes),
        pipeline,
        LineSettings(
            most_readings=settings.collect_batch_rows,
            linger_s=settings.collect_linger_ms / 1000,
        ),
    )
    stop = stop_on_signals()
    subscriber.start()
    try:
        line.run(stop)
    finally:
        backlog.close()
        subscriber.stop()
