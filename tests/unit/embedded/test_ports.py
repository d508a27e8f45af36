"""Ports of our own, kept from one start to the next."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadstone.embedded.errors import EmbeddedServerError
from loadstone.embedded.ports import LOOPBACK, free_port, is_answering, is_free
from loadstone.embedded.remembered_port import choose_port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield int(listener.getsockname()[1])


def test_a_free_port_is_free_and_below_those_of_outgoing_connections() -> None:
    port = free_port()
    assert 20_000 <= port < 32_768
    assert is_free(port)
    assert not is_answering(port)


def test_a_listened_port_is_not_free(taken_port: int) -> None:
    assert not is_free(taken_port)
    assert is_answering(taken_port)


def test_a_port_is_chosen_once_and_kept(tmp_path: Path) -> None:
    assert choose_port(tmp_path, None) == choose_port(tmp_path, None)


def test_a_kept_port_that_is_taken_gives_way(tmp_path: Path, taken_port: int) -> None:
    (tmp_path / "port").write_text(str(taken_port), encoding="ascii")
    chosen = choose_port(tmp_path, None)
    assert chosen != taken_port
    assert choose_port(tmp_path, None) == chosen


def test_a_damaged_memory_gives_a_free_port(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("99999999", encoding="ascii")
    assert is_free(choose_port(tmp_path, None))


def test_a_wanted_port_that_is_taken_is_refused_by_number(tmp_path: Path, taken_port: int) -> None:
    with pytest.raises(EmbeddedServerError, match=f"port {taken_port} .* is taken"):
        choose_port(tmp_path, taken_port)
