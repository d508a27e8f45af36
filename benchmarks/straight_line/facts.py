"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

from benchmarks.straight_line.stack import Stack
from loadstone.embedded.mosquitto import find_mosquitto

_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "wal_compression", "shared_buffers")
_SHOW = "SELECT name || '=' || current_setting(name) FROM unnest(%s::text[]) AS name"


def machine_facts(stack: Stack) -> list[str]:
    """Lines on the machine, the servers and their settings."""
    with stack.connect() as connection:
        server = connection.execute("SELECT version()").fetchone()
        settings = [str(row[0]) for row in connection.execute(_SHOW, [list(_SETTINGS)])]
    packages = ", ".join(f"{name} {version(name)}" for name in ("paho-mqtt", "psycopg", "msgspec"))
    return [
        f"{os.cpu_count()} cores ({_processor()}), {platform.system()} {platform.release()}, "
        f"load average {os.getloadavg()[0]:.1f} at the start",
        f"Python {platform.python_version()}, {packages}",
        f"{' '.join(str(server[0]).split()[:2]) if server else '?'}: {', '.join(settings)}",
        f"{_broker(stack)}; {stack.world.meters} meters on {len(stack.world.gateways)} gateways",
    ]


def _processor() -> str:
    found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def _broker(stack: Stack) -> str:
    program = find_mosquitto()
    if stack.broker.kind != "mosquitto" or program is None:
        return f"iotcore {version('iotcore')}"
    told = subprocess.run([program, "-h"], capture_output=True, text=True, check=False).stdout
    return " ".join(told.splitlines()[0].split()[:3])
