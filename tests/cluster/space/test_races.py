"""Many book, extend and release at the same moment: never more than there is, and no room is lost."""

import asyncio
from collections import Counter

import pytest

from tests.cluster.space.warehouse import Warehouse, on

pytestmark = pytest.mark.anyio


async def test_of_many_at_once_exactly_as_many_get_a_place_as_there_are(store: Warehouse) -> None:
    offer = await store.offers(20)
    who = (store.world.an, store.world.binh)
    answers = await asyncio.gather(*(store.asks(who[n % 2], 1, 0, 5) for n in range(60)))
    assert Counter(answer.status_code for answer in answers) == {201: 20, 409: 40}
    assert (await store.calendar(store.world.an, offer, 0, 4))["free"] == [0] * 5
    assert await store.miscounted() == []


async def test_two_offers_full_of_flexible_bookings_are_filled_whole(store: Warehouse) -> None:
    """Whoever is beaten in one looks in the other: 2 offers of 5 places and 4 days hold 2 x 5 x 4 place-days."""
    for _ in range(2):
        await store.offers(5, last_on=on(3))
    answers = await asyncio.gather(*(store.asks(store.world.an, 1, 0, 1, latest_on=on(3)) for _ in range(50)))
    assert Counter(answer.status_code for answer in answers) == {201: 40, 409: 10}
    assert await store.miscounted() == []


async def test_releases_and_bookings_at_once_lose_no_room_and_give_none_twice(store: Warehouse) -> None:
    offer = await store.offers(10)
    an, binh = store.world.an, store.world.binh
    held = [await store.books(an, 1, 1, 5) for _ in range(10)]
    waiting = [await store.books(binh, 1, 1, 5, wait=True) for _ in range(4)]
    answers = await asyncio.gather(
        *(an.post(f"/v1/space-bookings/{each['id']}/release", {}) for each in held[:6]),
        *(store.asks(binh, 1, 1, 5) for _ in range(10)),
        *(an.post(f"/v1/space-bookings/{each['id']}/extend", {"last_on": on(8)}) for each in held[6:]),
    )
    assert [(await store.looks(binh, each))["status"] for each in waiting] == ["booked"] * 4
    lucky = sum(answer.status_code == 201 for answer in answers)  # who asked after a release
    assert (await store.calendar(an, offer, 1, 1))["free"] == [2 - lucky]  # 6 given back, 4 for those who waited
    assert await store.miscounted() == []
