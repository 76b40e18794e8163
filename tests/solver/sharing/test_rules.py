from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.faults import ProblemError
from solver.shares import Rule
from solver.sharing.acam import exact_acam
from solver.sharing.game import Game, sums
from solver.sharing.nucleolus import exact_nucleolus, exact_per_capita
from solver.sharing.owen import exact_owen
from solver.sharing.rules import KEYS, Shares, split
from solver.sharing.shapley import exact_shapley, exact_weighted_shapley
from solver.sharing.tau import exact_tau
from tests.solver.sharing.games import games, games_with_a_core, parted, renamed, sub_additive_games, with_loner

STABLE = [Rule.NUCLEOLUS, Rule.PER_CAPITA_NUCLEOLUS, Rule.PROPORTIONAL_NUCLEOLUS, Rule.EQUAL_PROFIT]
BY_GAME = [rule for rule in Rule if rule not in KEYS]
EVERY_RULE = pytest.mark.parametrize("rule", list(Rule))
SINGLES = [[0], [1], [2], [3], [4]]


def paid(game: Game, rule: Rule, **more: Any) -> Shares:
    """A split with the number of each player's letters as its key."""
    keys = {player: 1 + len(player) for player in game.players} if rule in KEYS else None
    return split(game, rule, **{"keys": keys, **more})


@EVERY_RULE
def test_two_neighbours_with_the_same_cost_alone_share_the_van_equally(rule: Rule) -> None:
    # Each alone pays 100, both together 120.
    assert paid(Game(["anna", "binh"], [0, 100, 100, 120]), rule).minor == (60, 60)


@pytest.mark.parametrize(
    ("rule", "shares"),
    [
        # Whatever anna does she saves nothing, unless savings are split by percentage.
        (Rule.NUCLEOLUS, [10, 25, 65]),
        (Rule.PER_CAPITA_NUCLEOLUS, [10, 25, 65]),
        # binh and chi save the same part of what each would pay, as far as the core lets them: 30 of 120, a quarter.
        (Rule.EQUAL_PROFIT, [10, 30, 60]),
        (Rule.SHAPLEY, [10, 25, 65]),
        # The saving of 30 by cost alone: 40 to 80.
        (Rule.WEIGHTED_SHAPLEY, [10, 30, 60]),
        (Rule.OWEN, [10, 25, 65]),
        # Least 10, 10, 50 and most 10, 40, 80; 30 of the 60 between them are to be paid.
        (Rule.TAU, [10, 25, 65]),
        (Rule.ACAM, [10, 25, 65]),
        (Rule.PROPORTIONAL, [10 / 1.3, 40 / 1.3, 80 / 1.3]),
        # Keys 5, 5 and 4.
        (Rule.ORDERS, [500 / 14, 500 / 14, 400 / 14]),
    ],
)
def test_each_rule_splits_a_saving_of_two_in_its_own_way(rule: Rule, shares: list[float]) -> None:
    # Alone 10, 40, 80; only binh and chi can share, saving 30.
    game = Game(["anna", "binh", "chi"], [0, 10, 40, 50, 80, 90, 90, 100])
    assert paid(game, rule).exact == pytest.approx(shares)


def test_acam_and_tau_of_four_who_share_a_runway() -> None:
    # Alone 8, 11, 13, 18, together 18. Added to all others 0, 0, 0, 5: 13 are left, beyond are 8, 11, 13, 13 of 45.
    cost = [max([(8, 11, 13, 18)[i] for i in range(4) if mask >> i & 1], default=0) for mask in range(16)]
    game = Game(["a", "b", "c", "d"], cost)
    wanted = [Fraction(13 * 8, 45), Fraction(13 * 11, 45), Fraction(13 * 13, 45), 5 + Fraction(13 * 13, 45)]
    assert exact_acam(game) == wanted
    assert exact_tau(game) == wanted
    # Shapley: 8 / 4, then 3 / 3 more, then 2 / 2 more, then 5 more.
    assert exact_shapley(game) == [2, 3, 4, 9]


