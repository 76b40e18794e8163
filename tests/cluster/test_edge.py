"""What holds for every request, whichever operation it asks for: methods, kinds of bodies, names that stand twice."""

import asyncio
import gzip
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.cluster.api import World, riverside
from tests.databases import Database

pytestmark = pytest.mark.anyio
SITE = {"code": "x", "name": "X", "kind": "shop", "address_line1": "x", "country_code": "VN", "lat": 1, "lon": 1}


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside for all tests of this file."""
    async with riverside(module_database) as found:
        yield found


@pytest.fixture(scope="module")
async def paths(world: World) -> dict[str, Any]:
    """Every path of the API with its operations."""
    return (await world.client.get("/schema/openapi.json")).json()["paths"]


def methods_of(operations: dict[str, Any]) -> set[str]:
    """The methods of a path by the API reference, and those that follow from them."""
    methods = {method.upper() for method in operations} | {"OPTIONS"}
    return methods | {"HEAD"} if "GET" in methods else methods


def bare(path: str) -> str:
    """A path with something put in for what it names: a day where one is meant."""
    return re.sub(r"\{[^}]*\}", "x", path.replace("{day}", "2090-01-01"))


async def test_options_lists_the_methods_of_every_path_to_everybody(world: World, paths: dict[str, Any]) -> None:
    for path, operations in paths.items():
        answer = await world.client.options(bare(path))
        assert (answer.status_code, answer.content) == (204, b""), path
        assert set(answer.headers["allow"].split(", ")) >= methods_of(operations), path


async def test_a_method_that_is_not_there_is_refused_with_those_that_are(world: World, paths: dict[str, Any]) -> None:
    for path, operations in paths.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"} - methods_of(operations):
            answer = await world.client.request(method, bare(path))
            allowed = answer.headers.get("allow", "").split(", ")
            if method not in allowed:  # GET /v1/imports/template is no GET of /v1/imports/{import_id}, but is one
                assert answer.status_code in {404, 405}, f"{method} {path}: {answer.text}"
            if answer.status_code == 405:
                assert answer.json()["code"] == "method_not_allowed"
                assert method not in allowed
                assert set(allowed) >= methods_of(operations)


@pytest.mark.parametrize(
    "path", ["/v1/me", "/v1/sites", "/v1/shipments?limit=1", "/live", "/v1/sites/sit_x", "/nowhere"]
)
async def test_head_answers_as_get_does_but_without_the_body(world: World, path: str) -> None:
    got = await world.an.get(path)
    head = await world.an.send("HEAD", path)
    assert head.status_code == got.status_code
    assert head.content == b""
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.headers.get("cache-control") == got.headers.get("cache-control")


async def test_head_of_a_stream_ends_at_once(world: World) -> None:
    shipment = await world.an.made("/v1/shipments", world.delivery())
    plan = await world.coordinator.made(f"/v1/pool-windows/{shipment['pool_window_id']}/plans", {"seconds": 1})
    async with asyncio.timeout(10):
        answer = await world.coordinator.send("HEAD", f"/v1/plans/{plan['id']}/events")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/event-stream")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, identity", "x" * 1000])
async def test_a_packed_body_is_refused_before_anybody_unpacks_it(world: World, encoding: str) -> None:
    bomb = gzip.compress(b" " * 10_000_000)
    for path in ("/v1/sites", "/v1/imports", "/v1/shipments/bulk"):
        answer = await world.an.send("POST", path, bomb, Content_Encoding=encoding)
        assert (answer.status_code, answer.json()["code"]) == (415, "packed_body")


async def test_a_body_that_is_not_said_to_be_packed_is_read(world: World) -> None:
    answer = await world.an.send("POST", "/v1/sites", SITE | {"code": "plain"}, Content_Encoding="identity")
    assert answer.status_code == 201, answer.text


async def test_a_name_that_stands_twice_is_told_at_every_place(world: World) -> None:
    raw = (
        b'{"client_ref": "1", "client_ref": "2", "delivery": {"name": "a", "name": "a"},'
        b' "handling_units": [{"weight_g": 1}, {"weight_g": 1, "weight_g": 2}], "a/b": {"~": 1, "~": 1}}'
    )
    answer = await world.an.post("/v1/shipments", raw)
    assert answer.status_code == 422
    assert {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]} == {
        ("/client_ref", "duplicate_key"),
        ("/delivery/name", "duplicate_key"),
        ("/handling_units/1/weight_g", "duplicate_key"),
        ("/a~1b/~0", "duplicate_key"),
    }


async def test_a_thousand_twins_of_a_name_are_told_quickly(world: World) -> None:
    raw = b"{" + b",".join(b'"n%d": 1' % (number % 9000) for number in range(18_000)) + b"}"
    async with asyncio.timeout(5):
        answer = await world.an.post("/v1/sites", raw)
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 1000


async def test_a_parameter_that_an_operation_does_not_know_is_refused_not_ignored(world: World) -> None:
    answer = await world.an.get("/v1/shipments?statu=planned&limit=1&limit=2")
    assert answer.status_code == 422
    faults = {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]}
    assert faults == {("#query/statu", "unknown_parameter"), ("#query/limit", "parameter_twice")}
    assert "status" in answer.json()["errors"][0]["cure"]


async def test_every_documented_parameter_is_known_and_no_other(world: World, paths: dict[str, Any]) -> None:
    for path, operations in paths.items():
        for method, operation in operations.items():
            if all("api_key" not in way for way in operation.get("security", [{"api_key": []}])):
                continue
            documented = {entry["name"] for entry in operation.get("parameters", []) if entry["in"] == "query"}
            query = "&".join(f"{name}=" for name in (*sorted(documented), "nobody"))
            caller = world.operator if operation["operationId"] == "found_cluster" else world.an
            answer = await caller.send(method.upper(), f"{bare(path)}?{query}", {})
            assert answer.status_code == 422, f"{method} {path}: {answer.text}"
            unknown = [fault for fault in answer.json()["errors"] if fault["code"] == "unknown_parameter"]
            assert [fault["pointer"] for fault in unknown] == ["#query/nobody"], f"{method} {path}"


async def test_many_parameters_are_refused_unread(world: World) -> None:
    answer = await world.an.get("/v1/shipments?" + "&".join(f"a{number}=1" for number in range(2000)))
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_request")


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200b", "\ufeff", "\u0085", "\u00ad"])
async def test_a_reference_holds_nothing_that_is_not_seen(world: World, mark: str) -> None:
    answer = await world.an.post("/v1/shipments", world.delivery(client_ref=f"A{mark}1"))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/client_ref"


async def test_names_in_any_script_are_taken(world: World) -> None:
    for number, name in enumerate(("Cửa hàng số 1", "Müller & Söhne", "河畔商店", "متجر", "दुकान\u200d", "👩\u200d🔧")):
        answer = await world.an.post("/v1/sites", SITE | {"code": f"script-{number}", "name": name})
        assert answer.status_code == 201, answer.text
