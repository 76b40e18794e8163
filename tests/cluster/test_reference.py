"""The API reference says everything of every operation, and is read without anything from elsewhere."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from cluster.app import TAGS, build
from cluster.base.reference.document import document
from cluster.base.settings import Settings
from tests.cluster.api import api
from tests.databases import Database

pytestmark = pytest.mark.anyio
SNAKE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
ROLES = {"member_user", "member_admin", "coordinator", "operator", "warehouse_operator", "carrier_key"}


@pytest.fixture(scope="module")
def reference() -> Any:
    """The OpenAPI document."""
    settings = Settings(data_dir=Path("/nonexistent"), database_url="postgresql://nobody@localhost/none")
    return json.loads(json.dumps(document(build(settings))))


@pytest.fixture(scope="module")
async def client(module_database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The application."""
    async with api(module_database) as found:
        yield found


def operations(reference: Any) -> list[tuple[str, str, Any]]:
    """Method, path and operation of all under /v1."""
    entries = [(path, entry) for path, entry in reference["paths"].items() if path.startswith("/v1")]
    return [(method.upper(), path, operation) for path, entry in entries for method, operation in entry.items()]


def resolved(reference: Any, schema: Any) -> Any:
    """What a reference leads to."""
    while "$ref" in schema:
        schema = reference["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def test_every_operation_says_in_words_what_it_does_and_for_whom(reference: Any) -> None:
    for method, path, operation in operations(reference):
        assert 8 <= len(operation["summary"]) <= 200, f"{method} {path}"
        assert operation["description"], f"{method} {path}"
        assert set(operation["tags"]) <= TAGS.keys(), f"{method} {path}"
        assert len(operation["tags"]) == 1, f"{method} {path}"
        assert SNAKE.fullmatch(operation["operationId"])
        if operation.get("security") not in ([{}], [{}, {}]) and "x-roles" in operation:
            assert set(operation["x-roles"]) <= ROLES


def test_whatever_changes_something_says_what_a_session_owes(reference: Any) -> None:
    for method, path, operation in operations(reference):
        for way in operation.get("security", reference["security"]):
            if "session" in way:
                assert ("csrf" in way) == (method not in {"GET", "HEAD"}), f"{method} {path}"
            assert way.keys() <= reference["components"]["securitySchemes"].keys()


def test_every_refusal_is_a_problem_and_every_success_is_described(reference: Any) -> None:
    for method, path, operation in operations(reference):
        successes = [status for status in operation["responses"] if status < "400"]
        assert successes, f"{method} {path}"
        for status, response in operation["responses"].items():
            assert response["description"], f"{method} {path} {status}"
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"]
        assert "Retry-After" in operation["responses"]["429"]["headers"]


def test_what_can_be_edited_says_its_version(reference: Any) -> None:
    for method, path, operation in operations(reference):
        if "If-Match" in {entry["name"] for entry in operation.get("parameters", [])}:
            assert method in {"PATCH", "PUT"} or path.startswith("/v1/plans/{plan_id}/"), path  # steps of a draft
            assert {"412", "428"} <= operation["responses"].keys(), path
            for other in reference["paths"][path].values():
                if "200" in other["responses"]:
                    assert "ETag" in other["responses"]["200"].get("headers", {}), path


def test_a_creation_that_asks_for_a_key_says_whether_an_answer_was_given_before(reference: Any) -> None:
    for method, path, operation in operations(reference):
        if "Idempotency-Key" in {entry["name"] for entry in operation.get("parameters", [])}:
            assert method == "POST"
            [success] = [response for status, response in operation["responses"].items() if status < "300"]
            assert "Idempotent-Replayed" in success["headers"], path


def test_names_are_snake_case_everywhere(reference: Any) -> None:
    for name, schema in reference["components"]["schemas"].items():
        for field in schema.get("properties", {}):
            assert SNAKE.fullmatch(field), f"{name}.{field}"
    for _, path, operation in operations(reference):
        for entry in operation.get("parameters", []):
            if entry["in"] != "header":
                assert SNAKE.fullmatch(re.sub(r"\[(gte|lt|gt|lte)\]$", "", entry["name"])), path
            known_elsewhere = entry["in"] == "path" or path == "/v1/session/provider/answer"  # OpenID Connect's own
            assert entry.get("description") or known_elsewhere, f"{path} {entry['name']}"


def test_every_list_with_a_cursor_has_the_same_three_fields(reference: Any) -> None:
    seen = 0
    for method, path, operation in operations(reference):
        if "cursor" in {entry["name"] for entry in operation.get("parameters", [])}:
            seen += 1
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            assert set(resolved(reference, schema)["properties"]) >= {"data", "next_cursor", "has_more"}, path
            limit = next(entry for entry in operation["parameters"] if entry["name"] == "limit")["schema"]
            assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 500, 50), f"{method} {path}"
    assert seen > 15


def test_every_enumeration_says_what_it_is(reference: Any) -> None:
    for name, schema in reference["components"]["schemas"].items():
        if "enum" in schema:
            assert schema.get("description", "").strip(), name


def test_every_example_fits_its_schema(reference: Any) -> None:
    for method, path, operation in operations(reference):
        parts = [operation.get("requestBody", {}), *operation["responses"].values()]
        for entry in (content for part in parts for content in part.get("content", {}).values()):
            for example in entry.get("examples", {}).values():
                whole = entry["schema"] | {"components": reference["components"]}
                errors = list(jsonschema.Draft202012Validator(whole).iter_errors(example["value"]))
                assert not errors, f"{method} {path}: {errors[0].message} at {list(errors[0].path)}"


async def test_the_reference_is_read_without_scripts_and_without_anything_from_elsewhere(
    client: httpx.AsyncClient, reference: Any
) -> None:
    index = await client.get("/schema")
    assert index.status_code == 200
    names = set(re.findall(r'href="/schema/operations/([a-z_]+)"', index.text))
    assert names == {operation["operationId"] for entry in reference["paths"].values() for operation in entry.values()}
    for path in ("/schema", *(f"/schema/operations/{name}" for name in sorted(names)), "/schema/reference.css"):
        answer = await client.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        for word in ("<script", "http://", "@import", "url("):
            assert word not in answer.text.lower(), path
        assert not re.findall(r'(?:src|href)="(?!/schema)', answer.text), path


async def test_an_operation_that_is_not_there_has_no_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/schema/operations/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
