"""What this build wants of a database: the numbered steps, and the read relations as a whole."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib import resources

from loadstone.storage.marks import with_generated

_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")

# Where core.migration keeps the read relations, which have no number: they come after every step.
READ_VERSION = 0
# Between files of the read relations: a server may not take them all in one message.
PART = "\n--@part\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step: its SQL as written, before the lines of other backends are left out."""

    version: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the step, so that an applied one that was edited later is noticed."""
        return hashlib.sha256(with_generated(self.text).encode()).hexdigest()


def all_migrations() -> list[Migration]:
    """Every step of this build, in order."""
    folder = resources.files("loadstone.storage") / "migrations"
    steps = []
    for entry in folder.iterdir():
        match = _NAME.fullmatch(entry.name)
        if match:
            text = entry.read_text(encoding="utf-8")
            steps.append(Migration(version=int(match[1]), name=match[2], text=text))
    return sorted(steps, key=lambda step: step.version)


def read_definition() -> Migration:
    """The read relations, dropped and written anew as a whole whenever one of them changes.

    They hold no data, so that they need no history: the files say what they are.
    """
    folder = resources.files("loadstone.storage") / "read_relations"
    files = sorted((e for e in folder.iterdir() if e.name.endswith(".sql")), key=lambda e: e.name)
    text = PART.join(entry.read_text(encoding="utf-8") for entry in files)
    return Migration(version=READ_VERSION, name="read_relations", text=text)
