"""Users: who manages whom, how access ends, new passwords, and what goes when a person goes."""

from typing import Any

import asyncpg
import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.people import service
from tests.cluster.api import World
from tests.cluster.members.test_members import dump
from tests.cluster.people.browser import PASSWORD, Browser, invited, joined, with_passkey

pytestmark = pytest.mark.anyio
OTHER = "seven umbrellas in march"


async def me(browser: Browser) -> Any:
    """Who is signed in."""
    return (await browser.get("/v1/session")).json()["user"]


async def test_a_members_admin_manages_its_own_firms_people_and_knows_of_no_others(world: World) -> None:
    lan = await me(await joined(world, "lan1@an.example", "member_user", world.an_id, by=world.an))
    minh = await me(await joined(world, "minh1@binh.example", "member_user", world.binh_id, by=world.binh))
    listed = (await world.an.get("/v1/users?limit=500")).json()["data"]
    assert {entry["member_id"] for entry in listed} == {world.an_id}
    assert lan["id"] in {entry["id"] for entry in listed}
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"name": "X"}),
        ("POST", "/password-reset", None),
        ("DELETE", "/factors", None),
        ("DELETE", "", None),
    ):
        answer = await world.an.send(method, f"/v1/users/{minh['id']}{path}", body)
        assert answer.status_code == 404, answer.text
    rivals = {"email": "x@binh.example", "role": "member_user", "member_id": world.binh_id}
    assert (await world.an.post("/v1/users/invitations", rivals)).status_code == 404
    neutral = {"email": "x@an.example", "role": "coordinator"}
    assert (await world.an.post("/v1/users/invitations", neutral)).status_code == 403
    assert (await world.an.send("PATCH", f"/v1/users/{lan['id']}", {"role": "coordinator"})).status_code == 409
    assert (await world.an.send("PATCH", f"/v1/users/{lan['id']}", {"name": "Lan Nguyen"})).json()["name"] == (
        "Lan Nguyen"
    )


async def test_a_change_says_which_version_it_changes(world: World) -> None:
    own = (await me(await joined(world, "version@an.example", "member_user", world.an_id)))["id"]
    seen = (await world.an.get(f"/v1/users/{own}")).headers["ETag"]
    assert (await world.an.send("PATCH", f"/v1/users/{own}", {"name": "A"}, If_Match=seen)).status_code == 200
    late = await world.an.send("PATCH", f"/v1/users/{own}", {"name": "B"}, If_Match=seen)
    assert (late.status_code, late.json()["code"]) == (412, "outdated")
    assert (await world.an.get(f"/v1/users/{own}")).json()["name"] == "A"


async def test_nobody_but_a_manager_manages(world: World) -> None:
    browser = await joined(world, "plain@an.example", "member_user", world.an_id)
    own = (await me(browser))["id"]
    for method, path, body in (
        ("GET", "/v1/users", None),
        ("PATCH", f"/v1/users/{own}", {"role": "member_admin"}),
        ("POST", "/v1/users/invitations", {"email": "x@an.example", "role": "member_user", "member_id": world.an_id}),
        ("PUT", "/v1/sign-in-rules", {"coordinators_need_factor": False}),
    ):
        assert (await browser.send(method, path, body)).status_code == 403


@pytest.mark.parametrize("change", [{"status": "deactivated"}, {"role": "member_admin"}])
async def test_deactivation_and_another_role_end_all_sessions_at_once(world: World, change: dict[str, str]) -> None:
    email = f"ended-{next(iter(change))}@an.example"
    first = await joined(world, email, "member_user", world.an_id)
    second = Browser(world.client)
    await second.sign_in(email)
    own = (await me(first))["id"]
    assert (await world.an.send("PATCH", f"/v1/users/{own}", change)).status_code == 200
    assert [(await browser.get("/v1/me")).status_code for browser in (first, second)] == [401, 401]
    again = await Browser(world.client).post("/v1/session", {"email": email, "password": PASSWORD})
    assert again.status_code == (401 if "status" in change else 200)


