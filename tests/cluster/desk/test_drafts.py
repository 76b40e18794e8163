"""
Drafts edited by hand, on the road of ``tests.cluster.desk.road``: the hub, A after 10 km, B after 20 km.

The plan: one van to A (An, Binh) and B (An), 40 km and 3,300 s: 300,000 + 360,000 + 55,000 = 715,000; the heavy shipment
is left to its outside option of 100,000.
"""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import pytest

from tests.cluster.api import Caller, World, riverside
from tests.cluster.desk.road import B, day, to
from tests.cluster.planning.test_plan import over, planned, working
from tests.databases import Database

pytestmark = pytest.mark.anyio


class Desk(NamedTuple):
    """A planned day, and how to make drafts of it."""

    world: World
    plan: Any
    shipments: dict[str, str]

    async def draft(self, plan_id: str | None = None) -> "Draft":
        """A working copy of the plan."""
        made = await self.world.coordinator.made(f"/v1/plans/{plan_id or self.plan['id']}/draft", {})
        assert (made["status"], made["origin"], made["base_plan_id"]) == ("draft", "edit", plan_id or self.plan["id"])
        return Draft(self.world.coordinator, f"/v1/plans/{made['id']}", made["id"])


class Draft(NamedTuple):
    """One draft."""

    caller: Caller
    path: str
    id: str

    async def look(self) -> Any:
        """As it stands."""
        answer = await self.caller.get(f"{self.path}/draft")
        assert answer.status_code == 200, answer.text
        assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'
        return answer.json()

    async def send(self, rest: str, body: Any = None, version: Any = "*") -> Any:
        """A change of any version of it."""
        tag = version if version == "*" else f'"{version}"'
        return await self.caller.send("POST", f"{self.path}{rest}", body, **{"If-Match": tag})

    async def edit(self, **body: Any) -> Any:
        """An edit that must succeed."""
        answer = await self.send("/edits", body)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
async def desk(module_database: Database) -> AsyncIterator[Desk]:
    """One planned day for all tests of this file; drafts do not get in each other's way."""
    async with riverside(module_database) as world:
        shipments = await day(world)
        async with working(world):
            plan = await planned(world)
            yield Desk(world, plan, shipments)


def carried(routes: list[Any]) -> dict[int, list[str]]:
    """Shipments by route number, in driving order."""
    return {r["route_no"]: [v["shipment_id"] for s in r["stops"] for v in s["visits"]] for r in routes}


async def test_a_draft_begins_as_the_plan_that_it_is_a_copy_of(desk: Desk) -> None:
    draft = await desk.draft()
    state = await draft.look()
    assert state["figures"] | {"currency": None} == {
        "currency": None,
        "cost_minor": 815_000,
        "distance_m": 40_000,
        "duration_s": 3_300,
        "vehicles": 1,
        "planned": 3,
        "unplanned": 1,
        "mandatory_unplanned": 0,
        "violations": 0,
    }
    assert (state["routes"], state["can_undo"], state["can_redo"], state["edits"]) == ([], False, False, [])
    assert state["unplanned_shipment_ids"] == [desk.shipments["heavy"]]
    ours = (await draft.caller.get(f"{draft.path}/routes")).json()["routes"]
    theirs = (await draft.caller.get(f"/v1/plans/{desk.plan['id']}/routes")).json()["routes"]
    assert ours == theirs


async def test_a_shipment_dragged_to_a_van_of_its_own_shows_what_that_costs(desk: Desk) -> None:
    """
    Without B: 20 km and 1,800 s, 300,000 + 180,000 + 30,000. B alone: 40 km and 2,700 s, 300,000 + 360,000 + 45,000.
    Together 1,215,000 instead of 715,000.
    """
    draft = await desk.draft()
    state = await draft.edit(kind="move", shipment_ids=[desk.shipments["an_b"]])
    assert state["difference"]["cost_minor"] == 500_000
    assert state["difference"]["changed"] == [
        {"shipment_id": desk.shipments["an_b"], "from_vehicle": "Van 1", "to_vehicle": "Van 2"}
    ]
    assert carried(state["routes"])[2] == [desk.shipments["an_b"]]
    assert [route["cost_minor"] for route in state["routes"]] == [510_000, 705_000]
    assert [edit["kind"] for edit in state["edits"]] == ["move"]