def test_the_owen_value_lets_a_union_come_as_one() -> None:
    # Alone 6 each, any two 9, all three 9. As a and b against c both unions add 9 or 3, 6 or 0: 9 and 6 alone, 9 both:
    # the union pays (9 + 3) / 2 = 6, c (6 + 0) / 2 = 3; within the union the two are alike.
    game = Game(["a", "b", "c"], [0, 6, 6, 9, 6, 9, 9, 9])
    assert paid(game, Rule.OWEN, unions=[["a", "b"]]).minor == (3, 3, 3)
    # Alone 6, 6 and 9, the two of the union 6: they add 6 first and 0 second, c 9 and 3.
    assert paid(Game(["a", "b", "c"], [0, 6, 6, 6, 9, 9, 9, 9]), Rule.OWEN, unions=[["a", "b"]]).exact == (1.5, 1.5, 6)


def test_weights_decide_who_gets_more_of_a_saving() -> None:
    # Two alone pay 100 each, together 120: the saving of 80 goes 3 to 1.
    game = Game(["anna", "binh"], [0, 100, 100, 120])
    assert paid(game, Rule.WEIGHTED_SHAPLEY, weights={"anna": 3, "binh": 1}).minor == (40, 80)


@EVERY_RULE
def test_one_player_pays_the_whole_cost(rule: Rule) -> None:
    assert paid(Game(["anna"], [0, 70]), rule).minor == (70,)


@EVERY_RULE
def test_nobody_splits_nothing(rule: Rule) -> None:
    assert paid(Game([], [0]), rule).minor == ()


@EVERY_RULE
def test_a_day_that_costs_nothing_costs_each_nothing(rule: Rule) -> None:
    assert paid(Game(["a", "b", "c"], [0] * 8), rule).minor == (0, 0, 0)


@EVERY_RULE
def test_where_together_is_dearer_than_alone_everybody_bears_the_same_percentage_and_it_is_said(rule: Rule) -> None:
    # Alone 10 and 30, together 60: half as much again for everybody.
    shares = paid(Game(["a", "b"], [0, 10, 30, 60]), rule)
    assert shares.minor == (15, 45)
    assert shares.applied is Rule.PROPORTIONAL
    assert shares.rule is rule
    assert not shares.individually_rational
    assert not paid(Game(["a", "b"], [0, 10, 30, 60]), rule, repaired=True).repaired


def test_tau_of_a_game_that_is_not_quasi_balanced_becomes_acam_and_it_is_said() -> None:
    # 2 alone, 3 for two, 5 for all: each adds 2, together 6 where 5 is to be paid.
    game = Game(["a", "b", "c"], [0, 2, 2, 3, 2, 3, 3, 5])
    assert exact_tau(game) is None
    shares = split(game, Rule.TAU)
    assert (shares.rule, shares.applied) == (Rule.TAU, Rule.ACAM)
    # A third of 5 each; the units left over go to the largest remainders, all alike, so by name.
    assert sorted(shares.minor) == [1, 2, 2]


def test_a_key_that_nobody_has_becomes_proportional_and_it_is_said() -> None:
    shares = split(Game(["a", "b"], [0, 10, 30, 20]), Rule.VOLUME, keys={"a": 0, "b": 0})
    assert (shares.minor, shares.applied) == ((5, 15), Rule.PROPORTIONAL)


def test_a_key_that_asks_somebody_for_more_than_alone_is_said_and_mended_on_request_alone() -> None:
    # Thirds of 100 are 23.33 too much for anna, who pays 10 alone. binh saves 6.67 and chi 46.67 of 53.33 together:
    # the 23.33 go 1 to 7.
    game = Game(["anna", "binh", "chi"], [0, 10, 40, 50, 80, 90, 90, 100])
    keys = {"anna": 2, "binh": 2, "chi": 2}
    as_is = split(game, Rule.ORDERS, keys=keys)
    assert as_is.exact == pytest.approx([100 / 3] * 3)
    assert (as_is.individually_rational, as_is.repaired) == (False, False)
    mended = split(game, Rule.ORDERS, keys=keys, repaired=True)
    assert mended.exact == pytest.approx([10, 36.25, 53.75])
    assert mended.minor == (10, 36, 54)
    assert (mended.individually_rational, mended.repaired) == (True, True)
    assert not split(game, Rule.SHAPLEY, repaired=True).repaired


