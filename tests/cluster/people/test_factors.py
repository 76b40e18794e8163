"""Second factors: codes of an app, recovery codes, passkeys; who must have one, and what wants a fresh proof."""

import pytest

from cluster.base.passwords import HASHER
from tests.cluster.api import World
from tests.cluster.people.browser import PASSWORD, Authenticator, Browser, joined, signed_with, with_passkey
from tests.cluster.people.test_signing_in import aged

pytestmark = pytest.mark.anyio


async def test_with_an_app_a_password_alone_is_half_the_way_and_each_code_opens_once(world: World) -> None:
    browser = await joined(world, "app@an.example", "member_admin", world.an_id)
    app = await browser.with_app()
    elsewhere = Browser(world.client)
    asked = await elsewhere.sign_in("app@an.example")
    assert (asked["status"], asked["factors"], asked["session"]) == ("second_factor_needed", ["totp"], None)
    assert "__Host-session" not in elsewhere.cookies
    pending = {"pending_token": asked["pending_token"]}
    used = await elsewhere.post("/v1/session/second-factor", pending | {"totp": app.code()})
    assert used.status_code == 401  # the code that confirmed the app
    wrong = await elsewhere.post("/v1/session/second-factor", pending | {"totp": "000000"})
    assert wrong.status_code == 401
    right = await elsewhere.post("/v1/session/second-factor", pending | {"totp": app.code(1)})
    assert right.json()["status"] == "signed_in"
    assert (await elsewhere.get("/v1/me")).status_code == 200
    again = await Browser(world.client).post("/v1/session/second-factor", pending | {"totp": app.code(1)})
    assert again.status_code == 401


async def test_codes_cannot_be_guessed_through(world: World) -> None:
    browser = await joined(world, "guessed@an.example", "member_user", world.an_id)
    app = await browser.with_app()
    asked = await Browser(world.client).sign_in("guessed@an.example")
    guesses = [
        await Browser(world.client).post(
            "/v1/session/second-factor", {"pending_token": asked["pending_token"], "totp": f"{number:06}"}
        )
        for number in range(6)
    ]
    assert [answer.status_code for answer in guesses] == [401] * 5 + [429]
    anew = await Browser(world.client).sign_in("guessed@an.example")  # another attempt does not begin the count anew
    body = {"pending_token": anew["pending_token"], "totp": app.code(1)}
    assert (await Browser(world.client).post("/v1/session/second-factor", body)).status_code == 429


async def test_a_recovery_code_opens_once_and_new_ones_end_the_old(world: World) -> None:
    browser = await joined(world, "lost@an.example", "member_user", world.an_id)
    await browser.with_app()
    first = (await browser.post("/v1/session/recovery-codes")).json()["recovery_codes"]
    assert len(set(first)) == 10

    async def try_code(code: str) -> int:
        asked = await Browser(world.client).sign_in("lost@an.example")
        assert set(asked["factors"]) == {"totp", "recovery_code"}
        body = {"pending_token": asked["pending_token"], "recovery_code": code}
        return (await Browser(world.client).post("/v1/session/second-factor", body)).status_code

    assert await try_code(first[0].upper().replace("-", " ")) == 200
    assert await try_code(first[0]) == 401
    second = (await browser.post("/v1/session/recovery-codes")).json()["recovery_codes"]
    assert await try_code(first[1]) == 401
    assert await try_code(second[1]) == 200


async def test_a_passkey_signs_in_alone_and_without_a_name(world: World) -> None:
    browser = await joined(world, "key@an.example", "member_user", world.an_id)
    passkey = await with_passkey(browser)
    elsewhere = Browser(world.client)
    answer = await signed_with(elsewhere, passkey)
    assert answer.status_code == 200, answer.text
    assert answer.json()["session"]["user"]["email"] == "key@an.example"
    [shown] = (await elsewhere.get("/v1/session/passkeys")).json()
    assert (shown["name"], shown["last_used_at"] is not None) == ("Phone", True)


