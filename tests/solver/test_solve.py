"""What solve promises whatever the problem: checked, repeatable, stoppable, never worse than its start."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import solver.solve
from solver.check import check
from solver.compiled import Compiled
from solver.plan import Budget, Plan, Progress, Violation
from solver.pool import Pool
from solver.problem import Problem, VehicleType, Window
from solver.solve import UncheckedPlan, solve

from .routing.worlds import HOUR, city_day, collection, delivery, line, transport, van

ITERATIONS = Budget(seconds=None, iterations=60)


def small_city() -> Problem:
    return city_day(seed=3, deliveries=18, collections=3, transports=3)


def routes(plan: Plan) -> list[tuple[str, list[str]]]:
    return [
        (route.vehicle_type, [visit.order for stop in route.stops for visit in stop.visits]) for route in plan.routes
    ]


def test_same_seed_and_iterations_give_the_same_plan_and_pool() -> None:
    problem = small_city()
    answers = []
    for _ in range(2):
        pool = Pool(Compiled(problem))
        answers.append((solve(problem, ITERATIONS, seed=5, pool=pool).plan, pool.digest()))
    assert answers[0] == answers[1]


def test_the_answer_does_not_depend_on_the_cores() -> None:
    problem = small_city()
    answers = []
    for cores in (1, 2):
        pool = Pool(Compiled(problem))
        answers.append((solve(problem, replace(ITERATIONS, cores=cores), seed=5, pool=pool).plan, pool.digest()))
    assert answers[0] == answers[1]


def test_other_seeds_search_elsewhere() -> None:
    problem = small_city()
    digests = set()
    for seed in range(2):
        pool = Pool(Compiled(problem))
        solve(problem, ITERATIONS, seed=seed, pool=pool)
        digests.add(pool.digest())
    assert len(digests) == 2


def test_a_plan_is_never_worse_than_the_plan_it_starts_from() -> None:
    problem = small_city()
    good = solve(problem, Budget(seconds=None, iterations=600), seed=1).plan
    again = solve(problem, Budget(seconds=None, iterations=1), start=good, seed=2).plan
    assert again.cost_milli <= good.cost_milli


def test_a_start_keeps_what_still_holds() -> None:
    # yesterday's plan has an order that is gone, and a vehicle type that is gone: the rest is used, all is served
    places = line({"depot": 0, "a": 5, "b": 9, "c": -3})
    old_orders = (delivery("x", "a"), delivery("gone", "b"), delivery("y", "c", skills=("cool",)))
    old_types = (van(), van("cool", skills=("cool",)))
    old = solve(Problem(**places, vehicle_types=old_types, orders=old_orders), ITERATIONS).plan
    problem = Problem(**places, vehicle_types=(van(),), orders=(delivery("x", "a"), delivery("y", "c")))
    result = solve(problem, Budget(seconds=None, iterations=1), start=old)
    # one van: 5 km to one side and 3 to the other, there and back
    assert result.plan.cost_milli == 100 + 16
    assert result.plan.unplanned == ()


def test_a_start_that_has_become_infeasible_is_no_obstacle() -> None:
    problem = Problem(
        **line({"depot": 0, "a": 5}, vehicle_types=(van(),), orders=(delivery("x", "a", 5), delivery("y", "a", 5)))
    )
    plan = solve(problem, ITERATIONS).plan
    grown = problem.replace(orders=(delivery("x", "a", 6), delivery("y", "a", 6)))
    # 12 boxes need two vans now
    assert solve(grown, ITERATIONS, start=plan).plan.cost_milli == 220


def test_stop_gives_the_best_plan_so_far() -> None:
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 40

    result = solve(small_city(), Budget(seconds=60.0), stop=stop)
    assert asked > 40
    assert result.plan.routes


def test_stop_from_the_outset_still_gives_a_checked_plan() -> None:
    problem = small_city()
    plan = solve(problem, Budget(seconds=60.0), stop=lambda: True).plan
    assert check(problem, plan) == []


def test_progress_tells_of_ever_better_plans_up_to_the_final_one() -> None:
    heard: list[Progress] = []
    result = solve(small_city(), ITERATIONS, progress=heard.append)
    costs = [
        entry.cost_milli for entry in heard if entry.cost_milli is not None and entry.unplanned <= heard[-1].unplanned
    ]
    assert costs == sorted(costs, reverse=True)
    assert heard[-1].cost_milli == result.plan.cost_milli
    assert {entry.phase for entry in heard} >= {"construct", "search", "partition", "check"}
    assert all(entry.bound_milli <= result.plan.cost_milli for entry in heard)


def test_a_given_pool_is_filled_with_the_routes_of_the_plan() -> None:
    problem = small_city()
    pool = Pool(Compiled(problem))
    plan = solve(problem, ITERATIONS, pool=pool).plan
    index = pool.compiled.order_index
    seen = {(pool.compiled.problem.vehicle_types[route.type_].id, route.orders) for route in pool}
    assert all((type_, frozenset(index[order] for order in orders)) in seen for type_, orders in routes(plan))
    assert len(pool) > len(plan.routes)


def test_a_pool_of_another_problem_is_refused() -> None:
    with pytest.raises(ValueError, match="another problem"):
        solve(small_city(), pool=Pool(Compiled(city_day(seed=4, deliveries=5, collections=0, transports=0))))


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="seed"):
        solve(small_city(), seed=-1)


def test_a_plan_that_fails_the_check_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Violation(code="late", where="routes[0]", detail="an hour")
    monkeypatch.setattr(solver.solve, "check", lambda problem, plan: [wrong])
    with pytest.raises(UncheckedPlan) as caught:
        solve(small_city(), ITERATIONS)
    assert caught.value.violations == [wrong]


def random_problem(seed: int) -> Problem:
    """Up to nine orders of all kinds on a road, tight in every respect."""
    random = Random(seed)
    names = ["depot", "yard", "a", "b", "c", "d"]
    positions = {name: random.randint(-15, 15) for name in names}

    def windows() -> tuple[Window, ...]:
        opens = sorted(random.sample(range(0, 12 * HOUR, 600), random.randint(0, 3)))
        return tuple(Window(open_s, open_s + random.choice([0, 300, 599])) for open_s in opens)

    def vehicle(k: int) -> VehicleType:
        return van(
            f"v{k}",
            start=random.choice(["depot", "yard"]),
            end=random.choice(["depot", "yard", None]),
            count=random.choice([None, 0, 1, 2]),
            skills=random.choice([(), ("cool",)]),
            fixed_milli=random.randint(0, 200),
            stop_milli=random.choice([0, 7]),
            hour_milli=random.choice([0, 60]),
            duration_max_s=random.choice([None, HOUR, 4 * HOUR]),
            distance_max_m=random.choice([None, None, 40_000]),
            capacity=random.choice([{"boxes": 6}, {"boxes": 10}, {}]),
        )

    def order(k: int) -> object:
        boxes, place = random.randint(0, 8), random.choice(names)
        more = {"outside_milli": random.choice([None, None, 0, 90]), "skills": random.choice([(), (), ("cool",)])}
        kind = random.randrange(3)
        if kind == 0:
            return delivery(f"o{k}", place, boxes, windows(), hub=random.choice([None, None, "depot"]), **more)
        if kind == 1:
            return collection(f"o{k}", place, boxes, windows(), hub=random.choice([None, None, "yard"]), **more)
        other = random.choice(names)
        return transport(f"o{k}", place, other, boxes, from_windows=windows(), to_windows=windows(), **more)

    orders = tuple(order(k) for k in range(random.randint(0, 9)))
    types = tuple(vehicle(k) for k in range(random.randint(1, 3)))
    return Problem(**line(positions, vehicle_types=types, orders=orders))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.integers(0, 10**9))
def test_every_plan_of_any_problem_passes_the_check_and_stays_above_its_bound(seed: int) -> None:
    problem = random_problem(seed)
    result = solve(problem, Budget(seconds=None, iterations=30), seed=seed)
    assert check(problem, result.plan) == []
    assert result.bound_milli <= result.plan.cost_milli
    assert len(result.plan.unplanned) + len({order for _, orders in routes(result.plan) for order in orders}) == len(
        problem.orders
    )
