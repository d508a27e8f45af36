"""What a gateway keeps over a restart: its boot counter."""

from __future__ import annotations

import json
from pathlib import Path


def next_boot(folder: Path | None, gateway: str) -> int:
    """Count this start and return its number, 1 for the first; without a folder always 1."""
    if folder is None:
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{gateway}.json"
    boot = 1 + (int(json.loads(path.read_text())["boot"]) if path.exists() else 0)
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps({"boot": boot}))
    draft.replace(path)  # a kill in between leaves the old counter, never half a file
    return boot
