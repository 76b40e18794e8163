"""From an invitation to a session, and what a session opens."""

import asyncio
from typing import Any

import asyncpg
import pytest

from cluster.base import ids
from tests.cluster.api import Caller, World
from tests.cluster.people.browser import HERE, PASSWORD, Browser, invited, joined

pytestmark = pytest.mark.anyio


async def aged(world: World, statement: str) -> None:
    """Time passes."""
    owner = await asyncpg.connect(world.database.owner_url)
    tables = ("sessions", "users", "sign_in_steps", "sign_in_attempts", "user_invitations")
    async with owner.transaction():
        for table in tables:
            await owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        await owner.execute(statement)
        for table in tables:
            await owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    await owner.close()


async def audited(world: World) -> list[dict[str, Any]]:
    """The cluster's audit log."""
    owner = await asyncpg.connect(world.database.owner_url)
    await owner.execute("ALTER TABLE audit_log DISABLE ROW LEVEL SECURITY")
    rows = await owner.fetch("SELECT * FROM audit_log ORDER BY entry_id")
    await owner.execute("ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY")
    await owner.close()
    return [dict(row) for row in rows]


async def test_an_invited_person_joins_is_signed_in_and_works_in_its_role(world: World) -> None:
    browser = await joined(world, "Lan@An.example", "member_user", world.an_id)
    session = (await browser.get("/v1/session")).json()
    assert (session["user"]["email"], session["role"]) == ("lan@an.example", "member_user")
    assert (session["cluster"]["name"], session["member"]["id"]) == ("Riverside", world.an_id)
    assert session["factor_needed"] is False
    booked = await browser.post("/v1/shipments", world.delivery(client_ref="LAN-1"))
    assert booked.status_code == 201, booked.text
    assert (await browser.get("/v1/members")).json()["data"][0]["id"] == world.an_id
    assert (await browser.get("/v1/keys")).status_code == 403


async def test_a_creation_repeated_by_a_person_has_one_effect(world: World) -> None:
    browser = await joined(world, "twice@an.example", "member_user", world.an_id)
    booking = world.delivery(client_ref="TWICE")
    first = await browser.post("/v1/shipments", booking, Idempotency_Key="same")
    second = await browser.post("/v1/shipments", booking, Idempotency_Key="same")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second.headers["Idempotent-Replayed"] == "true"


async def test_an_invitation_works_once_and_not_after_it_was_withdrawn_or_ran_out(world: World) -> None:
    used, withdrawn, old = [
        await invited(world.an, f"{name}@an.example", "member_user", world.an_id)
        for name in ("used", "withdrawn", "old")
    ]
    body = {"name": "Somebody", "password": PASSWORD}
    assert (await Browser(world.client).post("/v1/users/accept", body | {"token": used["token"]})).is_success
    listed = (await world.an.get("/v1/users/invitations")).json()["data"]
    assert {entry["email"] for entry in listed} >= {"withdrawn@an.example", "old@an.example"}
    assert "token" not in listed[0]
    assert (await world.an.send("DELETE", f"/v1/users/invitations/{withdrawn['id']}")).status_code == 204
    await aged(world, "UPDATE user_invitations SET expires_at = now() WHERE email = 'old@an.example'")
    answers = set()
    for token in (used["token"], withdrawn["token"], old["token"], "x" * 43):
        refused = await Browser(world.client).post("/v1/users/accept", body | {"token": token})
        answers.add((refused.status_code, refused.json()["code"], refused.json()["detail"]))
    assert len(answers) == 1
    assert answers.pop()[:2] == (401, "unauthenticated")


async def test_the_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts(world: World) -> None:
    browser = await joined(world, "cookie@an.example", "member_user", world.an_id)
    answer = await browser.post("/v1/session", {"email": "cookie@an.example", "password": PASSWORD})
    [session] = [entry for entry in answer.headers.get_list("set-cookie") if entry.startswith("__Host-session=")]
    attributes = {part.strip().lower() for part in session.split(";")[1:]}
    assert attributes == {"secure", "httponly", "samesite=lax", "path=/"}
    assert answer.headers["cache-control"] == "no-store"
    token = browser.cookies["__Host-session"]
    assert len(token) == 43  # 32 bytes in base64
    assert token not in answer.text


async def test_each_sign_in_has_a_secret_of_its_own_and_signing_out_ends_it(world: World) -> None:
    first = await joined(world, "out@an.example", "member_user", world.an_id)
    second = Browser(world.client)
    await second.sign_in("OUT@an.example")
    assert first.cookies["__Host-session"] != second.cookies["__Host-session"]
    stolen = dict(first.cookies)
    assert (await first.send("DELETE", "/v1/session")).status_code == 204
    assert "__Host-session" not in first.cookies
    first.cookies = stolen
    assert (await first.get("/v1/session")).status_code == 401
    assert (await second.get("/v1/session")).status_code == 200


