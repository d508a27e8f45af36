"""The committed description of the API is the one that it gives."""

from __future__ import annotations

import json
from pathlib import Path

from api.openapi import openapi_text

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "openapi.json"


def test_the_committed_openapi_document_is_up_to_date():
    assert PAGE.read_text() == openapi_text(), (
        "the API has changed; write its description anew with "
        "`python -m api.openapi > docs/reference/openapi.json` and say so in the changelog"
    )


def test_every_operation_is_described_and_documents_its_problems():
    document = json.loads(openapi_text())
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["description"], path
            if path != "/api/v1/health":
                assert {"401", "404", "422", "503"} <= set(operation["responses"])
                problem = operation["responses"]["422"]["content"]
                assert list(problem) == ["application/problem+json"]
