"""The split of a plan's cost: whole to the last unit, proven to the coordinator, private to each member."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import msgspec
import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import act_as, system_scope
from cluster.members.models import SharingRule
from cluster.settlement import service
from cluster.settlement.models import RULES_EXPLAINED
from cluster.settlement.split import Unbalanced, Unproven, split_of
from solver.check_split import check_certificate
from solver.shares import Certificate, Gain, Rule, Share, Split, Verdict
from solver.sharing.certify import certificate as certificate_of
from solver.sharing.game import Game
from tests.cluster.api import Caller, World, riverside
from tests.cluster.planning.test_plan import planned, working
from tests.databases import Database

CERTIFICATE = Certificate(
    players=("mem_1", "mem_2"),
    cost_minor=1000,
    shares_minor=(600, 400),
    lower_minor=(0, 750, 500, 1000),
    upper_minor=(0, 800, 500, 1000),
    verdict=Verdict.STABLE,
    excess_max=Gain(players=("mem_2",), gain_minor=-100),  # 400 - 500; mem_1 600 - 800
    gain_max=Gain(players=("mem_2",), gain_minor=-100),  # 400 - 500; mem_1 600 - 750
    slack_minor=0,
    weights=((1, 1), (2, 1)),
    excess_least_minor=-150,  # (1000 - 800 - 500) / 2
    digest="06db472a2ba901a6df3d7665a11099dc62f011b0cd89c9a1509882051eb5e9f4",
)
SPLIT = Split(
    rule=Rule.NUCLEOLUS,
    rule_applied=Rule.NUCLEOLUS,
    repaired=False,
    currency="VND",
    cost_minor=1000,
    shares=(
        Share(
            owner="mem_1",
            stand_alone_minor=800,
            share_minor=600,
            saving_minor=200,
            incremental_minor=500,
            low_minor=575,
            high_minor=600,
        ),
        Share(
            owner="mem_2",
            stand_alone_minor=500,
            share_minor=400,
            saving_minor=100,
            incremental_minor=200,
            low_minor=400,
            high_minor=425,
        ),
    ),
    unions=(),
    certificate=CERTIFICATE,
    excess_max_minor=-100,
    in_core=True,
    individually_rational=True,
    coalitions=3,
    coalitions_proven=2,
    pool_digest="0" * 64,
    seconds=0.5,
    plan=None,
)


RULES = ("nucleolus", "shapley", "proportional", "tau", "tonne_km")
"""One of each kind; all others pass through the same code."""


class Settled:
    """Riverside after a plan by each of these rules, for An with two shipments and Binh with one."""

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
            found.plans = {rule: await planned(world, rule=rule) for rule in RULES[1:]}
            found.plans["nucleolus"] = await planned(world)  # the cluster's own rule; the latest applies
        yield found


async def shares(caller: Caller, plan: Any) -> Any:
    """A plan's split as somebody sees it."""
    answer = await caller.get(f"/v1/plans/{plan['id']}/shares")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.anyio
@pytest.mark.parametrize("rule", RULES)
async def test_shares_sum_to_the_cost_to_the_last_unit(settled: Settled, rule: str) -> None:
    split = await shares(settled.world.coordinator, settled.plans[rule])
    assert (split["rule"], split["rule_explained"]) == (rule, RULES_EXPLAINED[split["rule"]])
    assert sum(int(share["share"]["amount"]) for share in split["shares"]) == int(
        split["certificate"]["cost"]["amount"]
    )
    assert split["certificate"]["cost"]["amount"] == str(settled.plans[rule]["result"]["cost_minor"])
    assert {share["member_id"] for share in split["shares"]} == {settled.world.an_id, settled.world.binh_id}


@pytest.mark.anyio
@pytest.mark.parametrize("rule", RULES)
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
    # Three deliveries at one place are a day that is proven through and through.
    assert (certificate["verdict"], certificate["coalitions"], certificate["coalitions_proven"]) == ("stable", 3, 3)
    assert int(certificate["gain_max"]["amount"]) == int(certificate["excess_max"]["amount"]) < 0
    assert set(certificate["gain_members"]) < {settled.world.an_id, settled.world.binh_id}
    for caller, member_id in ((settled.world.an, settled.world.an_id), (settled.world.binh, settled.world.binh_id)):
        own = await shares(caller, plan)
        assert own["certificate"] is None
        [share] = own["shares"]
        assert (share["member_id"], share["incremental"]) == (member_id, None)