async def test_undo_and_redo_lead_back_and_forth_and_history_keeps_what_was_left(desk: Desk) -> None:
    draft = await desk.draft()
    first = await draft.edit(kind="move", shipment_ids=[desk.shipments["an_b"]])
    undone = (await draft.send("/undo")).json()
    assert (undone["difference"]["cost_minor"], undone["can_undo"], undone["can_redo"]) == (0, False, True)
    assert undone["gone_route_nos"] == [2]
    redone = (await draft.send("/redo")).json()
    assert redone["figures"] == first["figures"]
    await draft.send("/undo")
    other = await draft.edit(kind="reverse", route_no=1)
    assert [(edit["kind"], edit["undone"]) for edit in other["edits"]] == [("move", True), ("reverse", False)]
    assert (other["can_undo"], other["can_redo"]) == (True, False)
    assert (await draft.send("/redo")).json()["code"] == "nothing_to_redo"


async def test_what_an_edit_breaks_is_told_in_words_and_such_a_draft_is_not_finished(desk: Desk) -> None:
    """The van carries 1,000 kg: 3,000 kg and three boxes of 12 kg are 2,036 kg too many."""
    draft = await desk.draft()
    state = await draft.edit(kind="plan", shipment_id=desk.shipments["heavy"], route_no=1)
    assert [(v["code"], v["route_no"], v["excess"], v["unit"], v["detail"]) for v in state["violations"]] == [
        ("capacity_constraint", 1, 2_036_000, "g", "2036 kg too heavy")
    ]
    refused = await draft.send("/finish")
    assert (refused.status_code, refused.json()["code"]) == (409, "draft_infeasible")
    assert refused.json()["errors"][0]["cause"] == "2036 kg too heavy"
    assert (await draft.caller.get(draft.path)).json()["status"] == "draft"


async def test_several_shipments_go_on_a_route_in_one_edit_and_come_off_again_in_one(desk: Desk) -> None:
    """All three taken off and put back where each costs least is the plan as it was; one undo takes all three off."""
    draft = await desk.draft()
    boxes = [desk.shipments[name] for name in ("an_a", "an_b", "binh_a")]
    off = await draft.edit(kind="unplan", shipment_ids=boxes)
    assert (off["figures"]["planned"], off["figures"]["vehicles"]) == (0, 0)
    on = await draft.edit(kind="plan", shipment_ids=boxes)
    assert (on["figures"]["planned"], on["difference"]["cost_minor"]) == (3, 0)
    assert [edit["kind"] for edit in on["edits"]] == ["unplan", "plan"]
    assert (await draft.send("/undo")).json()["figures"] == off["figures"]


async def test_shipments_from_a_route_and_from_none_move_together_or_not_at_all(desk: Desk) -> None:
    """B is on no route and A of Binh on van 1: both to a new van. 40 km and two services, 300,000 + 360,000 + 50,000."""
    draft = await desk.draft()
    await draft.edit(kind="unplan", shipment_ids=[desk.shipments["an_b"]])
    both = [desk.shipments["binh_a"], desk.shipments["an_b"]]
    state = await draft.edit(kind="move", shipment_ids=both)
    [new] = [route for route in state["routes"] if route["route_no"] == 2]
    assert (carried([new]), new["cost_minor"]) == ({2: both}, 710_000)
    await draft.edit(kind="lock", what="assignment", shipment_id=desk.shipments["an_a"])
    refused = await draft.send("/edits", {"kind": "move", "shipment_ids": [*both, desk.shipments["an_a"]]})
    assert (refused.status_code, refused.json()["code"]) == (409, "edit_locked")
    assert (await draft.look())["figures"] == state["figures"]


