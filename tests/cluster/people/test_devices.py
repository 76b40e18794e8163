"""Where one is signed in, and ending it."""

import pytest

from cluster.base import ids
from cluster.people.devices import agent_of
from tests.cluster.api import World
from tests.cluster.people.browser import Browser, joined

pytestmark = pytest.mark.anyio
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
PHONE += "Mobile/15E148 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 "
EDGE += "Safari/537.36 Edg/138.0.0.0"
PATH = "/v1/me/sessions"


async def two_devices(world: World, email: str) -> tuple[Browser, Browser]:
    """Somebody of An's with a computer and a telephone."""
    await joined(world, email, "member_user", world.an_id)
    devices = Browser(world.client), Browser(world.client)
    for device, agent in zip(devices, (FIREFOX, PHONE), strict=True):
        body = {"email": email, "password": "gravel lantern thirty-two"}
        assert (await device.post("/v1/session", body, User_Agent=agent)).is_success
    return devices


@pytest.mark.parametrize(
    ("header", "agent"),
    [
        (FIREFOX, "Firefox, Linux"),
        (PHONE, "Safari, iOS"),
        (EDGE, "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/138.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5.0", ""),
        ("", ""),
        ("Windows", "Windows"),
        ("\x00" * 9000, ""),
    ],
)
def test_a_device_is_told_coarsely(header: str, agent: str) -> None:
    assert agent_of(header) == agent


async def test_a_person_sees_where_it_is_signed_in_and_which_is_this_one(world: World) -> None:
    computer, phone = await two_devices(world, "where@an.example")
    found = (await computer.get(PATH)).json()["data"]
    assert [(entry["agent"], entry["current"]) for entry in found] == [
        ("", False),  # where the invitation was taken up
        ("Firefox, Linux", True),
        ("Safari, iOS", False),
    ]
    assert {entry["method"] for entry in found} == {"invitation", "password"}
    first = (await phone.get(f"{PATH}?limit=1")).json()
    rest = (await phone.get(f"{PATH}?cursor={first['next_cursor']}")).json()["data"]
    assert [entry["current"] for entry in rest] == [False, True]


async def test_one_session_is_ended_at_once_or_all_but_this_one(world: World) -> None:
    computer, phone = await two_devices(world, "ended@an.example")
    [at_phone] = [entry["id"] for entry in (await phone.get(PATH)).json()["data"] if entry["current"]]
    assert (await computer.send("DELETE", f"{PATH}/{at_phone}")).status_code == 204
    assert (await phone.get(PATH)).status_code == 401
    assert (await computer.send("DELETE", f"{PATH}/{at_phone}")).status_code == 404
    await phone.sign_in("ended@an.example")
    assert (await computer.send("DELETE", PATH)).status_code == 204
    assert (await phone.get(PATH)).status_code == 401
    [left] = (await computer.get(PATH)).json()["data"]
    assert left["current"]
    assert (await computer.send("DELETE", f"{PATH}/{left['id']}")).status_code == 204
    assert "__Host-session" not in computer.cookies


async def test_anybody_elses_session_is_as_unknown_as_none(world: World) -> None:
    """Of a colleague in the same firm, and of the coordinator who sees all else."""
    computer, _ = await two_devices(world, "mine@an.example")
    theirs, _ = await two_devices(world, "theirs@an.example")
    [held] = [entry["id"] for entry in (await theirs.get(PATH)).json()["data"] if entry["current"]]
    chief = await joined(world, "chief@desk.example", "coordinator")
    for asker in (computer, chief):
        stranger = await asker.send("DELETE", f"{PATH}/{held}")
        nobody = await asker.send("DELETE", f"{PATH}/{ids.show('ses', ids.new())}")
        assert (stranger.status_code, nobody.status_code) == (404, 404)
        assert stranger.json() | {"request_id": ""} == nobody.json() | {"request_id": ""}
        assert held not in (await asker.get(PATH)).text
    assert (await theirs.get(PATH)).status_code == 200


async def test_a_key_has_no_sessions_and_a_forged_request_ends_none(world: World) -> None:
    assert (await world.an.get(PATH)).status_code == 403
    computer, phone = await two_devices(world, "forged-end@an.example")
    assert (await computer.send("DELETE", PATH, X_CSRF_Token="none-sent")).status_code == 403
    assert (await phone.get(PATH)).status_code == 200
