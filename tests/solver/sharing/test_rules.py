from fractions import Fraction

import coopgame
import msgspec
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solver.sharing.game import Game, sums
from solver.sharing.nucleolus import nucleolus
from solver.sharing.proportional import proportional
from solver.sharing.shapley import shapley
from tests.shared_data import shared_data

RULES = {"nucleolus": nucleolus, "shapley": shapley, "proportional": proportional}


def neighbours() -> Game:
    """Each alone pays 100, both together 120."""
    return Game(["anna", "binh"], [0, 100, 100, 120])


@st.composite
def games(draw: st.DrawFn, players_max: int = 5, cost_max: int = 30) -> Game:
    """Games with small whole costs: full of ties, where solvers of linear programs stop at arbitrary corners."""
    n = draw(st.integers(1, players_max))
    cost = draw(st.lists(st.integers(0, cost_max), min_size=2**n - 1, max_size=2**n - 1))
    return Game([f"p{k}" for k in range(n)], [0, *cost])


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_two_neighbours_with_the_same_cost_alone_share_the_van_equally(rule) -> None:
    assert rule(neighbours()) == pytest.approx([60, 60])


def test_each_rule_splits_a_saving_of_two_in_its_own_way() -> None:
    # Alone 10, 40, 80; only binh and chi can share, saving 30: whatever anna does, she saves nothing in the first two.
    game = Game(["anna", "binh", "chi"], [0, 10, 40, 50, 80, 90, 90, 100])
    assert nucleolus(game) == pytest.approx([10, 25, 65])
    assert shapley(game) == pytest.approx([10, 25, 65])
    assert proportional(game) == pytest.approx([10 / 1.3, 40 / 1.3, 80 / 1.3])


def test_the_nucleolus_fixes_only_what_is_tight_in_every_optimum() -> None:
    # Hasan 2011 and the Talmud's estate of 200 are where fixing every tight row of one optimum goes wrong:
    # claims 100, 200, 300 on 200 settle at 50, 75, 75 and not at 50, 50, 100.
    estate = 200
    claims = [100, 200, 300]
    worth = [max(0, estate - sum(c for i, c in enumerate(claims) if not mask >> i & 1)) for mask in range(8)]
    assert nucleolus(Game(["a", "b", "c"], [-v for v in worth])) == pytest.approx([-50, -75, -75])


def test_the_nucleolus_of_an_empty_core_spreads_the_discontent() -> None:
    # 2 alone, 3 for two, 5 for all three: any two would gain 1/3 by leaving.
    game = Game(["a", "b", "c"], [0, 2, 2, 3, 2, 3, 3, 5])
    shares = nucleolus(game)
    assert shares == pytest.approx([5 / 3] * 3)
    assert game.excess_max(shares) == pytest.approx(1 / 3)


def test_a_day_that_is_dearer_together_has_no_nucleolus() -> None:
    with pytest.raises(ValueError, match="worse off"):
        nucleolus(Game(["a", "b"], [0, 1, 1, 3]))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_one_player_pays_the_whole_cost(rule) -> None:
    assert rule(Game(["anna"], [0, 70])) == pytest.approx([70])


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_nobody_splits_nothing(rule) -> None:
    assert rule(Game([], [0])).shape == (0,)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_day_that_costs_nothing_costs_each_nothing(rule) -> None:
    assert rule(Game(["a", "b", "c"], [0] * 8)) == pytest.approx([0, 0, 0])


def test_published_games_come_out_as_published() -> None:
    for entry in msgspec.json.decode(shared_data("reference_games.json").read_bytes()):
        if "characteristic_function" not in entry:
            continue
        # A game of gains is the cost game with the sign turned.
        sign = -1 if entry["kind"] == "value" else 1
        cost = [0.0] * 2 ** entry["n"]
        for mask, worth in entry["characteristic_function"].items():
            cost[int(mask)] = sign * float(Fraction(worth))
        game = Game([str(player) for player in entry["players"]], cost)
        for name in ("nucleolus", "shapley"):
            published = entry["computed"].get(name) or entry["expected"].get(name)
            wanted = [sign * float(Fraction(str(share))) for share in published]
            assert RULES[name](game) == pytest.approx(wanted, rel=1e-9, abs=1e-9), (entry["id"], name)


