from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solver.compiled import Compiled
from solver.plan import Reason
from solver.problem import Place, Problem, Window
from solver.schedule import Blocked, Timetable, legs, loads_after, timetable
from tests.solver import tiny
from tests.solver.worlds import (
    collection,
    mixed_freight,
    one_parcel,
    parcel,
    road,
    shop_with_a_lunch_break,
    straight_road,
    transport,
    van,
)


def times_of(problem: Problem, *visits: int, type_: int = 0) -> Timetable:
    times = timetable(Compiled(problem), type_, visits)
    assert isinstance(times, Timetable)
    return times


def block_of(problem: Problem, *visits: int) -> Blocked:
    blocked = timetable(Compiled(problem), 0, visits)
    assert isinstance(blocked, Blocked)
    return blocked


def test_there_and_back_takes_travel_and_service() -> None:
    # 200 s out, 10 s of service, 200 s back.
    assert times_of(one_parcel(), 1) == Timetable(0, 410, (200,), (200,), 4_000)


def test_the_vehicle_leaves_late_rather_than_wait_at_the_door() -> None:
    # The door opens at 1000 s, so leaving at 800 s arrives on time; back at 1200 s.
    assert times_of(road(parcel("a", 2, (1000, 2000))), 1) == Timetable(800, 1200, (1000,), (1000,), 4_000)


def test_a_window_may_be_met_at_its_very_last_second() -> None:
    assert times_of(road(parcel("a", 2, (0, 200))), 1).begin_s == (200,)
    assert block_of(road(parcel("a", 2, (0, 199))), 1) == Blocked(Reason.TIME_WINDOW, 0)


def test_waiting_that_no_later_start_avoids_stays() -> None:
    # km1 must be served by 150 s, km2 not before 500 s: leave at 50 s, wait from 250 s to 500 s, back at 700 s.
    times = times_of(road(parcel("a", 1, (0, 150)), parcel("b", 2, (500, 600))), 1, 3)
    assert times == Timetable(50, 700, (150, 250), (150, 500), 4_000)


def test_the_second_window_is_taken_where_it_saves_waiting() -> None:
    # In the first window of km3 (until 400 s) the vehicle leaves at 100 s and waits for km4 until 1050 s: 1350 s in all.
    # In the second it leaves at 700 s, serves km3 at 1000 s and km4 at 1100 s, and is back at 1500 s: 800 s.
    assert times_of(shop_with_a_lunch_break(), 1, 3) == Timetable(700, 1500, (1000, 1100), (1000, 1100), 8_000)


def test_opening_hours_of_a_place_bind_every_visit() -> None:
    problem = road(parcel("a", 2, (0, 1000)))
    places = tuple(
        Place(id=place.id, windows=(Window(600, 700),) if place.id == "km2" else ()) for place in problem.places
    )
    assert times_of(problem.replace(places=places), 1).begin_s == (600,)


def test_an_open_end_is_done_with_the_last_service() -> None:
    assert times_of(road(parcel("a", 2, service_s=10), vehicles=(van(end=None),)), 1).end_s == 210


def test_a_route_may_end_elsewhere() -> None:
    assert times_of(road(parcel("a", 2), vehicles=(van(end="km5"),)), 1) == Timetable(0, 500, (200,), (200,), 5_000)


def test_business_where_the_vehicle_starts_needs_no_travel() -> None:
    # 6 s of service at km0, then nothing.
    assert times_of(road(parcel("a", 0, service_s=6)), 1) == Timetable(0, 6, (0,), (0,), 0)


def test_limits_hold_at_their_value_and_break_one_below() -> None:
    def on(**limits: int) -> Problem:
        return road(parcel("a", 2, service_s=10), vehicles=(van(**limits),))

    assert times_of(on(duration_max_s=410), 1).duration_s == 410
    assert block_of(on(duration_max_s=409), 1) == Blocked(Reason.MAX_DURATION, 0, 1)
    assert times_of(on(distance_max_m=4_000), 1).distance_m == 4_000
    assert block_of(on(distance_max_m=3_990), 1) == Blocked(Reason.MAX_DISTANCE, 0, 10)


