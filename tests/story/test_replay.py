"""Files of interval data through broker, collector and database: each local day's energy agrees."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import paho.mqtt.client as mqtt
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from collector.backlog import Backlog
from collector.formats import payload_formats
from collector.line import Line, LineSettings
from collector.mqtt import Subscriber
from collector.reader import Reader
from collector.topics import SERVER_STATE
from ingest.pipeline import IngestPipeline
from loadstone.clock import utc_now
from loadstone.embedded import Broker
from loadstone.storage.ingest_connection import IngestConnection
from loadstone.storage.rollups import refresh_rollups

GATEWAY = "GW-TEST-3"
COLLECTOR = "collector-of-replay-stories"
BERLIN = ZoneInfo("Europe/Berlin")


def broker_url(broker: Broker, user: str, password: str) -> str:
    return broker.url.replace("mqtt://", f"mqtt://{user}:{password}@")


@pytest.fixture
def server(database_url, broker, broker_passwords) -> Iterator[None]:
    """Run a collector of one gateway, and keep the summaries fresh."""
    backlog, stop = Backlog(most_messages=1000), threading.Event()
    formats = payload_formats()
    subscriber = Subscriber(
        broker_url(broker, "collector", broker_passwords["collector"]),
        COLLECTOR,
        [each.topic_filter.replace("+", GATEWAY) for each in formats.values()],
        backlog,
        utc_now,
    )
    connection = IngestConnection(database_url)
    reader = Reader.of(formats, payload_limit_bytes=1_048_576)
    line = Line(subscriber, backlog, reader, IngestPipeline(connection), LineSettings())
    threads = [
        threading.Thread(target=line.run, args=(stop,)),
        threading.Thread(target=summarise, args=(database_url, stop)),
    ]
    subscriber.start()
    for thread in threads:
        thread.start()
    yield
    stop.set()
    backlog.close()
    for thread in threads:
        thread.join()
    subscriber.stop()
    connection.close()
    forget(broker, "collector", broker_passwords["collector"], COLLECTOR, SERVER_STATE)


def summarise(database_url: str, stop: threading.Event) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        while not stop.wait(0.2):
            refresh_rollups(connection)


def forget(broker: Broker, user: str, password: str, client_id: str, *topics: str) -> None:
    """Leave the broker as it was: no session, and nothing retained on these topics."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=True)
    client.username_pw_set(user, password)
    host, port = broker.url.removeprefix("mqtt://").split(":")
    client.connect(host, int(port))
    client.loop_start()
    for topic in topics:
        client.publish(topic, b"", qos=1, retain=True).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


@pytest.fixture
def replay(database_url, broker, broker_passwords):
    url = broker_url(broker, GATEWAY, broker_passwords[GATEWAY])

    def run(file: Path, *options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "loadstone.cli", "replay", str(file)]
        command += ["--gateway", GATEWAY, "--mqtt-url", url, *options]
        environment = os.environ | {"LOADSTONE_DATABASE_URL": database_url}
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    yield run
    retained = [f"loadstone/v1/gw/{GATEWAY}/up/{channel}" for channel in ("birth", "state")]
    forget(broker, GATEWAY, broker_passwords[GATEWAY], GATEWAY, *retained)


@contextmanager
def reading_from(database_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url, options="-c timezone=UTC") as connection:
        yield connection


def energy_by_day(
    database_url: str, meter: str, zone: ZoneInfo, days: list[date], register: str = "imp"
) -> dict[date, tuple[float, str, float]]:
    """Energy, quality and length in hours of each local day, by the function everybody reads."""
    first, end = days[0], days[-1] + timedelta(days=1)
    edges = [datetime(d.year, d.month, d.day, tzinfo=zone) for d in (first, end)]
    with reading_from(database_url) as connection:
        found = connection.execute(
            """SELECT e.start_at, e.end_at, e.energy_kwh, e.quality FROM core.meter m,
                read.energy(ARRAY[m.meter_id], %s, %s, interval '1 day', %s, %s) e
               WHERE m.code = %s""",
            [*edges, zone.key, register, meter],
        ).fetchall()
    return {
        start.astimezone(zone).date(): (energy, quality, (end - start) / timedelta(hours=1))
        for start, end, energy, quality in found
    }


def write_autumn(path: Path) -> dict[date, float]:
    """Two weeks of kW by quarter hour with local end stamps, holes and the hour that comes twice.

    Returns the kWh of each local day.
    """
    start = datetime(2024, 10, 20, tzinfo=BERLIN).astimezone(UTC)
    noise = np.random.default_rng(5).uniform(20, 400, size=14 * 96 + 4).round(3)
    holes = {700, *range(1000, 1012), *range(1150, 1250)}
    expected: dict[date, float] = defaultdict(float)
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["time", "power"])
        for at, power_kw in enumerate(noise):
            begin = start + at * timedelta(minutes=15)
            end = (begin + timedelta(minutes=15)).astimezone(BERLIN).replace(tzinfo=None)
            day = begin.astimezone(BERLIN).date()
            expected[day] += 0.0 if at in holes or at == 300 else power_kw / 4
            if at not in holes:
                out.writerow([end.isoformat(sep=" "), "" if at == 300 else power_kw])
    return dict(expected)


