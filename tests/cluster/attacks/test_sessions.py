"""Sessions under attack: fixed, kept, revived, forged and guessed."""

import asyncio
import uuid
from typing import Any

import pytest

from cluster.base import passwords
from cluster.people import sign_in
from tests.cluster.api import World
from tests.cluster.people.browser import HERE, PASSWORD, Browser, joined, signed_with, with_passkey

pytestmark = pytest.mark.anyio
NEW = "another lantern forty-one"


def fresh(name: str) -> str:
    """An address that nobody has yet."""
    return f"{name}-{uuid.uuid4().hex[:8]}@an.example"


async def test_a_session_that_was_planted_before_the_sign_in_is_not_taken_over(world: World) -> None:
    email = fresh("fixed")
    await joined(world, email, "member_user", world.an_id)
    victim = Browser(world.client)
    victim.cookies["__Host-session"] = "chosen-by-the-attacker-chosen-by-the-attacker"
    await victim.sign_in(email)
    assert victim.cookies["__Host-session"] != "chosen-by-the-attacker-chosen-by-the-attacker"
    attacker = Browser(world.client)
    attacker.cookies["__Host-session"] = "chosen-by-the-attacker-chosen-by-the-attacker"
    assert (await attacker.get("/v1/session")).status_code == 401


async def test_signing_in_again_ends_the_session_that_the_browser_held(world: World) -> None:
    email = fresh("again")
    browser = await joined(world, email, "member_user", world.an_id)
    elsewhere = Browser(world.client)
    await elsewhere.sign_in(email)
    before = dict(browser.cookies)
    await browser.sign_in(email)
    thief = Browser(world.client)
    thief.cookies = before
    assert (await thief.get("/v1/session")).status_code == 401
    assert (await browser.get("/v1/session")).status_code == 200
    assert (await elsewhere.get("/v1/session")).status_code == 200  # another browser is another matter


async def test_a_strangers_session_is_not_ended_by_naming_a_wrong_secret(world: World) -> None:
    email, other = fresh("stays"), fresh("other")
    browser = await joined(world, email, "member_user", world.an_id)
    await joined(world, other, "member_user", world.an_id)
    guesser = Browser(world.client)
    guesser.cookies["__Host-session"] = browser.cookies["__Host-session"][:-1] + "_"
    await guesser.sign_in(other)
    assert (await browser.get("/v1/session")).status_code == 200


async def in_two_firms(world: World, email: str) -> Browser:
    """A person of An and of Binh, with one password."""
    first = await joined(world, email, "member_user", world.an_id, by=world.an)
    await joined(world, email, "member_user", world.binh_id, by=world.binh)
    return first


async def test_a_sign_in_begun_with_the_old_password_does_not_outlive_it(world: World) -> None:
    email = fresh("halfway")
    owner = await in_two_firms(world, email)
    user_id = (await owner.get("/v1/session")).json()["user"]["id"]
    thief = Browser(world.client)
    half = await thief.sign_in(email)
    assert half["status"] == "choose_account"
    body = {"old_password": PASSWORD, "new_password": NEW}
    assert (await owner.post("/v1/session/password", body)).status_code == 200
    choice = {"pending_token": half["pending_token"], "user_id": user_id}
    assert (await thief.post("/v1/session/account", choice)).status_code == 401
    assert "__Host-session" not in thief.cookies


async def test_a_second_factor_does_not_finish_what_a_password_since_reset_began(world: World) -> None:
    email = fresh("factor")
    owner = await joined(world, email, "member_user", world.an_id)
    app = await owner.with_app()
    thief = Browser(world.client)
    half = await thief.sign_in(email)
    user_id = (await owner.get("/v1/session")).json()["user"]["id"]
    issued = (await world.an.post(f"/v1/users/{user_id}/password-reset", None)).json()
    reset = await Browser(world.client).post("/v1/session/reset", {"token": issued["token"], "password": NEW})
    assert reset.status_code == 204
    body = {"pending_token": half["pending_token"], "totp": app.code(1)}
    assert (await thief.post("/v1/session/second-factor", body)).status_code == 401


async def test_no_session_of_the_old_password_slips_through_while_it_changes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = fresh("racing")
    owner = await joined(world, email, "member_user", world.an_id)
    thief, verified, changed = Browser(world.client), asyncio.Event(), asyncio.Event()
    first_done = sign_in.first_done

    async def dawdling(*args: Any, **kwargs: Any) -> Any:
        verified.set()
        await changed.wait()
        return await first_done(*args, **kwargs)

    monkeypatch.setattr(sign_in, "first_done", dawdling)
    entering = asyncio.create_task(thief.post("/v1/session", {"email": email, "password": PASSWORD}))
    await verified.wait()
    body = {"old_password": PASSWORD, "new_password": NEW}
    assert (await owner.post("/v1/session/password", body)).status_code == 200
    changed.set()
    assert (await entering).status_code == 401
    assert "__Host-session" not in thief.cookies


