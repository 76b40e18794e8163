"""Intervals of coalition costs against costs found by trying everything."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from solver import intervals
from solver.assemble import assemble
from solver.compiled import Compiled
from solver.cost_table import CostTable, Day
from solver.matrix import Matrix
from solver.monotone import is_monotone
from solver.pool import Pool
from solver.problem import Lock, Order, Place, Problem, TravelProfile, VehicleType, Visit, Window
from solver.shares import Effort, ProofsEnded
from solver.sharing import closure
from solver.sharing.game import Game
from solver.split import PROVING
from tests.solver.oracle import optimum
from tests.solver.sharing.worlds import parcel, road

FULL = Effort(
    players_max=16, search_percent=100, labels_first=100_000, root_only=False, work_more=1_000_000, size_max=10_000
)
ROOT = Effort(players_max=16, search_percent=10, labels_first=100_000, root_only=True, work_more=0, size_max=10_000)
WHERE = (("anna", "p1"), ("binh", "p2"), ("chi", "p1"))
NO_PROOF = Effort(players_max=16, search_percent=100, labels_first=0, root_only=True, work_more=0, size_max=0)


def first_plan(problem: Problem) -> tuple[Pool, object]:
    """Every order by a van of its own, or outside where that is all there is."""
    compiled = Compiled(problem)
    routes = [(0, (2 * order + 1,)) for order in range(len(problem.orders))]
    pool = Pool(compiled)
    return pool, assemble(compiled, [route for route in routes if pool.add(*route) is not None])


def table_of(
    problem: Problem, effort: Effort, executor: ThreadPoolExecutor | None = None, proofs: int | None = None
) -> CostTable:
    """Of everything, or of what stands when proofs are ended after so many."""
    pool, plan = first_plan(problem)
    day = Day(pool, plan, seed=1, executor=executor, effort=effort)

    def open_ones(game: Game) -> np.ndarray:
        return np.flatnonzero(~game.proven)

    def phase(name: str) -> Callable[[int], Callable[[int], None]]:
        def step(done: int) -> None:
            if name in PROVING and proofs is not None and done >= proofs:
                raise ProofsEnded

        return lambda total: step

    return day.cost_table(phase, open_ones)


def costs_by_trial(problem: Problem) -> np.ndarray:
    """What each coalition pays, in whole minor units rounded up, closed as the game is."""
    owners = sorted(problem.owners)
    costs = [0]
    for mask in range(1, 2 ** len(owners)):
        mine = {owner for bit, owner in enumerate(owners) if mask >> bit & 1}
        best = optimum(structs.replace(problem, orders=tuple(o for o in problem.orders if o.owner in mine)))
        assert best is not None
        assert best.mandatory_left == 0
        costs.append(-(-best.cost_milli // 1_000))
    return closure.closed(np.array(costs, dtype=np.int64))


def city(rows: Sequence[Sequence[int]], orders: Sequence[Order]) -> Problem:
    """Places p0 (the hub), p1, ... so many metres apart, a metre takes a second and costs 100, vans of two boxes 500."""
    return Problem(
        places=tuple(Place(id=f"p{k}") for k in range(len(rows))),
        profiles=(TravelProfile(id="default", distance_m=Matrix(rows), duration_s=Matrix(rows)),),
        vehicle_types=(
            VehicleType(
                id="van",
                start="p0",
                end="p0",
                capacity={"boxes": 2},
                fixed_milli=500_000,
                km_milli=100_000_000,
                shift=Window(0, 60),
            ),
        ),
        orders=tuple(orders),
    )


@st.composite
def days(draw: st.DrawFn) -> Problem:
    """Up to five deliveries of three members; distances may break the triangle inequality."""
    places = draw(st.integers(2, 4))
    rows = [[0 if a == b else draw(st.integers(1, 12)) for b in range(places)] for a in range(places)]
    orders = []
    for number in range(draw(st.integers(1, 5))):
        opens = draw(st.integers(0, 3)) * 10
        visit = Visit(
            place=f"p{draw(st.integers(1, places - 1))}",
            windows=(Window(opens, opens + draw(st.integers(12, 20))),),
        )
        outside = draw(st.none() | st.integers(300, 2_500))
        orders.append(
            Order(
                id=f"o{number}",
                owner=draw(st.sampled_from("abc")),
                delivery=visit,
                load={"boxes": 1},
                outside_milli=None if outside is None else outside * 1_000,
            )
        )
    return city(rows, orders)


@pytest.mark.parametrize("effort", [FULL, ROOT, NO_PROOF], ids=["full", "root", "none"])
@settings(max_examples=25, deadline=None)
@given(problem=days())
def test_every_cost_lies_in_its_interval(effort: Effort, problem: Problem) -> None:
    game = table_of(problem, effort).game
    costs = costs_by_trial(problem)
    assert (game.lower <= costs).all()
    assert (costs <= game.cost).all()


@settings(max_examples=25, deadline=None)
@given(problem=days())
def test_small_days_are_proven_whole(problem: Problem) -> None:
    game = table_of(problem, FULL).game
    assert game.proven.all()
    assert np.array_equal(game.cost, costs_by_trial(problem))


@settings(max_examples=20, deadline=None)
@given(problem=days())
def test_days_of_many_coalitions_are_bounded_first_and_truly(problem: Problem) -> None:
    # Some stay open there: what is chosen from the pool is chosen for few of them.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intervals, "FEW", 0)
        game = table_of(problem, structs.replace(FULL, root_only=True)).game
    costs = costs_by_trial(problem)
    assert (game.lower <= costs).all()
    assert (costs <= game.cost).all()


def test_a_plain_day_of_many_coalitions_is_proven_whole() -> None:
    # Three stops in a row at 10, 20 and 30 km, vans of one box, twice the way for each.
    day = road(parcel("a", "a", 10), parcel("b", "b", 20), parcel("c", "c", 30), boxes=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intervals, "FEW", 0)
        game = table_of(day, structs.replace(FULL, root_only=True)).game
    assert game.proven.all()
    assert game.cost.tolist() == [0, 20, 40, 60, 60, 80, 100, 120]


@settings(max_examples=20, deadline=None)
@given(problem=days(), labels=st.sampled_from([30, 300, 100_000]))
def test_bounds_handed_down_by_larger_coalitions_hold_however_early_their_proof_ends(
    problem: Problem, labels: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intervals, "THINNED_BEYOND", -1)
        patch.setattr(intervals, "CLOSED_WITHIN", -1)
        patch.setattr(
            intervals,
            "proven_themselves",
            lambda players, stride: np.arange(2**players) == 2**players - 1,
        )
        patch.setattr(intervals, "MORE_EVERYBODY", 1)
        game = table_of(problem, structs.replace(ROOT, labels_first=labels)).game
    costs = costs_by_trial(problem)
    assert (game.lower <= costs).all()
    assert (costs <= game.cost).all()


def test_handed_down_bounds_say_something() -> None:
    # Three stops in a row at 10, 20 and 30 km, vans of one box at 0 and 1 a km: 20 + 40 + 60, whoever is together.
    # Everybody's proof alone then proves all of them, as each stop is worth its own way.
    day = road(parcel("a", "a", 10), parcel("b", "b", 20), parcel("c", "c", 30), boxes=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intervals, "THINNED_BEYOND", -1)
        patch.setattr(intervals, "CLOSED_WITHIN", -1)
        patch.setattr(intervals, "proven_themselves", lambda players, stride: np.arange(2**players) == 2**players - 1)
        game = table_of(day, ROOT).game
    assert game.cost.tolist() == [0, 20, 40, 60, 60, 80, 100, 120]
    assert (game.lower[[3, 5, 6]] >= game.cost[[3, 5, 6]] - 1).all()


@settings(max_examples=20, deadline=None)
@given(problem=days(), proofs=st.integers(1, 3))
def test_bounds_hold_when_proofs_are_ended_early(problem: Problem, proofs: int) -> None:
    game = table_of(problem, FULL, proofs=proofs).game
    costs = costs_by_trial(problem)
    assert (game.lower <= costs).all()
    assert (costs <= game.cost).all()


def test_proofs_ended_early_leave_a_bound_also_where_more_stops_may_cost_less() -> None:
    # From p0 to p1 9 straight, 2 by way of p2. Anna's box at p1 takes a van there and back, 500 + 18 * 100 by the
    # tariff alone, and so what everybody pays bounds what she pays; one program of everybody's says 500 at least.
    here = [Order(id=name, owner=name, delivery=Visit(place=place), load={"boxes": 1}) for name, place in WHERE]
    day = city([[0, 9, 1], [9, 0, 1], [1, 1, 0]], here)
    assert not is_monotone(Compiled(day))
    game = table_of(day, FULL, proofs=1).game
    assert (game.lower[1:] > 0).all()


def test_threads_find_the_same_intervals() -> None:
    day = road(*(parcel(f"o{k}", f"m{k % 3}", 7 * k % 31 + 1) for k in range(8)), fixed=50, boxes=3)
    alone = table_of(day, FULL)
    with ThreadPoolExecutor(2) as executor:
        threaded = table_of(day, FULL, executor)
    assert np.array_equal(alone.game.cost, threaded.game.cost)
    assert np.array_equal(alone.game.lower, threaded.game.lower)
    assert alone.pool_digest == threaded.pool_digest


def test_a_straight_road_is_monotone_and_a_detour_that_is_shorter_is_not() -> None:
    assert is_monotone(Compiled(road(parcel("a", "anna", 10), parcel("b", "binh", 30))))
    order = Order(id="a", owner="a", delivery=Visit(place="p1"), load={"boxes": 1})
    # From p0 to p1 straight 9 m, by way of p2 1 + 1.
    assert not is_monotone(Compiled(city([[0, 9, 1], [9, 0, 1], [1, 1, 0]], [order])))


def test_a_lock_may_make_leaving_an_order_out_dearer() -> None:
    day = structs.replace(
        road(parcel("a", "anna", 10), parcel("b", "binh", 30)), locks=(Lock(vehicle_type="van", vehicle=1),)
    )
    assert not is_monotone(Compiled(day))