async def test_the_last_admin_and_the_last_coordinator_stay(world: World) -> None:
    member_id, owner = await world.admit("solo")
    admin = await joined(world, "boss@solo.example", "member_admin", member_id, by=owner)
    coordinator = await joined(world, "chair@riverside.example", "coordinator")
    for browser, by in ((admin, owner), (coordinator, world.coordinator)):
        own = (await me(browser))["id"]
        for change in ({"status": "deactivated"}, {"role": "member_user"}):
            refused = await by.send("PATCH", f"/v1/users/{own}", change)
            assert refused.json()["code"] in {"last_leader", "two_hats"}, refused.text
        assert (await by.send("DELETE", f"/v1/users/{own}")).json()["code"] == "last_leader"
    await joined(world, "boss2@solo.example", "member_admin", member_id, by=owner)
    left = await owner.send("PATCH", f"/v1/users/{(await me(admin))['id']}", {"role": "member_user"})
    assert left.status_code == 200


async def test_one_person_is_not_neutral_and_a_members_at_once(world: World) -> None:
    await joined(world, "hats@an.example", "member_user", world.an_id)
    neutral = await world.coordinator.post("/v1/users/invitations", {"email": "Hats@an.example", "role": "coordinator"})
    assert (neutral.status_code, neutral.json()["code"]) == (409, "two_hats")
    meanwhile = await invited(world.coordinator, "later@an.example", "coordinator")
    await joined(world, "later@an.example", "member_user", world.an_id)
    body = {"token": meanwhile["token"], "name": "X", "password": PASSWORD}
    assert (await Browser(world.client).post("/v1/users/accept", body)).json()["code"] == "two_hats"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_length"),
        ("x" * 129, "password_length"),
        ("Password1234!", "password_common"),
        ("aaaaaaaaaaaaaa", "password_common"),
        ("abcdefghijklmn", "password_common"),
        ("123456789012345", "password_common"),
        ("qwertyuiop123", "password_common"),
        ("i-love-you-2024", "password_common"),
        ("chosen@2024!!", "password_common"),
    ],
)
async def test_a_password_that_is_tried_first_is_refused_and_the_invitation_stays(
    world: World, password: str, code: str
) -> None:
    issued = await invited(world.an, "chosen@an.example", "member_user", world.an_id)
    body = {"token": issued["token"], "name": "Chosen", "password": password}
    refused = await Browser(world.client).post("/v1/users/accept", body)
    assert [fault["code"] for fault in refused.json()["errors"]] == [code]
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/password"]


async def test_a_password_is_the_same_however_it_was_typed(world: World) -> None:
    issued = await invited(world.an, "typed@an.example", "member_user", world.an_id)
    composed, apart = "ph\u1edf b\u00f2 m\u1ed7i s\u00e1ng", "pho\u031b\u0309 bo\u0300 mo\u0302\u0303i sa\u0301ng"
    assert composed != apart
    body = {"token": issued["token"], "name": "T", "password": composed}
    assert (await Browser(world.client).post("/v1/users/accept", body)).status_code == 200
    assert (await Browser(world.client).sign_in("typed@an.example", apart))["status"] == "signed_in"


async def test_who_changes_the_password_stays_signed_in_here_and_nowhere_else(world: World) -> None:
    here = await joined(world, "change@an.example", "member_user", world.an_id)
    there = Browser(world.client)
    await there.sign_in("change@an.example")
    wrong = await here.post("/v1/session/password", {"old_password": OTHER, "new_password": OTHER})
    assert wrong.status_code == 401
    weak = await here.post("/v1/session/password", {"old_password": PASSWORD, "new_password": "password1234"})
    assert [fault["pointer"] for fault in weak.json()["errors"]] == ["/new_password"]
    done = await here.post("/v1/session/password", {"old_password": PASSWORD, "new_password": OTHER})
    assert done.status_code == 200
    assert (await here.get("/v1/session")).status_code == 200
    assert (await there.get("/v1/session")).status_code == 401
    assert (await Browser(world.client).sign_in("change@an.example", OTHER))["status"] == "signed_in"


