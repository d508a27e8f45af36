"""Compare the wheel with the packages in the tree: nothing forgotten, nothing slipped in."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]


def expected_names() -> set[str]:
    """Every file that git has in our packages: modules, migrations, templates, static files."""
    project = tomllib.loads((HOME / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *packages],
        cwd=HOME,
        check=True,
        capture_output=True,
        text=True,
    )
    return {name for name in listed.stdout.split("\0") if name and (HOME / name).is_file()}


def faults_of(wheel: zipfile.ZipFile) -> list[str]:
    """One line for each way in which the wheel is not what the tree says."""
    names = {name for name in wheel.namelist() if not name.endswith("/")}
    about = {name for name in names if name.split("/")[0].endswith(".dist-info")}
    shipped = names - about
    expected = expected_names()
    metadata = message_from_bytes(wheel.read(next(n for n in about if n.endswith("/METADATA"))))
    faults = [f"the wheel lacks {name}" for name in sorted(expected - shipped)]
    faults += [f"the wheel has {name}, git does not" for name in sorted(shipped - expected)]
    if not any(name.endswith("/licenses/LICENSE") for name in about):
        faults.append("the wheel lacks the licence's text")
    if "Private :: Do Not Upload" not in (metadata.get_all("Classifier") or []):
        faults.append("nothing keeps the wheel from being uploaded")
    return faults


def main() -> int:
    """Print the faults of the wheel named on the command line and return how to end."""
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        faults = faults_of(wheel)
        count = len(wheel.namelist())
    print("\n".join(faults) or f"all {count} files of the wheel are as they should be")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