def test_the_shift_holds_at_its_last_second() -> None:
    assert times_of(road(parcel("a", 2), vehicles=(van(shift=Window(50, 450)),)), 1).end_s == 450
    assert block_of(road(parcel("a", 2), vehicles=(van(shift=Window(51, 450)),)), 1).reason is Reason.TIME_WINDOW


def test_windows_that_never_meet_the_opening_hours_block() -> None:
    problem = road(parcel("a", 2, (0, 500)))
    places = tuple(Place(id=place.id, windows=(Window(600, 700),)) for place in problem.places)
    assert block_of(problem.replace(places=places), 1) == Blocked(Reason.TIME_WINDOW, 0)


def test_a_place_cut_off_blocks() -> None:
    profile = straight_road()
    assert profile.distance_m is not None
    rows = profile.distance_m.to_rows()
    rows[2][0] = -1  # km2 can be reached, but there is no way home
    problem = road(
        parcel("a", 2),
        profiles=(type(profile)(id="road", distance_m=type(profile.distance_m)(rows), duration_s=profile.duration_s),),
    )
    assert block_of(problem, 1).reason is Reason.REACHABLE


def test_loads_rise_and_fall_with_every_kind_of_order() -> None:
    # 4 boxes from the start; 4 + 6 after the pickup at km1 would be 10, but the 4 are handed over first: 0, 6, 0, 10.
    compiled = Compiled(mixed_freight())
    assert loads_after(compiled, (1, 2, 3, 4)) == ((4,), [(0,), (6,), (0,), (10,)])


def test_an_overload_in_the_middle_blocks() -> None:
    # The transport of 6 comes on board while the collection of 10 is there already.
    assert block_of(mixed_freight(), 1, 4, 2, 3) == Blocked(Reason.CAPACITY, 2)


def test_a_vehicle_without_the_skill_or_the_hub_blocks() -> None:
    assert block_of(road(parcel("a", 2, skills=("cold",))), 1).reason is Reason.SKILL
    assert block_of(road(parcel("a", 2, hub="km1")), 1).reason is Reason.HUB
    assert block_of(road(collection("a", 2), vehicles=(van(end=None),)), 0).reason is Reason.HUB


def test_legs_start_at_the_start_and_end_at_the_end() -> None:
    compiled = Compiled(road(transport("a", 1, 3)))
    assert legs(compiled, 0, (0, 1)) == ([1_000, 2_000, 3_000], [100, 200, 300])


@settings(max_examples=150, deadline=None)
@given(tiny.problems(most_orders=3), st.data())
def test_the_timetable_is_the_shortest_over_all_starts_and_the_earliest_of_those(
    problem: Problem, data: st.DataObject
) -> None:
    # Limits other than times are lifted, so that times alone decide.
    types = tuple(
        type(vehicle)(
            id=vehicle.id, start=vehicle.start, end=vehicle.end, profile="given", shift=vehicle.shift, skills=("cold",)
        )
        for vehicle in problem.vehicle_types
    )
    problem = problem.replace(vehicle_types=types)
    compiled = Compiled(problem)
    everything = sorted(tiny.sequences(compiled, frozenset(range(len(problem.orders)))))
    sequence = data.draw(st.sampled_from(everything))
    times = timetable(compiled, 0, sequence)
    assume(not (isinstance(times, Blocked) and times.reason in (Reason.REACHABLE, Reason.HUB)))
    best = tiny.shortest_by_trial(problem, 0, sequence)
    if isinstance(times, Blocked):
        assert times.reason is Reason.TIME_WINDOW
        assert best is None
    else:
        assert best == (times.duration_s, times.start_s)
