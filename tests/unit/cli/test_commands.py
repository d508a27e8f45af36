"""A process carries only what its own command needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

_LOADED = """
import sys
from click.testing import CliRunner
from loadstone.cli import main
assert CliRunner().invoke(main, [sys.argv[1], "--help"]).exit_code == 0
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize(
    ("command", "without"),
    [
        ("simulate", {"fastapi", "forecast", "dashboards", "psycopg"}),
        ("collect", {"fastapi", "forecast", "dashboards", "typst"}),
        ("serve", {"simulator", "dashboards"}),
    ],
)
def test_a_command_loads_no_other_commands_libraries(command: str, without: set[str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _LOADED, command], capture_output=True, text=True, check=True
    )
    assert not without & set(ran.stdout.split())
