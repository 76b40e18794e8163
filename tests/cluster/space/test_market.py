"""Space is offered, searched, booked, waited for, extended and given back."""

import pytest

from tests.cluster.space.warehouse import Warehouse, on

pytestmark = pytest.mark.anyio


async def test_a_booking_gets_the_cheapest_space_that_is_free_and_pays_by_unit_and_day(store: Warehouse) -> None:
    dear = await store.offers(10, day_milli=2000)
    cheap = await store.offers(4, day_milli=1500)
    an = store.world.an
    first = await store.books(an, 3, 0, 5)
    assert (first["offer_id"], first["rent_minor"]) == (cheap, 23)  # 3 places x 5 days x 1.5, rounded half up
    second = await store.books(an, 3, 0, 5)  # 1 place is left in the cheap one
    assert (second["offer_id"], second["rent_minor"]) == (dear, 30)
    assert (second["first_on"], second["last_on"], second["status"]) == (on(0), on(4), "booked")


async def test_whoever_can_begin_later_gets_the_first_days_that_are_free(store: Warehouse) -> None:
    await store.offers(2)
    await store.books(store.world.binh, 2, 0, 3)
    found = await store.books(store.world.an, 1, 0, 2, latest_on=on(10))
    assert (found["first_on"], found["last_on"]) == (on(3), on(4))


async def test_without_room_it_is_said_why_and_what_would_be_possible_and_never_who_is_there(store: Warehouse) -> None:
    offer = await store.offers(5)
    await store.books(store.world.binh, 4, 0, 6, content="Tiles of Binh")
    refused = await store.asks(store.world.an, 3, 2, 4)
    assert (refused.status_code, refused.json()["code"]) == (409, "space_not_available")
    wanted = {"units": 3, "earliest_on": on(2), "days": 4}
    answer = (await store.world.an.post("/v1/space-searches", wanted)).json()
    assert (answer["places"], answer["reason"]) == ([], "space_taken")
    later = next(each for each in answer["nearest"] if each["change"] == "dates")
    assert (later["offer_id"], later["first_on"], later["by"], later["rent_minor"]) == (offer, on(6), 4, 12)
    fewer = next(each for each in answer["nearest"] if each["change"] == "need")
    assert (fewer["units"], fewer["first_on"]) == (1, on(2))
    assert "inh" not in str(answer) + refused.text


async def test_a_search_tells_every_offer_with_room_the_cheapest_first_and_takes_nothing(store: Warehouse) -> None:
    dear, cheap = await store.offers(5, day_milli=9000), await store.offers(5, day_milli=1000)
    chilled = await store.offers(5, temperature="chilled", day_milli=1)
    wanted = {"units": 5, "earliest_on": on(1), "days": 2, "temperatures": ["ambient"]}
    for _ in range(2):
        answer = (await store.world.an.post("/v1/space-searches", wanted)).json()
        assert [(each["offer_id"], each["rent_minor"]) for each in answer["places"]] == [(cheap, 10), (dear, 90)]
    anywhere = (await store.world.an.post("/v1/space-searches", wanted | {"temperatures": []})).json()
    assert anywhere["places"][0]["offer_id"] == chilled


async def test_a_rent_above_what_one_would_pay_is_refused_as_that(store: Warehouse) -> None:
    await store.offers(5, day_milli=10_000)
    wanted = {"units": 1, "earliest_on": on(0), "days": 3, "rent_max_minor": 29}
    assert (await store.world.an.post("/v1/space-searches", wanted)).json()["reason"] == "rent_too_high"
    found = await store.books(store.world.an, 1, 0, 3, rent_max_minor=30)
    assert found["rent_minor"] == 30


