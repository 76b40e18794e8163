"""Worlds of time: several windows, docks, releases, breaks, limits of duration, overtime."""

from solver.problem import Break, Place, Window
from tests.solver.features.roads import (
    A_SECOND,
    World,
    begins,
    collection,
    delivery,
    road,
    transport,
    van,
    visit,
)

SIDES = {"depot": 0, "east": 5, "west": -5}


def the_second_window_saves_a_van() -> World:
    # west by 12, east at 6 or from 30 on: both by 12 is too far (5 + 10). One van: west at 12 (leave at 7), east at 30,
    # home at 35: 20 km and 28 s cost 100 + 20 + 28 = 148; two vans 2 * (100 + 10 + 10) = 240.
    orders = [delivery("e", "east", windows=[(5, 6), (30, 32)]), delivery("w", "west", windows=[(10, 12)])]
    return World(road(SIDES, [van(hour_milli=A_SECOND)], orders), 148, lambda plan: begins(plan)["e"] >= 30)


def windows_of_a_pair_are_chosen_together() -> World:
    # picked up at 10 or 15 sharp, handed over 5 km on at 20 to 25 or 40: at 15 there is no waiting. 20 km, 20 s.
    order = transport("x", visit("a", [(10, 10), (15, 15)]), visit("b", [(20, 25), (40, 40)]))
    problem = road({"depot": 0, "a": 5, "b": 10}, [van(hour_milli=A_SECOND)], [order])
    return World(problem, 140, lambda plan: plan.routes[0].start_s == 10)


def a_dock_that_opens_twice() -> World:
    # services of 2 s may begin from 8 to 10 and from 20 to 22: two before the pause and one after, or one and two.
    # Leave at 3, home at 27 (or 5 and 29): 10 km, 24 s; two vans: 2 * (100 + 10) + 14 + 12 s = 246.
    orders = [delivery(name, "a", service_s=2) for name in "xyz"]
    places = (Place(id="depot"), Place(id="a", windows=(Window(8, 10), Window(20, 22))))
    problem = road({"depot": 0, "a": 5}, [van(hour_milli=A_SECOND)], orders, places=places)
    return World(problem, 134, lambda plan: max(begins(plan).values()) >= 20)


def nothing_leaves_before_it_is_released() -> World:
    # x must be there by 10, y is released at 20: two vans of 110
    orders = [delivery("x", "a", windows=[(0, 10)]), delivery("y", "a", release_s=20)]
    problem = road({"depot": 0, "a": 5}, [van()], orders)
    return World(problem, 220, lambda plan: max(route.start_s for route in plan.routes) >= 20)


def a_van_waits_for_the_last_release() -> World:
    # x is there from the beginning, y at 20, both fit together: one van leaves at 20 or later
    orders = [delivery("x", "a"), delivery("y", "a", release_s=20)]
    problem = road({"depot": 0, "a": 5}, [van()], orders)
    return World(problem, 110, lambda plan: plan.routes[0].start_s >= 20)


def a_pickup_waits_for_its_release() -> World:
    # ready at 12, 5 km away: leave at 7; 10 km, 10 s
    problem = road({"depot": 0, "a": 5}, [van(hour_milli=A_SECOND)], [collection("x", "a", release_s=12)])
    return World(problem, 120, lambda plan: plan.routes[0].start_s >= 7)


def resting_van(*breaks: tuple[int, int, int], close_s: int = 60) -> object:
    """A van paid by the second, with breaks: opening, closing, length."""
    pauses = tuple(Break(window=Window(opens, closes), duration_s=length) for opens, closes, length in breaks)
    return van(hour_milli=A_SECOND, breaks=pauses, shift=Window(0, close_s))


def a_break_on_the_way() -> World:
    # at a (10 km) by 15: the van leaves by 5, is under way at 8, and so takes its break of 3: 20 km, 23 s
    problem = road({"depot": 0, "a": 10}, [resting_van((4, 8, 3))], [delivery("x", "a", windows=[(0, 15)])])
    return World(problem, 143, lambda plan: len(plan.routes[0].breaks) == 1)


def whoever_leaves_late_has_no_break() -> World:
    # the same with a late window: leaving at 9 or later there is none
    problem = road({"depot": 0, "a": 10}, [resting_van((4, 8, 3))], [delivery("x", "a", windows=[(0, 30)])])
    return World(problem, 140, lambda plan: plan.routes[0].breaks == () and plan.routes[0].start_s > 8)