@settings(max_examples=150, deadline=None)
@given(games())
def test_the_nucleolus_equals_the_exact_one_computed_in_fractions(game: Game) -> None:
    assume(game.n > 1 and game.stand_alone.sum() >= game.cost[-1])
    exact = coopgame.nucleolus_exact([int(worth) for worth in game.savings()[1:]])
    wanted = game.stand_alone - np.array([float(share) for share in exact["allocation"]])
    assert nucleolus(game) == pytest.approx(wanted, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(games(players_max=8, cost_max=1_000_000))
def test_shapley_and_nucleolus_equal_those_of_another_library(game: Game) -> None:
    assume(game.n > 1 and game.stand_alone.sum() >= game.cost[-1])
    other = coopgame.Game(game.cost[1:].tolist())
    assert shapley(game) == pytest.approx(list(coopgame.shapley(other)), abs=1e-5)
    saving = coopgame.Game(game.savings()[1:].tolist())
    wanted = game.stand_alone - np.array(coopgame.nucleolus(saving)["allocation"])
    assert nucleolus(game) == pytest.approx(wanted, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(games(), st.sampled_from(sorted(RULES)))
def test_shares_sum_to_the_cost_and_nobody_is_worse_off_than_alone(game: Game, name: str) -> None:
    game = Game(game.players, _parted(game.cost.tolist()))
    shares = RULES[name](game)
    assert shares.sum() == pytest.approx(game.cost[-1])
    assert (shares <= game.stand_alone + 1e-6).all()


@settings(max_examples=60, deadline=None)
@given(games(players_max=4), st.sampled_from(sorted(RULES)), st.randoms())
def test_renaming_players_renames_shares(game: Game, name: str, random) -> None:
    game = Game(game.players, _parted(game.cost.tolist()))
    order = random.sample(range(game.n), game.n)
    masks = [sum(1 << order[i] for i in range(game.n) if mask >> i & 1) for mask in range(2**game.n)]
    renamed = Game([game.players[i] for i in order], game.cost[masks])
    assert RULES[name](renamed) == pytest.approx(RULES[name](game)[order], abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(games(players_max=4), st.integers(0, 30), st.sampled_from(["nucleolus", "shapley"]))
def test_who_adds_the_same_to_everybody_pays_just_that(game: Game, own: int, name: str) -> None:
    cost = _parted(game.cost.tolist())
    shares = RULES[name](Game([*game.players, "loner"], [*cost, *(c + own for c in cost)]))
    assert shares[-1] == pytest.approx(own, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(games(players_max=4), st.sampled_from(sorted(RULES)))
def test_players_who_are_alike_pay_alike(game: Game, name: str) -> None:
    # What a coalition costs depends on its size alone: everybody is like everybody.
    by_size = game.cost[[2**k - 1 for k in range(game.n + 1)]]
    cost = _parted([float(by_size[mask.bit_count()]) for mask in range(2**game.n)])
    shares = RULES[name](Game(game.players, cost))
    assert shares == pytest.approx([cost[-1] / game.n] * game.n, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 20), min_size=2, max_size=5), st.data())
def test_the_nucleolus_is_in_the_core_where_there_is_one(split: list[int], data: st.DataObject) -> None:
    # Any costs at or above what some split makes each coalition pay have that split in their core.
    slack = data.draw(st.lists(st.integers(0, 10), min_size=2 ** len(split) - 2, max_size=2 ** len(split) - 2))
    cost = sums(np.array(split, dtype=float)) + np.array([0, *slack, 0])
    game = Game([f"p{k}" for k in range(len(split))], cost)
    assert game.excess_max(nucleolus(game)) <= 1e-6


def _parted(cost: list[float]) -> list[float]:
    """Each coalition may part into two, tried naively: sub-additive."""
    for mask in range(1, len(cost)):
        parts = [part for part in range(1, mask) if part & mask == part]
        cost[mask] = min([cost[mask], *(cost[part] + cost[mask ^ part] for part in parts)])
    return cost