async def test_what_is_to_be_put_on_a_route_is_named_in_one_way(desk: Desk) -> None:
    draft = await desk.draft()
    heavy = desk.shipments["heavy"]
    for named in ({}, {"shipment_id": heavy, "shipment_ids": [heavy]}):
        answer = await draft.send("/edits", {"kind": "plan", **named})
        assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [
            ("/shipment_ids", "missing")
        ]


async def test_locks_refuse_what_would_change_them(desk: Desk) -> None:
    draft = await desk.draft()
    held = await draft.edit(kind="lock", what="assignment", shipment_id=desk.shipments["an_b"])
    assert held["locks"]["shipment_ids"] == [desk.shipments["an_b"]]
    timed = await draft.edit(kind="lock", what="time", shipment_id=desk.shipments["an_a"])
    assert [lock["shipment_id"] for lock in timed["locks"]["times"]] == [desk.shipments["an_a"]]
    refused = await draft.send("/edits", {"kind": "unplan", "shipment_ids": [desk.shipments["an_b"]]})
    assert (refused.status_code, refused.json()["code"]) == (409, "edit_locked")
    free = await draft.edit(kind="unlock", what="assignment", shipment_id=desk.shipments["an_b"])
    assert free["locks"]["shipment_ids"] == []


async def test_an_edit_of_another_version_than_was_seen_is_refused(desk: Desk) -> None:
    draft = await desk.draft()
    state = await draft.edit(kind="reverse", route_no=1)
    body = {"kind": "reverse", "route_no": 1}
    assert (await draft.send("/edits", body, version=state["version"] - 1)).status_code == 412
    assert (await draft.send("/edits", body, version=state["version"])).status_code == 200
    assert (await draft.caller.send("POST", f"{draft.path}/edits", body)).status_code == 428


async def test_edits_are_judged_by_their_kind_and_all_faults_are_told(desk: Desk) -> None:
    draft = await desk.draft()
    answer = await draft.send("/edits", {"kind": "merge", "route_no": 1, "position": 3})
    assert answer.status_code == 422
    assert {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]} == {
        ("/other_route_no", "missing"),
        ("/position", "unknown_field"),
    }
    unknown = await draft.send("/edits", {"kind": "reverse", "route_no": 7})
    assert (unknown.status_code, unknown.json()["code"]) == (409, "edit_unknown")


async def test_alternatives_of_a_shipment_come_with_their_price_the_cheapest_first(desk: Desk) -> None:
    """B on the van that drives to A already: 20 km and 1,500 s more, 205,000. On one of its own 705,000."""
    draft = await desk.draft()
    path = f"{draft.path}/alternatives?shipment_id={desk.shipments['an_b']}"
    found = (await draft.caller.get(path)).json()["alternatives"]
    assert [(way["route_no"], way["vehicle"], way["added_minor"]) for way in found] == [
        (1, "Van 1", 205_000),
        (None, "Van 2", 705_000),
    ]


async def test_a_finished_draft_is_a_plan_whose_cost_is_split(desk: Desk) -> None:
    draft = await desk.draft()
    state = await draft.edit(kind="move", shipment_ids=[desk.shipments["an_b"]])
    answer = await draft.send("/finish", version=state["version"])
    assert answer.status_code == 202, answer.text
    plan = await over(desk.world, draft.id, "solved")
    assert plan["result"]["cost_minor"] == 1_315_000
    routes = (await draft.caller.get(f"{draft.path}/routes")).json()["routes"]
    assert carried(routes) == {
        1: carried(routes)[1],
        2: [desk.shipments["an_b"]],
    }
    again = await draft.send("/edits", {"kind": "reverse", "route_no": 1})
    assert (again.status_code, again.json()["code"]) == (409, "plan_not_draft")


