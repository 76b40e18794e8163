"""Candidates, four eyes, publishing and going back, with a real worker and the real solver."""

import asyncio
from typing import Any

import pytest

from tests.cluster.api import Caller, World
from tests.cluster.people.browser import colleague
from tests.cluster.planning.test_plan import book_two, over, planned, status_of, working

pytestmark = pytest.mark.anyio


async def second_coordinator(world: World) -> Caller:
    """Somebody else at the coordinator's desk."""
    return await colleague(world, "second@desk.example")


async def four_eyes(world: World) -> Caller:
    """From now on plans need two people; returns the second one."""
    assert (await world.coordinator.send("PATCH", "/v1/cluster", {"four_eyes": True})).is_success
    return await second_coordinator(world)


async def candidate(world: World, **body: Any) -> Any:
    return await planned(world, "solved", publish=False, **body)


async def publish(caller: Caller, plan: Any) -> Any:
    return await caller.post(f"/v1/plans/{plan['id']}/publish", None)


async def code_of(answer: Any, status: int = 409) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.json()["code"])


async def statuses(world: World) -> dict[str, str]:
    return {plan["id"]: plan["status"] for plan in (await world.coordinator.get("/v1/plans")).json()["data"]}


async def actions(world: World) -> list[str]:
    found = (await world.coordinator.get(f"/v1/pool-windows/{world.window_id}/plan-history?limit=500")).json()
    return [entry["action"] for entry in found["data"]]


async def test_a_candidate_is_nobodys_business_until_it_is_published(world: World) -> None:
    an, _ = await book_two(world)
    async with working(world):
        await candidate(world, label="first try")
        plan = await candidate(world, label="second try")
    assert (plan["version"], plan["label"], plan["result"]["planned"]) == (2, "second try", 2)
    for path in ("", "/routes", "/unplanned", "/shares"):
        assert (await world.an.get(f"/v1/plans/{plan['id']}{path}")).status_code == 404
    assert (await world.an.get("/v1/plans")).json()["data"] == []
    assert (await world.an.get(f"/v1/shipments/{an['id']}")).json()["status"] == "pooled"
    published = (await publish(world.coordinator, plan)).json()
    assert (published["status"], published["published_at"] is None) == ("published", False)
    [seen] = (await world.an.get("/v1/plans")).json()["data"]
    # The third plan made, and the first that members hear of.
    assert (seen["version"], seen["label"], seen["scenario"], seen["approvals"]) == (1, None, None, [])
    assert (await world.an.get(f"/v1/shipments/{an['id']}")).json()["status"] == "planned"


async def test_one_of_two_candidates_is_published_then_the_other_then_the_first_again(world: World) -> None:
    await book_two(world)
    async with working(world):
        first, second = await candidate(world), await candidate(world, seed=2)
    for plan in (first, second, first):
        assert (await publish(world.coordinator, plan)).status_code == 200
    assert await statuses(world) == {first["id"]: "published", second["id"]: "superseded"}
    [seen] = (await world.an.get("/v1/plans")).json()["data"]
    assert (seen["id"], seen["version"]) == (first["id"], 3)
    assert (await actions(world))[-5:] == ["published", "superseded", "published", "superseded", "published"]
    again = await publish(world.coordinator, first)  # what is published stays so
    assert (again.status_code, again.json()["version"]) == (200, 1)


async def test_two_publish_at_once_and_one_plan_applies(world: World) -> None:
    await book_two(world)
    async with working(world):
        first, second = await candidate(world), await candidate(world, seed=2)
    other = await second_coordinator(world)
    answers = await asyncio.gather(publish(world.coordinator, first), publish(other, second))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert sorted((await statuses(world)).values()) == ["published", "superseded"]
    assert len((await world.an.get("/v1/plans")).json()["data"]) == 1


