"""Getting more than one was given: by invitation, by key, by leaving, by being the last one there."""

import asyncio
import itertools
import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar.routes import HTTPRoute

from cluster.app import build
from cluster.base.settings import Settings
from tests.cluster.api import Caller, World
from tests.cluster.members.test_leaving import owner
from tests.cluster.people.browser import PASSWORD, Browser, invited, joined
from tests.cluster.planning.test_plan import working

pytestmark = pytest.mark.anyio


def fresh(name: str) -> str:
    """An address that nobody has yet."""
    return f"{name}-{uuid.uuid4().hex[:8]}@firm.example"


async def user_of(browser: Browser) -> str:
    """Whose session it is."""
    return str((await browser.get("/v1/session")).json()["user"]["id"])


async def test_a_members_admin_invites_nobody_to_the_neutral_side_or_to_a_rival(world: World) -> None:
    admin = await joined(world, fresh("boss"), "member_admin", world.an_id)
    for body, status in (
        ({"email": fresh("x"), "role": "coordinator", "member_id": None}, 403),
        ({"email": fresh("x"), "role": "warehouse_operator", "member_id": None}, 403),
        ({"email": fresh("x"), "role": "member_admin", "member_id": world.binh_id}, 404),
        ({"email": fresh("x"), "role": "coordinator", "member_id": world.an_id}, 422),
        ({"email": fresh("x"), "role": "operator", "member_id": None}, 422),
        ({"email": fresh("x"), "role": "system", "member_id": None}, 422),
    ):
        for by in (admin, world.an):
            answer = await by.post("/v1/users/invitations", body)
            assert answer.status_code == status, answer.text
    own = await user_of(admin)
    for role in ("coordinator", "warehouse_operator"):
        assert (await admin.send("PATCH", f"/v1/users/{own}", {"role": role})).status_code == 409
    theirs = await user_of(await joined(world, fresh("rival"), "member_admin", world.binh_id))
    attempts: list[tuple[str, str, Any]] = [
        ("PATCH", f"/v1/users/{theirs}", {"role": "member_user"}),
        ("DELETE", f"/v1/users/{theirs}", None),
        ("DELETE", f"/v1/users/{theirs}/factors", None),
        ("POST", f"/v1/users/{theirs}/password-reset", None),
    ]
    for method, path, change in attempts:
        assert (await admin.send(method, path, change)).status_code == 404


