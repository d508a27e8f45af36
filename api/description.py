"""The OpenAPI document: what FastAPI derives, with credentials and problems said rightly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

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
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if path.endswith(_OPEN_PATHS):
                operation["security"] = []
            for response in operation["responses"].values():
                if "application/problem+json" in response.get("content", {}):
                    response["content"].pop("application/json", None)
    return document
