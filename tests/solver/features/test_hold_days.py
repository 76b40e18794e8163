"""Random small days with holds: whatever is asked for, the plan passes the checker and leaves nothing out needlessly."""

from random import Random

import msgspec
import pytest

from solver.check import check
from solver.goods import ANY_WAY, UPRIGHT, Door, Hold, OnTop, Side, Unit
from solver.plan import Budget, Route
from solver.problem import Order, Problem, VehicleType
from solver.solve import solve
from tests.solver.features.roads import collection, delivery, road, transport, van, visit

SHORT = Budget(seconds=None, iterations=3, bound=False)
ALONG = {"depot": 0, "yard": 7, **{f"k{km}": km for km in range(-6, 7) if km}}


def units(random: Random) -> tuple[Unit, ...]:
    return tuple(
        Unit(
            id=f"u{which}",
            length_mm=random.randrange(200, 800),
            width_mm=random.randrange(200, 700),
            height_mm=random.randrange(150, 500),
            weight_g=random.randrange(1_000, 40_000),
            quantity=random.choice([1, 1, 1, 2]),
            rotations=random.choice([UPRIGHT, ANY_WAY]),
            on_top=random.choice(list(OnTop)),
            bearing_max_g=random.choice([None, 30_000]),
            floor_only=random.random() < 0.1,
        )
        for which in range(random.choice([0, 1, 1, 2]))
    )


def vehicle(name: str, random: Random) -> VehicleType:
    doors = random.choice([(Door(),), (Door(side=Side.LEFT),), (Door(), Door(side=Side.RIGHT, from_mm=400)), ()])
    hold = Hold(length_mm=1_400, width_mm=900, height_mm=900, doors=doors, weight_max_g=random.choice([None, 120_000]))
    return van(
        name,
        hold=random.choice([hold, hold, None]),
        end=random.choice(["depot", "yard", None]),
        reloads=random.choice([(), ("depot",)]),
        count=random.choice([None, 1, 2]),
    )


def day(seed: int) -> Problem:
    random = Random(seed)

    def place() -> str:
        return f"k{random.choice([km for km in range(-6, 7) if km])}"

    def order(name: str) -> Order:
        goods = units(random)
        outside = random.choice([None, None, 60])
        draw = random.random()
        if draw < 0.3:
            return transport(name, visit(place()), visit(place()), units=goods, outside_milli=outside)
        make = collection if draw < 0.55 else delivery
        return make(name, place(), units=goods, outside_milli=outside)

    kinds = [vehicle(f"v{k}", random) for k in range(random.randint(1, 2))]
    return road(ALONG, kinds, [order(f"o{k}") for k in range(random.randint(3, 6))])


def spoilt(route: Route, random: Random) -> Route:
    """A unit taken away, or put where another stands."""
    placements = list(route.placements)
    gone = placements.pop(random.randrange(len(placements)))
    if placements and random.random() < 0.5:
        there = random.choice(placements)
        moved = msgspec.structs.replace(gone, x_mm=there.x_mm, y_mm=there.y_mm, z_mm=there.z_mm - 1)
        placements.append(moved)
    return msgspec.structs.replace(route, placements=tuple(placements))


@pytest.mark.parametrize("seed", range(30))
def test_a_random_day_with_holds_is_planned_as_the_checker_demands(seed: int) -> None:
    problem = day(seed)
    plan = solve(problem, SHORT).plan
    assert check(problem, plan) == []
    random = Random(seed)
    for number, route in enumerate(plan.routes):
        if route.placements:
            routes = list(plan.routes)
            routes[number] = spoilt(route, random)
            assert check(problem, msgspec.structs.replace(plan, routes=tuple(routes))) != []


def test_the_random_days_have_all_that_they_are_meant_to_have() -> None:
    plans = [solve(day(seed), SHORT).plan for seed in range(8)]
    stops = [stop for plan in plans for route in plan.routes for stop in route.stops]
    assert any(stop.reload for stop in stops)
    assert {entry.action.value for stop in stops for entry in stop.visits} == {"pickup", "delivery"}
    assert sum(len(route.placements) for plan in plans for route in plan.routes) > 20
