"""JSON straight from rows: no validation between the database and the wire, where rows are many."""

from __future__ import annotations

import msgspec
from fastapi import Response


class FastJson(Response):
    """Answers with msgspec's encoding: dataclasses as objects, instants with `Z`, NaN as null."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """The content as bytes."""
        return msgspec.json.encode(content)
