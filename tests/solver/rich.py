"""
Random tiny days that mix features, small enough for the oracle: at most 4 orders, 3 vehicles, 4 places, 40 seconds.

Matrices are asymmetric and keep the triangle inequality. Prices are multiples of 1000 a kilometre and 3600 an hour, so
that nothing is rounded and laws of scale hold exactly.
"""

from itertools import product
from typing import Any

from hypothesis import strategies as st

from solver.matrix import Matrix
from solver.problem import (
    Break,
    Lock,
    LockedVisit,
    Order,
    Place,
    Problem,
    Published,
    TravelProfile,
    VehicleType,
    Visit,
    Window,
)
from tests.solver.oracle import optimum

DAY_S = 40


def some(value: Any, *strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly a plain value, now and then something else."""
    return st.one_of(st.just(value), st.just(value), *strategies)


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    pairs = draw(st.lists(st.tuples(st.integers(0, 30), st.integers(2, 20)), min_size=1, max_size=2))
    return tuple(Window(opens, opens + length) for opens, length in pairs)


@st.composite
def ways(draw: st.DrawFn, name: str, places: int) -> TravelProfile:
    """Any whole numbers, then the shortest ways along them."""
    tables = []
    for _ in range(2):
        table = [[draw(st.integers(1, 9)) if a != b else 0 for b in range(places)] for a in range(places)]
        for via, a, b in product(range(places), repeat=3):
            table[a][b] = min(table[a][b], table[a][via] + table[via][b])
        tables.append(Matrix(table))
    return TravelProfile(id=name, distance_m=tables[0], duration_s=tables[1])


@st.composite
def visits(draw: st.DrawFn, places: int) -> Visit:
    place = f"p{draw(st.integers(0, places - 1))}"
    return Visit(place=place, windows=draw(some((), windows())), service_s=draw(st.integers(0, 3)))


@st.composite
def orders(draw: st.DrawFn, number: int, places: int) -> Order:
    sides = draw(st.sampled_from(["delivery", "delivery", "pickup", "both"]))
    return Order(
        id=f"o{number}",
        owner=draw(st.sampled_from(["anna", "binh"])),
        pickup=draw(visits(places)) if sides != "delivery" else None,
        delivery=draw(visits(places)) if sides != "pickup" else None,
        hub=draw(some(None, st.just("p0"))) if sides != "both" else None,
        load={"boxes": draw(st.integers(0, 4)), "pallets": draw(st.integers(0, 2))},
        skills=draw(some((), st.just(("cold",)))),
        outside_milli=draw(some(None, st.integers(0, 60).map(lambda price: 1_000 * price))),
        release_s=draw(some(0, st.integers(1, 15))),
        groups=draw(some((), st.sampled_from([("food",), ("soap",), ("food", "soap")]))),
    )


@st.composite
def breaks(draw: st.DrawFn) -> tuple[Break, ...]:
    first, length = draw(st.integers(2, 10)), draw(st.integers(0, 6))
    one = Break(window=Window(first, first + length), duration_s=draw(st.integers(1, 5)))
    opens = first + length + draw(st.integers(3, 8))
    two = Break(window=Window(opens, opens + 5), duration_s=draw(st.integers(1, 3)))
    return draw(st.sampled_from([(one,), (one,), (one, two)]))


@st.composite
def vehicles(draw: st.DrawFn, number: int, places: int, profiles: int) -> VehicleType:
    place = st.integers(0, places - 1).map("p{}".format)
    overtime_s = draw(some(None, st.integers(0, 15)))
    pauses = draw(st.one_of(st.just(()), breaks()))
    # a break binds only where the shift leaves no time to work before it or after it alone
    close_s = pauses[-1].window.close_s + draw(st.integers(3, 12)) if pauses else DAY_S
    return VehicleType(
        id=f"v{number}",
        start=draw(st.one_of(st.just("p0"), place)),
        end=draw(st.one_of(st.just("p0"), st.none(), place)),
        profile=f"way{draw(st.integers(0, profiles - 1))}",
        capacity=draw(st.sampled_from([{}, {"boxes": 6}, {"boxes": 4, "pallets": 3}])),
        count=draw(st.sampled_from([1, 2 - number])),
        shift=Window(min(draw(some(0, st.integers(1, 8))), close_s), close_s),
        fixed_milli=draw(st.sampled_from([0, 7_000, 20_000])),
        km_milli=draw(st.sampled_from([0, 1_000, 1_000_000])),
        hour_milli=draw(st.sampled_from([0, 3_600, 3_600_000])),
        stop_milli=draw(st.sampled_from([0, 700])),
        duration_max_s=draw(some(None, st.integers(15, 35))),
        distance_max_m=draw(some(None, st.integers(15, 35))),
        skills=draw(st.sampled_from([(), ("cold",)])),
        stops_max=draw(some(None, st.integers(1, 3))),
        overtime_after_s=overtime_s,
        overtime_hour_milli=0 if overtime_s is None else 3_600_000,
        breaks=pauses,
        reloads=draw(some((), st.just(("p0",)), place.map(lambda name: (name,)))),
        reload_s=draw(st.integers(0, 2)),
        reloads_max=1,
        trip_milli=draw(some(0, st.just(1_500))),
        use_min=draw(some(0, st.just(1))),
        unused_milli=draw(st.sampled_from([0, 9_000])),
    )


@st.composite
def days(draw: st.DrawFn, most_orders: int = 4) -> Problem:
    """A day with nothing settled."""
    size, kinds = draw(st.integers(2, 4)), draw(st.integers(1, 2))
    asked = tuple(draw(orders(k, size)) for k in range(draw(st.integers(1, most_orders))))
    # transports double the sequences to try: two at most
    both = [k for k, order in enumerate(asked) if order.pickup is not None and order.delivery is not None]
    asked = tuple(
        Order(id=order.id, owner=order.owner, delivery=order.delivery, load=order.load) if k in both[2:] else order
        for k, order in enumerate(asked)
    )
    groups = {group for order in asked for group in order.groups}
    pairs = [("food", "soap"), ("food", "food")]
    return Problem(
        places=tuple(Place(id=f"p{k}", windows=draw(some((), some((), windows())))) for k in range(size)),
        profiles=tuple(draw(ways(f"way{k}", size)) for k in range(kinds)),
        vehicle_types=tuple(draw(vehicles(k, size, kinds)) for k in range(kinds)),
        orders=asked,
        apart=tuple(pair for pair in pairs if groups.issuperset(pair)),
        longest_hour_milli=draw(some(0, st.just(3_600_000))),
    )


@st.composite
def living_days(draw: st.DrawFn, most_orders: int = 3) -> Problem:
    """A day in which a cheapest plan is known already: it is published, part of it is locked, some has happened."""
    day = draw(days(most_orders))
    best = optimum(day)
    assert best is not None, "without locks there is always a plan"
    routes = best.plan.routes
    locks = [draw(_lock(day, route)) for route in routes if draw(st.booleans())]
    published = tuple(
        Published(order=visit.order, vehicle_type=kind.id, vehicle=1)
        for route in routes
        for stop in route.stops
        for visit in stop.visits[:1]
        if draw(st.booleans()) and (kind := draw(st.sampled_from(_owned(day))))
    )
    once = {entry.order: entry for entry in published}
    return day.replace(locks=tuple(locks), published=tuple(once.values()), change_milli=draw(st.integers(0, 9_000)))


def _owned(day: Problem) -> list[VehicleType]:
    """Types of which there is a vehicle."""
    return [kind for kind in day.vehicle_types if kind.count != 0]


@st.composite
def _lock(draw: st.DrawFn, day: Problem, route: Any) -> Lock:
    """The first visits of a route, of which the first may have happened; or just who rides on it."""
    sides = {order.id: order for order in day.orders}
    steps: list[LockedVisit] = []
    for stop in route.stops:
        if stop.reload:
            begin_s = stop.departure_s - next(k.reload_s for k in day.vehicle_types if k.id == route.vehicle_type)
            steps.append(LockedVisit(place=stop.place, start_s=begin_s, end_s=stop.departure_s))
        steps += [
            LockedVisit(order=visit.order, action=visit.action, start_s=visit.start_s, end_s=visit.end_s)
            for visit in stop.visits
        ]
    length = draw(st.integers(0, len(steps)))
    happened = draw(st.integers(0, length))
    visits = tuple(
        step if k < happened else LockedVisit(order=step.order, action=step.action, place=step.place)
        for k, step in enumerate(steps[:length])
    )
    aboard = tuple(step.order for step in steps if step.order is not None and sides[step.order].pickup is None)
    left = happened > 0 or draw(st.booleans())
    return Lock(
        vehicle_type=route.vehicle_type,
        vehicle=route.vehicle,
        visits=visits,
        orders=tuple(dict.fromkeys(aboard)) if left else aboard[:1],
        closed=length == len(steps) and draw(st.booleans()),
        start_s=route.start_s if left else None,
    )
