"""What a rival does changes nothing of what a member reads, to the byte, as long as no plan is made of it."""

import pytest

from tests.cluster.imports.files import csv_file, line, sent
from tests.cluster.isolation.operations import operations
from tests.cluster.neighbours import Neighbours

pytestmark = pytest.mark.anyio
HERS = ("pool-windows/{window}", "plans/{plan}", "plans/{plan}/routes", "plans/{plan}/unplanned", "plans/{plan}/shares")
"""What all members share, beside lists."""


async def read(neighbours: Neighbours) -> dict[str, tuple[int, str, str | None]]:
    """Everything that An can read without naming a thing of its own, with its ETag."""
    paths = [
        operation.path
        for operation in operations()
        if operation.name.startswith("GET /v1/") and "{" not in operation.name and not operation.open
    ]
    paths += [f"/v1/{path.format(**neighbours.things)}" for path in HERS]
    found = {}
    for path in paths:
        # Workbooks hold the moment they were made at; the same as text does not.
        answer = await neighbours.world.an.get(f"{path}?format=csv" if path.endswith(("template", "export")) else path)
        body = answer.json() if "json" in answer.headers["content-type"] else answer.text
        if isinstance(body, dict):
            body.pop("request_id", None)
        found[path] = (answer.status_code, str(body), answer.headers.get("etag"))
    return found


async def busy(neighbours: Neighbours) -> None:
    """Binh books, changes, cancels, drafts, files, invites, and is listened to."""
    world, binh = neighbours.world, neighbours.world.binh
    booked = [(await binh.made("/v1/shipments", world.delivery()))["id"] for _ in range(3)]
    changed = await binh.send("PATCH", f"/v1/shipments/{booked[0]}", {"food": True})
    assert changed.is_success, changed.text
    await binh.made(f"/v1/shipments/{booked[1]}/cancel", {})
    await binh.made("/v1/shipments", world.delivery(draft=True))
    consignee = {
        "name": "Another",
        "code": "another",
        "address_line1": "x",
        "country_code": "VN",
        "lat": 10.8,
        "lon": 106.6,
    }
    await binh.made("/v1/addresses", consignee)
    await binh.made("/v1/contacts", {"name": "Clerk", "email": "clerk@binh.example"})
    await binh.made("/v1/webhooks", {"url": "https://hooks.example.com/other"})
    await binh.made("/v1/keys", {"name": "k", "role": "member_user", "member_id": world.binh_id})
    await sent(binh, csv_file([line("BINH-busy")]))


async def test_nothing_that_a_member_reads_moves_with_what_its_rival_does(neighbours: Neighbours) -> None:
    """Versions, counts, sequence numbers, cursors and identifiers of everything that is shared included."""
    before = await read(neighbours)
    await busy(neighbours)
    after = await read(neighbours)
    assert len(before) > 40
    assert {path for path in before if before[path] != after[path]} == set()


async def test_the_coordinator_would_see_it_move(neighbours: Neighbours) -> None:
    """Or else the test above would pass whatever was done."""
    path = f"/v1/pool-windows/{neighbours.things['window']}"
    before = (await neighbours.world.coordinator.get(path)).json()
    await busy_again(neighbours)
    after = (await neighbours.world.coordinator.get(path)).json()
    assert after["version"] > before["version"]


async def busy_again(neighbours: Neighbours) -> None:
    """Binh books and cancels."""
    booked = await neighbours.world.binh.made("/v1/shipments", neighbours.world.delivery())
    await neighbours.world.binh.made(f"/v1/shipments/{booked['id']}/cancel", {})