async def test_who_waits_gets_what_is_given_back_in_the_order_of_coming(store: Warehouse) -> None:
    await store.offers(4)
    an, binh = store.world.an, store.world.binh
    whole = await store.books(binh, 4, 2, 5)
    first = await store.books(an, 3, 2, 3, wait=True)
    second = await store.books(binh, 2, 2, 3, wait=True)
    third = await store.books(an, 1, 2, 3, wait=True)
    assert [each["status"] for each in (first, second, third)] == ["waiting"] * 3
    assert (await an.post(f"/v1/space-bookings/{whole['id']}/release", {})).status_code == 404
    released = await binh.made(f"/v1/space-bookings/{whole['id']}/release", {})
    assert (released["status"], released["rent_minor"]) == ("released", 0)
    now = [(await store.looks(who, each))["status"] for who, each in ((an, first), (binh, second), (an, third))]
    assert now == ["booked", "waiting", "booked"]  # 3, then 2 do not fit beside them, then 1 does
    assert await store.miscounted() == []


async def test_new_space_goes_to_those_who_wait_before_anybody_else(store: Warehouse) -> None:
    waiting = await store.books(store.world.an, 5, 0, 10, wait=True)
    offer = await store.offers(5)
    assert (await store.looks(store.world.an, waiting))["offer_id"] == offer
    assert (await store.asks(store.world.binh, 1, 0, 1)).status_code == 409


async def test_a_stay_is_extended_where_it_is_or_not_at_all(store: Warehouse) -> None:
    offer = await store.offers(3, days_max=20)
    an = store.world.an
    mine = await store.books(an, 2, 0, 5)
    await store.books(store.world.binh, 2, 10, 5)
    path = f"/v1/space-bookings/{mine['id']}/extend"
    longer = await an.made(path, {"last_on": on(9)})
    assert (longer["last_on"], longer["owed_on"], longer["rent_minor"]) == (on(9), on(9), 20)  # 2 x 10 x 1
    again = await an.made(path, {"last_on": on(9)})
    assert again == longer
    assert (await an.post(path, {"last_on": on(10)})).json()["code"] == "space_not_available"
    assert (await an.post(path, {"last_on": on(20)})).json()["code"] == "space_not_available"  # 21 days
    assert (await store.calendar(an, offer, 8, 10))["free"] == [1, 1, 1]
    assert await store.miscounted() == []


async def test_what_is_given_back_late_is_owed_for_the_days_of_the_notice(store: Warehouse) -> None:
    offer = await store.offers(4, notice_days=7)
    an = store.world.an
    mine = await store.books(an, 4, 0, 30)
    path = f"/v1/space-bookings/{mine['id']}/release"
    short = await an.made(path, {"from_on": on(2)})
    assert (short["status"], short["last_on"], short["owed_on"]) == ("booked", on(1), on(6))
    assert short["rent_minor"] == 28  # 4 places, 7 days owed
    assert (await store.calendar(an, offer, 0, 3))["free"] == [0, 0, 4, 4]
    assert await an.made(path, {"from_on": on(2)}) == short
    ahead = await store.books(an, 4, 20, 5)
    given = await an.made(f"/v1/space-bookings/{ahead['id']}/release", {})
    assert (given["status"], given["rent_minor"]) == ("released", 0)
    assert (await an.post(f"/v1/space-bookings/{ahead['id']}/extend", {"last_on": on(40)})).json()["code"] == (
        "space_not_booked"
    )
    assert await store.miscounted() == []


async def test_what_has_come_holds_today_and_is_given_back_from_tomorrow_on(store: Warehouse) -> None:
    offer = await store.offers(1)
    mine = await store.books(store.world.an, 1, 0, 10)
    given = await store.world.an.made(f"/v1/space-bookings/{mine['id']}/release", {"from_on": on(0)})
    assert (given["last_on"], given["owed_on"], given["rent_minor"]) == (on(0), on(0), 1)
    assert (await store.calendar(store.world.an, offer, 0, 1))["free"] == [0, 1]


async def test_ones_own_space_costs_no_rent(store: Warehouse) -> None:
    _, quay, offer = await store.host(5)
    assert (await store.books(quay, 5, 0, 9, offer_id=offer))["rent_minor"] == 0


