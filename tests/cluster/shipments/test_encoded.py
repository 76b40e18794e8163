"""Pages made of what was sent before say the same as pages read afresh, whatever happened in between."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import Role, Scope
from cluster.base.pages import Page, encoded_page_of
from cluster.members.erasure import ErasureSubject, Order
from cluster.shipments import service
from cluster.shipments.encoded import ENTRY_BYTES, EncodedShipments, Key
from cluster.shipments.models import Shipment
from cluster.shipments.persons import erase_consignees
from cluster.shipments.read_queries import FIRST, Filters
from tests.cluster.api import World

pytestmark = pytest.mark.anyio
CONTACT = {"contact_name": "Mrs Hoa", "phone": "+84 28 1234 567"}


@pytest.fixture
async def read(world: World) -> Any:
    """Looks at all shipments as everybody, warm and afresh; both must say the same."""
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    members = [ids.parse("mem", shown) for shown in (world.an_id, world.binh_id)]
    scopes = [
        Scope(role=role, cluster_id=cluster_id, member_id=member)
        for member in members
        for role in (Role.MEMBER_USER, Role.MEMBER_ADMIN)
    ]
    scopes += [Scope(role=role, cluster_id=cluster_id) for role in (Role.COORDINATOR, Role.SYSTEM)]
    kept = EncodedShipments()

    async def look() -> list[bytes]:
        async with Pool.open(world.database.url, 1) as pool:
            pages = []
            for scope in scopes:
                async with pool.unit(scope) as db:
                    warm = await service.encoded_page(db, scope, FIRST, 50, Filters(), kept)
                    afresh = await service.list_shipments(db, scope, FIRST, 50, Filters())
                assert warm == msgspec.json.encode(afresh), scope.role
                pages.append(warm)
            return pages

    return look


async def booked(world: World, caller: Any, ref: str) -> dict[str, Any]:
    """A shipment with somebody to ask for."""
    body = world.delivery(client_ref=ref)
    body["delivery"] |= CONTACT
    made: dict[str, Any] = await caller.made("/v1/shipments", body)
    return made


async def test_whatever_happens_to_shipments_warm_pages_say_it(world: World, read: Any) -> None:
    first, second = [await booked(world, world.an, ref) for ref in ("A-1", "A-2")]
    await booked(world, world.binh, "B-1")
    *_, coordinators, systems = await read()
    assert coordinators.count(b"Mrs Hoa") == 0  # whom to ask for is the member's own until goods move
    assert systems.count(b"Mrs Hoa") == 3
    path = f"/v1/shipments/{first['id']}"
    delivery = world.delivery()["delivery"] | CONTACT | {"phone": "+84 28 7777"}
    edited = await world.an.send("PATCH", path, {"delivery": delivery})
    assert edited.is_success, edited.text
    assert sum(page.count(b"7777") for page in await read()) == 3  # both roles of An's, and the platform
    assert (await world.an.post(f"/v1/shipments/{second['id']}/cancel", {"reason": "no_longer_needed"})).is_success
    assert sum(page.count(b'"status":"cancelled"') for page in await read()) == 4


async def test_coordinators_see_contacts_from_the_moment_that_goods_move(world: World, read: Any) -> None:
    shipment = await booked(world, world.an, "A-1")
    await read()
    async with Pool.open(world.database.url, 1) as pool:
        scope = Scope(role=Role.SYSTEM, cluster_id=ids.parse("clu", await cluster_of(world)))
        async with pool.unit(scope) as db:
            await service.mark_planned(db, scope, [ids.parse("shp", shipment["id"])], [])
    assert [page.count(b"Mrs Hoa") for page in await read()] == [1, 1, 0, 0, 1, 1]


async def test_erased_persons_are_in_no_page_that_is_sent_again(world: World, read: Any) -> None:
    await booked(world, world.an, "A-1")
    before = await read()
    assert b"Corner shop" in before[0]
    order = Order(
        cluster_id=ids.parse("clu", await cluster_of(world)),
        member_id=ids.parse("mem", world.an_id),
        subject=ErasureSubject.CONSIGNEES,
        subject_id=None,
        until=date(2999, 1, 1),
        written_until=date(2999, 1, 1),
        salt=b"salt",
    )
    async with Pool.open(world.database.url, 1) as pool:
        await erase_consignees(pool, order)
    for page in await read():
        assert b"Mrs Hoa" not in page
        assert b"Corner shop" not in page


async def test_one_shipment_comes_with_its_version_from_what_was_kept(world: World) -> None:
    shipment = await booked(world, world.an, "A-1")
    path = f"/v1/shipments/{shipment['id']}"
    for _ in range(2):  # the second from what was kept
        answer = await world.an.get(path)
        assert (answer.json(), answer.headers["ETag"]) == (shipment, '"1"')
        assert answer.headers["Content-Type"].startswith("application/json")
        assert (await world.binh.get(path)).status_code == 404
    assert (await world.an.send("PATCH", path, {"food": True}, If_Match='"1"')).is_success
    assert (await world.an.get(path)).headers["ETag"] == '"2"'


async def test_pages_have_the_form_of_all_pages(world: World) -> None:
    for ref in ("A-1", "A-2", "A-3"):
        await booked(world, world.an, ref)
    whole = await world.an.get("/v1/shipments")
    first = await world.an.get("/v1/shipments?limit=2")
    rest = await world.an.get(f"/v1/shipments?limit=2&cursor={first.json()['next_cursor']}")
    assert msgspec.json.decode(first.content, type=Page[Shipment]).has_more
    assert first.json()["data"] + rest.json()["data"] == whole.json()["data"]
    assert encoded_page_of([], None) == b'{"data":[],"next_cursor":null,"has_more":false}'


def test_what_was_not_asked_for_the_longest_makes_room() -> None:
    at, cluster = datetime.now(UTC), ids.new()
    keys = [Key(cluster, "member", ids.new(), 1, at) for _ in range(3)]
    kept = EncodedShipments(bytes_max=2 * (ENTRY_BYTES + 10))
    for key in keys[:2]:
        kept.put(key, b"0123456789")
    assert kept.get(keys[0]) is not None
    kept.put(keys[2], b"0123456789")
    kept.put(keys[2], b"9876543210")  # counted once
    assert [kept.get(key) is not None for key in keys] == [True, False, True]
    kept.put(keys[1], b"x" * 2000)  # larger than all there may be
    assert len(kept) == 0


async def cluster_of(world: World) -> str:
    """The cluster's identifier."""
    return str((await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
