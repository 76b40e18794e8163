"""What the API reference shows as examples has been sent and answered, and fits what the reference says."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cluster.app import build
from cluster.base.reference.document import document as document_of
from cluster.base.reference.document import examples, operations
from cluster.base.settings import Settings


@cache
def document() -> Any:
    """The API's document."""
    return document_of(build(Settings(data_dir=Path("/nonexistent"), database_url="postgresql://nowhere")))


def shown() -> dict[str, tuple[Any, Any]]:
    """Examples by operation and place, each with its schema."""
    found = {}
    for _, method, operation in operations(document()):
        contents = {"request": operation.get("requestBody", {}).get("content", {})}
        contents |= {status: answer.get("content", {}) for status, answer in operation["responses"].items()}
        for place, content in contents.items():
            json_content = content.get("application/json", {})
            for example in json_content.get("examples", {}).values():
                found[f"{operation['operationId']} {method} {place}"] = (example["value"], json_content["schema"])
    return found


def test_most_operations_have_an_example() -> None:
    there = {operation["operationId"] for _, _, operation in operations(document())}
    assert examples().keys() <= there, "run: python -m tests.recording"
    assert len(examples()) >= len(there) * 4 / 5


@pytest.mark.parametrize("name", shown())
def test_an_example_fits_its_schema(name: str) -> None:
    value, schema = shown()[name]
    whole = {"components": document()["components"], "allOf": [schema]}
    assert [
        f"{fault.json_path}: {fault.message[:200]}" for fault in Draft202012Validator(whole).iter_errors(value)
    ] == []


def test_no_example_opens_anything() -> None:
    """Keys, tokens, links with secrets at their end."""
    text = json.dumps(examples())
    assert re.findall(r"clk_[0-9A-Za-z]{20,}|whsec_[0-9A-Za-z]{20,}", text) == []
    assert re.findall(r"#(?:reset|apply|join)=[^\"*]*[A-Z][A-Za-z0-9_-]{20,}", text) == []
