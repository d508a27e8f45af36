"""Who servers run as, and where they may keep their files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loadstone.embedded import account
from loadstone.embedded.account import Account, may_reach, own_folder, readable_home, write_private
from loadstone.embedded.errors import EmbeddedServerError

STRANGER = Account(name="stranger", uid=64_000, gid=64_000, is_other=True)
MYSELF = Account(name="myself", uid=os.geteuid(), gid=os.getegid(), is_other=False)


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let the code believe that servers run as a stranger; return where it then keeps them."""
    system_home = tmp_path / "var" / "loadstone"
    monkeypatch.setattr(account, "server_account", lambda: STRANGER)
    monkeypatch.setattr(account, "SYSTEM_HOME", system_home)
    return system_home


@pytest.fixture
def open_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that a stranger may reach, whatever the folders above it say."""
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o755)
    real_may = account.may

    def may(who: Account, path: Path, wanted: int) -> bool:
        return path in folder.parents or real_may(who, path, wanted)

    monkeypatch.setattr(account, "may", may)
    return folder


def test_root_starts_servers_as_another_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    found = account.server_account()
    assert found.uid != 0
    assert found.is_other


def test_a_user_starts_servers_as_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1_234)
    found = account.server_account()
    assert (found.uid, found.is_other) == (1_234, False)


def test_a_closed_parent_keeps_a_stranger_out(open_path: Path) -> None:
    closed = open_path / "closed"
    closed.mkdir(mode=0o700)
    assert may_reach(STRANGER, open_path / "not-yet-there")
    assert not may_reach(STRANGER, closed / "not-yet-there")
    assert may_reach(MYSELF, closed / "not-yet-there")


def test_a_reachable_home_is_used_and_opened(open_path: Path, as_root: Path) -> None:
    home = open_path / "a" / "home"
    assert readable_home(home) == home
    assert home.stat().st_mode & 0o777 == 0o711
    assert not as_root.exists()


def test_an_unreachable_home_moves_and_no_mode_changes(open_path: Path, as_root: Path) -> None:
    closed = open_path / "closed"
    closed.mkdir(mode=0o700)
    moved = readable_home(closed / "home")
    assert moved.parent == as_root
    assert moved == readable_home(closed / "home")
    assert moved != readable_home(closed / "other home")
    assert moved.is_dir()
    assert closed.stat().st_mode & 0o777 == 0o700
    assert not (closed / "home").exists()


def test_a_users_home_stays_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "server_account", lambda: MYSELF)
    home = tmp_path / "home"
    assert readable_home(home) == home
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_folder_of_somebody_else_is_refused_with_both_names(tmp_path: Path) -> None:
    folder = own_folder(tmp_path / "data", MYSELF)
    with pytest.raises(EmbeddedServerError, match="would run as stranger"):
        own_folder(folder, STRANGER)


def test_a_private_file_is_its_owners_only_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_private(path, "first")
    write_private(path, "second")
    assert path.read_text(encoding="utf-8") == "second"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
