"""One small road for every feature of a timetable, with the arithmetic; kilometres take 100 s."""

from typing import Any

from solver.compiled import Compiled
from solver.plan import Action, Reason
from solver.problem import Break, Lock, LockedVisit, Place, Problem, Window
from solver.schedule import Blocked, Timetable, loads_after, served_stops, timetable
from tests.solver.worlds import collection, parcel, road, straight_road, transport, van


def times_of(problem: Problem, *visits: int, type_: int = 0) -> Timetable:
    times = timetable(Compiled(problem), type_, visits)
    assert isinstance(times, Timetable)
    return times


def block_of(problem: Problem, *visits: int, type_: int = 0) -> tuple[Reason, int, int]:
    blocked = timetable(Compiled(problem), type_, visits)
    assert isinstance(blocked, Blocked)
    return tuple(blocked)


def with_docks(problem: Problem, km: int, *windows: tuple[int, int]) -> Problem:
    opening = tuple(Window(*window) for window in windows)
    places = tuple(Place(id=p.id, windows=opening if p.id == f"km{km}" else ()) for p in problem.places)
    return problem.replace(places=places)


HALF_FULL = (parcel("a", 1, boxes=6), parcel("b", 2, boxes=6))


def test_a_reload_makes_room_for_the_next_trip() -> None:
    # 6 boxes to km1 (100 s), back to km0 (200 s), 30 s of loading, 6 boxes to km2 (430 s), home at 630 s; 2 + 4 km.
    problem = road(*HALF_FULL, vehicles=(van(reloads=("km0",), reload_s=30),))
    assert times_of(problem, 1, ~0, 3) == Timetable(0, 630, (100, 200, 430), (100, 200, 430), 6_000)
    assert block_of(problem, 1, 3)[0] is Reason.CAPACITY
    assert loads_after(Compiled(problem), (1, ~0, 3)) == ((6,), [(0,), (6,), (0,)])


def test_collections_leave_at_a_reload_and_transports_ride_through() -> None:
    # 4 boxes from the start, 3 collected, 2 of a transport: 4, 0, 3, 5, then the 3 leave and 5 come on board: 7.
    problem = road(
        parcel("out", 1, boxes=4),
        collection("in", 2, boxes=3),
        transport("t", 2, 4, boxes=2),
        parcel("later", 3, boxes=5),
        vehicles=(van(reloads=("km0",)),),
    )
    assert loads_after(Compiled(problem), (1, 2, 4, ~0, 7, 5)) == ((4,), [(0,), (3,), (5,), (7,), (2,), (0,)])


def test_trips_begin_and_end_at_hubs() -> None:
    problem = road(
        parcel("a", 1, hub="km0"),
        parcel("b", 2, hub="km4"),
        collection("c", 3, hub="km4"),
        vehicles=(van(reloads=("km4",)),),
    )
    assert times_of(problem, 1, ~4, 3).distance_m == 8_000
    assert block_of(problem, ~4, 1) == (Reason.HUB, 1, 0)
    assert block_of(problem, 3, ~4) == (Reason.HUB, 0, 0)
    assert times_of(problem, 4, ~4).distance_m == 8_000
    assert block_of(problem, ~4, 4) == (Reason.HUB, 1, 0)


def test_only_named_places_reload_and_only_so_often() -> None:
    def on(**changes: Any) -> Problem:
        return road(*HALF_FULL, vehicles=(van(**changes),))

    assert block_of(on(reloads=("km3",)), 1, ~0, 3) == (Reason.HUB, 1, 0)
    assert block_of(on(reloads=("km0",), reloads_max=1), 1, ~0, ~0, 3) == (Reason.HUB, 2, 0)
    assert block_of(on(), 1, ~0, 3) == (Reason.HUB, 1, 0)


def test_a_reload_waits_for_the_dock_and_for_its_goods() -> None:
    problem = with_docks(road(*HALF_FULL, vehicles=(van(reloads=("km5",)),)), 5, (700, 800))
    # km1 is 100 s away, km5 400 s further: leave at 200 s for 700 s; then km2 at 1000 s, home at 1200 s; 1 + 4 + 3 + 2 km.
    assert times_of(problem, 1, ~5, 3) == Timetable(200, 1200, (300, 700, 1000), (300, 700, 1000), 10_000)
    late = road(HALF_FULL[0], parcel("b", 2, boxes=6, release_s=750), vehicles=(van(reloads=("km5",)),))
    assert times_of(late, 1, ~5, 3).begin_s == (350, 750, 1050)


