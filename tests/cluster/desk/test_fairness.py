"""Whether a split is fair, and what other rules would say; the day's arithmetic stands in ``road``."""

from random import Random
from typing import Any

import numpy as np
import pytest

from cluster.base import ids
from cluster.desk import rules
from cluster.desk.fairness import spoken
from cluster.members.models import MemberWeight, RuleTerms, SharingRule
from cluster.settlement.models import CertificateDocument, Gain, Verdict
from solver.shares import Rule
from solver.sharing import closure
from solver.sharing.certify import certificate
from solver.sharing.game import Game
from solver.sharing.rules import split
from tests.cluster.desk.conftest import Explained

MEASURING = {"weight", "volume", "tonne_km", "pallet_km", "orders"}


def by_rule(found: Any) -> dict[str, Any]:
    return {entry["rule"]: entry for entry in found["rules"]}


@pytest.mark.anyio
async def test_every_rule_is_told_beside_the_one_in_force(explained: Explained) -> None:
    found = await explained.asked("/fairness")
    assert set(by_rule(found)) == {rule.value for rule in SharingRule}
    assert [entry["rule"] for entry in found["rules"] if entry["in_force"]] == [found["rule"]] == ["nucleolus"]
    for entry in found["rules"]:
        if entry["rule_applied"] is not None:
            assert sum(share["share_minor"] for share in entry["shares"]) == found["cost_minor"] == 815_000
            assert sum(share["difference_minor"] for share in entry["shares"]) == 0


@pytest.mark.anyio
@pytest.mark.parametrize("of", ["plan", "candidate"])
async def test_the_rule_in_force_comes_out_as_it_was_split(explained: Explained, of: str) -> None:
    """The published plan follows the nucleolus, the candidate Shapley."""
    answer = await explained.world.coordinator.get(f"/v1/plans/{getattr(explained, of)['id']}/fairness")
    found = answer.json()
    [mine] = [entry for entry in found["rules"] if entry["in_force"]]
    assert (mine["moved_minor"], {share["difference_minor"] for share in mine["shares"]}) == (0, {0})
    split_as = {share["member_id"]: int(share["share"]["amount"]) for share in found["shares"]}
    assert {share["member_id"]: share["share_minor"] for share in mine["shares"]} == split_as
    assert (mine["verdict"], mine["in_core"]) == (found["verdict"], True)


@pytest.mark.anyio
async def test_what_is_saved_is_what_all_would_pay_alone_less_the_cost(explained: Explained) -> None:
    """
    An alone: 300,000 + 360,000 + 3,000 s = 50,000: 710,000. Binh alone: 300,000 + 180,000 + 1,500 s = 25,000, and the
    outside option of 100,000: 605,000. Together 815,000 of 1,315,000. The nucleolus halves the 500,000 that are saved.
    """
    found = await explained.asked("/fairness")
    assert (found["alone_minor"], found["cost_minor"], found["saving_minor"]) == (1_315_000, 815_000, 500_000)
    assert found["saving_percent"] == 38.0
    paid = {share["member_id"]: int(share["share"]["amount"]) for share in found["shares"]}
    assert paid == {explained.world.an_id: 460_000, explained.world.binh_id: 355_000}
    proportional = by_rule(found)["proportional"]
    # 815 of 1,315 of 710,000 are 440,038.02; the difference of 19,962 goes to Binh.
    assert {share["member_id"]: share["difference_minor"] for share in proportional["shares"]} == {
        explained.world.an_id: -19_962,
        explained.world.binh_id: 19_962,
    }
    assert proportional["moved_minor"] == 19_962
    assert found["said"][0]["text"] == (
        "Alone, members would pay 1315000 VND in all; together they pay 815000 VND. That saves 500000 VND (38 %)."
    )


@pytest.mark.anyio
async def test_a_rule_by_a_measure_counts_what_takes_part_in_the_split(explained: Explained) -> None:
    """An has two shipments, Binh one and one that its outside option carries: both count two."""
    orders = by_rule(await explained.asked("/fairness"))["orders"]
    assert {share["share_minor"] for share in orders["shares"]} == {407_500}
    assert orders["individually_rational"]


@pytest.mark.anyio
async def test_a_measure_that_nothing_has_is_no_rule_for_the_day(explained: Explained) -> None:
    pallets = by_rule(await explained.asked("/fairness"))["pallet_km"]
    assert (pallets["rule_applied"], pallets["shares"], pallets["moved_minor"]) == (None, [], 0)


@pytest.mark.anyio
async def test_one_rule_can_be_asked_for(explained: Explained) -> None:
    found = await explained.asked("/fairness?rule=shapley")
    assert list(by_rule(found)) == ["shapley"]
    answer = await explained.world.coordinator.get(explained.path("/fairness?rule=by_mood"))
    assert answer.status_code in (400, 422)