async def test_a_session_is_over_when_idle_too_long_or_after_its_longest_time(world: World) -> None:
    for change in ("seen_at = now() - interval '31 minutes'", "expires_at = now() - interval '1 second'"):
        browser = await joined(world, f"late{len(change)}@an.example", "member_user", world.an_id)
        assert (await browser.get("/v1/session")).status_code == 200
        await aged(world, f"UPDATE sessions SET {change}")
        assert (await browser.get("/v1/session")).status_code == 401
    browser = await joined(world, "awake@an.example", "member_user", world.an_id)
    await aged(world, "UPDATE sessions SET seen_at = now() - interval '29 minutes'")
    assert (await browser.get("/v1/session")).status_code == 200
    await aged(world, "UPDATE sessions SET seen_at = seen_at - interval '29 minutes'")  # it was seen just now
    assert (await browser.get("/v1/session")).status_code == 200


async def test_a_change_without_the_sessions_token_or_from_elsewhere_is_refused(world: World) -> None:
    browser = await joined(world, "forged@an.example", "member_user", world.an_id)
    other = await joined(world, "forger@an.example", "member_user", world.an_id)
    forgeries: list[dict[str, str]] = [
        {"X_CSRF_Token": "none-sent"},
        {"X_CSRF_Token": ""},
        {"X_CSRF_Token": other.csrf},
        {"X_CSRF_Token": browser.csrf[:-1]},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ]
    for number, headers in enumerate(forgeries):
        answer = await browser.post("/v1/shipments", world.delivery(client_ref=f"FORGED-{number}"), **headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), headers
    genuine = await browser.post("/v1/shipments", world.delivery(client_ref="GENUINE"))
    assert genuine.status_code == 201
    listed = (await browser.get("/v1/shipments?limit=500")).text
    assert "GENUINE" in listed
    assert "FORGED" not in listed


async def test_a_request_with_a_key_takes_no_cookie_into_account(world: World) -> None:
    browser = await joined(world, "both@binh.example", "member_user", world.binh_id)
    mixed = await browser.send("GET", "/v1/me", Authorization=f"Bearer {world.an.key}")
    assert mixed.json()["member"]["id"] == world.an_id
    wrong = await browser.send("GET", "/v1/me", Authorization="Bearer clk_x")
    assert wrong.status_code == 401
    keyed = await world.an.post("/v1/shipments", world.delivery(client_ref="KEYED"), Origin="https://shop.example")
    assert keyed.status_code == 201


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}])
async def test_nobody_is_signed_in_by_another_sites_page(world: World, headers: dict[str, str]) -> None:
    await joined(world, f"led{len(str(headers))}@an.example", "member_user", world.an_id)
    body = {"email": f"led{len(str(headers))}@an.example", "password": PASSWORD}
    assert (await Browser(world.client).post("/v1/session", body, **headers)).status_code == 403
    assert (await Browser(world.client).post("/v1/session", body, Origin=HERE)).status_code == 200


async def test_an_unknown_person_a_wrong_password_and_a_deactivated_one_get_the_same_answer(world: World) -> None:
    await joined(world, "known@an.example", "member_user", world.an_id)
    gone = await joined(world, "gone@an.example", "member_user", world.an_id)
    gone_id = (await gone.get("/v1/session")).json()["user"]["id"]
    assert (await world.an.send("PATCH", f"/v1/users/{gone_id}", {"status": "deactivated"})).is_success
    answers = set()
    for email, password in (
        ("known@an.example", "not the password at all"),
        ("nobody@nowhere.example", PASSWORD),
        ("gone@an.example", PASSWORD),
        ("known@an.example", ""),
    ):
        refused = await Browser(world.client).post("/v1/session", {"email": email, "password": password})
        body = {name: value for name, value in refused.json().items() if name != "request_id"}
        answers.add((refused.status_code, str(body), str(sorted(refused.headers.keys()))))
    assert len(answers) == 1


