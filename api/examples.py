"""Examples of what is sent and answered, made from those of the fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_DEEPEST = 30
_OF_FORMAT = {
    "date-time": "2026-03-01T00:00:00Z",
    "date": "2026-03-01",
    "uri": "https://example.com/",
}
_OF_TYPE: dict[str, Any] = {
    "string": "text",
    "integer": 1,
    "number": 1.0,
    "boolean": True,
    "null": None,
}


def example_of(schema: Mapping[str, Any], schemas: Mapping[str, Any], depth: int = 0) -> Any:  # noqa: ANN401 - any JSON
    """A value that fits a JSON schema, of the examples in it where there are any."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas, depth + 1)
    for told in ("example", "const"):
        if told in schema:
            return schema[told]
    if schema.get("examples"):
        return schema["examples"][0]
    if schema.get("enum"):
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return example_of(schema[choice][0], schemas, depth + 1)
    if depth > _DEEPEST:
        return None
    return _of_type(schema, schemas, depth)


def _of_type(schema: Mapping[str, Any], schemas: Mapping[str, Any], depth: int) -> Any:  # noqa: ANN401 - any JSON
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return {
            name: example_of(part, schemas, depth + 1)
            for name, part in schema.get("properties", {}).items()
        }
    if kind == "array":
        return [example_of(schema.get("items", {}), schemas, depth + 1)]
    if kind == "string":
        text = str(_OF_FORMAT.get(schema.get("format", ""), _OF_TYPE["string"]))
        return text.ljust(int(schema.get("minLength", 0)), "x")
    if kind in {"integer", "number"}:
        return max(schema.get("minimum", _OF_TYPE[kind]), _OF_TYPE[kind])
    return _OF_TYPE.get(kind or "")