def document(verdict: Verdict, gain: int, known: int) -> CertificateDocument:
    return CertificateDocument(
        players=["a", "b", "c"],
        cost_minor=0,
        shares_minor=[0, 0, 0],
        lower_minor=[0] * 8,
        upper_minor=[0] * 8,
        verdict=verdict,
        excess_max=Gain(players=["c"], gain_minor=known),
        gain_max=Gain(players=["a", "b"], gain_minor=gain),
        slack_minor=0,
        weights=[],
        excess_least_minor=None,
        digest="",
    )


@pytest.mark.parametrize(
    ("verdict", "gain", "known", "text"),
    [
        (
            *(Verdict.STABLE, -250, -300),
            "No group of members would pay less by leaving: that is proven. The least reason to stay has An and Binh: on "
            "their own they would pay at least 2.50 EUR more.",
        ),
        (*(Verdict.UNSTABLE, 900, 100), "Chi would pay 1.00 EUR less on their own: a plan that cheap is known."),
        (
            *(Verdict.OPEN, 400, -5),
            "No group of members is known to pay less by leaving, but that is not proven: An and Binh could gain at most "
            "4.00 EUR.",
        ),
    ],
)
def test_a_verdict_is_said_in_plain_words(verdict: Verdict, gain: int, known: int, text: str) -> None:
    names = {"a": "An", "b": "Binh", "c": "Chi"}
    assert spoken(document(verdict, gain, known), names, "EUR").text == text


def tours(n: int) -> Game:
    """Members on a plane, a coalition pays a tour to the nearest next one: costs as of a real day."""
    random = Random(n)
    points = [(random.random() * 100_000, random.random() * 100_000) for _ in range(n)]
    costs = [0]
    for mask in range(1, 2**n):
        x = y = 50_000.0
        left, way = {i for i in range(n) if mask >> i & 1}, 0.0
        while left:
            near = min(left, key=lambda i: ((points[i][0] - x) ** 2 + (points[i][1] - y) ** 2, i))
            way += ((points[near][0] - x) ** 2 + (points[near][1] - y) ** 2) ** 0.5
            (x, y), left = points[near], left - {near}
        costs.append(int(30_000 + way))
    return Game([ids.show("mem", ids.new()) for _ in range(n)], closure.closed(np.array(costs)))


def test_all_rules_of_twelve_players_are_told_and_each_is_that_of_the_split() -> None:
    game = tours(12)
    shares = split(game, Rule.NUCLEOLUS).minor
    made = certificate(game, shares)
    told = CertificateDocument(**{name: getattr(made, name) for name in CertificateDocument.__struct_fields__})
    alone = dict(zip(game.players, map(int, game.stand_alone), strict=True))
    plain = [rule for rule in rules.ALL_RULES if rule not in MEASURING]
    found = rules.outcomes(told, alone, None, plain)
    assert [outcome.rule for outcome in found] == plain
    for outcome in found:
        assert outcome.shares_minor == dict(zip(game.players, split(game, Rule(outcome.rule)).minor, strict=True))
    assert found[0].verdict == made.verdict.value
    assert (found[0].gain_minor, tuple(found[0].gain_members)) == (made.gain_max.gain_minor, made.gain_max.players)


def test_weights_of_a_plan_part_what_is_saved_together() -> None:
    """Alone 60 and 100, together 100. Shapley halves the saving of 60; by weights of 1 and 5 it is 10 and 50."""
    made = certificate(Game(["anna", "binh"], np.array([0, 60, 100, 100])), [30, 70])
    told = CertificateDocument(**{name: getattr(made, name) for name in CertificateDocument.__struct_fields__})
    terms = RuleTerms(weights=[MemberWeight(member_id="binh", parts=5)])
    wanted = ["shapley", "weighted_shapley", "owen"]
    found = rules.outcomes(told, {"anna": 60, "binh": 100}, None, wanted, terms)
    assert [outcome.shares_minor for outcome in found] == [
        {"anna": 30, "binh": 70},
        {"anna": 50, "binh": 50},
        {"anna": 30, "binh": 70},
    ]


def test_members_that_were_counted_as_one_share_by_their_costs_alone() -> None:
    """The union pays 60 of 100, as its two members would pay 30 and 60 alone: 20 and 40."""
    told = CertificateDocument(
        players=["a", "b, c"],
        cost_minor=100,
        shares_minor=[40, 60],
        lower_minor=[0, 60, 80, 100],
        upper_minor=[0, 60, 80, 100],
        verdict=Verdict.STABLE,
        excess_max=Gain(players=["a"], gain_minor=-20),
        gain_max=Gain(players=["a"], gain_minor=-20),
        slack_minor=0,
        weights=[],
        excess_least_minor=None,
        digest="",
    )
    [outcome] = rules.outcomes(told, {"a": 60, "b": 30, "c": 60}, None, ["nucleolus"])
    assert outcome.shares_minor == {"a": 40, "b": 20, "c": 40}
    assert (outcome.verdict, outcome.gain_minor, outcome.gain_members) == ("stable", -20, ["a"])