async def test_what_a_person_may_not_any_more_it_may_not_at_the_next_request(world: World) -> None:
    email = fresh("demoted")
    await joined(world, fresh("stays"), "member_admin", world.an_id)
    browser = await joined(world, email, "member_admin", world.an_id)
    session = (await browser.get("/v1/session")).json()
    user = f"/v1/users/{session['user']['id']}"
    assert (await browser.get("/v1/keys")).status_code == 200
    assert (await world.an.send("PATCH", user, {"role": "member_user"})).status_code == 200
    assert (await browser.get("/v1/keys")).status_code == 401
    await browser.sign_in(email)
    assert (await browser.get("/v1/keys")).status_code == 403
    assert (await world.an.send("PATCH", user, {"status": "deactivated"})).status_code == 200
    assert (await browser.get("/v1/shipments")).status_code == 401
    refused = await browser.post("/v1/session", {"email": email, "password": PASSWORD})
    assert refused.status_code == 401


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
async def test_a_body_that_a_form_of_another_site_could_send_is_not_read(world: World, kind: str) -> None:
    email = fresh("form")
    await joined(world, email, "member_user", world.an_id)
    body = f'{{"email": "{email}", "password": "{PASSWORD}"}}'.encode()
    headers = {"Content-Type": kind} if kind else {}
    answer = await world.client.post("/v1/session", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")
    right = await world.client.post(
        "/v1/session", content=body, headers={"Content-Type": "application/json; charset=utf-8"}
    )
    assert right.status_code == 200
    world.client.cookies.clear()


async def test_one_code_of_an_app_opens_one_session_even_of_ten_tries_at_once(world: World) -> None:
    email = fresh("totp")
    owner = await joined(world, email, "member_user", world.an_id)
    app = await owner.with_app()
    code = app.code(1)
    thieves = [Browser(world.client) for _ in range(4)]
    halves = [await thief.sign_in(email) for thief in thieves]
    answers = await asyncio.gather(
        *(
            thief.post("/v1/session/second-factor", {"pending_token": half["pending_token"], "totp": code})
            for thief, half in zip(thieves, halves, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_of_two_uses_of_a_recovery_code_at_once_one_wins(world: World) -> None:
    email = fresh("recovery")
    owner = await joined(world, email, "member_user", world.an_id)
    await owner.with_app()
    code = (await owner.post("/v1/session/recovery-codes")).json()["recovery_codes"][0]
    both = [Browser(world.client), Browser(world.client)]
    halves = [await one.sign_in(email) for one in both]
    answers = await asyncio.gather(
        *(
            one.post("/v1/session/second-factor", {"pending_token": half["pending_token"], "recovery_code": code})
            for one, half in zip(both, halves, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 401]


async def test_a_step_of_signing_in_taken_twice_at_once_opens_one_session(world: World) -> None:
    email = fresh("step")
    owner = await joined(world, email, "member_user", world.an_id)
    app = await owner.with_app()
    codes = (await owner.post("/v1/session/recovery-codes")).json()["recovery_codes"]
    half = (await Browser(world.client).sign_in(email))["pending_token"]
    bodies = [{"pending_token": half, "totp": app.code(1)}, {"pending_token": half, "recovery_code": codes[0]}]
    answers = await asyncio.gather(*(Browser(world.client).post("/v1/session/second-factor", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 401]


async def test_a_passkeys_answer_opens_once_and_not_for_another_site(world: World) -> None:
    email = fresh("passkey")
    owner = await joined(world, email, "member_user", world.an_id)
    passkey = await with_passkey(owner)
    thief = Browser(world.client)
    asked = (await thief.post("/v1/session/passkey-options")).json()
    body = {"passkey": passkey.sign(asked["options"]), "passkey_token": asked["passkey_token"]}
    answers = await asyncio.gather(*(Browser(world.client).post("/v1/session/passkey", body) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]
    # A page of ours under a name of the attacker's asks: what it gets signed is for that name.
    elsewhere = {"Origin": "http://evil.example", "Host": "evil.example"}
    asked = (await thief.post("/v1/session/passkey-options", None, **elsewhere)).json()
    body = {"passkey": passkey.sign(asked["options"] | {"rpId": "testserver"}), "passkey_token": asked["passkey_token"]}
    assert (await thief.post("/v1/session/passkey", body)).status_code == 401
    passkey.origin = "http://evil.example"
    assert (await signed_with(Browser(world.client), passkey)).status_code == 401
    passkey.origin = HERE
    passkey.count = 0  # a copy of it, which counts from the beginning
    assert (await signed_with(Browser(world.client), passkey)).status_code == 401


async def test_an_unknown_address_costs_as_much_work_as_a_known_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = fresh("timing")
    await joined(world, email, "member_user", world.an_id)
    compared: list[str] = []
    verify = passwords._verify

    def counting(kept: str, text: str) -> bool:
        compared.append(kept.rpartition("$")[0].rpartition("$")[0])  # the parameters, without salt and digest
        return verify(kept, text)

    monkeypatch.setattr(passwords, "_verify", counting)
    work = []
    for name in (email, fresh("nobody")):
        compared.clear()
        answer = await Browser(world.client).post("/v1/session", {"email": name, "password": "wrong, wrong, wrong"})
        work.append((list(compared), answer.status_code, answer.json()["detail"], set(answer.headers)))
    assert work[0] == work[1]
    assert len(work[0][0]) == 1


async def test_a_storm_of_passwords_leaves_everybody_else_served(world: World) -> None:
    busy = [
        asyncio.create_task(Browser(world.client).post("/v1/session", {"email": fresh("storm"), "password": "x" * 20}))
        for _ in range(60)
    ]
    served = await asyncio.gather(*(world.an.get("/v1/me") for _ in range(20)))
    assert {answer.status_code for answer in served} == {200}
    statuses = {answer.status_code for answer in await asyncio.gather(*busy)}
    assert statuses <= {401, 429}
    assert 429 in statuses


async def test_changing_a_password_goes_by_the_old_one_however_often_it_is_tried(world: World) -> None:
    email = fresh("guess")
    browser = await joined(world, email, "member_user", world.an_id)
    statuses = []
    for number in range(12):
        body = {"old_password": f"guess number {number:02}", "new_password": NEW}
        statuses.append((await browser.post("/v1/session/password", body)).status_code)
    assert statuses[:10] == [401] * 10
    assert statuses[10:] == [429, 429]
