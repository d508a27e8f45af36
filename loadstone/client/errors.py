"""What the API refuses, as an exception that names the fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One refused field: what was sent and which rule it broke."""

    field: str
    value: str | None
    rule: str


class ApiError(Exception):
    """Problem details (RFC 9457); `kind` is the last part of their type, such as `not-found`."""

    def __init__(
        self,
        *,
        status: int,
        kind: str,
        detail: str,
        errors: Sequence[FieldError] = (),
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(f"{status} {kind}: {detail}")
        self.status = status
        self.kind = kind
        self.detail = detail
        self.errors = tuple(errors)
        self.retry_after_s = retry_after_s