async def test_a_passkey_is_a_second_factor_too(world: World) -> None:
    browser = await joined(world, "second@an.example", "member_user", world.an_id)
    passkey = await with_passkey(browser)
    elsewhere = Browser(world.client)
    asked = await elsewhere.sign_in("second@an.example")
    assert asked["factors"] == ["passkey"]
    options = (await elsewhere.post("/v1/session/passkey-options")).json()
    body = {"passkey": passkey.sign(options["options"]), "passkey_token": options["passkey_token"]}
    answer = await elsewhere.post("/v1/session/second-factor", body | {"pending_token": asked["pending_token"]})
    assert answer.json()["status"] == "signed_in"


async def test_a_passkeys_answer_that_is_not_quite_right_opens_nothing(world: World) -> None:
    browser = await joined(world, "picky@an.example", "member_user", world.an_id)
    passkey = await with_passkey(browser)
    other = await with_passkey(await joined(world, "other@an.example", "member_user", world.an_id))

    async def refused(change: str) -> bool:
        asked = (await browser.post("/v1/session/passkey-options")).json()
        options, changed = asked["options"], Authenticator()
        changed.__dict__ |= passkey.__dict__
        changed.count += 100
        if change == "another site":
            changed.origin = "https://evil.example"
        elif change == "no finger":
            changed.flags = 0x01
        elif change == "another's key":
            changed.key = other.key
        elif change == "another's name":
            changed.handle = other.handle
        elif change == "an old count":
            changed.count = 0
        elif change == "another challenge":
            options = (await browser.post("/v1/session/passkey-options")).json()["options"]
        body = {"passkey": changed.sign(options), "passkey_token": asked["passkey_token"]}
        answer = await Browser(world.client).post("/v1/session/passkey", body)
        assert answer.status_code in {200, 401}, answer.text
        if answer.status_code == 200:  # a right answer is right once
            assert (await Browser(world.client).post("/v1/session/passkey", body)).status_code == 401
        return answer.status_code == 401

    assert not await refused("nothing")
    passkey.count += 101
    for change in (
        *("another site", "no finger", "another's key", "another's name", "an old count", "another challenge"),
    ):
        assert await refused(change), change
    for nonsense in ({}, {"id": 1}, {"rawId": "x", "response": {"userHandle": "eA"}}, {"response": None}):
        asked = (await browser.post("/v1/session/passkey-options")).json()
        body = {"passkey": nonsense, "passkey_token": asked["passkey_token"]}
        assert (await Browser(world.client).post("/v1/session/passkey", body)).status_code == 401


async def test_a_registration_is_for_who_asked_for_it_and_not_twice(world: World) -> None:
    browser = await joined(world, "mine@an.example", "member_user", world.an_id)
    thief = await joined(world, "thief@an.example", "member_user", world.an_id)
    asked = (await browser.post("/v1/session/passkeys/options")).json()
    body = {
        "name": "Phone",
        "passkey": Authenticator().make(asked["options"]),
        "passkey_token": asked["passkey_token"],
    }
    assert (await thief.post("/v1/session/passkeys", body)).status_code == 401
    assert (await browser.post("/v1/session/passkeys", body)).status_code == 200
    assert (await browser.post("/v1/session/passkeys", body)).status_code == 401
    anew = (await browser.post("/v1/session/passkeys/options")).json()
    nonsense = body | {"passkey_token": anew["passkey_token"], "passkey": {"id": "x"}}
    refused = await browser.post("/v1/session/passkeys", nonsense)
    assert [fault["code"] for fault in refused.json()["errors"]] == ["passkey_refused"]
    [shown] = (await browser.get("/v1/session/passkeys")).json()
    assert (await thief.send("DELETE", f"/v1/session/passkeys/{shown['id']}")).status_code == 404
    assert (await browser.send("DELETE", f"/v1/session/passkeys/{shown['id']}")).status_code == 204
    assert (await browser.get("/v1/session/passkeys")).json() == []


