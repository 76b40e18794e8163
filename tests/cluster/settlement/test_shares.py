"""The split of a plan's cost: whole to the last unit, proven to the coordinator, private to each member."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from cluster.base import ids
from cluster.settlement.models import RULES_EXPLAINED
from cluster.settlement.split import Unbalanced, split_of
from solver.shares import Rule, Share, Split
from tests.cluster.api import Caller, World, riverside
from tests.cluster.planning.test_plan import planned, working
from tests.databases import Database

SPLIT = Split(
    rule=Rule.NUCLEOLUS,
    currency="VND",
    cost_minor=1000,
    shares=(
        Share(owner="mem_1", stand_alone_minor=800, share_minor=600, saving_minor=200, incremental_minor=300),
        Share(owner="mem_2", stand_alone_minor=500, share_minor=400, saving_minor=100, incremental_minor=200),
    ),
    unions=(("mem_1", "mem_2"),),
    excess_max_minor=-100,
    in_core=True,
    individually_rational=True,
    coalition_costs_minor=None,
    coalitions=3,
    coalitions_proven=3,
    pool_digest="0" * 64,
    seconds=0.5,
    plan=None,
)


class Settled:
    """Riverside after a plan by each rule, for An with two shipments and Binh with one."""

    world: World
    stranger: Caller
    plans: dict[str, Any]


@pytest.fixture(scope="module")
async def settled(module_database: Database) -> AsyncIterator[Settled]:
    """One world for all tests of this file, which only look."""
    async with riverside(module_database) as world:
        founded = await world.operator.made(
            "/v1/clusters", {"name": "Elsewhere", "country_code": "DE", "currency": "EUR", "time_zone": "Europe/Berlin"}
        )
        found = Settled()
        found.world, found.stranger = world, Caller(world.client, founded["coordinator_key"]["api_key"])
        await world.admit("idle")  # without shipments: no part in it
        for caller in (world.an, world.an, world.binh):
            await caller.made("/v1/shipments", world.delivery())
        async with working(world):
            found.plans = {rule: await planned(world, rule=rule) for rule in ("shapley", "proportional")}
            found.plans["nucleolus"] = await planned(world)  # the cluster's own rule; the latest applies
        yield found


async def shares(caller: Caller, plan: Any) -> Any:
    """A plan's split as somebody sees it."""
    answer = await caller.get(f"/v1/plans/{plan['id']}/shares")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.anyio
@pytest.mark.parametrize("rule", ["nucleolus", "shapley", "proportional"])
async def test_shares_sum_to_the_cost_to_the_last_unit(settled: Settled, rule: str) -> None:
    split = await shares(settled.world.coordinator, settled.plans[rule])
    assert (split["rule"], split["rule_explained"]) == (rule, RULES_EXPLAINED[split["rule"]])
    assert sum(int(share["share"]["amount"]) for share in split["shares"]) == int(
        split["certificate"]["cost"]["amount"]
    )
    assert split["certificate"]["cost"]["amount"] == str(settled.plans[rule]["result"]["cost_minor"])
    assert {share["member_id"] for share in split["shares"]} == {settled.world.an_id, settled.world.binh_id}


@pytest.mark.anyio
@pytest.mark.parametrize("rule", ["nucleolus", "shapley", "proportional"])
async def test_a_saving_is_what_going_alone_would_cost_more(settled: Settled, rule: str) -> None:
    for share in (await shares(settled.world.coordinator, settled.plans[rule]))["shares"]:
        alone, paid, saved = (int(share[name]["amount"]) for name in ("stand_alone", "share", "saving"))
        assert saved == alone - paid > 0
        assert share["saving_percent"] == pytest.approx(100 * saved / alone, abs=0.06)
        assert {share[name]["currency"] for name in ("stand_alone", "share", "saving", "incremental")} == {"VND"}


@pytest.mark.anyio
async def test_the_proportional_rule_saves_all_the_same_percentage(settled: Settled) -> None:
    split = await shares(settled.world.coordinator, settled.plans["proportional"])
    assert len({share["saving_percent"] for share in split["shares"]}) == 1


@pytest.mark.anyio
async def test_what_is_proven_is_for_the_coordinator_alone(settled: Settled) -> None:
    plan = settled.plans["nucleolus"]
    certificate = (await shares(settled.world.coordinator, plan))["certificate"]
    assert certificate["in_core"]
    assert certificate["individually_rational"]
    assert len(certificate["pool_digest"]) == 64
    for caller, member_id in ((settled.world.an, settled.world.an_id), (settled.world.binh, settled.world.binh_id)):
        own = await shares(caller, plan)
        assert own["certificate"] is None
        [share] = own["shares"]
        assert (share["member_id"], share["incremental"]) == (member_id, None)


@pytest.mark.anyio
async def test_a_member_is_shown_the_same_share_as_the_coordinator_sees(settled: Settled) -> None:
    plan = settled.plans["nucleolus"]
    whole = {share["member_id"]: share for share in (await shares(settled.world.coordinator, plan))["shares"]}
    [own] = (await shares(settled.world.an, plan))["shares"]
    assert own == whole[settled.world.an_id] | {"incremental": None}


@pytest.mark.anyio
async def test_a_split_that_is_not_there_is_not_found(settled: Settled) -> None:
    window = {"service_date": "2090-01-02", "cut_off_at": "2090-01-01T00:00:00Z"}
    window_id = (await settled.world.coordinator.made("/v1/pool-windows", window))["id"]
    waiting = await settled.world.coordinator.made(f"/v1/pool-windows/{window_id}/plans", {"seconds": 1})
    for caller, plan_id in (
        (settled.world.coordinator, waiting["id"]),  # not solved yet
        (settled.world.coordinator, ids.show("plan", ids.new())),
        (settled.world.an, settled.plans["shapley"]["id"]),  # superseded
        (settled.stranger, settled.plans["nucleolus"]["id"]),
    ):
        assert (await caller.get(f"/v1/plans/{plan_id}/shares")).status_code == 404


def test_a_split_is_taken_as_the_solver_made_it() -> None:
    new = split_of(msgspec.json.encode(SPLIT))
    assert (new.rule, new.cost_minor, new.unions) == ("nucleolus", 1000, [["mem_1", "mem_2"]])
    assert [(share.member, share.share_minor) for share in new.shares] == [("mem_1", 600), ("mem_2", 400)]


@pytest.mark.parametrize("change_minor", [-1, 1])
def test_shares_that_miss_the_cost_by_one_unit_are_not_stored(change_minor: int) -> None:
    wrong = msgspec.structs.replace(SPLIT, cost_minor=SPLIT.cost_minor + change_minor)
    with pytest.raises(Unbalanced, match="sum"):
        split_of(msgspec.json.encode(wrong))


def test_a_saving_that_is_not_the_difference_is_not_stored() -> None:
    first, second = SPLIT.shares
    wrong = msgspec.structs.replace(SPLIT, shares=(msgspec.structs.replace(first, saving_minor=201), second))
    with pytest.raises(Unbalanced, match="saving"):
        split_of(msgspec.json.encode(wrong))


def test_a_day_without_shipments_has_nothing_to_split() -> None:
    empty = msgspec.structs.replace(SPLIT, shares=(), cost_minor=0, unions=())
    assert split_of(msgspec.json.encode(empty)).shares == []