async def test_days_that_are_over_or_reversed_are_faults(store: Warehouse) -> None:
    await store.offers(1)
    over = await store.asks(store.world.an, 1, -1, 1)
    assert [fault["code"] for fault in over.json()["errors"]] == ["day_over"]
    backward = await store.asks(store.world.an, 1, 3, 1, latest_on=on(2))
    assert [fault["pointer"] for fault in backward.json()["errors"]] == ["/latest_on"]


async def test_a_withdrawn_offer_keeps_its_bookings_and_takes_no_more(store: Warehouse) -> None:
    offer = await store.offers(5)
    await store.books(store.world.an, 1, 0, 5)
    assert (await store.world.an.post(f"/v1/space-offers/{offer}/withdraw", {})).status_code == 403
    assert (await store.world.coordinator.made(f"/v1/space-offers/{offer}/withdraw", {}))["status"] == "withdrawn"
    assert (await store.asks(store.world.an, 1, 0, 5)).status_code == 409
    assert (await store.calendar(store.world.an, offer, 0, 0))["free"] == [4]


async def test_a_member_offers_at_its_own_sites_alone(store: Warehouse) -> None:
    body = {"site_id": store.world.hub_id, "zone": "A", "units": 1, "first_on": on(0), "last_on": on(1)}
    assert (await store.world.an.post("/v1/space-offers", body)).status_code == 403


async def test_whoever_books_sees_its_own_stays_and_whose_space_it_is_sees_all(store: Warehouse) -> None:
    _, quay, offer = await store.host(5)
    an, binh = store.world.an, store.world.binh
    await store.books(an, 1, 0, 5, content="Cups")
    await store.books(binh, 2, 1, 3, content="Tiles")
    ans = await store.calendar(an, offer, 0, 4)
    assert ans["free"] == [4, 2, 2, 2, 4]
    assert [(each["mine"], each["content"]) for each in ans["stays"]] == [(True, "Cups")]
    for who in (quay, store.world.coordinator):
        seen = (await store.calendar(who, offer, 0, 4))["stays"]
        assert [(each["member_name"], each["content"]) for each in seen] == [("An", "Cups"), ("Binh", "Tiles")]
    own = (await quay.get("/v1/space-bookings")).json()["data"]
    assert own == []
    shown = (await an.get(f"/v1/space-offers/{offer}")).json()
    assert (shown["site_name"], shown["owner_id"], shown["joint"], shown["mine"]) == ("Quay store", None, False, False)


async def test_stays_have_positions_that_do_not_overlap_and_stay_when_others_come(store: Warehouse) -> None:
    offer = await store.offers(6)
    an, binh = store.world.an, store.world.binh
    first = await store.books(an, 2, 0, 4)
    await store.books(binh, 3, 0, 2)
    await store.books(an, 3, 2, 2)  # where Binh's were
    seen = (await store.calendar(store.world.coordinator, offer, 0, 3))["stays"]
    assert [each["positions"] for each in seen] == [[[1, 2]], [[3, 5]], [[3, 5]]]
    await store.books(binh, 1, 0, 9)
    after = (await store.calendar(store.world.coordinator, offer, 0, 3))["stays"]
    assert next(each for each in after if each["booking_id"] == first["id"])["positions"] == [[1, 2]]


async def test_bookings_are_told_by_webhook_events_to_their_owner(store: Warehouse) -> None:
    await store.offers(1)
    mine = await store.books(store.world.an, 1, 0, 2)
    await store.world.an.made(f"/v1/space-bookings/{mine['id']}/extend", {"last_on": on(4)})
    types = (await store.world.an.get("/v1/event-types")).json()
    names = {each["name"] for each in types["data"]} if isinstance(types, dict) else {each["name"] for each in types}
    assert {"space_booking.booked", "space_booking.extended"} <= names