@pytest.mark.anyio
async def test_the_coordinator_can_hand_on_a_certificate_that_others_check(settled: Settled) -> None:
    plan = settled.plans["nucleolus"]
    answer = await settled.world.coordinator.get(f"/v1/plans/{plan['id']}/certificate")
    assert answer.status_code == 200, answer.text
    found = msgspec.json.decode(answer.content, type=Certificate)
    assert check_certificate(found) == ()
    shown = await shares(settled.world.coordinator, plan)
    paid = {share["member_id"]: int(share["share"]["amount"]) for share in shown["shares"]}
    assert dict(zip(found.players, found.shares_minor, strict=True)) == paid
    assert found.cost_minor == plan["result"]["cost_minor"]


@pytest.mark.anyio
async def test_no_member_gets_the_certificate(settled: Settled) -> None:
    path = f"/v1/plans/{settled.plans['nucleolus']['id']}/certificate"
    for caller in (settled.world.an, settled.world.binh):
        answer = await caller.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert "minor" not in answer.text
    assert (await settled.stranger.get(path)).status_code == 404


@pytest.mark.anyio
async def test_a_member_is_told_the_range_of_its_share_and_nothing_of_the_rest(settled: Settled) -> None:
    split = await shares(settled.world.an, settled.plans["nucleolus"])
    [own] = split["shares"]
    assert int(own["low"]["amount"]) <= int(own["share"]["amount"]) <= int(own["high"]["amount"])
    assert (split["rule"], split["rule_applied"], split["certificate"]) == ("nucleolus", "nucleolus", None)


@pytest.mark.anyio
async def test_plans_of_before_there_were_certificates_can_still_be_read(settled: Settled) -> None:
    """Their splits are as migration 0009 leaves them: nothing proven, no certificate."""
    plan = settled.plans["tau"]
    cluster_id = ids.parse("clu", (await settled.world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    connection = await asyncpg.connect(settled.world.database.owner_url)
    async with connection.transaction():
        await act_as(connection, system_scope(cluster_id))
        changed_rows = await connection.execute(
            "UPDATE splits SET certificate = NULL, gain_max_minor = NULL, verdict = 'open', coalitions_proven = 0,"
            " coalitions = 0 WHERE plan_id = $1",
            ids.parse("plan", plan["id"]),
        )
    await connection.close()
    assert changed_rows == "UPDATE 1"
    certificate = (await shares(settled.world.coordinator, plan))["certificate"]
    assert (certificate["verdict"], certificate["gain_max"], certificate["gain_members"]) == ("open", None, [])
    answer = await settled.world.coordinator.get(f"/v1/plans/{plan['id']}/certificate")
    assert answer.status_code == 404


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


def changed(**changes: Any) -> bytes:
    """The split above with other words."""
    return msgspec.json.encode(msgspec.structs.replace(SPLIT, **changes))


def certified(**changes: Any) -> bytes:
    """The split above with other words in its certificate."""
    return changed(certificate=msgspec.structs.replace(CERTIFICATE, **changes))


def test_a_split_is_taken_as_the_solver_made_it() -> None:
    new = split_of(msgspec.json.encode(SPLIT))
    assert (new.rule, new.rule_applied, new.cost_minor, new.verdict) == ("nucleolus", "nucleolus", 1000, "stable")
    assert (new.gain_max_minor, new.excess_max_minor, new.coalitions, new.coalitions_proven) == (-100, -100, 3, 2)
    ranges = [(share.member, share.low_minor, share.share_minor, share.high_minor) for share in new.shares]
    assert ranges == [("mem_1", 575, 600, 600), ("mem_2", 400, 400, 425)]


def test_the_document_is_read_by_the_independent_checker_as_it_is() -> None:
    document = msgspec.json.encode(split_of(msgspec.json.encode(SPLIT)).certificate)
    assert msgspec.json.decode(document, type=Certificate) == CERTIFICATE
    assert check_certificate(CERTIFICATE) == ()


@pytest.mark.parametrize("change_minor", [-1, 1])
def test_shares_that_miss_the_cost_by_one_unit_are_not_stored(change_minor: int) -> None:
    with pytest.raises(Unbalanced, match="sum"):
        split_of(changed(cost_minor=SPLIT.cost_minor + change_minor))


def test_a_saving_that_is_not_the_difference_is_not_stored() -> None:
    first, second = SPLIT.shares
    with pytest.raises(Unbalanced, match="saving"):
        split_of(changed(shares=(msgspec.structs.replace(first, saving_minor=201), second)))


@pytest.mark.parametrize("limits", [{"low_minor": 601}, {"high_minor": 599}])
def test_a_share_outside_its_range_is_not_stored(limits: dict[str, int]) -> None:
    first, second = SPLIT.shares
    with pytest.raises(Unbalanced, match="range"):
        split_of(changed(shares=(msgspec.structs.replace(first, **limits), second)))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"verdict": Verdict.OPEN}, "verdict_wrong"),
        ({"upper_minor": (0, 700, 500, 1000)}, "digest_wrong"),
        ({"gain_max": Gain(players=("mem_1",), gain_minor=-150)}, "excess_wrong"),
        ({"excess_least_minor": -200}, "least_wrong"),
        ({"shares_minor": (601, 400)}, "sum_wrong"),
    ],
)
def test_a_certificate_that_says_what_is_not_so_is_not_stored(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Unproven, match=code):
        split_of(certified(**changes))


