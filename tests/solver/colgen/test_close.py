"""Listing all routes of a better plan: what passes over dearer orders of the same visits loses no plan."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from solver.colgen import lower_bound
from solver.compiled import Compiled
from solver.cost import route_cost
from solver.matrix import Matrix
from solver.problem import Order, Place, Problem, TravelProfile, VehicleType, Visit, Window
from solver.schedule import Timetable, timetable

STOPS = 5


@st.composite
def rounds(draw: st.DrawFn) -> Problem:
    """Five deliveries from one depot, any legs, windows now and then, two or three to a van."""
    legs = st.integers(1, 30)
    tables = [[[0 if i == j else draw(legs) for j in range(STOPS + 1)] for i in range(STOPS + 1)] for _ in range(2)]
    opens = st.sampled_from([(), (), (Window(10, 40),), (Window(30, 70),)])
    van = VehicleType(
        id="van",
        start="p0",
        end="p0",
        profile="given",
        capacity={"boxes": draw(st.integers(2, STOPS))},
        shift=Window(0, 150),
        fixed_milli=draw(st.sampled_from([0, 20_000])),
        km_milli=draw(st.sampled_from([999, 1_000_000])),
        hour_milli=draw(st.sampled_from([0, 3_601])),
    )
    return Problem(
        places=tuple(Place(id=f"p{k}") for k in range(STOPS + 1)),
        profiles=(TravelProfile(id="given", distance_m=Matrix(tables[0]), duration_s=Matrix(tables[1])),),
        vehicle_types=(van,),
        orders=tuple(
            Order(
                id=f"o{k}",
                owner="anna",
                delivery=Visit(place=f"p{k}", windows=draw(opens), service_s=1),
                load={"boxes": 1},
                outside_milli=100_000,
            )
            for k in range(1, STOPS + 1)
        ),
    )


def prices(problem: Problem) -> dict[int, int]:
    """The cheapest route for each set of orders (by bits), or leaving a single one out."""
    compiled = Compiled(problem)
    best = {1 << order: 100_000 for order in range(STOPS)}
    for size in range(1, STOPS + 1):
        for sequence in permutations(range(STOPS), size):
            visits = tuple(2 * order + 1 for order in sequence)
            times = timetable(compiled, 0, visits)
            if isinstance(times, Timetable):
                key = sum(1 << order for order in sequence)
                price = route_cost(compiled, 0, visits, times).total_milli
                best[key] = min(price, best.get(key, price))
    return best


def optimum(problem: Problem) -> int:
    best = prices(problem)
    cheapest = [0] * 2**STOPS
    for mask in range(1, 2**STOPS):
        low = mask & -mask
        parts = [(part, price) for part, price in best.items() if part & low and part & mask == part]
        cheapest[mask] = min(price + cheapest[mask ^ part] for part, price in parts)
    return cheapest[-1]


@settings(max_examples=40, deadline=None)
@given(rounds(), st.sampled_from([1, 40, 2_000, 30_000]))
def test_the_best_plan_is_found_and_priced_right_however_dear_the_one_known(problem: Problem, more: int) -> None:
    cost = optimum(problem)
    told = {"routes": (), "seconds": None, "labels": 300_000, "stop": lambda: False}
    compiled = Compiled(problem)
    known = lower_bound(compiled, frozenset(), upper_milli=cost, **told)
    assert known.bound_milli <= cost
    found = lower_bound(compiled, frozenset(), upper_milli=cost + more, **told)
    assert found.bound_milli <= cost
    assert not found.proven_optimal or found.bound_milli == cost
    routes = sum(price_of(compiled, visits) for _, visits in found.routes)
    served = {visit >> 1 for _, visits in found.routes for visit in visits}
    assert not found.routes or routes + 100_000 * (STOPS - len(served)) == cost


def price_of(compiled: Compiled, visits: tuple[int, ...]) -> int:
    times = timetable(compiled, 0, visits)
    assert isinstance(times, Timetable)
    return route_cost(compiled, 0, visits, times).total_milli


def test_of_two_orders_of_the_same_stops_the_cheaper_is_taken() -> None:
    # Both stops on one van: 1 + 1 + 1 with the second stop first, 1 + 9 + 9 with the first; apart they are 2 and 10.
    metres = Matrix([[0, 1_000, 1_000], [1_000, 0, 9_000], [9_000, 1_000, 0]])
    problem = Problem(
        places=tuple(Place(id=f"p{k}") for k in range(3)),
        profiles=(TravelProfile(id="default", distance_m=metres, duration_s=metres),),
        vehicle_types=(VehicleType(id="van", start="p0", end="p0", km_milli=1_000, capacity={"boxes": 2}),),
        orders=tuple(Order(id=f"o{k}", owner="anna", delivery=Visit(place=f"p{k}"), load={"boxes": 1}) for k in (1, 2)),
    )
    told = {"routes": (), "seconds": None, "labels": 10_000, "stop": lambda: False}
    for upper_milli in (3_000, 3_001, 9_000):
        assert lower_bound(Compiled(problem), frozenset(), upper_milli=upper_milli, **told).bound_milli == 3_000


def test_with_all_routes_listed_a_dearer_plan_is_replaced_by_the_best() -> None:
    # Three stops on a line at 1, 2 and 3 km, all on one van: 3 km out, 3 km home; the plan known costs 1 more.
    apart = Matrix([[1_000 * abs(here - there) for there in range(4)] for here in range(4)])
    problem = Problem(
        places=tuple(Place(id=f"p{k}") for k in range(4)),
        profiles=(TravelProfile(id="default", distance_m=apart, duration_s=apart),),
        vehicle_types=(VehicleType(id="van", start="p0", end="p0", km_milli=1_000, capacity={"boxes": 3}),),
        orders=tuple(
            Order(id=f"o{k}", owner="anna", delivery=Visit(place=f"p{k}"), load={"boxes": 1}) for k in (1, 2, 3)
        ),
    )
    found = lower_bound(
        Compiled(problem),
        frozenset(),
        upper_milli=6_001,
        routes=(),
        seconds=None,
        labels=10_000,
        stop=lambda: False,
    )
    assert (found.bound_milli, found.proven_optimal) == (6_000, True)
