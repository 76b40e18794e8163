"""Random worlds small enough for brute force, and the brute force itself, which shares nothing with the solver."""

from collections.abc import Iterator
from itertools import permutations, product

from hypothesis import strategies as st

from solver.compiled import Compiled
from solver.matrix import Matrix
from solver.problem import Order, Place, Problem, TravelProfile, VehicleType, Visit, Window
from solver.schedule import Blocked, timetable

DAY_S = 60
"""Every shift and window of a tiny world lies between 0 and this second, so that every start can be tried."""

Route = tuple[int, tuple[int, ...]]


@st.composite
def windows(draw: st.DrawFn, most: int = 3) -> tuple[Window, ...]:
    """Up to three windows, in any order, overlapping or not."""
    pairs = draw(st.lists(st.tuples(st.integers(0, DAY_S), st.integers(0, 15)), max_size=most))
    return tuple(Window(opens, opens + length) for opens, length in pairs)


@st.composite
def visits(draw: st.DrawFn, places: int) -> Visit:
    place = draw(st.integers(0, places - 1))
    return Visit(place=f"p{place}", windows=draw(windows()), service_s=draw(st.integers(0, 4)))


@st.composite
def orders(draw: st.DrawFn, number: int, places: int) -> Order:
    sides = draw(st.sampled_from(["delivery", "pickup", "both"]))
    pickup = draw(visits(places)) if sides != "delivery" else None
    delivery = draw(visits(places)) if sides != "pickup" else None
    hub = draw(st.sampled_from([None, None, None, "p0"])) if sides != "both" else None
    return Order(
        id=f"o{number}",
        owner=draw(st.sampled_from(["anna", "binh"])),
        pickup=pickup,
        delivery=delivery,
        hub=hub,
        load={"boxes": draw(st.integers(0, 4)), "pallets": draw(st.integers(0, 2))},
        skills=draw(st.sampled_from([(), (), (), ("cold",)])),
        outside_milli=draw(st.one_of(st.none(), st.integers(0, 60_000))),
    )


@st.composite
def vehicles(draw: st.DrawFn, number: int, places: int) -> VehicleType:
    opens = draw(st.integers(0, 20))
    return VehicleType(
        id=f"v{number}",
        start=f"p{draw(st.integers(0, places - 1))}",
        end=draw(st.one_of(st.none(), st.integers(0, places - 1).map("p{}".format))),
        profile="given",
        capacity=draw(st.sampled_from([{}, {"boxes": 6}, {"boxes": 4, "pallets": 3}])),
        count=draw(st.sampled_from([None, None, 1, 2])),
        shift=Window(opens, draw(st.integers(opens + 10, DAY_S + 20))),
        fixed_milli=draw(st.sampled_from([0, 7_000, 20_000])),
        km_milli=draw(st.sampled_from([0, 999, 1_000_000])),
        hour_milli=draw(st.sampled_from([0, 3_601, 3_600_000])),
        stop_milli=draw(st.sampled_from([0, 700])),
        duration_max_s=draw(st.one_of(st.none(), st.none(), st.integers(10, 60))),
        distance_max_m=draw(st.one_of(st.none(), st.none(), st.integers(10, 80))),
        skills=draw(st.sampled_from([(), ("cold",)])),
    )


@st.composite
def matrices(draw: st.DrawFn, places: int) -> TravelProfile:
    """Any whole numbers: asymmetric, no triangle inequality, now and then no way at all."""
    entry = st.one_of(*[st.integers(0, 15)] * 9, st.just(-1))
    tables = [[[draw(entry) for _ in range(places)] for _ in range(places)] for _ in range(2)]
    return TravelProfile(id="given", distance_m=Matrix(tables[0]), duration_s=Matrix(tables[1]))


@st.composite
def problems(draw: st.DrawFn, most_orders: int = 3) -> Problem:
    """Two to four places, one or two vehicle types, up to ``most_orders`` orders of every kind."""
    size = draw(st.integers(2, 4))
    opening = st.one_of(st.just(()), st.just(()), windows(most=2))
    return Problem(
        places=tuple(Place(id=f"p{k}", windows=draw(opening)) for k in range(size)),
        profiles=(draw(matrices(size)),),
        vehicle_types=tuple(draw(vehicles(k, size)) for k in range(draw(st.integers(1, 2)))),
        orders=tuple(draw(orders(k, size)) for k in range(draw(st.integers(1, most_orders)))),
    )


def sequences(compiled: Compiled, chosen: frozenset[int]) -> Iterator[tuple[int, ...]]:
    """Every order of the visits of some orders in which no delivery precedes its pickup."""
    work = [visit for order in sorted(chosen) for visit in compiled.visits_of(order)]
    for sequence in permutations(work):
        if all(sequence.index(visit - 1) < k for k, visit in enumerate(sequence) if visit & 1 and visit - 1 in work):
            yield sequence


def feasible_routes(compiled: Compiled) -> Iterator[Route]:
    """Every feasible route of a tiny world."""
    for type_, picks in product(
        range(len(compiled.problem.vehicle_types)), product([False, True], repeat=len(compiled.problem.orders))
    ):
        chosen = frozenset(order for order, pick in enumerate(picks) if pick)
        for sequence in sequences(compiled, chosen) if chosen else ():
            if not isinstance(timetable(compiled, type_, sequence), Blocked):
                yield type_, sequence


def shortest_by_trial(problem: Problem, type_: int, sequence: tuple[int, ...]) -> tuple[int, int] | None:
    """
    Least duration of a sequence and the earliest start that has it, by trying every second; None where none works.

    Only times are looked at: not loads, skills, nor limits of distance and duration.
    """
    vehicle = problem.vehicle_types[type_]
    tried = (
        (end - start, start)
        for start in range(vehicle.shift.open_s, vehicle.shift.close_s + 1)
        if (end := _end_of(problem, vehicle, sequence, start)) is not None and end <= vehicle.shift.close_s
    )
    return min(tried, default=None)


def _end_of(problem: Problem, vehicle: VehicleType, sequence: tuple[int, ...], now: int) -> int | None:
    """When a vehicle that leaves at ``now`` is done."""
    names = [place.id for place in problem.places]
    profile = problem.profiles[0]
    assert profile.duration_s is not None
    here = vehicle.start
    for number in sequence:
        order = problem.orders[number // 2]
        visit = order.delivery if number % 2 else order.pickup
        assert visit is not None
        if visit.place != here:
            now += int(profile.duration_s.values[names.index(here), names.index(visit.place)])
        here = visit.place
        opening = problem.places[names.index(here)].windows
        while not (_open(visit.windows, now) and _open(opening, now)):
            now += 1
            if now > 3 * DAY_S:
                return None
        now += visit.service_s
    if vehicle.end not in (None, here):
        now += int(profile.duration_s.values[names.index(here), names.index(str(vehicle.end))])
    return now


def _open(allowed: tuple[Window, ...], now: int) -> bool:
    return not allowed or any(window.open_s <= now <= window.close_s for window in allowed)