async def test_wrong_passwords_are_slowed_down_but_lock_nobody_out_of_a_known_browser(world: World) -> None:
    home = await joined(world, "target@an.example", "member_user", world.an_id)
    await home.sign_in("target@an.example")  # leaves a mark in this browser
    attacker = Browser(world.client)
    wrong = {"email": "target@an.example", "password": "guess number one thousand"}
    answers = [(await attacker.post("/v1/session", wrong)).status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]
    right = await Browser(world.client).post("/v1/session", wrong | {"password": PASSWORD})
    assert right.status_code == 429
    assert 0 < int(right.headers["Retry-After"]) <= 60
    assert (await home.sign_in("target@an.example"))["status"] == "signed_in"
    forged = Browser(world.client)
    forged.cookies["__Host-device"] = "x" * 43 + "." + "y" * 43
    assert (await forged.post("/v1/session", wrong)).status_code == 429
    await aged(world, "UPDATE sign_in_attempts SET began_at = began_at - interval '1 minute'")
    assert (await Browser(world.client).sign_in("target@an.example"))["status"] == "signed_in"


async def test_tries_for_people_who_do_not_exist_are_slowed_down_alike(world: World) -> None:
    body = {"email": "no.such.person@an.example", "password": "guess number one thousand"}
    answers = [(await Browser(world.client).post("/v1/session", body)).status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]


async def test_more_sign_ins_at_once_than_can_wait_are_asked_to_come_back(world: World) -> None:
    bodies = [{"email": f"crowd{number}@an.example", "password": PASSWORD} for number in range(60)]
    answers = await asyncio.gather(*(Browser(world.client).post("/v1/session", body) for body in bodies))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {401, 429}
    assert all(answer.headers["Retry-After"] for answer in answers if answer.status_code == 429)
    assert (await world.an.get("/v1/me")).status_code == 200


async def test_somebody_in_several_firms_chooses_and_a_choice_is_good_once(world: World) -> None:
    await joined(world, "both@firms.example", "member_user", world.an_id)
    await joined(world, "both@firms.example", "member_admin", world.binh_id)
    browser = Browser(world.client)
    asked = await browser.sign_in("both@firms.example")
    assert (asked["status"], asked["session"]) == ("choose_account", None)
    assert {entry["member"]["id"] for entry in asked["accounts"]} == {world.an_id, world.binh_id}
    assert "__Host-session" not in browser.cookies
    [binhs] = [entry for entry in asked["accounts"] if entry["member"]["id"] == world.binh_id]
    choice = {"pending_token": asked["pending_token"], "user_id": binhs["user_id"]}
    stranger = choice | {"user_id": ids.show("usr", ids.new())}
    assert (await browser.post("/v1/session/account", stranger)).status_code == 401
    chosen = (await browser.post("/v1/session/account", choice)).json()
    assert chosen["session"]["member"]["id"] == world.binh_id
    assert (await Browser(world.client).post("/v1/session/account", choice)).status_code == 401


async def test_a_firm_does_not_learn_by_inviting_that_a_rival_has_the_same_person(world: World) -> None:
    await joined(world, "spy@firms.example", "member_user", world.binh_id)
    known = await world.an.post(
        "/v1/users/invitations", {"email": "spy@firms.example", "role": "member_user", "member_id": world.an_id}
    )
    unknown = await world.an.post(
        "/v1/users/invitations", {"email": "new@firms.example", "role": "member_user", "member_id": world.an_id}
    )
    assert known.status_code == unknown.status_code == 201
    assert known.json().keys() == unknown.json().keys()
    answers = [
        await Browser(world.client).post(
            "/v1/users/accept", {"token": issued.json()["token"], "name": "X", "password": PASSWORD}
        )
        for issued in (known, unknown)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]


async def test_signing_in_is_audited_without_address_or_secret(world: World) -> None:
    browser = await joined(world, "seen@an.example", "member_user", world.an_id)
    await browser.sign_in("seen@an.example")
    await Browser(world.client).post("/v1/session", {"email": "seen@an.example", "password": "a wrong password"})
    await asyncio.sleep(0.2)
    user_id = ids.parse("usr", (await browser.get("/v1/session")).json()["user"]["id"])
    mine = [entry for entry in await audited(world) if entry["subject_id"] == user_id]
    assert [entry["action"] for entry in mine] == [
        *("user.joined", "session.begun", "session.begun", "session.refused")
    ]
    assert "example" not in str(mine)
    assert PASSWORD not in str(mine)


async def test_keys_have_no_session_and_sessions_are_for_people(world: World) -> None:
    for caller in (world.an, world.coordinator, world.operator):
        assert (await caller.get("/v1/session")).status_code == 403
        assert (await caller.post("/v1/session/totp", None)).status_code == 403
    nobody = Browser(world.client)
    assert (await nobody.get("/v1/session")).status_code == 401
    assert (await Caller(world.client, "x").get("/v1/session")).status_code == 401