async def test_a_search_around_locks_keeps_them_and_mends_the_rest(desk: Desk) -> None:
    """B stays on its own van, as it is locked; An's and Binh's A share the other: 510,000 + 705,000 + 100,000."""
    draft = await desk.draft()
    await draft.edit(kind="move", shipment_ids=[desk.shipments["an_b"]])
    await draft.edit(kind="lock", what="route", route_no=2)
    await draft.edit(kind="plan", shipment_id=desk.shipments["heavy"], route_no=1)
    answer = await draft.caller.post(f"{draft.path}/reoptimise", {"seconds": 1, "change_minor": 0})
    assert answer.status_code == 202, answer.text
    plan = await over(desk.world, answer.json()["id"], "solved")
    assert (plan["base_plan_id"], plan["result"]["cost_minor"]) == (draft.id, 1_315_000)


async def test_a_revised_plan_is_a_draft_of_the_day_as_it_is_now(desk: Desk) -> None:
    """A late box for B is not planned yet; on the van that is there already it adds its service alone, 5,000."""
    late = (await desk.world.binh.made("/v1/shipments", to(desk.world, B, "BINH-late")))["id"]
    made = await desk.world.coordinator.made(f"/v1/plans/{desk.plan['id']}/revise", {})
    draft = Draft(desk.world.coordinator, f"/v1/plans/{made['id']}", made["id"])
    state = await draft.look()
    assert sorted(state["unplanned_shipment_ids"]) == sorted([late, desk.shipments["heavy"]])
    after = await draft.edit(kind="plan", shipment_id=late)
    assert after["difference"]["cost_minor"] == 5_000


async def test_members_are_told_nothing_of_drafts(desk: Desk) -> None:
    draft = await desk.draft()
    assert (await desk.world.an.get(draft.path)).status_code == 404
    assert (await desk.world.an.get(f"{draft.path}/routes")).status_code == 404
    assert (await desk.world.an.get(f"{draft.path}/draft")).status_code == 403


async def test_a_draft_is_explained_as_it_stands_whatever_it_breaks(desk: Desk) -> None:
    """The heavy shipment on van 1 adds its service, 5,000, and is no longer left outside: 720,000 = 300 + 360 + 60."""
    draft = await desk.draft()
    heavy = desk.shipments["heavy"]
    before = (await draft.caller.get(f"{draft.path}/why/{heavy}")).json()
    published = (await draft.caller.get(f"/v1/plans/{desk.plan['id']}/why/{heavy}")).json()
    assert before == published | {"plan_id": draft.id}
    state = await draft.edit(kind="plan", shipment_id=heavy, route_no=1)
    assert state["figures"]["violations"] == 1
    told = (await draft.caller.get(f"{draft.path}/explanation")).json()
    assert {part["component"]: part["amount_minor"] for part in told["parts"]} == {
        "fixed": 300_000,
        "distance": 360_000,
        "time": 60_000,
    }
    assert (told["cost_minor"], told["gap"]["kind"], told["gap"]["bound_by"]) == (720_000, "unknown", None)
    on = (await draft.caller.get(f"{draft.path}/why/{heavy}")).json()
    assert (on["planned"], on["route_no"], on["reason"], on["now_minor"]) == (True, 1, None, 5_000)


async def test_what_was_taken_off_by_hand_is_told_with_its_ways_back(desk: Desk) -> None:
    """B back on the van that drives to A anyway: 20 km and 1,500 s, 205,000; on one more van 705,000."""
    draft = await desk.draft()
    await draft.edit(kind="unplan", shipment_ids=[desk.shipments["an_b"]])
    told = (await draft.caller.get(f"{draft.path}/why/{desk.shipments['an_b']}")).json()
    assert (told["planned"], told["reason"], told["said"][0]["code"]) == (False, None, "not_yet")
    assert [(way["kind"], way["route_no"], way["more_minor"]) for way in told["ways"]] == [
        ("route", 1, 205_000),
        ("new_vehicle", None, 705_000),
    ]