@pytest.mark.parametrize("changes", [{"coalitions": 4}, {"coalitions_proven": 3}, {"excess_max_minor": -99}])
def test_a_good_certificate_of_another_split_is_not_stored(changes: dict[str, Any]) -> None:
    with pytest.raises(Unbalanced, match="not that of the split"):
        split_of(changed(**changes))


def test_the_certificate_is_of_the_shares_that_are_charged() -> None:
    """Both sum to 1000; the certificate speaks of 600 and 400."""
    first, second = SPLIT.shares
    other = (
        msgspec.structs.replace(first, share_minor=590, saving_minor=210),
        msgspec.structs.replace(second, share_minor=410, saving_minor=90),
    )
    with pytest.raises(Unbalanced, match="not that of the split"):
        split_of(changed(shares=other))


def test_a_day_without_shipments_has_nothing_to_split() -> None:
    nothing = certificate_of(Game([], [0]), [])
    empty = changed(shares=(), cost_minor=0, certificate=nothing, excess_max_minor=0, coalitions=0, coalitions_proven=0)
    assert split_of(empty).shares == []


def test_members_counted_as_one_player_are_known_by_their_union() -> None:
    # One player: nobody but everybody, so no coalition could leave.
    one = certificate_of(Game(["mem_1, mem_2"], [0, 1000]), [1000])
    union = {"unions": (("mem_1", "mem_2"),), "coalitions": 1, "coalitions_proven": 1, "excess_max_minor": 0}
    assert split_of(changed(certificate=one, **union)).certificate.players == ["mem_1, mem_2"]
    with pytest.raises(Unbalanced, match="not that of the split"):
        split_of(changed(certificate=one, **union | {"unions": ()}))


@pytest.mark.anyio
async def test_a_split_of_another_cost_than_the_plans_is_refused(settled: Settled) -> None:
    plan_id = ids.parse("plan", settled.plans["nucleolus"]["id"])
    cluster_id = ids.parse("clu", (await settled.world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    scope = system_scope(cluster_id)
    async with Pool.open(settled.world.database.url, 1) as pool, pool.unit(scope) as db:
        with pytest.raises(Unbalanced, match="plan's cost"):
            await service.record(db, scope, plan_id, msgspec.Raw(msgspec.json.encode(SPLIT)))


def test_every_rule_is_explained_in_two_plain_sentences() -> None:
    assert RULES_EXPLAINED.keys() == set(SharingRule)
    assert {rule: text.count(". ") for rule, text in RULES_EXPLAINED.items()} == dict.fromkeys(SharingRule, 1)
    assert all(text.endswith(".") for text in RULES_EXPLAINED.values())


def test_clusters_may_choose_every_rule() -> None:
    assert {rule.value for rule in SharingRule} == {rule.value for rule in Rule}