async def test_a_reset_link_works_once_ends_sessions_and_is_void_after_another_change(world: World) -> None:
    browser = await joined(world, "reset@an.example", "member_user", world.an_id)
    own = (await me(browser))["id"]
    first = (await world.an.post(f"/v1/users/{own}/password-reset", None)).json()
    second = (await world.coordinator.post(f"/v1/users/{own}/password-reset", None)).json()
    assert first["link"].endswith(f"/#reset={first['token']}")
    body = {"token": first["token"], "password": OTHER}
    assert (await Browser(world.client).post("/v1/session/reset", body)).status_code == 204
    assert (await browser.get("/v1/session")).status_code == 401
    for token in (first["token"], second["token"]):
        again = await Browser(world.client).post("/v1/session/reset", {"token": token, "password": PASSWORD})
        assert again.status_code == 401
    assert (await Browser(world.client).sign_in("reset@an.example", OTHER))["status"] == "signed_in"


async def test_who_lost_its_factors_gets_in_again_once_a_manager_took_them_away(world: World) -> None:
    browser = await joined(world, "stuck@an.example", "member_user", world.an_id)
    await browser.with_app()
    await with_passkey(browser)
    assert (await Browser(world.client).sign_in("stuck@an.example"))["status"] == "second_factor_needed"
    own = (await me(browser))["id"]
    assert (await world.an.send("DELETE", f"/v1/users/{own}/factors")).status_code == 204
    assert (await browser.get("/v1/session")).status_code == 401
    assert (await Browser(world.client).sign_in("stuck@an.example"))["status"] == "signed_in"


async def test_what_opens_something_lies_nowhere_in_clear(world: World) -> None:
    browser = await joined(world, "secret@an.example", "member_user", world.an_id)
    made = (await browser.post("/v1/session/totp")).json()
    codes = (await browser.post("/v1/session/recovery-codes")).json()["recovery_codes"]
    own = (await me(browser))["id"]
    waiting = await invited(world.an, "waits@an.example", "member_user", world.an_id)
    reset = (await world.an.post(f"/v1/users/{own}/password-reset", None)).json()
    everything = await dump(world)
    assert "secret@an.example" in everything  # the search would find what is there
    for secret in (
        *(PASSWORD, made["secret"], browser.cookies["__Host-session"], browser.csrf),
        *(waiting["token"], reset["token"], codes[0], codes[0].replace("-", "")),
    ):
        assert secret not in everything


async def test_an_erased_person_leaves_an_identifier_that_names_nobody(world: World) -> None:
    browser = await joined(world, "erased@an.example", "member_user", world.an_id)
    await browser.with_app()
    await with_passkey(browser)
    booked = (await browser.post("/v1/shipments", world.delivery(client_ref="OF-THE-ERASED"))).json()
    own = (await me(browser))["id"]
    async with Pool.open(world.database.url, 1) as pool:
        cluster_id = ids.parse("clu", (await world.an.get("/v1/me")).json()["cluster"]["id"])
        async with pool.unit(system_scope(cluster_id)) as db:
            held = await service.export_user(db, system_scope(cluster_id), ids.parse("usr", own))
    assert {entry["kind"] for entry in held["held"]} == {"password", "totp", "passkey", "session"}
    assert (await world.an.send("DELETE", f"/v1/users/{own}")).status_code == 204
    assert (await browser.get("/v1/session")).status_code == 401
    assert (await world.an.get(f"/v1/shipments/{booked['id']}")).status_code == 200
    owner = await asyncpg.connect(world.database.owner_url)
    left = {}
    for table in ("users", "user_passwords", "user_totp", "user_passkeys", "recovery_codes", "sessions"):
        async with owner.transaction():
            await owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
            left[table] = await owner.fetchval(
                f"SELECT count(*) FROM {table} WHERE user_id = $1", ids.parse("usr", own)
            )
            await owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    await owner.close()
    assert set(left.values()) == {0}
    assert "erased@an.example" not in await dump(world)