def test_the_first_trip_leaves_when_its_goods_are_there() -> None:
    problem = road(parcel("a", 1, release_s=250), parcel("b", 2))
    assert times_of(problem, 1, 3) == Timetable(250, 650, (350, 450), (350, 450), 4_000)
    assert times_of(problem, 3).start_s == 0
    blocked = road(parcel("a", 1, (0, 349), release_s=250))
    assert block_of(blocked, 1) == (Reason.RELEASE, 0, 0)
    assert timetable(Compiled(blocked), 0, (1,), reasons=False) == Blocked(Reason.TIME_WINDOW, 0)


def test_a_collection_begins_when_its_goods_are_there() -> None:
    # Ready at 250 s at km1: leave at 150 s.
    assert times_of(road(collection("a", 1, release_s=250)), 0).start_s == 150
    assert block_of(road(collection("a", 1, (0, 240), release_s=250)), 0) == (Reason.RELEASE, 0, 0)


def test_a_break_is_taken_where_it_costs_nothing() -> None:
    # The door at km2 opens from 900 s to 1000 s: waiting is never needed, as the van may leave at 700 s. Two doors, at
    # 150 s and 900 s, leave 650 s to wait at km2; a break of 300 s in [400, 500] fits in there.
    pause = Break(window=Window(400, 500), duration_s=300)
    problem = road(parcel("a", 1, (0, 150)), parcel("b", 2, (900, 1000)), vehicles=(van(breaks=(pause,)),))
    times = times_of(problem, 1, 3)
    assert times == Timetable(50, 1100, (150, 250), (150, 900), 4_000, ((400, 700),))


def test_a_break_that_is_due_makes_the_route_longer_unless_it_ends_or_begins_in_time() -> None:
    def on(*windows: tuple[int, int], breaks: Window) -> Problem:
        pause = Break(window=breaks, duration_s=50)
        return road(parcel("a", 2, *windows), vehicles=(van(breaks=(pause,)),))

    # 400 s of driving in all: with the break in [100, 399] the van leaves at once, rests when it has been at km2...
    early = times_of(on((0, 250), breaks=Window(100, 399)), 1)
    assert (early.start_s, early.end_s, early.breaks) == (0, 450, ((200, 250),))
    # ...but where the break may begin at 400 s, the route is over by then,
    assert times_of(on((0, 250), breaks=Window(100, 400)), 1).breaks == ()
    # and where the door lets it, it leaves after the break's window.
    assert times_of(on((0, 900), breaks=Window(100, 399)), 1) == Timetable(400, 800, (600,), (600,), 4_000)


def test_a_break_in_the_way_is_named() -> None:
    # At km2 by 200 s at the latest, leaving at 0 s; the break must begin in [50, 60] and takes 50 s.
    pause = Break(window=Window(50, 60), duration_s=50)
    problem = road(parcel("a", 2, (0, 200)), vehicles=(van(breaks=(pause,)),))
    assert block_of(problem, 1) == (Reason.BREAK, 0, 0)


def test_stops_are_places_arrived_at_to_serve_somebody() -> None:
    problem = road(
        parcel("a", 1), parcel("b", 1), parcel("c", 2), parcel("d", 0), vehicles=(van(stops_max=1, reloads=("km3",)),)
    )
    assert times_of(problem, 1, 3).distance_m == 2_000
    assert block_of(problem, 1, 3, 5) == (Reason.MAX_STOPS, 2, 1)
    # Business at the start is no arrival, and a reload is not counted.
    assert served_stops(Compiled(problem), 0, (7, 1, ~3)) == 1
    assert not isinstance(timetable(Compiled(problem), 0, (7, 1, ~3)), Blocked)


