"""What PyVRP and OR-Tools model of a full day, and that they leave alone what they do not."""

from collections.abc import Sequence

import pytest

from solver.compiled import Compiled
from solver.plan import Action
from solver.problem import Lock, LockedVisit, Problem
from solver.routing.alone import price_milli
from solver.routing.engine import Engine
from solver.routing.features import Feature, RouteKey, features
from solver.routing.ortools_engine import OrToolsEngine
from solver.routing.pyvrp_engine import PyvrpEngine
from tests.solver.worlds import parcel, road, van

BOTH: tuple[Engine, ...] = (PyvrpEngine(), OrToolsEngine())
named = pytest.mark.parametrize("engine", BOTH, ids=lambda engine: engine.name)


def found(engine: Engine, problem: Problem, start: Sequence[RouteKey] = ()) -> tuple[list[RouteKey], int]:
    compiled = Compiled(problem)
    routes = engine.search(
        compiled,
        orders=frozenset(range(len(problem.orders))),
        start=start,
        seed=1,
        seconds=None,
        iterations=200,
        found=lambda type_, visits: None,
        improved=lambda routes: None,
        stop=lambda: False,
    )
    prices = [price_milli(compiled, route) for route in routes]
    assert None not in prices
    return sorted(routes), sum(price for price in prices if price is not None)


def test_pyvrp_waits_for_releases() -> None:
    # a must be handed over by 120 s, b is ready at 500 s: two vans, 14.5 + 18.5; on one van it would be 18.5 + 0.5.
    problem = road(parcel("a", 1, (0, 120)), parcel("b", 2, release_s=500))
    assert PyvrpEngine().supports(problem) == []
    assert found(PyvrpEngine(), problem) == ([(0, (1,)), (0, (3,))], 33_000)


@named
def test_overtime_is_seen_by_the_search(engine: Engine) -> None:
    # On one van 20 + 400 s: 19 and 300 s of overtime at 1 a second; on two vans none, but 14.5 + 14.5.
    orders = (parcel("a", 1, service_s=100), parcel("b", 1, service_s=100))
    paid = road(*orders, vehicles=(van(overtime_after_s=300, overtime_hour_milli=3_600_000_000),))
    free = road(*orders)
    assert engine.supports(paid) == []
    assert len(found(engine, paid)[0]) == 2
    assert len(found(engine, free)[0]) == 1


@named
def test_a_price_a_trip_is_one_of_the_vehicle_where_there_are_no_reloads(engine: Engine) -> None:
    # A trip more would cost 9 in place of the kilometre and the stop that it saves nobody.
    problem = road(parcel("a", 1), parcel("b", 2), vehicles=(van(fixed_milli=0, trip_milli=9_000),))
    assert engine.supports(problem) == []
    # 9 + 4 km + 400 s at 0.01 + two stops at 0.5.
    assert found(engine, problem)[1] == 9_000 + 4_000 + 4_000 + 1_000


def test_or_tools_counts_stops() -> None:
    problem = road(parcel("a", 4), parcel("b", 5), vehicles=(van(stops_max=1),))
    assert OrToolsEngine().supports(problem) == []
    assert len(found(OrToolsEngine(), problem)[0]) == 2


@named
def test_a_locked_vehicle_and_a_route_with_a_reload_stay_as_they_are(engine: Engine) -> None:
    first = LockedVisit(order="settled", action=Action.DELIVERY)
    problem = road(
        parcel("settled", 4),
        parcel("big", 1, boxes=9),
        parcel("too", 1, boxes=9),
        parcel("free", 5),
        vehicles=(van(reloads=("km0",)),),
        locks=(Lock(vehicle_type="van", vehicle=1, visits=(first,)),),
    )
    assert {Feature.RELOADS, Feature.LOCKS} <= features(problem)
    assert len(engine.supports(problem)) == 2
    start: list[RouteKey] = [(1, (1,)), (0, (3, ~0, 5))]
    assert found(engine, problem, start)[0] == sorted([*start, (0, (7,))])


def test_every_ability_is_named_where_it_is_needed_and_nowhere_else() -> None:
    plain = features(road(parcel("a", 1)))
    assert plain == {Feature.DELIVERIES}
    changed = {
        Feature.RELOADS: road(parcel("a", 1), vehicles=(van(reloads=("km1",)),)),
        Feature.RELEASES: road(parcel("a", 1, release_s=1)),
        Feature.APART: road(parcel("a", 1, groups=("x",)), apart=(("x", "x"),)),
        Feature.STOPS_LIMIT: road(parcel("a", 1), vehicles=(van(stops_max=3),)),
        Feature.TRIP_PRICE: road(parcel("a", 1), vehicles=(van(trip_milli=3),)),
        Feature.BALANCE: road(parcel("a", 1), longest_hour_milli=1),
        Feature.MINIMUM_USE: road(parcel("a", 1), vehicles=(van(use_min=1, unused_milli=1),)),
    }
    assert {feature: features(problem) - plain for feature, problem in changed.items()} == {
        feature: {feature} for feature in changed
    }
    locked = road(parcel("a", 1), locks=(Lock(vehicle_type="van", vehicle=1, orders=("a",)),))
    assert features(locked) - plain == {Feature.MIXED_FLEET, Feature.LIMITED_FLEET}
