"""What has no room in a phone's tabs: every other place, the language, the way out."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.pages.frame import PageFrame

router = APIRouter(include_in_schema=False)


@router.get("/more")
def more(frame: PageFrame) -> Response:
    """The list of all places."""
    return frame.page("more.html", section="more")
