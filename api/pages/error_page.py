"""An error as a person sees it: in the frame, in their language, with a way on."""

from __future__ import annotations

from fastapi import Request, Response

from api.errors import Problem
from api.i18n import TEXTS
from api.pages.frame import Frame


def error_page(request: Request, problem: Problem) -> Response:
    """What went wrong, what to do, and for a refused parameter which one it was.

    Where the failure came before the viewer was known, it is drawn without navigation.
    """
    frame = getattr(request.state, "frame", None)
    if not isinstance(frame, Frame):
        frame = Frame(request, None)
    kind = str(problem.status) if f"error.{problem.status}" in TEXTS else "other"
    headers = {k: v for k, v in problem.headers.items() if k.lower() != "content-type"}
    return frame.page(
        "error.html",
        status=problem.status,
        headers=headers,
        problem=problem,
        kind=kind,
    )
