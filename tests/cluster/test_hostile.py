"""No operation is surprised, whatever it is sent: every answer below 500, every refusal a problem detail."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from cluster.base import ids
from tests.cluster.api import World, riverside
from tests.databases import Database

pytestmark = pytest.mark.anyio
CALLERS = ("operator", "coordinator", "an")
NAMES = ["x", "%00", "%FF", "shp_" + "0" * 26, "%F0%9F%9A%9A", "'%20OR%201=1%20--", "a" * 3000, "..", "%2F", "null"]
BODIES: list[bytes] = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"0",
    b'"text"',
    b"{",
    b"\x00",
    b"\xff\xfe",
    b"[[[[[[[[[[]]]]]]]]]]",
    b'{"seconds": 1e308}',
    b'{"name": "\\u0000", "code": "\\u0000", "client_ref": "\\u0000"}',
    b'{"shipments": [{}, null, [], 1], "points": {}, "handling_units": "x"}',
    b'{"service_date": "0000-00-00", "cut_off_at": "9999-12-31T23:59:59-14:00"}',
    b'{"service_date": "2050-01-01", "cut_off_at": "2049-12-31T23:59:59.999999999999+23:59"}',
]
QUERIES = [
    *("limit=-1", "limit=9999999999999999999999", "limit=1&limit=2", "cursor=", "cursor=%00", "cursor=%FF"),
    *("status=%00", "status=flying", "pool_window_id=%00", "pool_window_id=win_" + "z" * 26, "unknown=1", "%00=%00"),
]


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside for all tests of this file."""
    async with riverside(module_database) as found:
        yield found


@pytest.fixture(scope="module")
async def operations(world: World) -> list[tuple[str, str]]:
    """Method and path of every operation of the API."""
    paths = (await world.client.get("/schema/openapi.json")).json()["paths"]
    return [(method.upper(), path) for path, entries in paths.items() for method in entries]


def named(path: str, name: str) -> str:
    """A path with a thing's name put in."""
    return re.sub(r"\{[^}]*\}", name, path)


async def unsurprised(world: World, caller: str, method: str, path: str, body: Any = None) -> None:
    """Sends a request that must be answered properly."""
    answer = await getattr(world, caller).send(method, path, body)
    assert answer.status_code < 500, f"{caller} {method} {path} {body!r}: {answer.text}"
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("raw", BODIES)
async def test_no_body_surprises_an_operation(
    world: World, operations: list[tuple[str, str]], caller: str, raw: bytes
) -> None:
    for method, path in operations:
        if method != "GET":
            await unsurprised(world, caller, method, named(path, "x"), raw)


@pytest.mark.parametrize("name", NAMES)
async def test_no_name_of_a_thing_surprises_an_operation(
    world: World, operations: list[tuple[str, str]], name: str
) -> None:
    for method, path in operations:
        if "{" in path:
            for caller in ("coordinator", "an"):
                await unsurprised(world, caller, method, named(path, name), None if method == "GET" else b"{}")


@pytest.mark.parametrize("query", QUERIES)
async def test_no_parameter_surprises_a_list(world: World, operations: list[tuple[str, str]], query: str) -> None:
    for method, path in operations:
        if method == "GET" and "{" not in path:
            await unsurprised(world, "coordinator", method, f"{path}?{query}")


@pytest.mark.parametrize("key", ["\x7f", "é", " ", "'; DROP TABLE idempotency; --", "a" * 255])
async def test_no_idempotency_key_surprises_a_creation(world: World, key: str) -> None:
    body = {"code": ids.show("s", ids.new()), "name": "X", "kind": "shop", "address_line1": "x", "country_code": "VN"}
    headers = {"Authorization": f"Bearer {world.an.key}".encode(), "Idempotency-Key": key.encode("latin-1")}
    answer = await world.client.post("/v1/sites", json=body | {"lat": 1, "lon": 1}, headers=headers)
    assert answer.status_code in {201, 422}, answer.text


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "x/y; z"]
)
async def test_no_content_type_surprises_a_creation(world: World, kind: str) -> None:
    headers = {"Authorization": f"Bearer {world.an.key}", "Idempotency-Key": "k", "Content-Type": kind}
    for raw in (b"", b"{}", b"a=b", b"\xff"):
        answer = await world.client.post("/v1/sites", content=raw, headers=headers)
        assert 400 <= answer.status_code < 500, answer.text
