"""Our own and vendored scripts and styles, from /static, under names that change with content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.staticfiles import StaticFiles

HOME = Path(__file__).resolve().parent.parent / "static"
router = APIRouter(include_in_schema=False)
_FILES = StaticFiles(directory=HOME)
_FOR_EVER = "public, max-age=31536000, immutable"


@router.get("/static/{path:path}")
async def static_file(path: str, request: Request) -> Response:
    """One file; kept for ever by browsers where the address carries its version."""
    response = await _FILES.get_response(path, request.scope)
    versioned = "v" in request.query_params and response.status_code == 200
    response.headers["cache-control"] = _FOR_EVER if versioned else "no-cache"
    return response


@cache
def static_url(path: str) -> str:
    """The address of a file with a version taken from its bytes."""
    digest = hashlib.sha256((HOME / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?v={digest}"