AUTUMN = (
    "--value-column", "power", "--unit", "kW", "--stamps", "end", "--zone", "Europe/Berlin",
    "--meter", "WORKS",
)  # fmt: skip


def test_two_weeks_with_a_day_of_25_hours_and_holes_agree_on_every_day(
    server, replay, database_url, tmp_path
):
    expected = write_autumn(tmp_path / "works.csv")
    done = replay(tmp_path / "works.csv", *AUTUMN)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 holes" in done.stdout

    found = energy_by_day(database_url, "WORKS", BERLIN, sorted(expected))
    assert {day: energy for day, (energy, _, _) in found.items()} == pytest.approx(
        expected, abs=0.01
    )
    assert sum(e for e, _, _ in found.values()) == pytest.approx(sum(expected.values()), abs=0.01)
    assert found[date(2024, 10, 27)][2] == 25
    estimated = {day.day for day, (_, quality, _) in found.items() if quality == "estimated"}
    assert estimated == {23, 27, 30, 31, 1}

    again = replay(tmp_path / "works.csv", *AUTUMN)
    assert again.returncode == 0, again.stdout + again.stderr
    assert energy_by_day(database_url, "WORKS", BERLIN, sorted(expected)) == found
    other = replay(tmp_path / "works.csv", *AUTUMN, "--scale", "2")
    assert other.returncode == 1
    assert "WORKS already holds other readings" in other.stderr
    with reading_from(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM core.quarantine").fetchone() == (0,)


def test_hourly_parquet_with_export_agrees_in_a_zone_whose_days_cut_the_hours(
    server, replay, database_url, tmp_path
):
    start = datetime(2024, 3, 25, tzinfo=UTC)
    stamps = [start + timedelta(hours=at) for at in range(14 * 24)]
    energy = np.random.default_rng(6).uniform(-30, 90, len(stamps)).astype(np.float32)
    table = {
        "series_id": ["Büro 1", "other"] * len(stamps),
        "ts_utc": pa.array([s for s in stamps for _ in "ab"], pa.timestamp("us", tz="UTC")),
        "value": np.repeat(energy, 2),
    }
    pq.write_table(pa.table(table), tmp_path / "office.parquet")
    unchosen = replay(tmp_path / "office.parquet", "--unit", "kWh")
    assert unchosen.returncode == 1
    assert "choose one with --series: column 'series_id' has Büro 1, other" in unchosen.stderr

    done = replay(
        tmp_path / "office.parquet",
        *("--series", "Büro 1", "--unit", "kWh", "--zone", "Asia/Kolkata", "--allow-export"),
    )
    assert done.returncode == 0, done.stdout + done.stderr

    kolkata = ZoneInfo("Asia/Kolkata")
    expected: dict[str, dict[date, float]] = {"imp": defaultdict(float), "exp": defaultdict(float)}
    for stamp, kwh in zip(stamps, energy.astype(np.float64), strict=True):
        for half in (0, 30):
            day = (stamp + timedelta(minutes=half)).astimezone(kolkata).date()
            expected["imp" if kwh > 0 else "exp"][day] += abs(kwh) / 2
    for register, of_day in expected.items():
        found = energy_by_day(database_url, "Buro-1", kolkata, sorted(of_day), register)
        assert {day: kwh for day, (kwh, _, _) in found.items()} == pytest.approx(of_day, abs=0.01)


def test_without_a_collector_the_replay_says_what_is_missing(replay, tmp_path):
    write_autumn(tmp_path / "works.csv")
    done = replay(tmp_path / "works.csv", *AUTUMN, "--to", "2024-10-21", "--timeout", "1")
    assert done.returncode == 1
    assert "is the collector running?" in done.stderr


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--shift-days", "-7300"), "use --shift-days 1"),
        (("--shift-days", "36500"), "in the future"),
        (("--gateway", "GW-OTHER"), "may not speak for gateway GW-OTHER"),
        (("--scale", "1e9"), "more than a reading can hold"),
        (("--zone", "Europe/Berlim"), "is not an IANA zone"),
        (("--step", "quarter"), "is not a duration"),
        (("--speed-up", "0"), "neither a positive number nor max"),
        (("--from", "tomorrow"), "is not a date or time"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_sent(replay, tmp_path, options, complaint):
    write_autumn(tmp_path / "works.csv")
    done = replay(tmp_path / "works.csv", *AUTUMN, *options)
    assert done.returncode != 0
    assert complaint in done.stderr