async def test_an_invitation_taken_up_ten_times_at_once_makes_one_account(world: World) -> None:
    token = (await invited(world.an, fresh("once"), "member_user", world.an_id))["token"]
    body = {"token": token, "name": "Somebody", "password": PASSWORD}
    answers = await asyncio.gather(*(Browser(world.client).post("/v1/users/accept", body) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 9


async def test_two_invitations_taken_up_at_once_make_nobody_neutral_and_a_members_at_once(world: World) -> None:
    for _ in range(5):
        email = fresh("hats")
        tokens = [
            (await invited(world.coordinator, email, "coordinator"))["token"],
            (await invited(world.an, email, "member_user", world.an_id))["token"],
        ]
        answers = await asyncio.gather(
            *(
                Browser(world.client).post("/v1/users/accept", {"token": one, "name": "Both", "password": PASSWORD})
                for one in tokens
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409], email


async def test_two_admins_who_put_each_other_out_at_once_leave_one(world: World) -> None:
    for _ in range(5):
        member_id, firm = await world.admit(f"duel{uuid.uuid4().hex[:6]}")
        one, two = [await joined(world, fresh("duel"), "member_admin", member_id, by=firm) for _ in range(2)]
        first, second = await user_of(one), await user_of(two)
        answers = await asyncio.gather(
            one.send("DELETE", f"/v1/users/{second}"),
            two.send("PATCH", f"/v1/users/{first}", {"status": "deactivated"}),
        )
        assert all(answer.status_code < 500 for answer in answers)
        left = [user for user in (await firm.get("/v1/users")).json()["data"] if user["status"] == "active"]
        assert len(left) >= 1
        assert any(user["role"] == "member_admin" for user in left)


async def test_the_last_admin_is_not_erased_by_the_back_door(world: World) -> None:
    member_id, firm = await world.admit(f"last{uuid.uuid4().hex[:6]}")
    admin = await user_of(await joined(world, fresh("last"), "member_admin", member_id, by=firm))
    clerk = await user_of(await joined(world, fresh("clerk"), "member_user", member_id, by=firm))
    assert (await firm.send("DELETE", f"/v1/users/{admin}")).json()["code"] == "last_leader"
    async with working(world):
        done = {}
        for user in (admin, clerk):
            body = {"subject": "user", "subject_id": user}
            asked = await firm.post(f"/v1/members/{member_id}/erasures", body)
            assert asked.status_code == 202
            for _ in range(200):
                done[user] = (await firm.get(asked.headers["Location"])).json()
                if done[user]["status"] != "queued":
                    break
                await asyncio.sleep(0.05)
    assert [entry["id"] for entry in (await firm.get("/v1/users")).json()["data"]] == [admin]
    assert done[admin]["erased"] == {"users": 0, "last_admin_kept": 1}
    assert done[clerk]["erased"] == {"users": 1}


async def test_whoever_left_makes_no_new_ways_in(world: World) -> None:
    member_id, firm = await world.admit(f"left{uuid.uuid4().hex[:6]}")
    today = (world.day - timedelta(days=1)).isoformat()
    assert (await firm.post(f"/v1/members/{member_id}/leave", {"effective_on": today})).is_success
    waiting = (await invited(firm, fresh("waits"), "member_admin", member_id))["token"]
    assert (await world.coordinator.post(f"/v1/members/{member_id}/complete-departure", None)).is_success
    key = {"name": "for ever", "role": "member_admin", "member_id": member_id, "days": 365}
    person = {"email": fresh("for-ever"), "role": "member_admin", "member_id": member_id}
    for path, body in (("/v1/keys", key), ("/v1/users/invitations", person)):
        refused = await firm.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "member_left")
    late = await Browser(world.client).post(
        "/v1/users/accept", {"token": waiting, "name": "Late", "password": PASSWORD}
    )
    assert (late.status_code, late.json()["code"]) == (409, "member_left")
    assert (await firm.get("/v1/shipments")).status_code == 200  # it reads until its keys expire


def operations(document: Any) -> list[tuple[str, str, str, list[str]]]:
    """Method, path, name and tags of every operation that wants a key or a session."""
    found = []
    for (path, entry), method in itertools.product(
        document["paths"].items(), ("get", "post", "put", "patch", "delete")
    ):
        if method in entry and entry[method].get("security") != [{}]:
            found.append((method.upper(), path, entry[method]["operationId"], entry[method].get("tags", [])))
    return found


async def test_a_key_limited_to_one_thing_is_refused_by_every_operation_about_another(world: World) -> None:
    document = (await world.client.get("/schema/openapi.json")).json()
    body = {"name": "narrow", "role": "member_admin", "member_id": world.an_id, "scopes": ["quotes:read"]}
    narrow = Caller(world.client, (await world.an.made("/v1/keys", body))["api_key"])
    let_in = set()
    for method, path, name, _ in operations(document):
        there = re.sub(r"\{[^}]*\}", "x_00000000000000000000000000", path.replace("{day}", "2030-01-01"))
        answer = await narrow.send(method, there, {} if method in {"POST", "PUT", "PATCH"} else None)
        if answer.status_code != 403:
            let_in.add(name)
    assert let_in == {"me"}


async def test_what_only_the_server_says_is_taken_from_nobody(world: World) -> None:
    member = {"member_id": world.binh_id, "cluster_id": "clu_00000000000000000000000000", "role": "coordinator"}
    state = {"status": "delivered", "version": 99, "id": "shp_00000000000000000000000000", "price_minor": 1}
    for name, value in (member | state).items():
        answer = await world.an.post("/v1/shipments", world.delivery(**{name: value}))
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{name}")
    made = await world.an.made("/v1/shipments", world.delivery())
    for name, value in (member | state).items():
        answer = await world.an.send("PATCH", f"/v1/shipments/{made['id']}", {name: value})
        assert answer.status_code == 422, (name, answer.text)
    token = (await invited(world.an, fresh("more"), "member_user", world.an_id))["token"]
    accept = {"token": token, "name": "More", "password": PASSWORD}
    for name, value in {"role": "member_admin", "email": "boss@an.example", "member_id": world.binh_id}.items():
        assert (await Browser(world.client).post("/v1/users/accept", accept | {name: value})).status_code == 422
    key = {"name": "k", "role": "member_user", "member_id": world.an_id}
    for name, value in {"expires_at": "2999-01-01T00:00:00Z", "cluster_id": "x", "key_id": "x"}.items():
        assert (await world.an.post("/v1/keys", key | {name: value})).status_code == 422


async def test_no_operation_takes_a_body_with_fields_that_it_does_not_know(tmp_path: Path) -> None:
    app = build(Settings(data_dir=tmp_path, database_url="postgresql://nobody@nowhere/none"))
    loose, seen = set(), 0
    for route in app.routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            field = handler.parsed_fn_signature.parameters.get("data")
            if field is None:
                continue
            seen += 1
            if not getattr(getattr(field.annotation, "__struct_config__", None), "forbid_unknown_fields", False):
                loose.add(handler.operation_id)
    assert seen > 50
    assert loose == set()


async def test_an_idempotency_key_of_somebody_else_gives_nothing_of_its_answer(world: World) -> None:
    same = {"Idempotency_Key": "the very same"}
    booking = world.delivery(client_ref="SECRET-OF-AN")
    first = await world.an.post("/v1/shipments", booking, **same)
    clerk = await joined(world, fresh("clerk"), "member_user", world.an_id)
    rival = await joined(world, fresh("rival"), "member_user", world.binh_id)
    answer = await world.binh.post("/v1/shipments", booking, **same)
    assert (answer.status_code, answer.headers["Idempotent-Replayed"]) == (201, "false")
    assert answer.json()["id"] != first.json()["id"]
    assert (await rival.post("/v1/shipments", booking, **same)).json()["code"] == "client_ref_taken"  # Binh's own
    taken = await clerk.post("/v1/shipments", booking, **same)
    assert (taken.status_code, taken.json()["code"]) == (409, "client_ref_taken")


async def test_nobody_makes_an_archive_or_fetches_one_of_a_rival(world: World) -> None:
    async with working(world):
        asked = await world.an.post(f"/v1/members/{world.an_id}/archives", None)
        for _ in range(200):
            if (await world.an.get(asked.headers["Location"])).json()["status"] == "ready":
                break
            await asyncio.sleep(0.05)
    archive = asked.json()["id"]
    assert (await world.an.get(f"/v1/members/{world.an_id}/archives/{archive}/download")).status_code == 200
    answers = set()
    for path in (
        f"/v1/members/{world.an_id}/archives/{archive}/download",
        f"/v1/members/{world.binh_id}/archives/{archive}/download",
        f"/v1/members/{world.binh_id}/archives/{archive[:-1]}0/download",
    ):
        answer = await world.binh.get(path)
        answers.add(answer.status_code)
    assert answers == {404}
    assert (await world.coordinator.get(f"/v1/members/{world.an_id}/archives/{archive}/download")).status_code == 403
    assert (await world.binh.post(f"/v1/members/{world.an_id}/archives", None)).status_code == 404


async def test_the_log_tells_of_persons_by_their_identifiers_alone(world: World) -> None:
    email = fresh("quuxworth")
    browser = await joined(world, email, "member_user", world.an_id)
    user = await user_of(browser)
    await Browser(world.client).post("/v1/session", {"email": email, "password": "wrong wrong wrong"})
    await world.an.send("PATCH", f"/v1/users/{user}", {"name": "Quuxworth Esquire"})
    await world.an.made("/v1/contacts", {"name": "Quuxworth", "email": email, "phone": "+4912345678"})
    async with owner(world) as connection:
        entries = await connection.fetch("SELECT to_jsonb(entry)::text AS text FROM audit_log AS entry")
    assert len(entries) > 3
    assert not [entry["text"] for entry in entries if re.search("quuxworth|12345678", entry["text"], re.IGNORECASE)]
