"""Know the price first: a bracket whose basis is said, and that tells nothing of rivals."""

import itertools
from typing import Any

import pytest

from tests.cluster.api import Caller, World

pytestmark = pytest.mark.anyio


def at(world: World, lat: float, lon: float, **changes: Any) -> dict[str, Any]:
    """A delivery to a point, at any time of the day."""
    booking = world.delivery(**changes)
    del booking["delivery"]["window_start"], booking["delivery"]["window_end"]
    booking["delivery"] |= {"lat": lat, "lon": lon}
    return booking


async def quoted(caller: Caller, booking: Any) -> Any:
    """The answer to a question for a price."""
    answer = await caller.post("/v1/quotes", booking)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def crowd(world: World, names: list[str], lat: float, lon: float) -> None:
    """Members who each deliver in one neighbourhood."""
    for number, name in enumerate(names):
        _, member = await world.admit(name)
        await member.made("/v1/shipments", at(world, lat + number * 0.0004, lon))


def part(quote: Any) -> float:
    """The middle of the bracket as a part of the cost alone."""
    return (int(quote["low"]["amount"]) + int(quote["high"]["amount"])) / 2 / int(quote["alone"]["amount"])


async def test_alone_in_the_pool_one_hears_the_cost_alone_and_nothing_is_booked(world: World) -> None:
    quote = await quoted(world.an, at(world, 10.85, 106.70))
    assert int(quote["alone"]["amount"]) > 0
    assert (quote["low"], quote["high"], quote["basis"]) == (None, None, ["alone"])
    assert (await world.an.get("/v1/shipments")).json()["data"] == []


async def test_a_second_shipment_next_door_adds_less_than_the_first(world: World) -> None:
    first = await quoted(world.an, at(world, 10.85, 106.70))
    await world.an.made("/v1/shipments", at(world, 10.85, 106.70))
    second = await quoted(world.an, at(world, 10.851, 106.70))
    assert int(second["alone"]["amount"]) < int(first["alone"]["amount"]) / 2


async def test_two_others_are_too_few_for_the_pool_to_speak_and_three_enough(world: World) -> None:
    where = (10.85, 106.70)
    await crowd(world, ["chi", "dung"], *where)
    assert (await quoted(world.an, at(world, *where)))["basis"] == ["alone"]
    await world.binh.made("/v1/shipments", at(world, *where))
    # a second firm's question is not answered from the first one's snapshot: too few others were in it
    quote = await quoted(world.an, at(world, *where))
    assert quote["basis"] == ["alone", "pool"]
    assert part(quote) < 0.6  # vans of three rivals go there already


async def test_a_price_is_that_of_the_neighbourhood_and_the_same_for_the_same_question(world: World) -> None:
    await crowd(world, ["chi", "dung", "em"], 10.852, 106.702)
    quotes = [await quoted(world.an, at(world, lat, 106.7011)) for lat in (10.8511, 10.8555, 10.8589, 10.8511)]
    parts = [quote["low"] for quote in quotes]
    assert quotes[0]["low"] == quotes[3]["low"]
    # one cell: what differs is the cost alone, by some hundred metres of the way
    assert len({part(quote).__round__(1) for quote in quotes}) == 1, parts


async def test_a_booking_of_a_rival_does_not_move_the_price_while_the_snapshot_is_fresh(world: World) -> None:
    await crowd(world, ["chi", "dung", "em"], 10.852, 106.702)
    before = await quoted(world.an, at(world, 10.86, 106.66))
    await world.binh.made("/v1/shipments", at(world, 10.86, 106.66))
    after = await quoted(world.an, at(world, 10.86, 106.66))
    assert (before["low"], before["high"]) == (after["low"], after["high"])


async def test_an_outside_option_cheaper_than_the_pool_ends_the_bracket(world: World) -> None:
    await crowd(world, ["chi", "dung", "em"], 10.9, 106.9)
    quote = await quoted(world.an, at(world, 10.75, 106.60, outside_minor=1000))
    assert quote["high"] == quote["outside"] == {"amount": "1000", "currency": "VND"}
    assert quote["basis"][-1] == "outside"


async def test_what_no_van_can_carry_has_no_price(world: World) -> None:
    heavy = at(world, 10.85, 106.70)
    heavy["handling_units"][0]["weight_g"] = 5_000_000  # the van carries 1,000,000 g
    quote = await quoted(world.an, heavy)
    assert (quote["alone"], quote["low"], quote["basis"]) == (None, None, [])


async def test_a_quote_is_refused_for_what_a_booking_would_be(world: World) -> None:
    late = world.delivery()
    late["delivery"]["window_end"] = late["delivery"]["window_start"]
    assert (await world.an.post("/v1/quotes", late)).status_code == 422
    assert (await world.coordinator.post("/v1/quotes", world.delivery())).status_code == 403


async def test_a_map_of_prices_does_not_show_which_of_two_cells_a_rivals_shipment_is_in(world: World) -> None:
    """Cells next to each other differ by a step at most, wherever in them rivals deliver."""
    await crowd(world, ["chi", "dung", "em"], 10.855, 106.705)
    parts = [
        part(await quoted(world.an, at(world, 10.845 + 0.01 * row, 106.695 + 0.01 * column)))
        for row, column in itertools.product(range(3), range(3))
    ]
    assert all(abs(value / 0.1 - round(value / 0.1)) < 0.35 for value in parts)  # steps, and two figures of rounding