def whoever_is_done_early_has_no_break() -> World:
    # 4 km there and back: done at 8 at the latest, when leaving by 4; the window does not allow 9 or later
    problem = road({"depot": 0, "a": 2}, [resting_van((4, 8, 3))], [delivery("x", "a", windows=[(0, 8)])])
    return World(problem, 108, lambda plan: plan.routes[0].breaks == () and plan.routes[0].end_s <= 8)


def a_break_before_a_service() -> World:
    # at a (2 km) at 10 sharp: under way at 8 at the latest, so with a break. Leave at 5, break from 5 to 8 (or drive
    # first), serve at 10, home at 12: 4 km, 7 s
    problem = road({"depot": 0, "a": 2}, [resting_van((4, 8, 3))], [delivery("x", "a", windows=[(10, 10)])])
    return World(problem, 111, lambda plan: plan.routes[0].breaks[0].end_s <= 10)


def a_break_cannot_interrupt_a_service() -> World:
    # a service of 6 from 6 sharp would cover the whole window of the break, [7, 9]: before it no break can begin, after
    # it is too late. The dear van without a break does it: 200 + 4 km + 10 s.
    order = delivery("x", "a", windows=[(6, 6)], service_s=6)
    kinds = [resting_van((7, 9, 1)), van("robot", fixed_milli=200, hour_milli=A_SECOND)]
    return World(road({"depot": 0, "a": 2}, kinds, [order]), 214, lambda plan: plan.routes[0].vehicle_type == "robot")


def two_breaks_in_a_long_day() -> World:
    # at a (10 km) by 13: leave by 1, one break on the way out; home after 22, so the second one too: 20 km, 24 s
    problem = road(
        {"depot": 0, "a": 10}, [resting_van((4, 6, 2), (14, 16, 2))], [delivery("x", "a", windows=[(0, 13)])]
    )
    return World(problem, 144, lambda plan: len(plan.routes[0].breaks) == 2)


def a_break_fits_into_waiting() -> World:
    # a (2 km) is open from 4 to 4, b (beside it) from 12: the 8 s between are waiting anyway, the break costs nothing:
    # leave at 2, home at 14, 4 km, 12 s
    orders = [delivery("x", "a", windows=[(4, 4)]), delivery("y", "a", windows=[(12, 12)])]
    problem = road({"depot": 0, "a": 2}, [resting_van((5, 8, 3))], orders)
    return World(problem, 116, lambda plan: len(plan.routes[0].breaks) == 1)


def a_working_day_of_fifteen() -> World:
    # both sides take 20 s, 15 are allowed: two vans
    orders = [delivery("e", "east"), delivery("w", "west")]
    return World(road(SIDES, [van(duration_max_s=15)], orders), 220, lambda plan: len(plan.routes) == 2)


def cheap_overtime() -> World:
    # 5 s beyond 15 at 5 each: 100 + 20 + 25 beats a second van
    orders = [delivery("e", "east"), delivery("w", "west")]
    kind = van(overtime_after_s=15, overtime_hour_milli=5 * A_SECOND)
    return World(road(SIDES, [kind], orders), 145, lambda plan: plan.routes[0].cost.overtime_milli == 25)


def dear_overtime() -> World:
    # at 50 each it does not: 100 + 20 + 250 against 220
    orders = [delivery("e", "east"), delivery("w", "west")]
    kind = van(overtime_after_s=15, overtime_hour_milli=50 * A_SECOND)
    return World(road(SIDES, [kind], orders), 220, lambda plan: len(plan.routes) == 2)


WORLDS = (
    the_second_window_saves_a_van,
    windows_of_a_pair_are_chosen_together,
    a_dock_that_opens_twice,
    nothing_leaves_before_it_is_released,
    a_van_waits_for_the_last_release,
    a_pickup_waits_for_its_release,
    a_break_on_the_way,
    whoever_leaves_late_has_no_break,
    whoever_is_done_early_has_no_break,
    a_break_before_a_service,
    a_break_cannot_interrupt_a_service,
    two_breaks_in_a_long_day,
    a_break_fits_into_waiting,
    a_working_day_of_fifteen,
    cheap_overtime,
    dear_overtime,
)