@pytest.mark.parametrize("rule", BY_GAME)
def test_a_player_without_orders_pays_nothing(rule: Rule) -> None:
    # Three of whom two alone pay 2, any two 3, all 5 (an empty core), and one who changes nothing.
    game = with_loner(Game(["a", "b", "c"], [0, 2, 2, 3, 2, 3, 3, 5]), 0)
    assert paid(game, rule).exact[-1] == 0
    assert paid(game, rule).minor[-1] == 0


@pytest.mark.parametrize(
    ("rule", "more", "codes"),
    [
        (Rule.WEIGHT, {"keys": None}, ["key_missing", "key_missing"]),
        (Rule.WEIGHT, {"keys": {"a": -1, "b": 1, "x": 0.5}}, ["number_negative", "player_unknown", "number_not_whole"]),
        (Rule.WEIGHTED_SHAPLEY, {"weights": {"a": 0}}, ["key_missing", "number_too_small"]),
        (Rule.OWEN, {"unions": [["a", "x"], ["a"]]}, ["player_unknown", "union_overlap"]),
    ],
)
def test_what_does_not_fit_the_players_is_refused_all_at_once(rule: Rule, more: Any, codes: list[str]) -> None:
    with pytest.raises(ProblemError) as refused:
        split(Game(["a", "b"], [0, 1, 1, 2]), rule, **more)
    assert sorted(fault.code for fault in refused.value.faults) == sorted(codes)


@settings(max_examples=150, deadline=None)
@given(games(), st.sampled_from(list(Rule)), st.booleans())
def test_shares_sum_to_the_bill_whatever_the_game(game: Game, rule: Rule, repaired: bool) -> None:
    shares = paid(game, rule, repaired=repaired)
    assert sum(shares.minor) == game.cost[-1]
    assert sum(shares.exact) == pytest.approx(game.cost[-1])
    assert all(abs(a - b) < 1.01 for a, b in zip(shares.minor, shares.exact, strict=True))
    assert shares.individually_rational == all(
        share <= cost for share, cost in zip(shares.minor, game.stand_alone, strict=True)
    )
    if repaired and game.stand_alone.sum() >= game.cost[-1]:
        assert shares.individually_rational


@settings(max_examples=150, deadline=None)
@given(sub_additive_games(), st.sampled_from(BY_GAME))
def test_nobody_pays_more_than_alone_where_costs_are_sub_additive(game: Game, rule: Rule) -> None:
    shares = paid(game, rule)
    assert shares.individually_rational
    assert (np.array(shares.exact) <= game.stand_alone + 1e-9).all()


@settings(max_examples=150, deadline=None)
@given(games_with_a_core(), st.sampled_from(STABLE))
def test_stable_rules_are_in_the_core_where_there_is_one(game: Game, rule: Rule) -> None:
    assert game.excess_max(np.array(paid(game, rule).exact)) <= 1e-9
    assert game.excess_max(np.array(paid(game, rule).minor)) <= game.n - 1


@settings(max_examples=150, deadline=None)
@given(games(players_max=4), st.sampled_from(list(Rule)), st.randoms())
def test_the_order_of_players_changes_nobodys_share(game: Game, rule: Rule, random) -> None:
    order = random.sample(range(game.n), game.n)
    keys = {player: 1 + index % 3 for index, player in enumerate(game.players)}
    more: dict[str, Any] = {"keys": keys, "weights": keys, "unions": [game.players[1:3]]}
    shares, other = split(game, rule, **more), split(renamed(game, order), rule, **more)
    assert dict(zip(shares.players, shares.minor, strict=True)) == dict(zip(other.players, other.minor, strict=True))
    assert other.exact == pytest.approx([shares.exact[i] for i in order])


@settings(max_examples=60, deadline=None)
@given(games(players_max=4), st.sampled_from(list(Rule)))
def test_players_who_are_alike_pay_alike_to_the_unit(game: Game, rule: Rule) -> None:
    # What a coalition costs depends on its size alone: everybody is like everybody.
    by_size = game.cost[[2**k - 1 for k in range(game.n + 1)]]
    cost = parted([float(by_size[mask.bit_count()]) for mask in range(2**game.n)])
    shares = paid(Game(game.players, cost), rule)
    assert shares.exact == pytest.approx([cost[-1] / game.n] * game.n)
    assert max(shares.minor) - min(shares.minor) <= 1


