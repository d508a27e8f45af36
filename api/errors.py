"""Every error as RFC 9457 problem details; for people's browsers, as a page.

400 bad-request   401 unauthorized   403 forbidden          404 not-found
405 method-not-allowed   406 not-acceptable      409 conflict
412 changed-meanwhile    413 content-too-large   415 unsupported-media-type
422 invalid-parameter    429 too-many-requests   500 internal-error
503 database-away
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from loadstone.storage.keyset import UnknownPlaceError
from loadstone.storage.read_only import DATABASE_AWAY

_LOG = structlog.get_logger()
_KINDS = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    412: "changed-meanwhile",
    413: "content-too-large",
    415: "unsupported-media-type",
    422: "invalid-parameter",
    429: "too-many-requests",
    500: "internal-error",
    503: "database-away",
}
_SECRET_FIELDS = ("password", "token", "key", "secret")
_LONGEST_VALUE = 200
CURSOR_RULE = "must be the `next_cursor` of the part before"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One refused parameter: what was sent and which rule it broke."""

    field: str
    value: str | None
    rule: str

    def sentence(self) -> str:
        """The reason in one English sentence."""
        shown = self.field if self.value is None else f"{self.field} = {self.value}"
        return f"{shown}: {self.rule}"


class ProblemError(Exception):
    """An answer other than the one asked for; raised anywhere below a route."""

    def __init__(
        self,
        *,
        status: int,
        detail: str,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


def not_found(kind: str, reference: object) -> ProblemError:
    """404 for a thing that does not exist or is not the viewer's: both look the same."""
    return ProblemError(status=404, detail=f"There is no {kind} {str(reference)[:100]!r}.")


def refused(name: str, value: object, rule: str) -> ProblemError:
    """422 for one parameter, naming field, value and rule."""
    return invalid([FieldError(field=name, value=_shown(name, value), rule=rule)])


def invalid(errors: Sequence[FieldError]) -> ProblemError:
    """422 for several parameters at once."""
    detail = "; ".join(error.sentence() for error in errors)
    return ProblemError(status=422, detail=detail, errors=errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Problem details as sent."""

    status: int
    detail: str
    instance: str
    errors: tuple[FieldError, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """A name for the kind of problem that programs can rely on."""
        kind = _KINDS.get(self.status)
        return f"urn:loadstone:problem:{kind}" if kind else "about:blank"

    @property
    def title(self) -> str:
        """The kind of problem in a few words."""
        return HTTPStatus(self.status).phrase

    def document(self) -> dict[str, Any]:
        """The members of RFC 9457, and `errors` by field."""
        return {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": self.instance,
            "errors": [
                {"field": error.field, "value": error.value, "rule": error.rule}
                for error in self.errors
            ],
        }


ErrorPage = Callable[[Request, Problem], Response]


def problem_response(problem: Problem) -> Response:
    """Problem details as `application/problem+json`."""
    return JSONResponse(
        problem.document(),
        status_code=problem.status,
        headers=dict(problem.headers),
        media_type="application/problem+json",
    )


def answer(request: Request, error: Exception, page: ErrorPage | None) -> Response:
    """What to answer when this was raised: JSON below /api, else a page where there is one."""
    problem = as_problem(error, request.url.path)
    if page is None or request.url.path.startswith("/api/"):
        return problem_response(problem)
    return page(request, problem)


def as_problem(error: Exception, instance: str) -> Problem:
    """The problem behind an exception; what nobody foresaw says nothing of our insides."""
    if isinstance(error, ProblemError):
        return Problem(
            status=error.status,
            detail=error.detail,
            instance=instance,
            errors=error.errors,
            headers=error.headers,
        )
    if isinstance(error, RequestValidationError):
        return as_problem(invalid([_field_error(found) for found in error.errors()]), instance)
    if isinstance(error, HTTPException):
        return Problem(
            status=error.status_code,
            detail=str(error.detail),
            instance=instance,
            headers=dict(error.headers or {}),
        )
    if isinstance(error, UnknownPlaceError):
        return as_problem(refused("cursor", None, CURSOR_RULE), instance)
    if isinstance(error, DATABASE_AWAY):
        return Problem(
            status=503,
            detail="The database does not answer at the moment; try again in a few seconds.",
            instance=instance,
            headers={"Retry-After": "5"},
        )
    return Problem(status=500, detail="Something went wrong on our side.", instance=instance)


def install_error_handlers(app: FastAPI, page: ErrorPage | None = None) -> None:
    """Answer every foreseen exception as a problem; `page` draws it for browsers."""

    def handle(request: Request, error: Exception) -> Response:
        if isinstance(error, DATABASE_AWAY):
            _LOG.error("database_away", path=request.url.path, reason=type(error).__name__)
        if isinstance(error, HTTPException) and error.status_code == 405:
            allowed = _allowed(request)
            error.headers = {"Allow": allowed} if allowed else error.headers
        return answer(request, error, page)

    kinds = (ProblemError, RequestValidationError, HTTPException, UnknownPlaceError)
    for kind in (*kinds, *DATABASE_AWAY):
        app.add_exception_handler(kind, handle)


def _allowed(request: Request) -> str | None:
    """The methods of all routes of this path; the framework names those of the first only."""
    methods: set[str] = set()
    for path, operations in request.app.openapi()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), request.url.path):
            methods |= {method.upper() for method in operations}
    return ", ".join(sorted(methods)) or None


def _field_error(found: Mapping[str, Any]) -> FieldError:
    """One finding of pydantic in our words."""
    where = [str(part) for part in found["loc"][1:]] or [str(found["loc"][0])]
    name = ".".join(where)
    if found["type"] == "missing":
        return FieldError(field=name, value=None, rule="is required")
    value = _shown(name, found.get("input"))
    if found["type"] == "extra_forbidden":
        return FieldError(field=name, value=value, rule="is not a parameter here")
    reason = found.get("ctx", {}).get("error")
    return FieldError(field=name, value=value, rule=str(reason or found["msg"]))


def _shown(name: str, value: object) -> str | None:
    if value is None or any(word in name.lower() for word in _SECRET_FIELDS):
        return None
    return str(value)[:_LONGEST_VALUE]
