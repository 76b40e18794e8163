"""Many at once: of two edits one wins, and no mixture of operations ends in a fault of ours."""

import asyncio
import random
import uuid
from collections import Counter
from typing import Any

import httpx
import pytest

from cluster.shipments.preparing import prepare
from tests.cluster.api import World
from tests.cluster.people.browser import joined

pytestmark = pytest.mark.anyio


async def test_of_edits_of_one_version_at_once_one_wins(world: World) -> None:
    shipment = await world.an.made("/v1/shipments", world.delivery())
    book = {"name": "N", "address_line1": "1 Road", "country_code": "DE", "lat": 10.8, "lon": 106.6}
    address = await world.an.made("/v1/addresses", book)
    hook = await world.an.made("/v1/webhooks", {"url": "https://example.com/h", "event_types": ["*"]})
    clerk = (await (await joined(world, "e@an.example", "member_user", world.an_id)).get("/v1/session")).json()["user"]
    edits: list[tuple[str, str, dict[str, Any]]] = [
        (f"/v1/shipments/{shipment['id']}", '"1"', {"declared_minor": 5}),
        (f"/v1/addresses/{address['id']}", '"1"', {"instructions": "ring"}),
        (f"/v1/webhooks/{hook['id']}", '"1"', {"description": "d"}),
        (f"/v1/users/{clerk['id']}", '"1"', {"name": "Clerk"}),
    ]
    for path, version, body in edits:
        answers = await asyncio.gather(*(world.an.send("PATCH", path, body, If_Match=version) for _ in range(4)))
        assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 3}, path


async def test_two_hundred_mixed_operations_at_once_end_in_no_fault_of_ours(world: World) -> None:
    shared = [(await world.an.made("/v1/shipments", world.delivery()))["id"] for _ in range(4)]
    clerk = await joined(world, "storm@an.example", "member_user", world.an_id)
    user = (await clerk.get("/v1/session")).json()["user"]["id"]
    drawn = random.Random(6)

    async def one(number: int) -> httpx.Response:
        of = drawn.choice(shared)
        match number % 10:
            case 0:
                return await world.an.post("/v1/shipments", world.delivery(client_ref=f"S-{number % 40}"))
            case 1:
                return await world.an.send("PATCH", f"/v1/shipments/{of}", {"declared_minor": number})
            case 2:
                return await world.an.post(f"/v1/shipments/{of}/cancel", {})
            case 3:
                return await world.coordinator.send("PATCH", f"/v1/users/{user}", {"name": f"N{number}"})
            case 4:
                return await world.coordinator.post(f"/v1/pool-windows/{world.window_id}/plans", {})
            case 5:
                return await world.an.post("/v1/keys", {"name": "k", "role": "member_user", "member_id": world.an_id})
            case 6:
                verb = "suspend" if number % 20 == 6 else "reinstate"
                body = {"reason": "unpaid"} if verb == "suspend" else None
                return await world.coordinator.post(f"/v1/members/{world.binh_id}/{verb}", body)
            case 7:
                return await world.binh.post("/v1/shipments/bulk", {"shipments": [world.delivery() for _ in range(3)]})
            case 8:
                return await world.coordinator.get("/v1/shipments?limit=50")
            case _:
                return await world.an.get(f"/v1/shipments/{of}")

    answers = await asyncio.gather(*(one(number) for number in range(200)))
    found = Counter(answer.status_code for answer in answers)
    assert not [answer.text for answer in answers if answer.status_code >= 500 and answer.status_code != 503]
    assert found[200] + found[201] + found[202] > 100, found
    for of in shared:
        assert (await world.an.get(f"/v1/shipments/{of}")).json()["status"] == "cancelled"


async def test_one_code_of_a_cluster_that_does_not_exist_is_no_fault_of_ours(world: World) -> None:
    nothing = "00000000000000000000000000"
    body = {"code": f"apl_{nothing}_{nothing}_{uuid.uuid4().hex}", "firm_name": "F", "country_code": "VN"}
    body |= {"contact": {"name": "N", "email": "n@f.example"}}  # type: ignore[dict-item]
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    answer = await world.client.post("/v1/applications", json=body, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "code_opens_nothing")


async def test_a_booking_overtaken_by_a_suspension_is_asked_to_come_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member_id, firm = await world.admit(f"late{uuid.uuid4().hex[:6]}")

    async def dawdling(*args: Any) -> Any:
        prepared = await prepare(*args)
        answer = await world.coordinator.post(f"/v1/members/{member_id}/suspend", {"reason": "unpaid"})
        assert answer.status_code == 200
        return prepared

    monkeypatch.setattr("cluster.shipments.service.prepare", dawdling)
    overtaken = await firm.post("/v1/shipments", world.delivery())
    assert (overtaken.status_code, overtaken.json()["code"]) == (503, "busy")
    monkeypatch.undo()
    again = await firm.post("/v1/shipments", world.delivery())
    assert (again.status_code, again.json()["code"]) == (409, "member_suspended")
