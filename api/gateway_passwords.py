"""Giving a gateway what it logs in to the broker with: told once, kept as a hash."""

from __future__ import annotations

import secrets

from loadstone.embedded.mosquitto_password import mosquitto_password_hash
from loadstone.storage.read_only import Connection
from loadstone.storage.registry_changes import change_row, lock_row

_PASSWORD_BYTES = 24


def give_password(connection: Connection, gateway_id: int) -> str:
    """A new password, which replaces the one before; the caller tells it now or never."""
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    lock_row(connection, "gateway", gateway_id)
    values = {"password_hash": mosquitto_password_hash(password)}
    change_row(connection, "gateway", gateway_id, values)
    return password


def take_password(connection: Connection, gateway_id: int) -> None:
    """Let the gateway in no more, from the broker's next look at the passwords on."""
    lock_row(connection, "gateway", gateway_id)
    change_row(connection, "gateway", gateway_id, {"password_hash": None})
