"""Servers that Loadstone brings along itself, for the demo and the tests, in one process tree.

Everything here listens on 127.0.0.1 only, runs as an unprivileged account and ends with its parent.
"""

from __future__ import annotations

from loadstone.embedded.broker import Broker, start_broker
from loadstone.embedded.broker_user import BrokerRole, BrokerUser
from loadstone.embedded.errors import EmbeddedServerError
from loadstone.embedded.mosquitto_password import mosquitto_password_hash
from loadstone.embedded.postgres import EmbeddedPostgres

__all__ = [
    "Broker",
    "BrokerRole",
    "BrokerUser",
    "EmbeddedPostgres",
    "EmbeddedServerError",
    "mosquitto_password_hash",
    "start_broker",
]
