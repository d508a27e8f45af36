"""PostgreSQL settings for a laptop."""

from __future__ import annotations

from collections.abc import Mapping

from loadstone.embedded.ports import LOOPBACK

_LAPTOP = {
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "synchronous_commit": "on",  # what is acknowledged to a gateway has to survive
    "jit": "off",
    "max_connections": "60",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}


def server_settings(port: int, cluster_name: str, extra: Mapping[str, str]) -> dict[str, str]:
    """Return all settings: `extra` over the laptop's, our own address and name over both."""
    return {
        **_LAPTOP,
        **extra,
        "listen_addresses": LOOPBACK,
        "port": str(port),
        "unix_socket_directories": "",  # its path may hold 107 bytes, a home may be longer
        "cluster_name": cluster_name,
        "update_process_title": "on",  # so that leftovers are recognised by the cluster's name
        "logging_collector": "off",  # the log is our child's stderr
    }
