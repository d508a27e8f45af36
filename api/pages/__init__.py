"""The pages: routes below `/` but not `/api`, and how an error looks to a person."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from api.errors import Problem

router = APIRouter()


def error_page(request: Request, problem: Problem) -> Response:
    """An error as a page."""
    text = f"{problem.status} {problem.title}\n{problem.detail}\n"
    return PlainTextResponse(text, status_code=problem.status, headers=dict(problem.headers))
