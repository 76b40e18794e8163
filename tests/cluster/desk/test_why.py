"""Why shipments are where they are and plans cost what they cost; the day's arithmetic stands in ``road``."""

import msgspec
import pytest

from cluster.base import ids
from cluster.desk.explaining import gap_of
from cluster.desk.why_models import BoundBy
from cluster.planning.models import PlanResult
from tests.cluster.desk.conftest import Explained

pytestmark = pytest.mark.anyio


async def test_a_shipment_on_a_route_is_told_what_it_adds_and_what_else_it_could_cost(explained: Explained) -> None:
    """
    Without B the van drives 20 km and 1,500 s less: 180,000 + 25,000. A van of its own would cost
    300,000 + 360,000 + 2,700 s = 45,000, so 500,000 more.
    """
    found = await explained.asked(f"/why/{explained.shipments['an_b']}")
    assert (found["planned"], found["route_no"], found["vehicle"], found["reason"]) == (True, 1, "Van 1", None)
    assert (found["now_minor"], found["alone_minor"], found["outside_minor"]) == (205_000, 705_000, None)
    [way] = found["ways"]
    assert (way["kind"], way["vehicle"], way["added_minor"], way["more_minor"]) == (
        *("new_vehicle", "one more Van"),
        *(705_000, 500_000),
    )
    assert (found["client_ref"], found["member_id"]) == ("AN-b", explained.world.an_id)
    assert [said["code"] for said in found["said"]] == ["served", "next_best", "alone", "outside_none"]
    assert found["said"][0]["text"] == (
        "Van 1 serves it with 2 others: without it the route would cost 205000 VND less."
    )
    assert found["said"][0]["values"] == {"vehicle": "Van 1", "others": 2, "now_minor": 205_000}


async def test_a_shipment_on_the_way_adds_its_service_alone(explained: Explained) -> None:
    found = await explained.asked(f"/why/{explained.shipments['binh_a']}")
    assert found["now_minor"] == 5_000


async def test_an_unplanned_shipment_is_told_what_stands_in_the_way_and_the_price_of_each_cure(
    explained: Explained,
) -> None:
    """
    On the van at A already: 5,000, where 3,036 kg is 2,036 too much. On one more: 300,000 + 180,000 + 1,500 s = 25,000,
    and 2,000 kg too much. The outside option of 100,000 is spared.
    """
    found = await explained.asked(f"/why/{explained.shipments['heavy']}")
    assert (found["planned"], found["route_no"], found["reason"]) == (False, None, "capacity_constraint")
    assert (found["now_minor"], found["alone_minor"], found["outside_minor"]) == (None, None, 100_000)
    assert found["ways"] == []
    assert [
        (o["route_no"], o["vehicle"], o["reason"], o["amount"], o["unit"], o["added_minor"], o["more_minor"])
        for o in found["obstacles"]
    ] == [
        (1, "Van 1", "capacity_constraint", 2_036_000, "weight_g", 5_000, -95_000),
        (None, "one more Van", "capacity_constraint", 2_000_000, "weight_g", 505_000, 405_000),
    ]
    assert found["shut"] == [{"route_no": 1, "vehicle": "Van 1", "reason": "capacity_constraint"}]
    assert found["obstacles"][0]["cure"] == {
        "code": "lift_capacity_constraint",
        "values": {"vehicle": "Van 1", "amount": 2_036_000, "unit": "weight_g", "more_minor": -95_000},
        "text": "Van 1: room for 2036 kg more: the plan would cost 95000 VND less.",
    }


async def test_a_plan_tells_what_its_cost_consists_of(explained: Explained) -> None:
    found = await explained.asked("/explanation")
    assert {part["component"]: part["amount_minor"] for part in found["parts"]} == {
        "fixed": 300_000,
        "distance": 360_000,
        "time": 55_000,
        "outside": 100_000,
    }
    assert found["cost_minor"] == explained.plan["result"]["cost_minor"] == 815_000
    [van] = found["vehicles"]
    assert (van["route_no"], van["vehicle"], van["cost_minor"], van["shipments"], van["stops"]) == (
        *(1, "Van 1", 715_000),
        *(3, 2),
    )
    # 20 of 40 km are the way home; three boxes of 12 kg are 3.6 % of a tonne.
    assert (van["distance_m"], van["empty_m"], van["driving_s"], van["service_s"]) == (40_000, 20_000, 2_400, 900)
    assert van["fill_percent"]["weight_g"] == 4
    assert (found["empty_m"], found["waiting_s"]) == (20_000, 0)


