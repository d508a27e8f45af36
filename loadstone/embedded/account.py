"""The unprivileged account that servers run under, and the folders it may reach.

Who starts Loadstone as root gets servers that run as `nobody`. Folders that root itself writes to
(logs, passwords, process ids) stay root's, so that the unprivileged account can plant no link in
them; only the servers' own data folders belong to the account.
"""

from __future__ import annotations

import hashlib
import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from loadstone.embedded.errors import EmbeddedServerError

_FALLBACK_ID = 65_534
SYSTEM_HOME = Path("/var/lib/loadstone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user and group id; `is_other` says that it is not the one this process runs as."""

    name: str
    uid: int
    gid: int
    is_other: bool


def server_account() -> Account:
    """Return `nobody` (65534 where the system has no such name) for root, else the current user."""
    if os.geteuid() != 0:
        uid = os.geteuid()
        return Account(name=_name_of(uid), uid=uid, gid=os.getegid(), is_other=False)
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(name="nobody", uid=_FALLBACK_ID, gid=_FALLBACK_ID, is_other=True)
    return Account(name="nobody", uid=entry.pw_uid, gid=entry.pw_gid, is_other=True)


def may(account: Account, path: Path, wanted: int) -> bool:
    """Say whether the mode bits of an existing path give the account `wanted` (4 r, 2 w, 1 x)."""
    status = path.stat()
    if status.st_uid == account.uid:
        granted = status.st_mode >> 6
    elif status.st_gid == account.gid:
        granted = status.st_mode >> 3
    else:
        granted = status.st_mode
    return granted & wanted == wanted


def may_reach(account: Account, path: Path) -> bool:
    """Say whether the account may walk down to `path`, as far as its folders exist."""
    resolved = path.resolve()
    folders = [folder for folder in [resolved, *resolved.parents] if folder.is_dir()]
    return all(may(account, folder, 1) for folder in folders)


def may_read_tree(account: Account, root: Path) -> bool:
    """Say whether the account may read everything below `root` and walk down to it."""
    if not may_reach(account, root):
        return False
    folders = ((Path(folder), names) for folder, _, names in os.walk(root))
    return all(
        may(account, folder, 5) and all(may(account, folder / name, 4) for name in names)
        for folder, names in folders
    )


def readable_home(home: Path) -> Path:
    """Return `home`, or for root a folder below /var/lib/loadstone where servers cannot reach it.

    The folder returned exists. The mode of a folder that was there before is never changed.
    """
    absolute = home.absolute()
    account = server_account()
    if not account.is_other:
        absolute.mkdir(mode=0o700, parents=True, exist_ok=True)
        return absolute
    if may_reach(account, absolute):
        return open_folder(absolute)
    digest = hashlib.sha256(os.fsencode(absolute)).hexdigest()[:12]
    return open_folder(SYSTEM_HOME / digest)


def open_folder(path: Path) -> Path:
    """Create the missing folders of `path`: one may pass through them, whatever the umask."""
    if not path.is_dir():
        open_folder(path.parent)
        path.mkdir(exist_ok=True)
        path.chmod(0o711)
    return path


def own_folder(path: Path, account: Account) -> Path:
    """Create a folder that only the account may enter; its parent has to exist.

    Raises EmbeddedServerError when it exists and is somebody else's.
    """
    if not path.exists():
        path.mkdir(mode=0o700)
        if account.is_other:
            os.chown(path, account.uid, account.gid)
    owner_uid = path.stat().st_uid
    if owner_uid != account.uid:
        raise EmbeddedServerError(
            f"{path} belongs to {_name_of(owner_uid)}, but the server would run as "
            f"{account.name}: start Loadstone as the user who created it, or use another folder"
        )
    return path


def write_private(path: Path, content: str, account: Account | None = None) -> None:
    """Replace a file in one step; only its owner may read it: the account, else this process."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if account is not None and account.is_other:
            os.fchown(descriptor, account.uid, account.gid)
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    fresh.replace(path)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
