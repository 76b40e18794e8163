from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.faults import ProblemError
from solver.sharing.game import Game, game_of, sums


def test_savings_excess_and_increments_of_a_worked_game() -> None:
    # Alone 8 and 5, together 10: 3 saved; with shares 6 and 4 the first pays 2 less than alone, the second 1 less.
    game = Game(["a", "b"], [0, 8, 5, 10])
    assert game.savings().tolist() == [0, 0, 0, 3]
    assert game.excess(np.array([6.0, 4.0])).tolist() == [0, -2, -1, 0]
    assert game.excess_max(np.array([6.0, 4.0])) == -1
    assert game.incremental.tolist() == [5, 2]


def test_a_lone_player_has_no_one_to_leave_with() -> None:
    assert Game(["a"], [0, 7]).excess_max(np.array([7.0])) == 0.0


@pytest.mark.parametrize(
    ("players", "cost"),
    [
        (["a", "b"], [0, 1, 2]),
        (["a", "a"], [0, 1, 1, 2]),
        (["a"], [1, 1]),
        (["a"], [0, float("nan")]),
        ([str(k) for k in range(21)], [0]),
    ],
    ids=["too few costs", "a name twice", "nobody costs something", "not a number", "too many players"],
)
def test_a_table_that_does_not_fit_is_refused(players: list[str], cost: list[float]) -> None:
    with pytest.raises(ValueError, match=r"players|costs"):
        Game(players, cost)


def test_closing_lets_a_coalition_do_what_a_larger_one_does_or_part() -> None:
    # b alone may use the plan of b and c (4); a with b may part into 3 + 4.
    game = Game(["a", "b", "c"], [0, 3, 9, 8, 4, 7, 4, 7])
    closed = game.closed()
    assert closed.cost.tolist() == [0, 3, 4, 7, 4, 7, 4, 7]
    assert closed.is_monotone()
    assert closed.is_subadditive()


def test_the_cost_of_everybody_stands() -> None:
    # Parting would cost 2 where 3 was paid: the bill is not rewritten.
    game = Game(["a", "b"], [0, 1, 1, 3])
    assert game.closed() is game


@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.integers(0, 50), min_size=2**n - 1, max_size=2**n - 1)))
def test_closed_games_are_monotone_and_sub_additive_and_never_dearer(cost: list[int]) -> None:
    n = (len(cost) + 1).bit_length() - 1
    game = Game([str(k) for k in range(n)], [0, *cost])
    closed = game.closed()
    if closed is game:
        return
    table = closed.cost
    for one in range(2**n):
        for other in range(2**n):
            if one & other == 0:
                assert table[one | other] <= table[one] + table[other]
            if one & other == one:
                assert table[one] <= table[other]
    assert (table <= game.cost).all()
    assert table[-1] == game.cost[-1]


@given(st.lists(st.integers(-100, 100), max_size=6))
def test_sums_over_coalitions_are_sums_over_members(values: list[int]) -> None:
    table = sums(np.array(values, dtype=float))
    for mask in range(2 ** len(values)):
        assert table[mask] == sum(value for i, value in enumerate(values) if mask >> i & 1)


def test_a_game_is_read_from_names_and_amounts_in_any_order() -> None:
    costs = {"anna": 8, ("binh",): 5, "binh, anna": 10}
    game = game_of(["anna", "binh"], costs)
    assert (game.players, game.cost.tolist()) == (("anna", "binh"), [0, 8, 5, 10])
    # A player may be a union of several, its name with commas.
    assert game_of(["a, b", "c"], {"a, b": 1, "c": 2, ("c", "a, b"): 3, "": 0}).cost.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("players", "costs", "codes"),
    [
        (["a", "a"], {}, ["id_duplicate"]),
        (["a", ""], {}, ["id_length"]),
        ([f"m{k}" for k in range(21)], {}, ["too_many_players"]),
        (["a"], {"": 3, "a": 1}, ["empty_coalition_cost"]),
        (["a", "b"], {"a": 1}, ["coalition_missing", "coalition_missing"]),
        (["a", "b"], {"a": 1, "b": 1, "a, b": 1, "b, a": 2}, ["coalition_duplicate"]),
        (["a", "b"], {"a": 1, "b": 1, ("a", "b", "b"): 1}, ["coalition_duplicate", "coalition_missing"]),
        (["a"], {"a": -1}, ["number_negative"]),
        (["a"], {"a": 0.5}, ["number_not_whole"]),
        (["a"], {"a": 2**53}, ["number_too_large"]),
        (["a"], {"a": 1, "x": 2}, ["player_unknown"]),
        (
            ["a", "b"],
            {"": 1, "a": -1, "x": 1},
            ["coalition_missing", "coalition_missing", "empty_coalition_cost", "number_negative", "player_unknown"],
        ),
    ],
)
def test_what_is_no_game_is_refused_with_all_that_is_wrong(players: list[str], costs: Any, codes: list[str]) -> None:
    with pytest.raises(ProblemError) as refused:
        game_of(players, costs)
    assert sorted(fault.code for fault in refused.value.faults) == codes


def test_many_missing_coalitions_are_counted() -> None:
    with pytest.raises(ProblemError) as refused:
        game_of([str(k) for k in range(10)], {})
    assert len(refused.value.faults) == 21
    assert "1003 more" in refused.value.faults[-1].cause


def test_costs_in_fractions_become_whole_in_a_finer_unit() -> None:
    # 0.5, 0.25 and 0.75 of which the largest is below 1: units of 2**-50.
    cost, unit = Game(["a", "b"], [0, 0.5, 0.25, 0.75]).whole()
    assert unit == Fraction(1, 2**50)
    assert [each * unit for each in cost.tolist()] == [0, Fraction(1, 2), Fraction(1, 4), Fraction(3, 4)]
    cost, unit = Game(["a"], [0, 7]).whole()
    assert (cost.tolist(), unit) == ([0, 7], 1)
