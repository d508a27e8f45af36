"""Telling the demo's broker of passwords that gateways were given on their pages."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg
import structlog

from loadstone.embedded import Broker, BrokerRole, BrokerUser
from loadstone.storage.gateway_credentials import password_hashes
from loadstone.storage.pool import connect

_log = structlog.get_logger(__name__)


class BrokerPasswords:
    """Lays what the registry holds over the users that the broker began with.

    Only mosquitto can be told hashes; with another broker nothing happens.
    """

    def __init__(self, broker: Broker, users: Sequence[BrokerUser], url: str) -> None:
        self._broker = broker
        self._users = {user.name: user for user in users}
        self._url = url
        self._told: dict[str, str] = {}

    def tell(self) -> None:
        """Tell the broker where something changed; outlives a database that is away."""
        if self._broker.kind != "mosquitto":
            return
        try:
            with connect(self._url) as connection:
                hashes = password_hashes(connection)
        except psycopg.OperationalError as error:
            _log.warning("gateway_passwords_not_read", error=str(error).strip())
            return
        if hashes == self._told:
            return
        given = {
            name: BrokerUser(name=name, password="", role=BrokerRole.GATEWAY, password_hash=hashed)
            for name, hashed in hashes.items() if ":" not in name
        }  # fmt: skip
        self._broker.set_users(list({**self._users, **given}.values()))
        self._told = hashes
