from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.check_split import check_certificate
from solver.shares import Gain, Rule, Verdict
from solver.sharing.certify import certificate
from solver.sharing.core import least_core
from solver.sharing.game import Game
from solver.sharing.rules import split
from tests.solver.sharing.intervals import intervals


def three(lower: dict[int, int]) -> Game:
    """Alone 60 each, two 80, all 90; some lower bounds."""
    cost = [0, 60, 60, 80, 60, 80, 80, 90]
    return Game(["anna", "binh", "chi"], cost, [lower.get(mask, cost[mask]) for mask in range(8)])


def test_an_even_split_of_an_even_day_is_stable_and_no_rule_could_do_better() -> None:
    # Each pays 30: one 30 below its cost, two 20 below. The three pairs hold everybody twice: 2 x 90 - 240 over 3 = -20.
    found = certificate(three({}), [30, 30, 30])
    assert found.verdict is Verdict.STABLE
    assert found.excess_max == found.gain_max == Gain(players=("anna", "binh"), gain_minor=-20)
    assert found.weights == ((3, 1), (5, 1), (6, 1))
    assert found.excess_least_minor == -20


def test_a_split_is_open_while_a_pair_might_get_by_with_less() -> None:
    # Binh and chi pay 60; nobody has proven yet that 52 is not enough.
    found = certificate(three({6: 52}), [30, 30, 30])
    assert found.verdict is Verdict.OPEN
    assert found.gain_max == Gain(players=("binh", "chi"), gain_minor=8)
    assert found.excess_max.gain_minor == -20


def test_a_split_is_unstable_as_soon_as_a_plan_is_known_that_is_cheaper() -> None:
    found = certificate(three({6: 52}), [60, 30, 0])
    assert found.verdict is Verdict.UNSTABLE
    assert found.excess_max == Gain(players=("anna", "binh"), gain_minor=10)
    assert found.gain_max == Gain(players=("anna", "binh"), gain_minor=10)


def test_where_no_split_is_stable_the_witness_says_so() -> None:
    # 2 alone, 3 for two, 5 for three: pairs hold everybody twice, 2 x 5 - 9 over 3 is a third of a unit, one in whole.
    found = certificate(Game(["a", "b", "c"], [0, 2, 2, 3, 2, 3, 3, 5]), [2, 2, 1])
    assert found.verdict is Verdict.UNSTABLE
    assert found.excess_least_minor == 1
    assert found.excess_max == Gain(players=("a", "b"), gain_minor=1)


def test_weights_need_not_be_equal() -> None:
    # Anna with each of the others, and the others together: whoever is left out of a pair costs dearly.
    cost = [0, 90, 90, 100, 90, 100, 180, 190, 90, 100, 180, 190, 180, 190, 100, 110]
    found = certificate(Game(["anna", "binh", "chi", "duc"], cost), [0, 40, 40, 30])
    assert found.weights == ((3, 1), (5, 1), (9, 1), (14, 2))
    assert found.excess_least_minor == ceil(Fraction(3 * 110 - 3 * 100 - 2 * 100, 5))
    assert not any(violation.code.startswith("weight") for violation in check_certificate(found))


@pytest.mark.parametrize(
    ("game", "shares", "weights"),
    [
        (Game([], [0]), [], ()),
        (Game(["anna"], [0, 70]), [70], ()),
        (Game(["anna", "binh"], [0, 100, 100, 120]), [60, 60], ((1, 1), (2, 1))),
    ],
    ids=["nobody", "one", "two"],
)
def test_the_smallest_games_are_certified_too(game: Game, shares: list[int], weights: tuple[tuple[int, int]]) -> None:
    found = certificate(game, shares)
    assert found.verdict is Verdict.STABLE
    assert found.weights == weights
    assert found.excess_max.gain_minor == (-40 if weights else 0)
    assert found.excess_least_minor == (-40 if weights else None)
    assert check_certificate(found) == ()


@pytest.mark.parametrize("shares", [[30, 30], [30, 30, 31], [30, 30, 30, 0]])
def test_shares_that_are_not_a_split_of_the_bill_are_refused(shares: list[int]) -> None:
    with pytest.raises(ValueError, match="shares"):
        certificate(three({}), shares)


def test_costs_that_are_not_whole_only_widen_intervals() -> None:
    game = Game(["anna", "binh"], [0, 99.2, 100, 120], [0, 98.7, 100 - 1e-9, 119.5])
    found = certificate(game, [60, 60])
    assert found.upper_minor == (0, 100, 100, 120)
    assert found.lower_minor == (0, 98, 100, 119)


def test_rounding_alone_does_not_make_a_split_unstable() -> None:
    # Four share a bill of 2; any two get by with 1, so everybody owes exactly a half, and whoever rounds has two that
    # pay 2 of 1.
    cost = [0, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 2, 1, 2, 2, 2]
    game = Game(["anna", "binh", "chi", "duc"], cost)
    found = certificate(game, split(game, Rule.NUCLEOLUS).minor)
    assert found.excess_max.gain_minor == found.slack_minor == 1
    assert found.excess_least_minor == 0
    assert found.verdict is Verdict.STABLE


@settings(max_examples=100, deadline=None)
@given(intervals(), st.sampled_from([Rule.NUCLEOLUS, Rule.SHAPLEY, Rule.PROPORTIONAL]))
def test_the_verdict_is_what_exact_shares_say_but_for_rounding(game: Game, rule: Rule) -> None:
    answer = split(game, rule)
    found = certificate(game, answer.minor)
    exact = np.array(answer.exact)
    if game.n > 1 and game.excess_max(exact) <= 0:
        assert found.verdict is not Verdict.UNSTABLE
    if game.n > 1 and Game(game.players, game.lower).excess(exact)[1:-1].max() <= 0:
        assert found.verdict is Verdict.STABLE
    if game.n > 1 and game.excess_max(exact) >= game.n:
        assert found.verdict is Verdict.UNSTABLE


@settings(max_examples=100, deadline=None)
@given(intervals(players_min=2), st.data())
def test_no_split_whatever_has_a_smaller_largest_excess_than_the_witness_says(game: Game, data: st.DataObject) -> None:
    bill = int(game.cost[-1])
    some = data.draw(st.lists(st.integers(-5, 60), min_size=game.n - 1, max_size=game.n - 1))
    found = certificate(game, [*some, bill - sum(some)])
    assert found.excess_least_minor is not None
    assert found.excess_least_minor <= found.excess_max.gain_minor
    assert found.excess_least_minor == ceil(least_core(game).excess)


@settings(max_examples=100, deadline=None)
@given(intervals(), st.sampled_from(list(Rule)[:3]))
def test_every_certificate_passes_its_check(game: Game, rule: Rule) -> None:
    assert check_certificate(certificate(game, split(game, rule).minor)) == ()
