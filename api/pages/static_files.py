"""Our own and vendored scripts and styles, from /static, under names that change with content."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.staticfiles import StaticFiles

HOME = Path(__file__).resolve().parent.parent / "static"
router = APIRouter(include_in_schema=False)
_FILES = StaticFiles(directory=HOME)
_FOR_EVER = "public, max-age=31536000, immutable"
_VERSIONED = re.compile(r"v-([0-9a-f]{10})/(.+)")


@router.get("/static/{path:path}")
async def static_file(path: str, request: Request) -> Response:
    """One file; kept for ever by browsers where the address carries the version of today."""
    found = _VERSIONED.fullmatch(path)
    response = await _FILES.get_response(found[2] if found else path, request.scope)
    current = found is not None and found[1] == static_version() and response.status_code == 200
    response.headers["cache-control"] = _FOR_EVER if current else "no-cache"
    return response


@cache
def static_version() -> str:
    """One version for all files, so that what a script imports is kept as long as the script."""
    digest = hashlib.sha256()
    for path in sorted(p for p in HOME.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(HOME)).encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def static_url(path: str) -> str:
    """The address of a file with the version in front of its name."""
    return f"/static/v-{static_version()}/{path}"