async def test_a_plan_whose_shipments_changed_is_outdated_and_a_revision_is_not(world: World) -> None:
    an, binh = await book_two(world)
    async with working(world):
        plan = await candidate(world)
    await world.an.made(f"/v1/shipments/{an['id']}/cancel", {})
    assert (await world.coordinator.get(f"/v1/plans/{plan['id']}")).json()["day_changed"]
    assert await code_of(await publish(world.coordinator, plan)) == "plan_outdated"
    assert (await world.binh.get(f"/v1/shipments/{binh['id']}")).json()["status"] == "pooled"
    draft = await world.coordinator.made(f"/v1/plans/{plan['id']}/revise", None)
    assert (draft["status"], draft["origin"], draft["base_plan_id"]) == ("draft", "revise", plan["id"])
    assert not draft["day_changed"]
    assert await code_of(await publish(world.coordinator, draft)) == "not_publishable"
    discarded = await world.coordinator.made(f"/v1/plans/{draft['id']}/discard", None)
    assert discarded["status"] == "discarded"
    assert (await actions(world))[-2:] == ["revised", "discarded"]


async def test_hours_of_a_window_are_no_reason_to_plan_again(world: World) -> None:
    await book_two(world)
    async with working(world):
        plan = await candidate(world)
    assert (await world.coordinator.post(f"/v1/pool-windows/{world.window_id}/close", None)).is_success
    assert (await publish(world.coordinator, plan)).status_code == 200


async def test_four_eyes_keep_a_plan_a_candidate_until_somebody_else_agrees(world: World) -> None:
    await book_two(world)
    other = await four_eyes(world)
    async with working(world):
        plan = await planned(world, "solved")  # asked to publish itself, and may not
    assert plan["approval_required"]
    assert await code_of(await publish(other, plan)) == "approval_required"
    approve = f"/v1/plans/{plan['id']}/approve"
    assert await code_of(await world.coordinator.post(approve, {})) == "own_plan"
    agreed = await other.made(approve, {"note": "Looks right"})
    assert [entry["note"] for entry in agreed["approvals"]] == ["Looks right"]
    assert not agreed["approval_required"]
    assert len((await other.made(approve, {"note": "again"}))["approvals"]) == 1
    assert (await publish(world.coordinator, plan)).status_code == 200
    log = (await world.coordinator.get(f"/v1/pool-windows/{world.window_id}/plan-history")).json()["data"]
    assert [entry["action"] for entry in log] == ["started", "solved", "approved", "published"]
    assert log[1]["by"] is None
    assert log[2]["by"] == agreed["approvals"][0]["by"] != log[0]["by"] == log[3]["by"]


async def test_all_keys_that_a_person_has_held_are_one_pair_of_eyes(world: World) -> None:
    """The first key and one that it issued; one that only got its secret anew from who made the plan."""
    await book_two(world)
    other = await four_eyes(world)
    issued = await world.coordinator.made("/v1/keys", {"role": "coordinator", "name": "of the same hand"})
    second = Caller(world.client, issued["api_key"])
    third = Caller(
        world.client, (await second.made("/v1/keys", {"role": "coordinator", "name": "once more"}))["api_key"]
    )
    async with working(world):
        plan = await candidate(world)
    approve = f"/v1/plans/{plan['id']}/approve"
    for hand in (second, third):
        assert await code_of(await hand.post(approve, {})) == "own_plan"
    colleagues = await other.made("/v1/keys", {"role": "coordinator", "name": "theirs"})
    assert (await world.coordinator.get(f"/v1/plans/{plan['id']}")).json()["approval_required"]
    taken = await world.coordinator.made(f"/v1/keys/{colleagues['id']}/rotate", {"overlap_s": 60})
    assert await code_of(await Caller(world.client, taken["api_key"]).post(approve, {})) == "own_plan"
    assert not (await other.made(approve, {}))["approval_required"]


async def test_a_search_is_stopped_and_its_best_plan_kept(world: World) -> None:
    await book_two(world)
    async with working(world):
        started = await world.coordinator.made(f"/v1/pool-windows/{world.window_id}/plans", {"seconds": 600})
        stop = f"/v1/plans/{started['id']}/stop"
        await status_of(world, started["id"], "solving")
        while not (await world.coordinator.get(f"/v1/plans/{started['id']}")).json()["progress"]:
            await asyncio.sleep(0.05)
        assert (await world.coordinator.post(stop, None)).status_code == 200
        again = await world.coordinator.post(stop, None)  # heard once more, or the plan is over by now
        assert again.is_success or await code_of(again) == "plan_over"
        plan = await over(world, started["id"])  # within a minute of the ten that were asked for
    assert plan["result"]["planned"] == 2
    assert await code_of(await world.coordinator.post(stop, None)) == "plan_over"


