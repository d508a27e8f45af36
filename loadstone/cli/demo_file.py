"""demo.json: how people and scripts reach a running demo."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec


class DemoFileUser(msgspec.Struct, kw_only=True):
    """A user with a password that may be shown."""

    name: str
    password: str
    role: str
    display_name: str
    customer: str | None = None


class DemoFileMqtt(msgspec.Struct, kw_only=True):
    """The broker, with the credentials of one gateway that the simulator leaves alone."""

    url: str
    broker: str
    gateway: str
    meter: str
    username: str
    password: str
    gateway_url: str
    collector_url: str


class DemoFile(msgspec.Struct, kw_only=True):
    """The whole of it; `open_url` signs in by itself."""

    url: str
    open_url: str
    key: str
    api_token: str
    database_url: str
    backend: str
    mqtt: DemoFileMqtt
    users: list[DemoFileUser]
    pid: int
    created_at: str
    started_at: str


def read_demo_file(path: Path) -> DemoFile:
    """Read a demo.json."""
    return msgspec.json.decode(path.read_bytes(), type=DemoFile)


def write_demo_file(path: Path, document: DemoFile) -> None:
    """Write a demo.json that only its owner can read, whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(document), indent=2))
    fresh.replace(path)
