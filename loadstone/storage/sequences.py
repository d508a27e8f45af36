"""Which of a gateway's numbered messages arrived, at rest."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg

from loadstone.domain.sequence import SequenceLedger

_LOAD = """
SELECT first_seq, last_seq, received, repeated, gaps FROM core.gateway_sequence
WHERE gateway_id = %s AND boot = %s
"""

_STORE = """
INSERT INTO core.gateway_sequence
    (gateway_id, boot, first_seq, last_seq, received, repeated, gaps, updated_at)
VALUES (%s, %s, %s, %s, %s, %s, %s::int8multirange, now())
ON CONFLICT (gateway_id, boot) DO UPDATE SET first_seq = excluded.first_seq,
    last_seq = excluded.last_seq, received = excluded.received, repeated = excluded.repeated,
    gaps = excluded.gaps, updated_at = excluded.updated_at
"""


def load_sequence(
    connection: psycopg.Connection, gateway_id: int, boot: int
) -> SequenceLedger | None:
    """The ledger of one gateway session, if any message of it is known."""
    row = connection.execute(_LOAD, [gateway_id, boot]).fetchone()
    if row is None:
        return None
    gaps = [(int(gap.lower), int(gap.upper)) for gap in row[4]]
    return SequenceLedger(first=row[0], last=row[1], received=row[2], repeated=row[3], gaps=gaps)


def store_sequences(
    connection: psycopg.Connection, ledgers: Sequence[tuple[int, int, SequenceLedger]]
) -> None:
    """Keep the ledgers of these (gateway_id, boot, ledger)."""
    rows = [
        (gateway_id, boot, ledger.first, ledger.last, ledger.received, ledger.repeated,
         "{" + ",".join(f"[{low},{high})" for low, high in ledger.gaps) + "}")
        for gateway_id, boot, ledger in ledgers
    ]  # fmt: skip
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_STORE, rows)
