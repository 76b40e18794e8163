"""Breaks, locks and published plans that cannot be: each fault, where it stands, and what is no fault."""

from collections.abc import Callable
from typing import Any

import pytest

from solver.faults import ProblemError
from solver.plan import Action
from solver.problem import Break, Lock, LockedVisit, Problem, Published, Window
from tests.solver.worlds import collection, parcel, road, transport, van


def lock(*visits: LockedVisit, vehicle: int = 1, **changes: Any) -> Lock:
    return Lock(**{"vehicle_type": "van", "vehicle": vehicle, "visits": visits, **changes})


def out(order: str, *times_s: int) -> LockedVisit:
    """A locked delivery, with begin and end if it has happened."""
    return LockedVisit(order=order, action=Action.DELIVERY, **dict(zip(("start_s", "end_s"), times_s, strict=False)))


def up(order: str, *times_s: int) -> LockedVisit:
    return LockedVisit(order=order, action=Action.PICKUP, **dict(zip(("start_s", "end_s"), times_s, strict=False)))


def day(*locks: Lock, published: tuple[Published, ...] = (), **van_changes: Any) -> Problem:
    """A parcel a to km1, another b to km2, a transport t from km1 to km3, a collection c at km4; three vans."""
    orders = (parcel("a", 1, groups=("food",)), parcel("b", 2, skills=("cold",), groups=("soap",)))
    vehicles = (van(**{"count": 3, "reloads": ("km0",), "reloads_max": 1, "skills": ("cold",), **van_changes}),)
    return road(
        *(*orders, transport("t", 1, 3), collection("c", 4)),
        vehicles=vehicles,
        locks=locks,
        published=published,
        apart=(("food", "soap"),),
    )


def rest(*triples: tuple[int, int, int]) -> Problem:
    """A van with breaks: opening, closing, length."""
    breaks = tuple(Break(window=Window(opens, closes), duration_s=length) for opens, closes, length in triples)
    return road(vehicles=(van(breaks=breaks),))


def served(order: str, vehicle: int = 1, vehicle_type: str = "van") -> Published:
    return Published(order=order, vehicle_type=vehicle_type, vehicle=vehicle)


WRONG_SETTLED: dict[str, tuple[Callable[[], Problem], str, str]] = {
    "a break of no time": (lambda: rest((0, 9, 0)), "number_too_small", "vehicle_types[0].breaks[0].duration_s"),
    "a break back to front": (lambda: rest((9, 8, 5)), "window_reversed", "vehicle_types[0].breaks[0].window"),
    "breaks out of order": (lambda: rest((50, 60, 5), (0, 9, 5)), "breaks_overlap", "vehicle_types[0].breaks[1]"),
    "breaks that touch": (lambda: rest((0, 9, 5), (9, 30, 5)), "breaks_overlap", "vehicle_types[0].breaks[1]"),
    "a break that lasts into the end of the next": (
        lambda: rest((0, 9, 100), (10, 99, 5)),
        "breaks_overlap",
        "vehicle_types[0].breaks[1]",
    ),
    "a lock of a type unheard of": (
        lambda: day(lock(vehicle_type="lorry")),
        "vehicle_type_unknown",
        "locks[0].vehicle_type",
    ),
    "a lock of vehicle nought": (lambda: day(lock(vehicle=0)), "number_too_small", "locks[0].vehicle"),
    "a lock of the fourth of three": (lambda: day(lock(vehicle=4)), "vehicle_unknown", "locks[0].vehicle"),
    "two locks of one vehicle": (lambda: day(lock(), lock(vehicle=2), lock()), "lock_duplicate", "locks[2]"),
    "an order locked that is not there": (lambda: day(lock(orders=("x",))), "order_unknown", "locks[0].orders[0]"),
    "a visit locked of an order that is not there": (
        lambda: day(lock(out("x"))),
        "order_unknown",
        "locks[0].visits[0].order",
    ),
    "an order on two vehicles": (
        lambda: day(lock(out("a")), lock(vehicle=2, orders=("a",))),
        "lock_conflict",
        "locks[1]",
    ),
    "neither visit nor reload": (lambda: day(lock(LockedVisit())), "locked_visit_unclear", "locks[0].visits[0]"),
    "both visit and reload": (
        lambda: day(lock(LockedVisit(order="a", action=Action.DELIVERY, place="km0"))),
        "locked_visit_unclear",
        "locks[0].visits[0]",
    ),
    "an order without saying what": (
        lambda: day(lock(LockedVisit(order="a"))),
        "locked_visit_unclear",
        "locks[0].visits[0]",
    ),
    "a reload with an action": (
        lambda: day(lock(LockedVisit(place="km0", action=Action.PICKUP))),
        "locked_visit_unclear",
        "locks[0].visits[0]",
    ),
    "a locked reload nowhere": (
        lambda: day(lock(LockedVisit(place="x"))),
        "place_unknown",
        "locks[0].visits[0].place",
    ),
    "a locked reload where there is none": (
        lambda: day(lock(LockedVisit(place="km1"))),
        "reload_unknown",
        "locks[0].visits[0].place",
    ),
    "a visit that the order has not": (lambda: day(lock(up("a"))), "visit_unknown", "locks[0].visits[0].action"),
    "a visit named twice": (lambda: day(lock(out("a"), out("a"))), "visit_repeated", "locks[0].visits[1]"),
    "delivered before picked up": (lambda: day(lock(out("t"), up("t"))), "visit_reversed", "locks[0].visits[0]"),
    "delivered without a pickup": (lambda: day(lock(out("t"))), "visit_reversed", "locks[0].visits[0]"),
    "closed with goods on board": (lambda: day(lock(up("t"), closed=True)), "lock_half_done", "locks[0]"),
    "a skill that the vehicle lacks": (lambda: day(lock(out("b")), skills=()), "lock_impossible", "locks[0]"),
    "food locked beside soap": (lambda: day(lock(out("a"), out("b"))), "lock_impossible", "locks[0]"),
    "two reloads of one": (
        lambda: day(lock(LockedVisit(place="km0"), out("a"), LockedVisit(place="km0"))),
        "lock_impossible",
        "locks[0]",
    ),
    "half of its times": (lambda: day(lock(out("a", 100), start_s=0)), "times_half", "locks[0].visits[0]"),
    "times back to front": (
        lambda: day(lock(out("a", 100, 99), start_s=0)),
        "times_reversed",
        "locks[0].visits[0].end_s",
    ),
    "served before it left": (
        lambda: day(lock(out("a", 100, 110), start_s=101)),
        "times_reversed",
        "locks[0].visits[0].start_s",
    ),
    "two at a time": (
        lambda: day(lock(out("a", 100, 110), up("c", 109, 111), start_s=0)),
        "times_reversed",
        "locks[0].visits[1].start_s",
    ),
    "the past after the future": (
        lambda: day(lock(up("c"), out("a", 100, 110), start_s=0)),
        "happened_late",
        "locks[0].visits[1]",
    ),
    "served without having left": (
        lambda: day(lock(out("a", 100, 110))),
        "happened_before_start",
        "locks[0].visits[0]",
    ),
    "left before the plan": (lambda: day(lock(start_s=-1)), "number_negative", "locks[0].start_s"),
    "served before the plan": (
        lambda: day(lock(out("a", -1, 5), start_s=0)),
        "number_negative",
        "locks[0].visits[0].start_s",
    ),
    "published without an order": (lambda: day(published=(served("x"),)), "order_unknown", "published[0].order"),
    "published twice": (lambda: day(published=(served("a"), served("a", 2))), "published_twice", "published[1]"),
    "published on a type unheard of": (
        lambda: day(published=(served("a", 1, "lorry"),)),
        "vehicle_type_unknown",
        "published[0].vehicle_type",
    ),
    "published on the fourth of three": (
        lambda: day(published=(served("a", 4),)),
        "vehicle_unknown",
        "published[0].vehicle",
    ),
}


