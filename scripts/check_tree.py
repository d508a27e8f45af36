"""Refuse what must not be in the repository: this machine's paths, addresses in lock files."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]

# Written so that this file does not match itself.
ANYWHERE = {
    "a path of somebody's machine": re.compile(
        r"(?<![\w.])/(?:root|work)/[\w.]|/home/[a-z]|/Users/[A-Za-z]"
    ),
    "a conflict marker": re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE),
}
IN_LOCK_FILES = {
    "an address": re.compile(r"\w+://|@ file:"),
    "an index option": re.compile(r"--(?:extra-|default-)?index|--find-links|--trusted-host"),
    "an absolute path": re.compile(r"(?:^|\s)/\w", re.MULTILINE),
}


def tracked_files(under: list[str]) -> list[Path]:
    """Files that git has or would add, below the given folders (all by default)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *under],
        cwd=HOME,
        check=True,
        capture_output=True,
        text=True,
    )
    return [HOME / name for name in listed.stdout.split("\0") if name and (HOME / name).is_file()]


def faults_of(path: Path) -> list[str]:
    """One line for each forbidden thing: where it is and what it is."""
    content = path.read_bytes()
    if b"\0" in content:
        return []
    text = content.decode(errors="replace")
    is_lock = path.parent == HOME / "requirements" and path.suffix == ".txt"
    rules = ANYWHERE | IN_LOCK_FILES if is_lock else ANYWHERE
    name = path.relative_to(HOME)
    return [
        f"{name}:{text.count(chr(10), 0, found.start()) + 1}: {what}: {found[0]!r}"
        for what, pattern in rules.items()
        for found in pattern.finditer(text)
    ]


def main() -> int:
    """Print the faults and return how the process should end."""
    files = tracked_files(sys.argv[1:])
    faults = [fault for path in files for fault in faults_of(path)]
    print("\n".join(faults) or f"{len(files)} files of the tree are clean")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