async def test_a_plan_that_is_being_driven_is_not_superseded(world: World) -> None:
    an, _ = await book_two(world)
    async with working(world):
        driven = await planned(world)
        other = await candidate(world)
    assert (await world.coordinator.post(f"/v1/plans/{driven['id']}/dispatch", {})).status_code == 200
    assert await code_of(await publish(world.coordinator, other)) == "plan_dispatched"
    assert (await statuses(world))[driven["id"]] == "published"
    assert (await world.an.get(f"/v1/shipments/{an['id']}")).json()["status"] == "dispatched"


async def test_what_is_booked_after_a_plan_was_made_is_told_to_the_coordinator(world: World) -> None:
    await book_two(world)
    async with working(world):
        plan = await planned(world)
    assert plan["late_shipments"] == 0
    await world.an.made("/v1/shipments", world.delivery(client_ref="AN-LATE"))
    told = (await world.coordinator.get(f"/v1/plans/{plan['id']}")).json()
    assert (told["late_shipments"], told["day_changed"]) == (1, False)
    assert (await world.an.get(f"/v1/plans/{plan['id']}")).json()["late_shipments"] is None


async def test_a_scenario_that_names_strangers_is_refused_with_a_fault_for_each(world: World) -> None:
    [van] = (await world.coordinator.get("/v1/vehicle-types")).json()["data"]
    unknown = "01m3w8c5v2e0gq9r6t1x4zkb7n"
    limits = [{"vehicle_type_id": name, "vehicles_max": 1} for name in (van["id"], f"vht_{unknown}")]
    scenario = {"vehicle_limits": limits, "leave_out_member_ids": [f"mem_{unknown}", world.an_id]}
    answer = await world.coordinator.post(f"/v1/pool-windows/{world.window_id}/plans", {"scenario": scenario})
    assert answer.status_code == 422
    assert {fault["pointer"]: fault["code"] for fault in answer.json()["errors"]} == {
        "/scenario/vehicle_limits/1/vehicle_type_id": "no_such_vehicle_type",
        "/scenario/leave_out_member_ids/0": "no_such_member",
    }


async def test_a_plan_that_a_member_is_left_out_of_shares_no_cost_with_it(world: World) -> None:
    _, binh = await book_two(world)
    async with working(world):
        both = await candidate(world)
        without = await candidate(world, scenario={"leave_out_member_ids": [world.binh_id]}, base_plan_id=both["id"])
    [left] = (await world.coordinator.get(f"/v1/plans/{without['id']}/unplanned")).json()["unplanned"]
    assert (left["shipment_id"], left["reason"]) == (binh["id"], "left_out")
    answer = await world.coordinator.get(f"/v1/plans/compare?plan_ids={both['id']},{without['id']}")
    compared = answer.json()
    an, binhs = compared["members"]
    # Alone, An pays for the van what both paid together, less what the second service took.
    assert an["in_plans"][1]["share_minor"] == without["result"]["cost_minor"] > an["in_plans"][0]["share_minor"]
    assert binhs["in_plans"][1] is None
    assert [plan["changed"] for plan in compared["plans"]] == [0, 1]
    [changed] = compared["changed_shipments"]
    assert (changed["shipment_id"], changed["served"][1]) == (binh["id"], None)
    for plan in compared["plans"]:
        assert sum(plan["cost"].values()) == plan["result"]["cost_minor"]


async def test_a_rule_takes_its_terms_from_the_plan_or_as_settled_and_no_others(world: World) -> None:
    await book_two(world)
    path = f"/v1/pool-windows/{world.window_id}/plans"
    weights = [{"member_id": world.binh_id, "parts": 9}]
    wrong = {"rule": "owen", "terms": {"weights": weights, "unions": [[world.an_id, "mem_01m3w8c5v2e0gq9r6t1x4zkb7n"]]}}
    answer = await world.coordinator.post(path, wrong)
    assert {fault["pointer"]: fault["code"] for fault in answer.json()["errors"]} == {
        "/terms/weights": "not_of_rule",
        "/terms/unions/0/1": "no_such_member",
    }
    async with working(world):
        even = await candidate(
            world, rule="weighted_shapley", terms={"weights": [*weights, {"member_id": world.an_id, "parts": 9}]}
        )
        shapley = await candidate(world, rule="shapley")
        settled = {"sharing": {"rule": "weighted_shapley", "terms": {"weights": weights}}}
        await world.coordinator.send("PUT", "/v1/cluster-settings/sharing", settled, **{"If-Match": "*"})
        leaning = await candidate(world)
    assert leaning["terms"]["weights"] == weights
    paid = [await shares_of(world, plan["id"]) for plan in (shapley, even, leaning)]
    assert paid[0] == paid[1]  # who weigh the same share as if nobody weighed anything
    assert paid[2][world.binh_id] < paid[0][world.binh_id]
    own = (await world.an.get("/v1/cluster-settings/sharing")).json()["applies"]["sharing"]
    assert own["terms"] == {"weights": [], "unions": []}
    assert (await world.binh.get("/v1/cluster-settings/sharing")).json()["applies"]["sharing"]["terms"][
        "weights"
    ] == weights


