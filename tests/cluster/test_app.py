"""The application as a whole: doors that stay shut, headers, refusals, and an API reference that is true."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from cluster.app import build, content_security_policy
from cluster.base import ids
from cluster.base.settings import Settings
from tests.cluster.api import Caller, World, api, riverside
from tests.cluster.side_by_side import side_by_side
from tests.databases import Database

pytestmark = pytest.mark.anyio
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
REFUSALS = {"400", "401", "403", "404", "409", "422", "429", "503"}


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside for all tests of this file, which change nothing."""
    async with riverside(module_database) as found:
        yield found


@pytest.fixture(scope="module")
async def reference(world: World) -> Any:
    """The API reference."""
    return (await world.client.get("/schema/openapi.json")).json()


@pytest.fixture(scope="module")
async def site(module_database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Any]:
    """The application with a dashboard and map tiles from elsewhere."""
    folder: Path = tmp_path_factory.mktemp("web")
    (folder / "index.html").write_text("<!doctype html><title>Dashboard</title>")
    (folder / "main.js").write_text("export {}")
    settings = Settings(
        data_dir=Path("/nonexistent"),
        secret_key="a secret of the tests, long enough",
        database_url=module_database.url,
        web_dir=folder,
        tile_url="https://tiles.example/{z}/{x}/{y}.png",
    )
    async with AsyncTestClient(build(settings), raise_server_exceptions=False) as client:
        yield client


def is_open(operation: Any) -> bool:
    """Whether the reference says that anybody may call it, without key or session."""
    return bool(operation.get("security") == [{}])


def is_for_people(operation: Any) -> bool:
    """Whether the reference says that it is for sessions alone, not for keys."""
    return all("session" in way for way in operation.get("security", [{}]))


def operations(reference: Any) -> list[tuple[str, str, Any]]:
    """Method, path and description of every operation."""
    return [
        (method.upper(), path, operation)
        for path, entries in reference["paths"].items()
        for method, operation in entries.items()
    ]