def test_groups_apart_never_share_a_route_even_on_two_trips() -> None:
    problem = road(
        parcel("food", 1, groups=("food",)),
        parcel("paint", 2, groups=("paint",)),
        transport("one", 1, 2, groups=("alone",)),
        transport("two", 1, 2, groups=("alone",)),
        apart=(("food", "paint"), ("alone", "alone")),
        vehicles=(van(reloads=("km0",)),),
    )
    assert block_of(problem, 1, ~0, 3) == (Reason.APART, 2, 0)
    assert block_of(problem, 4, 5, 6, 7) == (Reason.APART, 2, 0)
    assert times_of(problem, 1, 4, 5).distance_m == 4_000


def settled(*visits: LockedVisit, **changes: Any) -> Problem:
    orders = (parcel("a", 1, (0, 10)), parcel("b", 2), transport("t", 2, 4), parcel("new", 3))
    lock = Lock(vehicle_type="van", vehicle=1, visits=visits, **changes)
    return road(*orders, vehicles=(van(reloads=("km0",)),), locks=(lock,))


def served(order: str, action: Action = Action.DELIVERY, *times: int) -> LockedVisit:
    start_s, end_s = times or (None, None)
    return LockedVisit(order=order, action=action, start_s=start_s, end_s=end_s)


def test_a_prefix_comes_first_and_nothing_between() -> None:
    problem = settled(served("b"), served("t", Action.PICKUP))
    assert times_of(problem, 3, 4, 5, type_=1).distance_m == 8_000
    assert block_of(problem, 4, 5, 3, type_=1) == (Reason.LOCK, 0, 0)
    assert block_of(problem, 3, 7, 4, 5, type_=1) == (Reason.LOCK, 1, 0)
    # What is locked to one vehicle rides on no other.
    assert block_of(problem, 3) == (Reason.LOCK, 0, 0)


def test_a_closed_route_is_its_prefix() -> None:
    problem = settled(served("b"), closed=True)
    assert times_of(problem, 3, type_=1).distance_m == 4_000
    assert block_of(problem, 3, 7, type_=1) == (Reason.LOCK, 1, 0)


def test_what_has_happened_happened_when_it_did() -> None:
    # Left at 5 s, at km1 from 700 s to 790 s though its window closed at 10 s; then 100 s to km2, 200 s home.
    problem = settled(served("a", Action.DELIVERY, 700, 790), start_s=5, orders=("b",))
    assert times_of(problem, 1, 3, type_=1) == Timetable(5, 1090, (700, 890), (700, 890), 4_000)
    # Goods that nobody named were not loaded; after a reload they are on board.
    assert block_of(problem, 1, 7, type_=1) == (Reason.LOCK, 1, 0)
    assert times_of(problem, 1, ~0, 7, type_=1).begin_s == (700, 890, 1190)


def test_a_break_of_the_past_binds_nobody_and_one_of_the_future_comes_later() -> None:
    # The van was at km1 from 700 s to 790 s. A break that had to begin by 789 s is past; one in [600, 790] begins at 790 s.
    def on(breaks: Window) -> Timetable:
        problem = settled(served("a", Action.DELIVERY, 700, 790), start_s=5, orders=("b",))
        pause = Break(window=breaks, duration_s=60)
        problem = problem.replace(vehicle_types=(van(reloads=("km0",), breaks=(pause,)),))
        return times_of(problem, 1, 3, type_=1)

    assert on(Window(600, 789)).breaks == ()
    later = on(Window(600, 790))
    assert (later.breaks, later.arrival_s, later.end_s) == (((790, 850),), (700, 950), 1150)


def test_a_leg_that_was_driven_needs_no_way() -> None:
    profile = straight_road()
    assert profile.distance_m is not None
    rows = profile.distance_m.to_rows()
    rows[0][1] = -1
    cut = type(profile)(id="road", distance_m=type(profile.distance_m)(rows), duration_s=profile.duration_s)
    problem = settled(served("a", Action.DELIVERY, 700, 790), start_s=5).replace(profiles=(cut,))
    # 0 m to km1, 1 km home.
    assert times_of(problem, 1, type_=1).distance_m == 1_000
    assert block_of(settled(served("b")).replace(profiles=(cut,)), 1)[0] is Reason.REACHABLE
