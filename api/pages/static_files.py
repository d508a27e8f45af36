"""Our own and vendored scripts and styles, from memory, under names that change with content."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

from api.errors import not_found

HOME = Path(__file__).resolve().parent.parent / "static"
router = APIRouter(include_in_schema=False)
_FOR_EVER = "public, max-age=31536000, immutable"
_VERSIONED = re.compile(r"v-([0-9a-f]{10})/(.+)")
_WORTH_PACKING_BYTES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """A file as it is sent; `packed` is None where gzip gains nothing."""

    content: bytes
    packed: bytes | None
    media_type: str
    tag: str


@cache
def _files() -> dict[str, StaticFile]:
    """Every file of the folder by its path; only these can be asked for."""
    return {
        path.relative_to(HOME).as_posix(): _read(path)
        for path in sorted(HOME.rglob("*"))
        if path.is_file()
    }


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0)
    worth_it = len(content) > _WORTH_PACKING_BYTES and len(packed) < len(content)
    kind = mimetypes.guess_type(path.name)[0] or "text/plain"
    kind = "text/javascript" if path.suffix == ".js" else kind
    return StaticFile(
        content=content, packed=packed if worth_it else None,
        media_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
        tag=f'"{hashlib.sha256(content).hexdigest()[:20]}"',
    )  # fmt: skip


@router.get("/static/{path:path}")
async def static_file(path: str, request: Request) -> Response:
    """One file; kept for ever by browsers where the address carries the version of today."""
    found = _VERSIONED.fullmatch(path)
    file = _files().get(found[2] if found else path)
    if file is None:
        raise not_found("file", path)
    current = found is not None and found[1] == static_version()
    headers = {
        "cache-control": _FOR_EVER if current else "no-cache",
        "etag": file.tag,
        "vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == file.tag:
        return Response(status_code=304, headers=headers)
    content = file.content
    if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["content-encoding"] = file.packed, "gzip"
    return Response(content, media_type=file.media_type, headers=headers)


@cache
def static_version() -> str:
    """One version for all files, so that what a script imports is kept as long as the script."""
    digest = hashlib.sha256()
    for name, file in _files().items():
        digest.update(name.encode() + file.content)
    return digest.hexdigest()[:10]


def static_url(path: str) -> str:
    """The address of a file with the version in front of its name."""
    return f"/static/v-{static_version()}/{path}"
