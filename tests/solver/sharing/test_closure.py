import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.sharing import closure
from solver.sharing.thinning import SMALL, SMALLEST, in_rounds, proven_themselves, worths

MANY = settings(max_examples=60, deadline=None)


@st.composite
def tables(draw: st.DrawFn, players_max: int = 4) -> np.ndarray:
    size = 2 ** draw(st.integers(1, players_max))
    return np.array([0, *draw(st.lists(st.integers(0, 60), min_size=size - 1, max_size=size - 1))], dtype=np.int64)


def by_hand(table: np.ndarray) -> np.ndarray:
    """Closed by trying every pair until nothing changes."""
    costs = table.tolist()
    changed = True
    while changed:
        changed = False
        for one in range(1, len(costs)):
            for other in range(1, len(costs)):
                if one & other == other and one != other and costs[one] < costs[other]:
                    costs[other], changed = costs[one], True
                if not one & other and costs[one] + costs[other] < costs[one | other]:
                    costs[one | other], changed = costs[one] + costs[other], True
    return np.array(costs)


@MANY
@given(tables())
def test_closed_costs_are_the_greatest_monotone_and_subadditive_ones_below(table: np.ndarray) -> None:
    costs = closure.closed(table)
    assert np.array_equal(costs, by_hand(table))
    assert closure.is_monotone(costs)
    assert closure.is_subadditive(costs)


@MANY
@given(tables(), st.data())
def test_bounds_are_raised_but_never_above_costs_that_keep_to_them(table: np.ndarray, data: st.DataObject) -> None:
    truth = closure.closed(table)
    slack = np.array([0, *data.draw(st.lists(st.integers(0, 20), min_size=len(truth) - 1, max_size=len(truth) - 1))])
    room = np.array([0, *data.draw(st.lists(st.integers(0, 20), min_size=len(truth) - 1, max_size=len(truth) - 1))])
    lower, upper = np.maximum(truth - slack, 0), closure.closed(truth + room)
    raised = closure.raised(lower, upper)
    assert (raised >= lower).all()
    assert (raised <= truth).all()


def test_a_pair_that_costs_100_and_a_partner_who_costs_30_at_most_leave_70_at_least() -> None:
    # a: at least 0, at most 90; b at most 30; both at least 100: so a is at least 100 - 30 = 70, b 100 - 90 = 10.
    raised = closure.raised(np.array([0, 0, 0, 100]), np.array([0, 90, 30, 110]))
    assert raised.tolist() == [0, 70, 10, 100]


def test_the_best_part_is_the_cheapest_pair() -> None:
    # abc apart: a + bc 10 + 70, b + ac 20 + 50, c + ab 40 + 25: the last, 65.
    costs = np.array([0, 10, 20, 25, 40, 50, 70, 90])
    part = closure.best_part(costs, 7)
    assert {part, 7 ^ part} == {3, 4}
    assert closure.best_part(costs, 1) == 0


@MANY
@given(st.integers(1, 9), st.integers(1, 6))
def test_every_coalition_left_out_is_in_a_chosen_one_with_one_player_more(players: int, stride: int) -> None:
    chosen = proven_themselves(players, stride)
    assert chosen[-1]
    assert stride > 1 or chosen[1:].all()
    for mask in np.flatnonzero(~chosen[1:]) + 1:
        assert any(chosen[mask | 1 << p] for p in range(players) if not mask >> p & 1)


def test_most_of_many_coalitions_are_left_to_larger_ones() -> None:
    assert proven_themselves(12, 4).sum() < 0.45 * 2**12


@MANY
@given(st.integers(1, 9), st.integers(1, 4), st.none() | st.integers(1, 9))
def test_everybody_is_bounded_first_then_the_small_ones_then_the_large(
    players: int, stride: int, sample: int | None
) -> None:
    chosen = proven_themselves(players, stride)
    rounds = in_rounds(chosen, sample)
    masks = [mask for levels in rounds for level in levels for mask in level]
    assert sorted(masks) == (np.flatnonzero(chosen[1:]) + 1).tolist()
    assert masks[0] == 2**players - 1
    for levels in rounds:
        sizes = [{mask.bit_count() for mask in level} for level in levels]
        assert all(len(size) == 1 for size in sizes)
        in_order = [size.pop() for size in sizes]
        small = levels is not rounds[0] and in_order[0] <= (SMALL if sample is None else SMALLEST)
        assert in_order == sorted(in_order, reverse=not small)


def test_where_coalitions_are_many_a_few_of_every_size_come_first() -> None:
    # Of eight players: sizes up to 2 come earlier, 7 lacks fewer than a quarter, so 6 to 3, two of each.
    _, _, first, last = in_rounds(proven_themselves(8, 1), 2)
    assert [[mask.bit_count() for mask in level] for level in first] == [[6, 6], [5, 5], [4, 4], [3, 3]]
    assert [len(level) for level in last] == [8, 28 - 2, 56 - 2, 70 - 2, 56 - 2]


def test_an_order_is_worth_its_visits_but_no_more_than_its_outside_option() -> None:
    # Order 0: pickup 3 and delivery 4 make 7. Order 1: 9, but 5 outside. Order 2 is nobody's of the coalition.
    assert worths({0: 3, 1: 4, 3: 9}, {1: 5}, [frozenset({0}), frozenset({1}), frozenset({2})]) == [7, 5, 0]
