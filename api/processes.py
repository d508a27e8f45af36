"""Several processes that answer at one port."""

from __future__ import annotations

import contextlib
import socket

from uvicorn import Config
from uvicorn.supervisors import Multiprocess


def serve_with_processes(config: Config) -> None:
    """Serve until told to stop, with `config.workers` processes that share one listening socket.

    uvicorn's own socket does not say that it is TCP, and asyncio sends without delay only on those
    that do: each answer then waited 40 ms for an acknowledgement of its head.
    """
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((config.host, config.port))
    listener.set_inheritable(True)
    with contextlib.suppress(KeyboardInterrupt):
        Multiprocess(config, sockets=[listener]).run()
