"""Bin packing of vectors: rules kept, bounds never above the best, small worlds as brute force has them."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.packing.vector import VectorPacking, pack_vector
from solver.packing.vector_kernel import Ints
from tests.shared_data import shared_data


def array(*rows: object) -> Ints:
    return np.array(rows, dtype=np.int64)


def kept(answer: VectorPacking, sizes: Ints, capacities: Ints, costs: Ints) -> bool:
    """Whether an answer keeps its own word."""
    for bin_, type_ in enumerate(answer.types):
        inside = sizes[answer.assignment == bin_]
        if not len(inside) or (inside.sum(axis=0) > capacities[type_]).any():
            return False
    return int(costs[answer.types].sum()) == answer.cost and answer.bound <= answer.cost


def brute_force(sizes: Ints, capacities: Ints, costs: Ints, apart: set[tuple[int, int]]) -> int | None:
    """Cheapest over all partitions, each part in the cheapest type that holds it."""
    best = None
    for places in product(range(len(sizes)), repeat=len(sizes)):
        if any(place > max(places[:at], default=-1) + 1 for at, place in enumerate(places)):
            continue
        if any(places[one] == places[other] for one, other in apart):
            continue
        cost = 0
        for bin_ in set(places):
            load = sizes[[at for at, place in enumerate(places) if place == bin_]].sum(axis=0)
            able = [int(price) for room, price in zip(capacities, costs, strict=True) if (load <= room).all()]
            if not able:
                break
            cost += min(able)
        else:
            best = cost if best is None else min(best, cost)
    return best


def test_two_halves_share_a_bin_and_three_do_not() -> None:
    answer = pack_vector(array([5], [5], [5]), array([10]), np.array([7]))
    assert (answer.cost, answer.bound, answer.proved) == (14, 14, True)


def test_the_dearer_type_is_taken_where_it_saves_two_cheap_ones() -> None:
    # 6 + 6 needs two small ones at 10 each, or one large one at 15.
    answer = pack_vector(array([6], [6]), array([10], [12]), np.array([10, 15]))
    assert answer.cost == 15
    assert answer.types.tolist() == [1]


def test_a_dimension_that_is_full_opens_another_bin() -> None:
    answer = pack_vector(array([1, 9], [1, 9]), array([10, 10]), np.array([1]))
    assert answer.cost == 2


def test_counts_are_kept_and_what_is_too_much_has_no_bin() -> None:
    answer = pack_vector(array([5], [5], [5]), array([10]), np.array([1]), np.array([1]))
    assert sorted(answer.assignment.tolist()) == [-1, 0, 0]
    assert not answer.proved


def test_an_item_larger_than_every_bin_has_no_bin_and_the_rest_is_packed() -> None:
    answer = pack_vector(array([11], [5]), array([10]), np.array([1]))
    assert answer.assignment.tolist() == [-1, 0]
    assert not answer.proved


def test_nothing_needs_no_bin() -> None:
    answer = pack_vector(np.zeros((0, 2), dtype=np.int64), array([1, 1]), np.array([1]))
    assert (answer.cost, len(answer.types), answer.proved) == (0, 0, True)


def test_items_that_are_apart_are_apart_and_those_together_share() -> None:
    sizes, capacities = array([1], [1], [1], [1]), array([10])
    answer = pack_vector(sizes, capacities, np.array([1]), apart=[([0, 1], [0, 1])], together=[[0, 2]])
    assert answer.cost == 2
    assert answer.assignment[0] == answer.assignment[2] != answer.assignment[1]


def test_a_bundle_of_items_that_are_to_be_apart_is_in_no_bin() -> None:
    answer = pack_vector(array([1], [1]), array([10]), np.array([1]), apart=[([0], [1])], together=[[0, 1]])
    assert answer.assignment.tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("sizes", "capacities"), [(array([1, 1]), array([1])), (array([-1]), array([1])), (array([2**53]), array([2**52]))]
)
def test_numbers_that_are_none_of_sizes_are_refused(sizes: Ints, capacities: Ints) -> None:
    with pytest.raises(ValueError, match="sizes"):
        pack_vector(sizes, capacities, np.array([1]))


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_small_worlds_cost_what_brute_force_finds(data: st.DataObject) -> None:
    items, dims, types = (data.draw(st.integers(1, most)) for most in (5, 2, 3))
    numbers = st.integers(0, 9)
    sizes = np.array([[data.draw(numbers) for _ in range(dims)] for _ in range(items)], dtype=np.int64)
    capacities = np.array([[data.draw(st.integers(5, 20)) for _ in range(dims)] for _ in range(types)], dtype=np.int64)
    costs = np.array([data.draw(st.integers(1, 30)) for _ in range(types)], dtype=np.int64)
    pairs = {(one, other) for one in range(items) for other in range(one) if data.draw(st.integers(0, 4)) == 0}
    expected = brute_force(sizes, capacities, costs, pairs)
    answer = pack_vector(sizes, capacities, costs, apart=[([one], [other]) for one, other in pairs], work=5)
    if expected is None:
        assert not answer.proved
        return
    assert (answer.assignment >= 0).all()
    assert kept(answer, sizes, capacities, costs)
    assert all(answer.assignment[one] != answer.assignment[other] for one, other in pairs)
    assert answer.bound <= expected
    assert answer.cost == expected


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_larger_worlds_are_packed_within_a_twentieth_of_the_bound(seed: int) -> None:
    random = np.random.default_rng(seed)
    sizes = random.integers(1, 200, (60, 3))
    capacities, costs = array([700, 700, 700], [1_500, 1_400, 1_600]), np.array([100, 190])
    answer = pack_vector(sizes, capacities, costs, work=5)
    assert (answer.assignment >= 0).all()
    assert kept(answer, sizes, capacities, costs)
    assert answer.cost <= 1.05 * answer.bound + 100


def test_the_same_seed_and_work_give_the_same_answer() -> None:
    sizes = np.random.default_rng(5).integers(1, 90, (80, 2))
    first, second = (pack_vector(sizes, array([300, 310]), np.array([9]), work=5, seed=3) for _ in range(2))
    assert first.cost == second.cost
    assert first.assignment.tolist() == second.assignment.tolist()


def falkenauer(name: str) -> list[tuple[str, int, Ints, int]]:
    """Name, capacity, sizes and the best number of bins known when the file was made."""
    lines = iter(shared_data("packing", "onedim", name).read_text("ascii").split("\n"))
    found = []
    for _ in range(int(next(lines))):
        title = next(lines).strip()
        capacity, count, bins = (int(word) for word in next(lines).split())
        found.append((title, capacity, np.array([[int(next(lines))] for _ in range(count)]), bins))
    return found


@pytest.mark.parametrize("file", ["binpack1.txt", "binpack2.txt"])
def test_falkenauers_uniform_sets_are_proven_and_no_worse_than_in_the_file(file: str) -> None:
    for name, capacity, sizes, bins in falkenauer(file)[::3]:
        answer = pack_vector(sizes, array([capacity]), np.array([1]))
        assert kept(answer, sizes, array([capacity]), np.array([1])), name
        assert answer.proved, name
        assert answer.cost <= bins, name