async def test_the_dearest_shipments_come_first(explained: Explained) -> None:
    found = await explained.asked("/explanation")
    assert [(entry["client_ref"], entry["now_minor"], entry["alone_minor"]) for entry in found["dearest"]][:1] == [
        ("AN-b", 205_000, 705_000)
    ]
    assert sorted((entry["client_ref"], entry["now_minor"]) for entry in found["dearest"][1:]) == [
        ("AN-a", 5_000),
        ("BINH-a", 5_000),
    ]


async def test_what_is_proven_comes_last_and_the_largest_part_of_the_cost_first(explained: Explained) -> None:
    found = await explained.asked("/explanation")
    bound = explained.plan["result"]["bound_minor"]
    assert (found["gap"]["bound_minor"], found["gap"]["gap_minor"]) == (bound, 815_000 - bound)
    assert found["said"][-1] == found["gap"]["said"]
    assert found["said"][0]["text"] == "44.2 % of the cost, 360000 VND, is kilometres."
    assert "20.0 of 40.0 km (50 %) are driven empty." in [said["text"] for said in found["said"]]


@pytest.mark.parametrize(
    ("bound_minor", "kind", "text"),
    [
        (1_250, "proven", "No plan for these shipments and vehicles costs less than 12.50 EUR: that is proven."),
        (
            1_000,
            "bounded",
            "Nobody can find a plan below 10.00 EUR: that is proven. So at most 2.50 EUR (20 %) could still be saved; "
            "whether it can is not known. The bound adds up what it costs at least to get to every stop.",
        ),
        (0, "unknown", "Nothing is proven about how much cheaper a plan could be."),
    ],
)
def test_what_is_proven_is_said_in_plain_words(bound_minor: int, kind: str, text: str) -> None:
    result = msgspec.convert(
        dict.fromkeys(PlanResult.__struct_fields__, 0)
        | {"currency": "EUR", "cost_minor": 1_250, "bound_minor": bound_minor},
        PlanResult,
    )
    gap = gap_of(result, BoundBy.WAYS if bound_minor else None)
    assert (gap.kind, gap.said.text, gap.gap_minor) == (kind, text, 1_250 - bound_minor)


async def test_a_candidate_is_explained_like_a_published_plan(explained: Explained) -> None:
    for rest in ("/explanation", f"/why/{explained.shipments['an_b']}"):
        answer = await explained.world.coordinator.get(f"/v1/plans/{explained.candidate['id']}{rest}")
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("rest", ["/explanation", "/fairness", "/why/{}"])
async def test_a_plan_without_an_answer_has_nothing_to_explain(explained: Explained, rest: str) -> None:
    path = f"/v1/plans/{explained.waiting_id}{rest.format(explained.shipments['an_b'])}"
    answer = await explained.world.coordinator.get(path)
    assert (answer.status_code, answer.json()["code"]) == (409, "plan_not_solved")


async def test_a_shipment_that_the_plan_does_not_know_is_unknown(explained: Explained) -> None:
    for shipment in (ids.show("shp", ids.new()), "nonsense"):
        answer = await explained.world.coordinator.get(explained.path(f"/why/{shipment}"))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    late = (await explained.world.an.made("/v1/shipments", explained.world.delivery()))["id"]
    answer = await explained.world.coordinator.get(explained.path(f"/why/{late}"))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("rest", ["/explanation", "/fairness", "/why/{}", "/as-member/{}"])
async def test_nothing_that_explains_a_plan_is_for_members(explained: Explained, rest: str) -> None:
    world = explained.world
    for caller, own in ((world.an, explained.shipments["an_b"]), (world.binh, explained.shipments["binh_a"])):
        answer = await caller.get(explained.path(rest.format(world.an_id if "member" in rest else own)))
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert "minor" not in answer.text


async def test_an_explanation_is_the_same_when_it_is_asked_for_again(explained: Explained) -> None:
    """The second time the helper has taken the plan apart already."""
    first = await explained.asked("/explanation")
    assert await explained.asked("/explanation") == first
