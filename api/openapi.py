"""Writes the OpenAPI document: `python -m api.openapi > docs/reference/openapi.json`."""

from __future__ import annotations

import json
import sys

from api.app import bare_app


def openapi_text() -> str:
    """The document as it is committed: indented, ending in a newline."""
    return json.dumps(bare_app().openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(openapi_text())
