"""The API for Python programs, typed: `with connect(url, token) as api: api.list_meters()`."""

from __future__ import annotations

from loadstone.client.connect import Client, connect
from loadstone.client.errors import ApiError, FieldError

__all__ = ["ApiError", "Client", "FieldError", "connect"]
