"""The collector's one connection, which comes back by itself when the database does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import errors

from loadstone.domain.messages import SinkUnavailableError
from loadstone.storage.readings import prepare_connection

Connection = psycopg.Connection


class IngestConnection:
    """Gives out transactions, one at a time, on a connection that is made when it is needed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction, committed at the end.

        Raises SinkUnavailableError when the database is away, full or shutting down; whatever else
        goes wrong passes through. Either way nothing was stored.
        """
        with self.session() as connection, connection.transaction():
            yield connection

    @contextmanager
    def session(self) -> Iterator[Connection]:
        """The connection outside a transaction; errors as with `transaction`."""
        try:
            yield self._connect()
        except errors.ProgramLimitExceeded:
            self.close()
            raise  # an OperationalError, but one that what is stored causes: it would come again
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            self.close()
            raise SinkUnavailableError(str(error).strip()) from error
        except psycopg.Error:
            self.close()  # its temporary state is not worth guessing about
            raise

    def close(self) -> None:
        """Give the connection up; the next transaction makes another."""
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None

    def _connect(self) -> Connection:
        if self._connection is None or self._connection.closed:
            connection = psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=5,
                application_name="loadstone-collector",
                options="-c timezone=UTC",
            )
            prepare_connection(connection)
            self._connection = connection
        return self._connection
