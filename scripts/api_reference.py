"""Writes the operations into docs/reference/api.md, from the committed OpenAPI document."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[1]
DOCUMENT = HOME / "docs" / "reference" / "openapi.json"
PAGE = HOME / "docs" / "reference" / "api.md"
MARK = "<!-- Below this line: made by scripts/api_reference.py from openapi.json. -->\n"


def page_text() -> str:
    """The page: what people wrote, then every operation by subject."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    written = PAGE.read_text(encoding="utf-8").split(MARK)[0].rstrip("\n")
    return f"{written}\n\n{MARK}\n" + "\n".join(_operations(document)) + "\n"


def _operations(document: dict[str, Any]) -> Iterator[str]:
    subjects: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            subject = operation.get("tags", ["other"])[0]
            lines = list(_operation(document, path, method, operation))
            subjects.setdefault(subject, []).extend(lines)
    for subject, lines in subjects.items():
        yield f"## Operations: {subject}"
        yield ""
        yield from lines


def _operation(
    document: dict[str, Any], path: str, method: str, operation: dict[str, Any]
) -> Iterator[str]:
    yield f"### `{method.upper()} {path}`"
    yield ""
    yield _one_line(operation["description"]) + f" (`{operation['operationId']}`)"
    yield ""
    for parameter in operation.get("parameters", []):
        told = _one_line(parameter.get("description", "") or parameter["schema"].get("title", ""))
        kind = _type(parameter["schema"])
        must = ", required" if parameter.get("required") else ""
        yield f"- `{parameter['name']}` ({parameter['in']}{must}: {kind}): {told}"
    body = operation.get("requestBody")
    if body:
        schema = body["content"]["application/json"]["schema"]
        yield from _fields(document, schema)
    yield ""
    yield "Answers " + "; ".join(
        f"{status} {_kinds(document, response)}".strip()
        for status, response in operation["responses"].items()
    ) + "."  # fmt: skip
    yield ""


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    if "$ref" not in schema:
        choices = [_type(part) for part in schema.get("oneOf", schema.get("anyOf", []))]
        yield f"- body: {' or '.join(choices) or _type(schema)}"
        return
    model = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    required = set(model.get("required", []))
    for name, part in model.get("properties", {}).items():
        must = ", required" if name in required else ""
        yield f"- `{name}` (body{must}: {_type(part)}): {_one_line(part.get('description', ''))}"


def _kinds(document: dict[str, Any], response: dict[str, Any]) -> str:
    names = []
    for kind, content in response.get("content", {}).items():
        if kind == "application/json":
            names.append(_type(content["schema"]))
        elif kind != "application/problem+json":
            names.append(f"`{kind}`")
    return ", ".join(names)


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2].strip("_").replace("Page_", "part of a list of ")
    if "enum" in schema:
        return " \\| ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " or ".join(dict.fromkeys(_type(part) for part in schema[choice]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("format", schema.get("type", "any")))


def _one_line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    PAGE.write_text(page_text(), encoding="utf-8")
    sys.exit(0)
