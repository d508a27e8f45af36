"""The OpenAPI document: what FastAPI derives, with credentials, problems and examples added."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.examples import example_of
from api.sessions import CSRF_HEADER, SESSION_COOKIE

_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "An API token, `lst_…`."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION_COOKIE,
        "description": f"A browser's session; changes need the header `{CSRF_HEADER}` too.",
    },
}
_OPEN_PATHS = ("/health",)
_PROBLEM = "#/components/schemas/ProblemDetails"
_PROBLEMS = {
    "400": "The body cannot be read.",
    "403": "Your role, or a token that may only read, does not allow it.",
    "406": "None of the media types of `Accept` is offered.",
    "409": "It is in use, or the first request of this Idempotency-Key is still worked on.",
    "412": "It was changed since you read it: `If-Match` names an older `ETag`.",
    "413": "The body is larger than 1 MiB.",
    "415": "The body is compressed, or not JSON.",
    "429": "Too many requests: wait `Retry-After` seconds.",
}
_RATES = {
    "RateLimit-Limit": "Requests that may be sent within a minute.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "Seconds until all of them are again.",
}
# Words for many that do not end in s.
_PLURALS = {"equipment", "quarantine", "latest", "ledger", "audit"}
_VERBS = {"GET": "get", "POST": "create", "PUT": "replace", "PATCH": "change", "DELETE": "delete"}


def operation_id(route: APIRoute) -> str:
    """`list_meters`, `get_meter_energy`, `create_meter`: what programs call an operation."""
    method = min(route.methods or {"GET"})
    if not route.path.startswith("/api/v1/"):
        return f"{method}_{route.path}"  # pages are not in the document
    parts = [part for part in route.path.split("/")[3:] if part]
    names = []
    for part, after in zip(parts, [*parts[1:], ""], strict=True):
        if not part.startswith("{"):
            name = part.replace("-", "_")
            is_one = after.startswith("{") or method in {"POST", "PUT"}
            names.append(name.removesuffix("s") if is_one and name != "credentials" else name)
    many = not parts[-1].startswith("{") and (parts[-1].endswith("s") or parts[-1] in _PLURALS)
    verb = "list" if method == "GET" and many else _VERBS[method]
    return "_".join([verb, *names])


def describe(app: FastAPI) -> None:
    """Make the application's document complete; it is still derived once, when first asked for."""
    derive: Callable[[], dict[str, Any]] = app.openapi

    def complete() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(derive())
        return app.openapi_schema

    app.openapi = complete  # type: ignore[method-assign] # the way FastAPI documents


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    document["components"]["securitySchemes"] = _SCHEMES
    document["security"] = [{"token": []}, {"session": []}]
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if path.endswith(_OPEN_PATHS):
                operation["security"] = []
            for status, description in _problems_of(path, method, operation):
                operation["responses"].setdefault(status, _problem(description))
            for status, response in operation["responses"].items():
                _complete_response(status, response, schemas)
            for content in operation.get("requestBody", {}).get("content", {}).values():
                content.setdefault("example", example_of(content["schema"], schemas))
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return document


def _problem(description: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": _PROBLEM}}}
    return {"description": description, "content": content}


def _problems_of(path: str, method: str, operation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The problems that an operation can have by what it takes."""
    statuses = ["429"]
    if not path.endswith(_OPEN_PATHS):
        statuses.append("403")
    if "requestBody" in operation:
        statuses += ["400", "413", "415"]
    headers = {p["name"].lower() for p in operation.get("parameters", []) if p["in"] == "header"}
    if "accept" in headers:
        statuses.append("406")
    if "idempotency-key" in headers:
        statuses.append("409")
    if "if-match" in headers:
        statuses.append("412")
    for status in statuses:
        yield status, _PROBLEMS[status]
    good = operation["responses"].get("200", {}).get("content", {})
    if method == "get" and "application/json" in good:
        operation["responses"].setdefault(
            "304", {"description": "It is as `If-None-Match` says that you have it."}
        )


def _complete_response(status: str, response: dict[str, Any], schemas: dict[str, Any]) -> None:
    content = response.get("content", {})
    if "application/problem+json" in content:
        content.pop("application/json", None)
    if re.fullmatch(r"2\d\d", status):
        response["headers"] = {
            name: {"description": told, "schema": {"type": "integer"}}
            for name, told in _RATES.items()
        }
    for kind, told in content.items():
        if "schema" in told and kind == "application/json":
            told.setdefault("example", example_of(told["schema"], schemas))
