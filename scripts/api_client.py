"""Writes the typed client from the committed OpenAPI document: models.py and operations.py."""

from __future__ import annotations

import json
import keyword
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[1]
DOCUMENT = HOME / "docs" / "reference" / "openapi.json"
FOLDER = HOME / "loadstone" / "client"
_TYPES = {"integer": "int", "number": "float", "boolean": "bool", "string": "str", "null": "None"}
_HEADERS = {"idempotency-key": "idempotency_key", "if-match": "if_match"}
_PREFIX = "/api/v1"


def class_name(name: str) -> str:
    """How a schema is called in Python."""
    return re.sub(r"\W|_", "", name)


def type_of(schema: dict[str, Any]) -> str:
    """The Python type of a JSON schema."""
    if "$ref" in schema:
        return class_name(schema["$ref"].rpartition("/")[2])
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(repr(value) for value in schema['enum'])}]"
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " | ".join(dict.fromkeys(type_of(part) for part in schema[choice]))
    if schema.get("type") == "array":
        return f"list[{type_of(schema.get('items', {}))}]"
    if schema.get("type") == "object":
        values = schema.get("additionalProperties")
        return f"dict[str, {type_of(values) if isinstance(values, dict) else 'Any'}]"
    return _TYPES.get(schema.get("type", ""), "Any")


def models_text(document: dict[str, Any]) -> str:
    """The module of the models."""
    bodies = {
        content["schema"]["$ref"].rpartition("/")[2]
        for operations in document["paths"].values()
        for operation in operations.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        if "$ref" in content["schema"]
    }
    text = [
        '"""What is sent and answered, as dictionaries; made by scripts/api_client.py."""', "",
        "from __future__ import annotations", "",
        "from typing import Any, Literal, NotRequired, TypedDict",
    ]  # fmt: skip
    for name, schema in document["components"]["schemas"].items():
        if "properties" in schema:
            text += ["", *_model(name, schema, sent=name in bodies)]
        else:
            text += ["", f"{class_name(name)} = {type_of(schema)}"]
    return "\n".join(text) + "\n"


def _model(name: str, schema: dict[str, Any], *, sent: bool) -> Iterator[str]:
    required = set(schema.get("required", []))
    fields = {
        key: f"NotRequired[{type_of(part)}]" if key not in required else type_of(part)
        for key, part in schema["properties"].items()
    }
    told = schema.get("description", f"{name}.").split("\n")[0].replace('"', "'")
    if any(keyword.iskeyword(key) or not key.isidentifier() for key in fields):
        yield f"{class_name(name)} = TypedDict(  # {'sent' if sent else told[:60]}"
        yield f'    "{class_name(name)}",'
        yield "    {"
        yield from (f'        "{key}": "{kind}",' for key, kind in fields.items())
        yield from ("    },", ")")
        return
    yield f"class {class_name(name)}(TypedDict):"
    yield f'    """{told}"""'
    yield ""
    yield from (f"    {key}: {kind}" for key, kind in fields.items())


def operations_text(document: dict[str, Any]) -> str:
    """The module of the operations."""
    text = [
        '"""Every operation of the API as a method; made by scripts/api_client.py."""', "",
        "from __future__ import annotations", "",
        "from collections.abc import Iterator",
        "from typing import Literal", "",
        "from loadstone.client import models",
        "from loadstone.client.transport import Transport", "", "",
        "class Operations(Transport):",
        '    """The operations; names and meanings are those of docs/reference/api.md."""',
    ]  # fmt: skip
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            text += ["", *_method(path, method, operation)]
    return "\n".join(text) + "\n"


def _method(path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    parameters = operation.get("parameters", [])
    placed = [p for p in parameters if p["in"] == "path"]
    asked = [p for p in parameters if p["in"] == "query"]
    headers = [p for p in parameters if p["name"].lower() in _HEADERS]
    body = operation.get("requestBody")
    answer = _answer_of(operation)
    yield f"    def {operation['operationId']}("
    yield "        self,"
    for parameter in placed:
        kind = _at_models(parameter["schema"])
        yield f"        {parameter['name']}: {kind}{'' if kind == 'str' else ' | str'},"
    if body:
        schema = body["content"]["application/json"]["schema"]
        yield f"        body: {_at_models(schema)},"
    if asked or headers:
        yield "        *,"
    for parameter in asked:
        kind = _at_models(parameter["schema"])
        none = "" if kind.endswith("None") else " | None"
        yield f"        {_argument(parameter['name'])}: {kind}{none} = None,"
    for header in headers:
        yield f"        {_HEADERS[header['name'].lower()]}: str | None = None,"
    yield f"    ) -> {answer or 'Iterator[bytes]'}:"
    told = operation["description"].split("\n")[0].replace('"', "'")
    yield f'        """{told}"""'
    url = re.sub(r"\{(\w+)\}", r"{self.quoted(\1)}", path.removeprefix(_PREFIX))
    query = ", ".join(f'"{p["name"]}": {_argument(p["name"])}' for p in asked)
    sent = ", ".join(f'"{h["name"]}": {_HEADERS[h["name"].lower()]}' for h in headers)
    call = "answer" if answer else "stream"
    begin = {"None": "", None: "return "}.get(answer, f"found: {answer} = ")
    yield f"        {begin}self.{call}("
    yield f'            "{method.upper()}",'
    yield f'            {"f" if "{" in url else ""}"{url}",'
    if query:
        yield f"            query={{{query}}},"
    if body:
        yield "            body=body,"
    if sent:
        yield f"            headers={{{sent}}},"
    yield "        )"
    if begin.startswith("found"):
        yield "        return found"


def _argument(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def _at_models(schema: dict[str, Any]) -> str:
    return (
        re.sub(r"\b[A-Z]\w+", lambda m: _imported(m[0]), type_of(schema))
        if ("enum" not in schema and "enum" not in str(schema))
        else type_of(schema)
    )


def _imported(name: str) -> str:
    return name if name in {"Literal", "Any", "None"} else f"models.{name}"


def _answer_of(operation: dict[str, Any]) -> str | None:
    """The type of a good JSON answer; None where the answer is no JSON."""
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            content = response.get("content", {})
            if "application/json" in content:
                return _at_models(content["application/json"]["schema"])
            return None if content else "None"
    return "None"


def main() -> int:
    """Write both modules."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    (FOLDER / "models.py").write_text(formatted(models_text(document)), encoding="utf-8")
    (FOLDER / "operations.py").write_text(formatted(operations_text(document)), encoding="utf-8")
    return 0


def formatted(text: str) -> str:
    """Lines of any length, blank lines as they should be."""
    head = "# ruff: noqa: E501 - lines are as long as the document's words\n# fmt: off\n"
    return head + re.sub(r"\n+(class )", r"\n\n\n\1", text)


if __name__ == "__main__":
    sys.exit(main())