@settings(max_examples=60, deadline=None)
@given(games(players_max=3), st.sampled_from(BY_GAME))
def test_who_adds_nothing_to_anybody_pays_nothing_and_changes_no_share(game: Game, rule: Rule) -> None:
    if game.cost[-1] > game.stand_alone.sum() or not game.stand_alone.any():
        return
    shares, joined = paid(game, rule), paid(with_loner(game, 0), rule)
    assert joined.exact == pytest.approx([*shares.exact, 0])


@settings(max_examples=60, deadline=None)
@given(sub_additive_games(), st.integers(2, 1000), st.sampled_from(list(Rule)))
def test_another_currency_changes_no_proportion(game: Game, rate: int, rule: Rule) -> None:
    # A coalition that costs nothing counts as one unit in two of the rules, whatever the currency.
    if (game.cost[1:] == 0).any():
        return
    dear = paid(Game(game.players, game.cost * rate), rule)
    assert dear.exact == pytest.approx([rate * share for share in paid(game, rule).exact])


COVARIANT = {
    "nucleolus": lambda game: exact_nucleolus(game).shares,
    "per capita": lambda game: exact_per_capita(game).shares,
    "shapley": exact_shapley,
    "weighted": lambda game: exact_weighted_shapley(game, [1, 2, 3, 4][: game.n]),
    "owen": lambda game: exact_owen(game, [[k for k in (0, 1) if k < game.n], *SINGLES[2 : game.n]]),
    "acam": exact_acam,
    "tau": lambda game: exact_tau(game) or exact_acam(game),
}


@settings(max_examples=150, deadline=None)
@given(sub_additive_games(), st.lists(st.integers(0, 20), min_size=4, max_size=4), st.sampled_from(sorted(COVARIANT)))
def test_what_is_each_ones_own_is_paid_by_each(game: Game, own: list[int], name: str) -> None:
    dearer = Game(game.players, game.cost + sums(np.array(own[: game.n], dtype=float)))
    before, after = COVARIANT[name](game), COVARIANT[name](dearer)
    wanted = [share + more for share, more in zip(before, own, strict=False)]
    assert [float(share) for share in after] == pytest.approx([float(share) for share in wanted], abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(games(3, 3), games(3, 3), st.sampled_from(["shapley", "weighted", "owen"]))
def test_two_days_together_cost_what_each_cost_under_additive_rules(one: Game, other: Game, name: str) -> None:
    both = COVARIANT[name](Game(one.players, one.cost + other.cost))
    apart = [a + b for a, b in zip(COVARIANT[name](one), COVARIANT[name](other), strict=True)]
    assert [float(share) for share in both] == pytest.approx([float(share) for share in apart], abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(games(players_max=4))
def test_equal_weights_and_trivial_unions_are_the_shapley_value(game: Game) -> None:
    shapley = exact_shapley(game)
    assert exact_owen(game, SINGLES[: game.n]) == shapley
    assert exact_owen(game, [list(range(game.n))]) == shapley
    weighted = exact_weighted_shapley(game, [7] * game.n)
    assert [float(share) for share in weighted] == pytest.approx([float(share) for share in shapley], abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(games(players_max=4))
def test_the_shapley_value_is_the_average_over_all_orders(game: Game) -> None:
    total = [Fraction(0)] * game.n
    orders = list(permutations(range(game.n)))
    for order in orders:
        mask = 0
        for player in order:
            total[player] += Fraction(int(game.cost[mask | 1 << player] - game.cost[mask]))
            mask |= 1 << player
    assert exact_shapley(game) == [share / len(orders) for share in total]


@settings(max_examples=60, deadline=None)
@given(sub_additive_games(3, 4), st.integers(0, 5))
def test_nobody_pays_less_per_capita_where_everybody_together_pays_more(game: Game, more: int) -> None:
    dearer = Game(game.players, [*game.cost[:-1], min(game.cost[-1] + more, game.stand_alone.sum())])
    before, after = exact_per_capita(game).shares, exact_per_capita(dearer).shares
    assert all(a <= b for a, b in zip(before, after, strict=True))
