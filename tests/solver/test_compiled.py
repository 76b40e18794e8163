from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from solver.compiled import Compiled, met
from solver.matrix import Matrix
from solver.problem import Problem, TravelProfile, Window
from tests.solver import tiny
from tests.solver.worlds import collection, four_in_the_city, mixed_freight, parcel, road, transport, van


def test_a_one_sided_order_has_one_visit_and_a_transport_two() -> None:
    compiled = Compiled(mixed_freight())
    assert [compiled.visits_of(order) for order in range(3)] == [(1,), (2, 3), (4,)]
    assert compiled.place_of == [-1, 1, 1, 3, 4, -1]
    assert compiled.orders_of((1, 2, 3)) == {0, 1}


def test_dimensions_are_those_of_the_orders_and_what_is_not_limited_is_vast() -> None:
    compiled = Compiled(road(parcel("a", 1), vehicles=(van(capacity={"pallets": 3}),)))
    assert compiled.dimensions == ("boxes",)
    assert compiled.capacities == [(2**53,)]


def test_hubs_and_skills_decide_which_vehicle_may_take_an_order() -> None:
    problem = road(
        parcel("any", 1),
        parcel("from km0", 1, hub="km0"),
        parcel("from km5", 1, hub="km5"),
        collection("to km5", 1, hub="km5"),
        collection("anywhere", 1),
        transport("across", 1, 2),
        parcel("cold", 1, skills=("cold",)),
        vehicles=(van(), van(id="one way", end="km5"), van(id="open", end=None, skills=("cold", "lift"))),
    )
    assert Compiled(problem).compatible.astype(int).tolist() == [
        [1, 1, 0, 0, 1, 1, 0],
        [1, 1, 0, 1, 1, 1, 0],
        [1, 1, 0, 0, 0, 1, 1],
    ]


def test_a_problem_without_orders_compiles() -> None:
    compiled = Compiled(road())
    assert compiled.compatible.shape == (1, 0)
    assert compiled.dimensions == ()


def test_a_pair_with_no_way_in_one_matrix_has_none_in_the_other() -> None:
    half = TravelProfile(id="road", distance_m=Matrix([[0, -1], [5, 0]]), duration_s=Matrix([[0, 7], [-1, 0]]))
    places = road().places[:2]
    compiled = Compiled(Problem(places=places, profiles=(half,), vehicle_types=(van(end=None),), orders=()))
    assert compiled.distance_rows[0] == [[0, -1], [-1, 0]]
    assert compiled.duration_rows[0] == [[0, -1], [-1, 0]]


def test_derived_travel_is_the_great_circle_with_circuity_rounded_up() -> None:
    # From the hub to d1: 0.0048 degrees south (533.7 m) and 0.0026 west (283.9 m at cos 10.77): 604.6 m as the crow
    # flies, times 1.35 is 816.2 m, and at 25 km/h 117.5 s.
    compiled = Compiled(four_in_the_city())
    assert compiled.distance_m[0][0, 1] == 817
    assert compiled.duration_s[0][0, 1] == 118
    assert np.array_equal(compiled.distance_m[0], compiled.distance_m[0].T)
    assert not compiled.distance_m[0].diagonal().any()


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([(0, 10)], [(5, 20)], [(5, 10)]),
        ([(0, 10)], [(10, 20)], [(10, 10)]),  # closed ends: one common second
        ([(0, 10)], [(11, 20)], []),
        ([(0, 4), (6, 9)], [(0, 9)], [(0, 4), (6, 9)]),
        ([(0, 5), (6, 9)], [(0, 9)], [(0, 9)]),  # no second lies between them
        ([(6, 9), (0, 5)], [(0, 20), (3, 7)], [(0, 9)]),  # in any order, overlapping
    ],
)
def test_windows_that_meet_leave_what_both_allow(
    first: list[tuple[int, int]], second: list[tuple[int, int]], expected: list[tuple[int, int]]
) -> None:
    assert met(tuple(Window(*w) for w in first), tuple(Window(*w) for w in second)) == tuple(
        Window(*w) for w in expected
    )


@settings(max_examples=200, deadline=None)
@given(tiny.windows(), tiny.windows())
def test_a_second_is_in_the_meeting_exactly_when_it_is_in_both(
    first: tuple[Window, ...], second: tuple[Window, ...]
) -> None:
    def inside(windows: tuple[Window, ...], second: int) -> bool:
        return any(window.open_s <= second <= window.close_s for window in windows)

    common = met(first, second)
    for moment in range(2 * tiny.DAY_S):
        assert inside(common, moment) == (inside(first, moment) and inside(second, moment))
    assert all(a.close_s + 1 < b.open_s for a, b in pairwise(common))
