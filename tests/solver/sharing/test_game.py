import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.sharing.game import Game, sums


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