async def shares_of(world: World, plan_id: str) -> dict[str, int]:
    """What each member pays."""
    shares = (await world.coordinator.get(f"/v1/plans/{plan_id}/shares")).json()["shares"]
    return {share["member_id"]: int(share["share"]["amount"]) for share in shares}


async def test_scenarios_steer_the_search_and_not_the_price(world: World) -> None:
    await book_two(world)
    [van] = (await world.coordinator.get("/v1/vehicle-types")).json()["data"]
    async with working(world):
        plain = await candidate(world)
        spaced = await candidate(world, scenario={"co2_minor_per_kg": 5_000, "buffer_s": 600})
        none = await candidate(world, scenario={"vehicle_limits": [{"vehicle_type_id": van["id"], "vehicles_max": 0}]})
    assert spaced["result"]["cost_minor"] == plain["result"]["cost_minor"]  # one van, one trip: nothing to steer
    assert spaced["scenario"]["co2_minor_per_kg"] == 5_000
    assert 0 < spaced["result"]["bound_minor"] <= spaced["result"]["cost_minor"]
    assert (none["result"]["routes"], none["result"]["unplanned"]) == (0, 2)


async def test_what_the_cluster_has_settled_holds_where_a_scenario_is_silent_and_0_switches_it_off(
    world: World,
) -> None:
    settled = {"planning": {"co2_minor_per_kg": 5_000, "buffer_s": 600, "seconds": 1, "publish_at_once": False}}
    answer = await world.coordinator.send("PUT", "/v1/cluster-settings/planning", settled, **{"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    path = f"/v1/pool-windows/{world.window_id}/plans"
    for asked, told in (
        ({}, (5_000, 600)),
        ({"co2_minor_per_kg": 0, "buffer_s": 0}, (0, 0)),
        ({"buffer_s": 0}, (5_000, 0)),
    ):
        plan = await world.coordinator.made(path, {"scenario": asked})
        assert (plan["scenario"]["co2_minor_per_kg"], plan["scenario"]["buffer_s"]) == told
        await world.coordinator.post(f"/v1/plans/{plan['id']}/abort", None)


@pytest.mark.parametrize(
    "body",
    [
        {"label": "x" * 81},
        {"change_minor": 5},
        {"scenario": {"buffer_s": -1}},
        {"scenario": {"service_levels": ["slow"]}},
        {"scenario": {"vehicle_limits": [{"vehicle_type_id": "vht_1"}]}},
        {"scenario": {"colour": "red"}},
    ],
)
async def test_a_scenario_of_nonsense_is_refused_whole(world: World, body: Any) -> None:
    answer = await world.coordinator.post(f"/v1/pool-windows/{world.window_id}/plans", body)
    assert answer.status_code == 422, answer.text
    assert (await world.coordinator.get("/v1/plans")).json()["data"] == []


@pytest.mark.parametrize("named", ["", "plan_1", "plan_1,plan_2", ","])
async def test_what_cannot_be_compared_is_refused(world: World, named: str) -> None:
    answer = await world.coordinator.get(f"/v1/plans/compare?plan_ids={named}")
    assert answer.status_code in {404, 422}


async def test_too_few_plans_to_compare_are_a_fault_of_the_query(world: World) -> None:
    answer = await world.coordinator.get("/v1/plans/compare?plan_ids=plan_01m3w8c5v2e0gq9r6t1x4zkb7n")
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [
        ("#query/plan_ids", "out_of_range")
    ]
