"""A stub of a weather server: it always gives the same answer, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlsplit


def answers() -> list[dict[str, Any]]:
    """Two places as in the "JSON Return Object" of Open-Meteo's documentation, cut short."""
    hours = [1773981600, 1773990000]
    units = {"time": "unixtime", "temperature_2m": "°C"}
    return [
        {"latitude": 30.6, "longitude": 114.3, "utc_offset_seconds": 0, "hourly_units": units,
         "hourly": {"time": hours, "temperature_2m": [11.2, 13.9]}},
        {"latitude": 30.7, "longitude": 111.3, "utc_offset_seconds": 0, "hourly_units": units,
         "hourly": {"time": hours, "temperature_2m": [10.0, None]}},
    ]  # fmt: skip


class _Server(HTTPServer):
    asked: list[str]


class _Stub(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """/v1/forecast answers, /away is out of order, anything else says nothing of use."""
        self.server.asked.append(self.path)
        path = urlsplit(self.path).path
        self.send_response(503 if path == "/away" else 200)
        self.end_headers()
        self.wfile.write(json.dumps(answers()).encode() if path == "/v1/forecast" else b"{}")

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""


@contextmanager
def weather_server() -> Iterator[tuple[str, list[str]]]:
    """Its address, and the paths that it is asked for."""
    server = _Server(("127.0.0.1", 0), _Stub)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
