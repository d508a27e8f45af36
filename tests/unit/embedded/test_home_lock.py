"""A folder of servers has one living owner."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loadstone.embedded.errors import EmbeddedServerError
from loadstone.embedded.home_lock import HomeLock


def test_a_second_owner_is_refused_with_the_first_ones_process(tmp_path: Path) -> None:
    first, second = HomeLock(tmp_path), HomeLock(tmp_path)
    first.acquire()
    first.acquire()
    with pytest.raises(EmbeddedServerError, match=f"in use by process {os.getpid()}"):
        second.acquire()
    first.release()
    first.release()
    second.acquire()
    second.release()
