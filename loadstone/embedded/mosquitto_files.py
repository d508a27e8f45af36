"""What mosquitto reads: its configuration, users and access list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from loadstone.embedded.broker_user import BrokerRole, BrokerUser
from loadstone.embedded.mosquitto_password import mosquitto_password_hash
from loadstone.embedded.ports import LOOPBACK

LARGEST_PACKET_BYTES = 17_000_000
_QUEUE_BYTES_PER_CLIENT = 512 * 1024 * 1024
_INFLIGHT_MESSAGES = 2_000

_GATEWAY_ACCESS = (
    "pattern write loadstone/v1/gw/%u/up/#",
    "pattern read loadstone/v1/gw/%u/down/#",
    "pattern read loadstone/v1/srv/state",  # mosquitto warns that it has no %u; it works
)
_ACCESS = {
    BrokerRole.COLLECTOR: (
        "topic read loadstone/v1/gw/+/up/#",
        "topic readwrite loadstone/v1/srv/state",
        "topic read loadstone/v1/weather/+",
    ),
    BrokerRole.COMMANDER: (
        "topic write loadstone/v1/gw/+/down/#",
        "topic read loadstone/v1/gw/+/up/ack",
    ),
}


def configuration(*, port: int, data: Path, passwords: Path, access: Path) -> str:
    """Return mosquitto.conf: loopback, password only, nothing dropped below 512 MB a client.

    The broker's acknowledgement is no promise: what came in within the last 5 s is lost when it is
    killed, so gateways keep their readings until the collector's receipt.
    """
    lines = (
        "per_listener_settings false",
        f"listener {port} {LOOPBACK}",
        "allow_anonymous false",
        f"password_file {passwords}",
        f"acl_file {access}",
        "persistence true",
        f"persistence_location {data}/",
        "autosave_interval 5",
        "max_queued_messages 0",  # the default keeps 1,000 and drops the rest without a word
        f"max_queued_bytes {_QUEUE_BYTES_PER_CLIENT}",
        f"max_inflight_messages {_INFLIGHT_MESSAGES}",
        f"max_packet_size {LARGEST_PACKET_BYTES}",
        "set_tcp_nodelay true",
        "log_dest stderr",
        "log_timestamp_format %Y-%m-%dT%H:%M:%S",
        *(f"log_type {kind}" for kind in ("error", "warning", "notice")),
    )
    return "\n".join(lines) + "\n"


def password_lines(users: Sequence[BrokerUser]) -> str:
    """Return the password file: hashes only."""
    return "".join(
        f"{user.name}:{user.password_hash or mosquitto_password_hash(user.password)}\n"
        for user in users
    )


def access_lines(users: Sequence[BrokerUser]) -> str:
    """Return the access list: gateways by pattern, others by name; all else is refused."""
    lines = [*_GATEWAY_ACCESS]
    for user in users:
        if user.role in _ACCESS:
            lines += [f"user {user.name}", *_ACCESS[user.role]]
    return "\n".join(lines) + "\n"