@pytest.mark.parametrize("wrong", WRONG_SETTLED)
def test_what_is_settled_wrongly_is_one_fault_with_cause_and_cure(wrong: str) -> None:
    build, code, where = WRONG_SETTLED[wrong]
    with pytest.raises(ProblemError) as caught:
        build()
    assert [(fault.code, fault.where) for fault in caught.value.faults] == [(code, where)]
    assert caught.value.faults[0].cause
    assert caught.value.faults[0].cure


def test_contradictory_locks_are_told_all_at_once() -> None:
    with pytest.raises(ProblemError) as caught:
        day(lock(out("t"), out("x"), vehicle=9), lock(orders=("t",), vehicle_type="lorry"))
    codes = [fault.code for fault in caught.value.faults]
    assert codes == ["vehicle_unknown", "order_unknown", "vehicle_type_unknown", "lock_conflict"]


def test_breaks_one_after_another_are_no_fault() -> None:
    # the first, begun at 0, is over at 9, when the second's window has just one second left
    assert len(rest((0, 5, 9), (6, 9, 3)).vehicle_types[0].breaks) == 2


def test_a_lock_may_say_everything_at_once() -> None:
    visits = (out("a", 90, 95), up("t", 95, 95), LockedVisit(place="km0", start_s=200, end_s=200), up("c"))
    assert day(lock(*visits, start_s=0, orders=("t", "a"))).locks[0].visits == visits


def test_vehicles_on_unlimited_hire_have_any_number() -> None:
    assert day(lock(vehicle=1_000), published=(served("a", 10**9),), count=None).locks[0].vehicle == 1_000


def test_a_horizon_of_no_length_is_no_fault() -> None:
    assert day(lock(closed=True, start_s=0), shift=Window(0, 0), reload_s=0).locks[0].closed


def test_one_owners_problem_keeps_its_part_of_what_is_settled() -> None:
    orders = (parcel("a", 1, groups=("food",)), parcel("b", 2, owner="binh", groups=("soap",)))
    problem = road(
        *orders,
        apart=(("food", "soap"),),
        locks=(lock(out("a")), lock(out("b"), vehicle=2)),
        published=(served("a"), served("b")),
    )
    alone = problem.restricted_to(frozenset({"binh"}))
    assert alone.apart == ()
    assert [len(entry.visits) for entry in alone.locks] == [0, 1]
    assert [entry.order for entry in alone.published] == ["b"]
