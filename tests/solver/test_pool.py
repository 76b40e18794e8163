from solver.compiled import Compiled
from solver.pool import Pool, cheapest
from solver.problem import Order, Visit
from tests.solver.sharing.worlds import parcel, road


def test_a_route_is_priced_by_tariff() -> None:
    # Out to kilometre 30 and back: 60 km at 1, and 40 for the van.
    pool = Pool(Compiled(road(parcel("a", "anna", 10), parcel("b", "binh", 30), fixed=40)))
    route = pool.add(0, (1, 3))
    assert route is not None
    assert route.cost_milli == 100_000
    assert route.orders == {0, 1}


def test_the_cheapest_sequence_of_the_same_orders_is_kept() -> None:
    # 10, 30, 20, home is 10 + 20 + 10 + 20 = 60 like the straight way; 20, 10, 30 is 20 + 10 + 20 + 30 = 80.
    pool = Pool(Compiled(road(parcel("a", "anna", 10), parcel("b", "binh", 20), parcel("c", "chi", 30))))
    dear = pool.add(0, (3, 1, 5))
    cheap = pool.add(0, (1, 3, 5))
    assert dear is not None
    assert cheap is not None
    assert (dear.cost_milli, cheap.cost_milli) == (80_000, 60_000)
    assert pool.add(0, (3, 1, 5)) == cheap
    assert list(pool) == [cheap]


def test_a_route_too_heavy_is_refused() -> None:
    pool = Pool(Compiled(road(parcel("a", "anna", 10, load=6), parcel("b", "binh", 20, load=5), boxes=10)))
    assert pool.add(0, (1, 3)) is None
    assert pool.add(0, (1, 3)) is None
    assert len(pool) == 0


def test_visits_missing_repeated_or_in_the_wrong_order_are_no_route() -> None:
    there_and_back = Order(id="t", owner="thu", pickup=Visit(place="km10"), delivery=Visit(place="km20"))
    pool = Pool(Compiled(road(parcel("a", "anna", 10), parcel("b", "binh", 20), there_and_back)))
    for visits in [(), (1, 1), (0,), (4,), (5,), (5, 4), (99,), (-1,)]:
        assert pool.add(0, visits) is None
    assert pool.add(0, (4, 5)) is not None


def test_closing_adds_what_is_left_when_owners_leave() -> None:
    # anna has orders 0 and 1: dropping binh leaves both together, never one of them.
    pool = Pool(Compiled(road(parcel("a1", "anna", 10), parcel("a2", "anna", 20), parcel("b", "binh", 30))))
    pool.add(0, (1, 3, 5))
    assert pool.close([frozenset({0, 1}), frozenset({2})])
    assert {route.orders for route in pool} == {frozenset({0, 1, 2}), frozenset({0, 1}), frozenset({2})}


def test_closing_with_a_limit_says_that_it_stopped() -> None:
    pool = Pool(Compiled(road(parcel("a", "anna", 10), parcel("b", "binh", 20), parcel("c", "chi", 30))))
    pool.add(0, (1, 3, 5))
    assert not pool.close([frozenset({0}), frozenset({1}), frozenset({2})], limit=5)
    assert pool.close([frozenset({0}), frozenset({1}), frozenset({2})], limit=6)
    assert len(pool) == 7


def test_the_digest_depends_on_the_routes_alone() -> None:
    compiled = Compiled(road(parcel("a", "anna", 10), parcel("b", "binh", 20)))
    one, other = Pool(compiled), Pool(compiled)
    one.add_all([(0, (1,)), (0, (3,))])
    other.add_all([(0, (3,)), (0, (1,))])
    assert one.digest() == other.digest()
    other.add(0, (1, 3))
    assert one.digest() != other.digest()


def test_of_two_vehicle_types_the_cheaper_counts_where_hire_is_unlimited() -> None:
    base = road(parcel("a", "anna", 10), fixed=40)
    lorry = base.vehicle_types[0].__class__(id="lorry", start="km0", end="km0", fixed_milli=90_000, km_milli=1_000)
    pool = Pool(Compiled(base.replace(vehicle_types=(lorry, *base.vehicle_types))))
    best = pool.reprice((1,))
    assert best is not None
    assert (best.type_, best.cost_milli) == (1, 60_000)
    assert len(pool) == 2
    assert cheapest(pool) == [best]