def is_problem(answer: httpx.Response, status: int, code: str) -> None:
    """A refusal is a problem detail (RFC 9457) with all its parts."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"].endswith(code)
    assert body["title"]
    assert body["detail"]
    ids.parse("req", body["request_id"])


async def test_the_platform_says_that_it_lives_and_is_ready_without_a_key(world: World) -> None:
    for path, word in (("/live", "live"), ("/ready", "ready")):
        answer = await world.client.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": word})


async def test_when_all_connections_are_taken_the_platform_lives_and_asks_to_try_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cluster.base.db.ACQUIRE_TIMEOUT_S", 0.2)
    owner = await asyncpg.connect(world.database.owner_url)
    async with side_by_side(world.database, db_pool_max=1) as client, owner.transaction():
        await owner.execute("LOCK TABLE members")  # whoever reads it waits, and holds the only connection
        waiting = asyncio.create_task(Caller(client, world.an.key).get("/v1/members"))
        await asyncio.sleep(1)
        is_problem(await client.get("/ready"), 503, "busy")
        assert (await client.get("/live")).status_code == 200
        answer = await waiting
    is_problem(answer, 503, "busy")  # the lock did not come in time either
    assert answer.headers["Retry-After"] == "1"
    await owner.close()


async def test_while_the_database_is_away_one_is_asked_to_try_again_and_then_all_is_well(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with side_by_side(database, db_pool_max=2) as client:
        owner = await asyncpg.connect(database.owner_url)
        name = await owner.fetchval("SELECT current_database()")
        await owner.execute(f"ALTER DATABASE {name} CONNECTION LIMIT 0")
        await owner.execute("SET ROLE cluster_app")
        mine = "usename = 'cluster_app' AND datname = current_database()"
        assert await owner.fetchval(f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {mine}") > 0
        for _ in range(3):
            is_problem(await client.get("/ready"), 503, "busy")
        assert (await client.get("/live")).status_code == 200
        await owner.execute("RESET ROLE")
        await owner.execute(f"ALTER DATABASE {name} CONNECTION LIMIT -1")
        await owner.close()
        assert (await client.get("/ready")).status_code == 200
    assert not any(record.name == "cluster.http" and record.exc_info for record in caplog.records)


@pytest.mark.parametrize("path", ["/", "/main.js", "/live", "/v1/me", "/schema/openapi.json", "/nowhere"])
async def test_every_answer_carries_the_headers_that_keep_browsers_careful(
    site: AsyncTestClient[Litestar], path: str
) -> None:
    answer = await site.get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "camera=()" in answer.headers["permissions-policy"]


async def test_answers_about_members_are_kept_by_nobody_on_the_way(world: World) -> None:
    answer = await world.an.get("/v1/me")
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/", "/main.js"])
async def test_pages_may_load_nothing_from_elsewhere_but_map_tiles(site: AsyncTestClient[Litestar], path: str) -> None:
    answer = await site.get(path)
    assert answer.status_code == 200
    policy = directives(answer.headers["content-security-policy"])
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == ["'none'"]
    elsewhere = {name for name, sources in policy.items() if any("example" in source for source in sources)}
    assert elsewhere == {"img-src", "connect-src"}
    assert policy["img-src"][-1] == "https://tiles.example"


def directives(policy: str) -> dict[str, list[str]]:
    """A content security policy by directive."""
    parts = [part.split() for part in policy.split(";")]
    return {name: sources for name, *sources in parts}


def test_without_tiles_nothing_at_all_comes_from_elsewhere() -> None:
    policy = content_security_policy(Settings(data_dir=Path("/nonexistent")))
    assert "://" not in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in directives(policy)["script-src"]


async def test_a_page_outside_the_folder_cannot_be_had(site: AsyncTestClient[Litestar]) -> None:
    for path in ("/../conftest.py", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "//etc/passwd"):
        answer = await site.get(path)
        assert "root:" not in answer.text
        assert answer.status_code in {200, 404}


async def test_what_is_nowhere_is_a_problem_told_in_the_usual_way(world: World) -> None:
    for path in ("/v1/nothing", "/v2/shipments", "/.env", "/v1/shipments/a/b/c"):
        is_problem(await world.an.get(path), 404, "not_found")


@pytest.mark.parametrize(("method", "path"), [("PUT", "/v1/shipments"), ("DELETE", "/v1/plans"), ("POST", "/live")])
async def test_a_method_that_an_operation_does_not_have_is_a_problem(world: World, method: str, path: str) -> None:
    is_problem(await world.an.send(method, path, {}), 405, "method_not_allowed")


async def test_a_body_beyond_the_limit_is_a_problem(world: World) -> None:
    async with api(world.database, body_max_bytes=1000) as client:
        member = Caller(client, world.an.key)
        is_problem(await member.post("/v1/sites", b'{"code": "' + b"x" * 1000 + b'"}'), 413, "body_too_large")
        is_problem(await member.post("/v1/sites", b'{"code": "' + b"x" * 900 + b'"}'), 422, "invalid_request")


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=many", "cursor=" + "x" * 65, "cursor=shp_1"])
async def test_a_parameter_that_does_not_fit_is_told_at_its_place(world: World, query: str) -> None:
    answer = await world.an.get(f"/v1/members?{query}")
    is_problem(answer, 422, "invalid_request")
    [fault] = answer.json()["errors"]
    assert fault["pointer"] == f"#query/{query.partition('=')[0]}"


async def test_a_creation_without_its_key_is_told_which_header_it_lacks(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.an.key}"}
    body = {"code": "x", "name": "X", "kind": "shop", "address_line1": "x", "country_code": "VN", "lat": 1, "lon": 1}
    missing = await world.client.post("/v1/sites", json=body, headers=headers)
    is_problem(missing, 400, "malformed_request")
    assert "Idempotency-Key" in missing.json()["detail"]
    for key in ("", "x" * 256):
        answer = await world.client.post("/v1/sites", json=body, headers=headers | {"Idempotency-Key": key})
        is_problem(answer, 422, "invalid_request")
        assert [fault["pointer"] for fault in answer.json()["errors"]] == ["#header/Idempotency-Key"]


async def test_twins_that_arrive_side_by_side_have_one_effect_and_one_answer(world: World) -> None:
    body = {"code": "twin", "name": "X", "kind": "shop", "address_line1": "x", "country_code": "VN", "lat": 1, "lon": 1}
    async with side_by_side(world.database, db_pool_max=10) as client:
        member = Caller(client, world.an.key)
        answers = await asyncio.gather(*(member.post("/v1/sites", body, Idempotency_Key="twins") for _ in range(30)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sorted(answer.headers["Idempotent-Replayed"] for answer in answers) == ["false"] + ["true"] * 29


async def test_every_operation_of_the_api_refuses_without_a_key(world: World, reference: Any) -> None:
    seen = 0
    for method, path, operation in operations(reference):
        if is_open(operation):
            continue
        seen += 1
        bare = re.sub(r"\{[^}]*\}", "x", path)
        answer = await world.client.request(method, bare, json={}, headers={"Idempotency-Key": "k"})
        if answer.status_code == 404 and "{day}" in path:
            continue  # x is no day, so there is no such path
        is_problem(answer, 401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert seen > 20


@pytest.mark.parametrize(
    ("name", "role"), [("operator", "operator"), ("an", "member_admin"), ("coordinator", "coordinator")]
)
async def test_every_operation_refuses_the_roles_that_it_is_not_for(
    world: World, reference: Any, name: str, role: str
) -> None:
    seen = 0
    for method, path, operation in operations(reference):
        if is_open(operation) or is_for_people(operation) or role in operation.get("x-roles", [role]):
            continue
        seen += 1
        bare = re.sub(r"\{[^}]*\}", "x", path.replace("{day}", "2090-01-01"))
        answer = await getattr(world, name).send(method, bare, {})
        assert answer.status_code == 403, f"{method} {path}: {answer.text}"
    assert seen > 3


async def test_the_reference_is_openapi_3_1_and_says_how_to_sign_in(reference: Any) -> None:
    assert reference["openapi"].startswith("3.1")
    assert reference["components"]["securitySchemes"]["api_key"] == {"type": "http", "scheme": "bearer"}
    assert reference["components"]["securitySchemes"]["session"]["in"] == "cookie"
    assert reference["security"] == [{"api_key": []}, {"session": []}]


async def test_every_operation_has_a_name_a_summary_and_its_refusals(reference: Any) -> None:
    names = [operation["operationId"] for _, _, operation in operations(reference)]
    assert len(names) == len(set(names))
    for method, path, operation in operations(reference):
        assert operation["tags"], path
        assert operation.get("summary") or operation.get("description"), path
        if not path.startswith("/v1"):
            continue
        documented = {status for status in operation["responses"] if status.startswith(("4", "5"))}
        named = {entry["name"] for entry in operation.get("parameters", [])}
        edits = {"412", "428"} if "If-Match" in named else set()
        assert edits or method != "PATCH", path
        bodies = {"413", "415"} if "requestBody" in operation else set()
        assert documented == REFUSALS | edits | bodies, f"{method} {path}"
        for status in REFUSALS:
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"]


async def test_every_creation_that_can_be_repeated_asks_for_a_key(reference: Any) -> None:
    """
    Secrets are made anew each time, for they are kept nowhere; what is set going again does no harm; a draft is finished
    by its version, a phone's proof has a key of its own in the body, and a carrier's invoice has its number.
    """
    without = {
        operation["operationId"]
        for method, _, operation in operations(reference)
        if method == "POST"
        and {"201", "202"} & operation["responses"].keys()
        and "Idempotency-Key" not in {entry["name"] for entry in operation.get("parameters", [])}
    }
    assert without == {
        *("found_cluster", "issue_key", "issue_carrier_key", "invite_user", "issue_password_reset", "invite_firm"),
        *("approve_application", "renew_application_code", "add_webhook", "rotate_webhook_secret"),
        *("issue_driver_link", "issue_tracking_link", "driver_proof", "prove_my_visit", "finish_draft"),
        *("send_invoice", "enter_carrier_invoice", "send_invoice_file", "enter_carrier_invoice_file"),
        *("replan_space", "split_space"),
        *("commit_import", "ping_webhook", "replay_webhook", "retry_channel_order", "sync_channel"),
        "cancel_gateway_order",
    }


async def test_every_reference_within_the_document_leads_somewhere(world: World, reference: Any) -> None:
    raw = (await world.client.get("/schema/openapi.json")).text
    for pointer in set(re.findall(r'"\$ref":"#/([^"]+)"', raw)):
        node = reference
        for part in pointer.split("/"):
            node = node[part]
        assert node


@pytest.mark.parametrize("path", ["/schema", "/schema/", "/schema/swagger", "/schema/redoc", "/schema/elements"])
async def test_the_reference_loads_nothing_from_elsewhere(world: World, path: str) -> None:
    answer = await world.client.get(path)
    for word in ("cdn", "unpkg", "jsdelivr", "<script"):
        assert word not in answer.text.lower()


async def test_an_unexpected_error_tells_nothing_of_the_inside(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with riverside(database) as world:
        owner = await asyncpg.connect(database.owner_url)
        await owner.execute("ALTER TABLE members RENAME TO hidden_members")
        await owner.close()
        answer = await world.an.get("/v1/members")
    is_problem(answer, 500, "internal_error")
    for inside in ("relation", "asyncpg", "members", "SELECT", "Traceback"):
        assert inside not in answer.text
    assert any(record.exc_info for record in caplog.records)


def test_without_a_database_the_application_does_not_start() -> None:
    with pytest.raises(LookupError, match="DATABASE_URL"):
        build(Settings(data_dir=Path("/nonexistent")))
