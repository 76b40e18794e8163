from solver.assemble import assemble
from solver.check import check
from solver.compiled import Compiled
from solver.locks import EXACT_DELIVERIES_MAX, faults, first_routes
from solver.plan import Action, Reason
from solver.problem import Lock, LockedVisit, Problem
from solver.routing.alone import Alone
from solver.routing.construct import construct
from solver.routing.start import routes_of
from tests.solver.worlds import collection, parcel, road, transport, van


def picked(*orders: str) -> tuple[LockedVisit, ...]:
    return tuple(LockedVisit(order=order, action=Action.PICKUP) for order in orders)


def locked(*visits: LockedVisit, closed: bool = False, vehicle: int = 1) -> Lock:
    return Lock(vehicle_type="van", vehicle=vehicle, visits=visits, closed=closed)


def test_what_a_prefix_leaves_open_is_delivered_on_the_shortest_way() -> None:
    # Both are picked up at km2; on to km5, and back to km1 on the way home: 2 + 3 + 4 + 1 km, the other way round 2 + 1 +
    # 4 + 5 km.
    problem = road(transport("far", 2, 5), transport("near", 2, 1), locks=(locked(*picked("far", "near")),))
    assert first_routes(Compiled(problem)) == [(1, (0, 2, 1, 3))]


def test_many_open_deliveries_are_inserted_one_by_one() -> None:
    names = [f"t{k}" for k in range(EXACT_DELIVERIES_MAX + 3)]
    orders = [transport(name, 1, 1 + k % 5) for k, name in enumerate(names)]
    compiled = Compiled(road(*orders, locks=(locked(*picked(*names)),)))
    [(type_, visits)] = first_routes(compiled)
    assert (type_, len(visits)) == (1, 2 * len(names))
    assert check(compiled.problem, assemble(compiled, [(type_, visits)])) == []


def test_collections_that_cannot_end_where_the_vehicle_does_go_to_a_reload() -> None:
    van_out = van(end=None, reloads=("km4",))
    problem = road(collection("c", 2), transport("t", 2, 3), vehicles=(van_out,), locks=(locked(*picked("c", "t")),))
    # km2, km3 and on to km4 is shorter than to km4 and back to km3.
    assert first_routes(Compiled(problem)) == [(1, (0, 2, 3, ~4))]


def test_a_closed_route_gets_nothing_more() -> None:
    visits = (*picked("t"), LockedVisit(order="t", action=Action.DELIVERY))
    problem = road(transport("t", 1, 2), parcel("a", 1), locks=(locked(*visits, closed=True),))
    compiled = Compiled(problem)
    assert first_routes(compiled) == [(1, (0, 1))]
    assert sorted(construct(compiled, Alone(compiled))) == [(0, (3,)), (1, (0, 1))]


def test_a_lock_that_cannot_be_kept_says_where_and_why() -> None:
    # km3 is 300 s away, and its window closes at 250 s.
    late = LockedVisit(order="late", action=Action.DELIVERY)
    first = LockedVisit(order="first", action=Action.DELIVERY)
    problem = road(parcel("first", 1), parcel("late", 3, (0, 250)), locks=(locked(first, late),))
    [fault] = faults(Compiled(problem))
    assert (fault.code, fault.where) == ("lock_infeasible", "locks[0].visits[1]")
    assert Reason.TIME_WINDOW in fault.cause
    assert "windows" in fault.cure
    assert first_routes(Compiled(problem)) == []


def test_a_lock_that_leaves_no_way_home_says_so() -> None:
    problem = road(transport("t", 1, 4), vehicles=(van(duration_max_s=700),), locks=(locked(*picked("t")),))
    [fault] = faults(Compiled(problem))
    # 100 s to km1, 300 s to km4, 400 s home.
    assert (fault.code, fault.where) == ("lock_infeasible", "locks[0]")
    assert Reason.MAX_DURATION in fault.cause


def test_a_day_without_locks_has_neither_routes_nor_faults() -> None:
    compiled = Compiled(road(parcel("a", 1), locks=(Lock(vehicle_type="van", vehicle=2, orders=("a",)),)))
    assert (first_routes(compiled), faults(compiled)) == ([], [])


def earlier() -> Problem:
    return road(parcel("a", 1, boxes=5), parcel("b", 2, boxes=5), parcel("c", 3, boxes=5), vehicles=(van(count=3),))


def test_a_start_begins_with_the_prefix_and_keeps_the_rest() -> None:
    plan = assemble(Compiled(earlier()), [(0, (1, 3)), (0, (5,))])
    first = LockedVisit(order="b", action=Action.DELIVERY)
    compiled = Compiled(earlier().replace(locks=(locked(first, vehicle=1),)))
    assert routes_of(compiled, plan) == [(1, (3, 1)), (0, (5,))]


def test_a_lock_takes_an_order_from_the_route_that_had_it() -> None:
    # c rode on van 2, and is now settled for van 1, where there is no room for b besides: b loses its place.
    plan = assemble(Compiled(earlier()), [(0, (1, 3)), (0, (5,))])
    settled = tuple(LockedVisit(order=name, action=Action.DELIVERY) for name in ("a", "c"))
    compiled = Compiled(earlier().replace(locks=(locked(*settled, vehicle=1),)))
    assert routes_of(compiled, plan) == [(1, (1, 5))]


def test_a_start_without_a_plan_is_what_locks_ask_for() -> None:
    compiled = Compiled(earlier().replace(locks=(locked(LockedVisit(order="b", action=Action.DELIVERY), vehicle=3),)))
    assert routes_of(compiled, None) == [(1, (3,))]


def test_reloads_of_an_earlier_plan_are_kept_where_they_are_needed() -> None:
    problem = road(parcel("a", 1, boxes=8), parcel("b", 2, boxes=8), vehicles=(van(reloads=("km0",)),))
    plan = assemble(Compiled(problem), [(0, (1, ~0, 3))])
    assert routes_of(Compiled(problem), plan) == [(0, (1, ~0, 3))]
    # With a gone, there is room for b from the start.
    rest = problem.replace(orders=problem.orders[1:])
    assert routes_of(Compiled(rest), plan) == [(0, (1,))]
