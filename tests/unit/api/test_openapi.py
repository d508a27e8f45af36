"""The committed description of the API is the one that it gives, and what is made of it too."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api.description import operation_id
from api.openapi import openapi_text

HOME = Path(__file__).parents[3]
PAGE = HOME / "docs" / "reference" / "openapi.json"
REFERENCE = HOME / "docs" / "reference" / "api.md"
CLIENT = [HOME / "loadstone" / "client" / name for name in ("models.py", "operations.py")]
DOCUMENT = json.loads(openapi_text())


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_committed_openapi_document_is_up_to_date():
    assert PAGE.read_text() == openapi_text(), (
        "the API has changed; write its description anew with "
        "`python -m api.openapi > docs/reference/openapi.json` and say so in the changelog"
    )


@pytest.mark.parametrize(
    ("script", "files"), [("api_reference", [REFERENCE]), ("api_client", CLIENT)]
)
def test_what_is_made_of_the_document_is_up_to_date(script, files):
    before = [path.read_text() for path in files]
    path = HOME / "scripts" / f"{script}.py"
    try:
        subprocess.run([sys.executable, str(path)], check=True)
        after = [path.read_text() for path in files]
    finally:
        for file, text in zip(files, before, strict=True):
            file.write_text(text)
    assert before == after, f"run scripts/{script}.py"


def test_every_operation_is_described_and_documents_its_problems():
    for path, _method, operation in operations():
        assert operation["description"], path
        if path != "/api/v1/health":
            assert {"401", "403", "404", "422", "429", "503"} <= set(operation["responses"])
            problem = operation["responses"]["422"]["content"]
            assert list(problem) == ["application/problem+json"]


def test_every_operation_has_a_name_of_its_own():
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names))
    assert {"list_meters", "get_meter_energy", "create_meter", "list_equipment"} <= set(names)
    assert callable(operation_id)


def test_every_answer_and_body_has_an_example_that_fits_it():
    checked = 0
    for path, method, operation in operations():
        told = [operation["requestBody"]] if "requestBody" in operation else []
        told += [r for status, r in operation["responses"].items() if status.startswith("2")]
        for part in told:
            for kind, content in part.get("content", {}).items():
                if kind == "application/json":
                    schema = {**content["schema"], "components": DOCUMENT["components"]}
                    errors = list(Draft202012Validator(schema).iter_errors(content["example"]))
                    assert errors == [], (method, path, errors[0].message if errors else "")
                    checked += 1
    assert checked > 80