async def test_a_coordinator_can_do_nothing_before_it_has_a_second_factor_unless_the_cluster_says_otherwise(
    world: World,
) -> None:
    browser = await joined(world, "neutral@riverside.example", "coordinator")
    assert (await browser.get("/v1/session")).json()["factor_needed"] is True
    for path in ("/v1/members", "/v1/shipments", "/v1/users", "/v1/me"):
        refused = await browser.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_needed")
    app = await browser.with_app()
    assert (await browser.get("/v1/session")).json()["factor_needed"] is False
    assert (await browser.get("/v1/members")).status_code == 200
    elsewhere = Browser(world.client)
    asked = await elsewhere.sign_in("neutral@riverside.example")
    body = {"pending_token": asked["pending_token"], "totp": app.code(1)}
    assert (await elsewhere.post("/v1/session/second-factor", body)).json()["session"]["factor_needed"] is False
    assert (await world.coordinator.get("/v1/sign-in-rules")).json() == {"coordinators_need_factor": True}
    rules = {"coordinators_need_factor": False}
    assert (await world.coordinator.send("PUT", "/v1/sign-in-rules", rules)).json() == rules
    free = await joined(world, "free@riverside.example", "coordinator")
    assert (await free.get("/v1/members")).status_code == 200
    await world.coordinator.send("PUT", "/v1/sign-in-rules", {"coordinators_need_factor": True})
    assert (await free.get("/v1/members")).status_code == 403


async def test_what_is_of_weight_wants_a_proof_of_the_last_minutes(world: World) -> None:
    browser = await joined(world, "weight@an.example", "member_admin", world.an_id)
    key = {"name": "k", "role": "member_user", "member_id": world.an_id}
    assert (await browser.post("/v1/keys", key)).status_code == 201
    passkey = await with_passkey(browser)
    await aged(world, "UPDATE sessions SET proven_at = now() - interval '301 seconds'")
    weighty = [
        await browser.post("/v1/keys", key),
        await browser.post("/v1/session/totp"),
        await browser.post("/v1/session/recovery-codes"),
        await browser.post("/v1/session/passkeys/options"),
        await browser.send("DELETE", "/v1/session/totp"),
        await browser.post("/v1/users/invitations", {"email": "x@an.example", "role": "member_user"}),
    ]
    codes = {(answer.status_code, answer.json()["code"]) for answer in weighty}
    assert codes == {(403, "step_up_needed")}
    assert (await browser.get("/v1/keys")).status_code == 200
    assert (await browser.post("/v1/session/step-up", {"password": "wrong wrong wrong"})).status_code == 401
    assert (await browser.post("/v1/keys", key)).status_code == 403
    before = browser.cookies["__Host-session"]
    assert (await browser.post("/v1/session/step-up", {"password": PASSWORD})).status_code == 200
    assert browser.cookies["__Host-session"] != before
    assert (await browser.post("/v1/keys", key)).status_code == 201
    await aged(world, "UPDATE sessions SET proven_at = now() - interval '301 seconds'")
    assert (await signed_with(browser, passkey, "/v1/session/step-up")).status_code == 200
    assert (await browser.post("/v1/keys", key)).status_code == 201


async def test_the_secret_before_a_proof_opens_nothing_after_it(world: World) -> None:
    browser = await joined(world, "fixed@an.example", "member_admin", world.an_id)
    stolen = Browser(world.client)
    stolen.cookies, stolen.csrf = dict(browser.cookies), browser.csrf
    assert (await stolen.get("/v1/session")).status_code == 200
    await browser.post("/v1/session/step-up", {"password": PASSWORD})
    assert (await stolen.get("/v1/session")).status_code == 401


async def test_a_step_up_with_somebody_elses_passkey_proves_nothing(world: World) -> None:
    browser = await joined(world, "myself@an.example", "member_user", world.an_id)
    other = await with_passkey(await joined(world, "notme@an.example", "member_user", world.an_id))
    assert (await signed_with(browser, other, "/v1/session/step-up")).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"totp": "123456", "recovery_code": "abcd-efgh-jkmn-pqrs"},
        {},
        {"passkey": {}},
        {"totp": "123456", "passkey_token": "x" * 43},
    ],
)
async def test_a_second_factor_is_exactly_one(world: World, body: dict[str, object]) -> None:
    answer = await Browser(world.client).post("/v1/session/second-factor", {"pending_token": "x" * 43} | body)
    assert answer.status_code == 422
    assert {fault["code"] for fault in answer.json()["errors"]} == {"one_factor"}


def test_passwords_are_hashed_with_the_parameters_that_owasp_asks_for_at_least() -> None:
    assert HASHER.type.name == "ID"
    assert (HASHER.memory_cost, HASHER.time_cost, HASHER.parallelism) == (19 * 1024, 2, 1)
