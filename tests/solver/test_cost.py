import pytest

from solver.compiled import Compiled
from solver.cost import rounded, route_cost, stops
from solver.plan import RouteCost, minor
from solver.problem import Problem
from solver.schedule import Timetable, timetable
from tests.solver.worlds import mixed_freight, one_parcel, parcel, road, van


def cost_of(problem: Problem, *visits: int) -> RouteCost:
    compiled = Compiled(problem)
    times = timetable(compiled, 0, visits)
    assert isinstance(times, Timetable)
    return route_cost(compiled, 0, visits, times)


def test_a_trip_is_priced_by_all_four_components() -> None:
    # 10 a trip, 4 km at 1, 410 s at 0.01, one stop at 0.5.
    cost = cost_of(one_parcel(), 1)
    assert cost == RouteCost(fixed_milli=10_000, distance_milli=4_000, time_milli=4_100, stop_milli=500)
    assert cost.total_milli == 18_600


def test_an_end_at_home_is_no_stop_and_business_at_the_start_is_none_either() -> None:
    compiled = Compiled(road(parcel("here", 0), parcel("there", 1)))
    assert stops(compiled, 0, (1, 3)) == 1
    assert stops(compiled, 0, (3,)) == 1
    assert stops(compiled, 0, (1,)) == 0


def test_two_visits_at_one_place_are_one_stop_unless_the_vehicle_left_between() -> None:
    # Handing over and picking up at km1 is one stop, km3 and km4 are two more.
    assert stops(Compiled(mixed_freight()), 0, (1, 2, 3, 4)) == 3
    compiled = Compiled(road(parcel("a", 1), parcel("b", 2), parcel("c", 1)))
    assert stops(compiled, 0, (1, 3, 5)) == 3
    assert stops(compiled, 0, (1, 5, 3)) == 2


def test_waiting_is_paid_for() -> None:
    # The wait of the schedule test: out at 50 s, back at 700 s: 650 s at 0.01.
    assert cost_of(road(parcel("a", 1, (0, 150)), parcel("b", 2, (500, 600))), 1, 3).time_milli == 6_500


@pytest.mark.parametrize(
    ("amount", "divisor", "expected"),
    [
        (0, 1_000, 0),
        (499, 1_000, 0),
        (500, 1_000, 1),  # half goes up
        (1_499, 1_000, 1),
        (1_799, 3_600, 0),
        (1_800, 3_600, 1),
        (2**80, 1, 2**80),  # beyond 64 bits it is still exact
    ],
)
def test_rounding_is_half_up(amount: int, divisor: int, expected: int) -> None:
    assert rounded(amount, divisor) == expected


def test_each_component_is_rounded_once_a_route() -> None:
    # Two legs of 200 s at 5 an hour are 0.28 each: nothing leg by leg, but 0.56 together.
    assert cost_of(road(parcel("a", 2), vehicles=(van(hour_milli=4),)), 1).time_milli == 0  # 400 s * 4 / 3600 = 0.44
    assert cost_of(road(parcel("a", 2), vehicles=(van(hour_milli=5),)), 1).time_milli == 1  # 400 s * 5 / 3600 = 0.56


def test_totals_round_to_minor_units_half_up() -> None:
    assert [minor(milli) for milli in (0, 499, 500, 1_499, 1_500)] == [0, 0, 1, 1, 2]
