"""Space is thought through anew: who would move so that others find room, at what price, and all or none of it."""

import pytest

from tests.cluster.space.warehouse import Warehouse, on

pytestmark = pytest.mark.anyio


async def conflicted(store: Warehouse, **move: int) -> tuple[str, str, dict[str, object], dict[str, object]]:
    """
    Ambient for 2 and chilled for 2, at one price; An's pallet that could stand anywhere took a chilled place.

    So Binh's two chilled pallets have to wait, though there would be room for all.
    """
    chilled = await store.offers(2, temperature="chilled")
    ans = await store.books(store.world.an, 1, 3, 4, temperatures=["chilled", "ambient"], **move)
    binhs = await store.books(store.world.binh, 2, 3, 4, temperatures=["chilled"], wait=True)
    ambient = await store.offers(2)
    assert binhs["status"] == (await store.looks(store.world.binh, binhs))["status"] == "waiting"
    return chilled, ambient, ans, binhs


async def test_a_move_that_lets_others_in_is_proposed_with_its_price_and_then_done(store: Warehouse) -> None:
    chilled, ambient, ans, binhs = await conflicted(store, move_minor=5)
    desk = store.world.coordinator
    found = await desk.made("/v1/space-replans", {"seconds": 1})
    [move], [guest] = found["moves"], found["taken_in"]
    assert (move["booking_id"], move["from_offer_id"], move["to_offer_id"]) == (ans["id"], chilled, ambient)
    assert (move["price_minor"], found["moves_minor"], found["left_waiting"]) == (5, 5, [])
    assert (guest["booking_id"], guest["to_offer_id"], guest["rent_minor"]) == (binhs["id"], chilled, 8)
    assert found["bound_minor"] >= found["worth_minor"]
    assert (await store.looks(store.world.an, ans))["offer_id"] == chilled  # nothing has moved yet
    done = await desk.made(f"/v1/space-replans/{found['id']}/apply", {})
    assert done["status"] == "applied"
    assert (await desk.made(f"/v1/space-replans/{found['id']}/apply", {})) == done
    assert (await store.looks(store.world.an, ans))["offer_id"] == ambient
    assert (await store.looks(store.world.binh, binhs))["offer_id"] == chilled
    assert await store.miscounted() == []


async def test_nobody_is_moved_whose_move_costs_more_than_it_brings(store: Warehouse) -> None:
    await conflicted(store, move_minor=1000)
    found = await store.world.coordinator.made("/v1/space-replans", {"seconds": 1})
    assert (found["moves"], found["taken_in"], len(found["left_waiting"])) == ([], [], 1)


async def test_a_proposal_that_bookings_have_overtaken_is_not_applied(store: Warehouse) -> None:
    _, _, ans, _ = await conflicted(store, move_minor=0)
    desk = store.world.coordinator
    found = await desk.made("/v1/space-replans", {"seconds": 1})
    await store.world.an.made(f"/v1/space-bookings/{ans['id']}/extend", {"last_on": on(9)})
    refused = await desk.post(f"/v1/space-replans/{found['id']}/apply", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "space_changed")
    assert await store.miscounted() == []


async def test_a_proposal_whose_room_is_gone_is_not_applied_and_nothing_has_moved(store: Warehouse) -> None:
    chilled, ambient, ans, _ = await conflicted(store, move_minor=0)
    desk = store.world.coordinator
    found = await desk.made("/v1/space-replans", {"seconds": 1})
    await store.books(store.world.binh, 2, 5, 1, offer_id=ambient)
    refused = await desk.post(f"/v1/space-replans/{found['id']}/apply", {})
    assert refused.json()["code"] == "space_changed"
    assert (await store.looks(store.world.an, ans))["offer_id"] == chilled
    assert await store.miscounted() == []


async def test_prices_beyond_reckoning_are_refused_in_words(store: Warehouse) -> None:
    """110 moves worth 10**14 thousandths each, counted once for each stay that must be kept, pass 2**60."""
    for _ in range(2):
        await store.offers(400, temperature="chilled")
    for _ in range(110):
        await store.books(store.world.an, 1, 3, 4, move_minor=10**11)
    refused = await store.world.coordinator.post("/v1/space-replans", {"seconds": 1})
    assert (refused.status_code, refused.json()["code"]) == (409, "space_not_replannable")


async def test_goods_that_stand_already_are_not_moved(store: Warehouse) -> None:
    await store.offers(1, temperature="chilled")
    mine = await store.books(store.world.an, 1, 0, 10, move_minor=0)
    await store.books(store.world.binh, 1, 0, 2, latest_on=on(3), temperatures=["chilled"], wait=True)
    await store.offers(1)
    found = await store.world.coordinator.made("/v1/space-replans", {"seconds": 1})
    assert mine["id"] not in [each["booking_id"] for each in found["moves"]]
