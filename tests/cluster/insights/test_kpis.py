"""Figures over time: added up right, each period its own, and a member's own for a member."""

from typing import Any

import pytest

from tests.cluster.api import Caller, World
from tests.cluster.planning.test_plan import planned, working
from tests.cluster.space.warehouse import Warehouse

pytestmark = pytest.mark.anyio


async def kpis(caller: Caller, query: str = "") -> Any:
    """The figures as somebody sees them."""
    answer = await caller.get(f"/v1/kpis{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def one_day(world: World) -> Any:
    """An sends two boxes of 12 kg, Binh one and one that no van carries; planned and published."""
    await world.an.made("/v1/shipments", world.delivery())
    await world.an.made("/v1/shipments", world.delivery())
    await world.binh.made("/v1/shipments", world.delivery())
    heavy = [{"weight_g": 3_000_000, "length_mm": 600, "width_mm": 400, "height_mm": 400}]
    await world.binh.made("/v1/shipments", world.delivery(handling_units=heavy, outside_minor=100_000))
    async with working(world):
        return await planned(world)


async def test_without_plans_there_are_no_periods_and_no_rates(world: World) -> None:
    found = await kpis(world.coordinator, "?from=2026-01-01&to=2026-12-31&by=month")
    assert (found["periods"], found["pending"], found["currency"]) == ([], 0, "VND")
    total = found["total"]["figures"]
    assert (total["days"], total["cost_minor"], total["minor_per_km"], total["fill_weight"]) == (0, 0, None, None)
    assert (total["emissions_g"], total["saving_minor"], total["space_use"]) == (None, None, None)


async def test_space_use_is_what_is_booked_of_what_is_on_offer(world: World) -> None:
    # Ten places and, on the day itself alone, thirty square metres: four places and six metres are 10 of 40.
    day = world.day.isoformat()
    store = Warehouse(world)
    places = await store.offers(10, first_on=day, last_on=day)
    metres = await store.offers(30, first_on=day, last_on=day, unit="square_metre", zone="Hall B")
    for offer, units, unit in ((places, 4, "pallet_place"), (metres, 6, "square_metre")):
        body = {"unit": unit, "units": units, "days": 1, "earliest_on": day, "latest_on": day, "offer_id": offer}
        await world.an.made("/v1/space-bookings", body)
    await one_day(world)
    found = await kpis(world.coordinator, f"?from={day}&to={day}")
    assert [period["figures"]["space_use"] for period in found["periods"]] == [0.25]
    assert found["total"]["figures"]["space_use"] == 0.25
    # What is withdrawn is on offer no more, but for what still stands there: 4 of 10 and 6 of 6.
    assert (await world.coordinator.post(f"/v1/space-offers/{metres}/withdraw", None)).is_success
    found = await kpis(world.coordinator, f"?from={day}&to={day}")
    assert found["total"]["figures"]["space_use"] == 0.625
    assert "space_use" not in str((await kpis(world.an, f"?from={day}&to={day}"))["total"]["own"])


async def test_a_days_figures_are_those_of_its_plan_and_its_shares(world: World) -> None:
    plan = await one_day(world)
    result = plan["result"]
    shares = (await world.coordinator.get(f"/v1/plans/{plan['id']}/shares")).json()["shares"]
    [day] = (await kpis(world.coordinator, f"?from={world.day}&to={world.day}"))["periods"]
    found = day["figures"]
    assert (day["start"], day["end"], found["days"]) == (world.day.isoformat(), world.day.isoformat(), 1)
    assert (found["shipments"], found["planned"], found["unplanned"]) == (4, 3, 1)
    assert (found["cost_minor"], found["distance_m"], found["duration_s"], found["vehicles"]) == (
        result["cost_minor"],
        result["distance_m"],
        result["duration_s"],
        result["routes"],
    )
    # 3 boxes of 12 kg and 96,000 cm3
    assert (found["weight_g"], found["volume_cm3"]) == (36_000, 288_000)
    assert found["minor_per_shipment"] == round(result["cost_minor"] / 3, 2)
    assert found["minor_per_kg"] == round(result["cost_minor"] / 36, 2)
    assert found["minor_per_km"] == round(result["cost_minor"] * 1000 / result["distance_m"], 2)
    assert (found["visits"], found["on_time"], found["happened"], found["on_time_part"]) == (3, 3, 0, 1.0)
    alone = sum(int(share["stand_alone"]["amount"]) for share in shares)
    assert (found["shared_days"], found["stand_alone_minor"]) == (1, alone)
    assert found["saving_minor"] == sum(int(share["saving"]["amount"]) for share in shares)
    assert found["emissions_g"] == result["emissions_g"]
    assert found["fill_weight"] == pytest.approx(result["fill_weight"], abs=1e-4)


async def test_a_member_sees_its_own_shipments_share_and_saving_and_nothing_of_the_cluster(world: World) -> None:
    plan = await one_day(world)
    await kpis(world.coordinator)
    shares = (await world.coordinator.get(f"/v1/plans/{plan['id']}/shares")).json()["shares"]
    for caller, member_id, counts in ((world.an, world.an_id, (2, 0)), (world.binh, world.binh_id, (1, 1))):
        share = next(entry for entry in shares if entry["member_id"] == member_id)
        found = await kpis(caller, f"?from={world.day}&to={world.day}")
        own = found["total"]["own"]
        assert (own["planned"], own["unplanned"], found["pending"]) == (*counts, None)
        assert own["weight_g"] == 12_000 * counts[0]
        assert own["share_minor"] == int(share["share"]["amount"])
        assert own["saving_minor"] == int(share["saving"]["amount"])
        assert (found["total"]["figures"], found["total"]["cluster"], found["periods"][0]["figures"]) == (None,) * 3


async def test_days_that_no_calendar_has_are_refused(world: World) -> None:
    reversed_days = await world.an.get("/v1/kpis?from=2026-02-02&to=2026-02-01")
    assert [fault["code"] for fault in reversed_days.json()["errors"]] == ["window_reversed"]
    too_many = await world.an.get("/v1/kpis?from=1990-01-01&to=2026-02-01")
    assert [fault["code"] for fault in too_many.json()["errors"]] == ["out_of_range"]
    for query in ("?by=year", "?from=soon", "?since=2026-01-01"):
        assert (await world.an.get(f"/v1/kpis{query}")).status_code == 422
