"""
Edits by hand, on a line of places one kilometre apart, and on drawn worlds.

A kilometre takes 100 s and costs 1,000 milli; a van costs 5,000 milli; a service takes 0 s unless said otherwise.
"""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solver import hand_edits as edits
from solver.assemble import assemble
from solver.breaches import Impossible, Judged, judge
from solver.check import check
from solver.codec import problem_from_json, problem_to_json
from solver.compiled import Compiled
from solver.hands import Hand, Infeasible, Refused, State
from solver.living import carry_over
from solver.matrix import Matrix
from solver.plan import Action, Budget, Plan, Reason
from solver.problem import Break, Lock, LockedVisit, Order, Place, Problem, TravelProfile, VehicleType, Visit, Window
from solver.schedule import Blocked, timetable
from solver.solve import solve
from tests.solver.rich import days, living_days
from tests.solver.tiny import problems, sequences

BUDGET = Budget(seconds=None, iterations=60)
ROUTES = 4


def line(*orders: Order, vans: int | None = None, **van: object) -> Problem:
    """Depot at kilometre 0, places at kilometres 1 to 6."""
    km = [[abs(a - b) for b in range(7)] for a in range(7)]
    return Problem(
        places=tuple(Place(id=f"km{k}") for k in range(7)),
        profiles=(
            TravelProfile(
                id="default",
                distance_m=Matrix([[1_000 * d for d in row] for row in km]),
                duration_s=Matrix([[100 * d for d in row] for row in km]),
            ),
        ),
        vehicle_types=(
            VehicleType(id="van", start="km0", end="km0", fixed_milli=5_000, km_milli=1_000, count=vans, **van),
            VehicleType(id="lorry", start="km0", end="km0", fixed_milli=9_000, km_milli=2_000, count=1),
        ),
        orders=orders,
    )


def to(km: int, **more: object) -> Order:
    load = more.pop("load", {"weight_g": 100_000})
    return Order(id=f"to{km}", owner="member", delivery=Visit(place=f"km{km}", **more), load=load)


def opened(problem: Problem, *routes: tuple[int, ...]) -> tuple[Hand, State]:
    """A hand on vans that drive to these kilometres, in this order."""
    hand = Hand(problem)
    index = hand.ground.compiled.order_index
    keys = [(0, tuple(2 * index[f"to{km}"] + 1 for km in kms)) for kms in routes]
    return hand, hand.start(assemble(hand.ground.compiled, keys))


def kms(hand: Hand, state: State) -> dict[int, list[str]]:
    """Orders by route number."""
    orders = hand.problem.orders
    return {route.number: [orders[visit >> 1].id for visit in route.visits] for route in state.routes}


def test_a_stop_dragged_to_another_route_costs_what_both_routes_cost_then() -> None:
    """Vans to km 1 and 2 (5,000 + 4,000) and to km 6 (5,000 + 12,000); km 2 on the way to km 6 saves 2 km."""
    hand, state = opened(line(to(1), to(2), to(6)), (1, 2), (6,))
    assert hand.judgement(state).cost_milli == 26_000
    after = hand.edited(state, edits.Move(orders=("to2",), route=2, position=0))
    assert kms(hand, after) == {1: ["to1"], 2: ["to2", "to6"]}
    assert hand.judgement(after).cost_milli == 24_000
    back = hand.edited(after, edits.Move(orders=("to2",), route=1, position=1))
    assert back == state


def test_only_touched_routes_are_timed_again() -> None:
    hand, state = opened(line(to(1), to(2), to(3), to(6)), (1, 2), (3,), (6,))
    hand.judgement(state)
    before = hand.ground.judgements
    hand.judgement(hand.edited(state, edits.Move(orders=("to2",), route=3, position=0)))
    assert hand.ground.judgements == before + 2


def test_a_late_arrival_is_told_in_minutes_and_the_route_is_timed_on() -> None:
    """By way of km 6 the van is at km 1 after 600 + 500 s; its window closed at 400 s: 700 s, 12 min late."""
    hand, state = opened(line(to(1, windows=(Window(0, 400),)), to(6)), (1, 6))
    after = hand.edited(state, edits.Reverse(route=1))
    [(number, breach)] = hand.judgement(after).breaches
    assert (number, breach.reason, breach.position, breach.order) == (1, Reason.TIME_WINDOW, 1, "to1")
    assert (breach.excess, breach.detail) == (700, "begins 12 min after its window has closed")
    told = hand.route(after, 1)
    assert [(stop.place, stop.arrival_s) for stop in told.stops] == [("km6", 600), ("km1", 1_100)]
    with pytest.raises(Infeasible, match="12 min after"):
        hand.plan(after)


def test_a_load_that_is_too_heavy_is_told_in_kilogrammes() -> None:
    hand, state = opened(line(to(1), to(2, load={"weight_g": 440_500}), capacity={"weight_g": 500_000}), (1,), (2,))
    after = hand.edited(state, edits.Merge(route=1, other=2))
    [(_, breach)] = hand.judgement(after).breaches
    assert (breach.reason, breach.excess, breach.detail) == (Reason.CAPACITY, 40_500, "41 kg too heavy")


def test_every_limit_that_is_broken_is_told_not_the_first_alone() -> None:
    """To km 1 to 3 and back: 6 km, 600 s, 3 stops; one of each too many, skills missing, past the shift of 500 s."""
    limits = {"distance_max_m": 4_000, "duration_max_s": 400, "stops_max": 2, "shift": Window(0, 500)}
    cold = msgspec.structs.replace(to(3), skills=("cold",))
    hand, state = opened(line(to(1), to(2), cold, **limits), (1, 2))
    after = hand.edited(state, edits.Add(orders=("to3",), route=1, position=2))
    found = {breach.reason: breach.excess for _, breach in hand.judgement(after).breaches}
    assert found == {
        Reason.SKILL: 0,
        Reason.SHIFT: 100,
        Reason.MAX_DURATION: 200,
        Reason.MAX_DISTANCE: 2_000,
        Reason.MAX_STOPS: 1,
    }


def test_a_route_without_a_way_or_without_room_for_a_break_is_refused() -> None:
    problem = line(to(1), to(2))
    cut = [[-1 if {a, b} == {1, 2} else abs(a - b) * 100 for b in range(7)] for a in range(7)]
    profile = msgspec.structs.replace(problem.profiles[0], duration_s=Matrix(cut))
    hand, state = opened(problem.replace(profiles=(profile,)), (1,), (2,))
    with pytest.raises(Refused, match="no way to drive") as told:
        hand.edited(state, edits.Merge(route=1, other=2))
    assert told.value.code == "impossible_reachable_constraint"


def test_split_and_merge_undo_each_other() -> None:
    hand, state = opened(line(to(1), to(2), to(3)), (1, 2, 3))
    parted = hand.edited(state, edits.Split(route=1, position=1))
    assert kms(hand, parted) == {1: ["to1"], 2: ["to2", "to3"]}
    assert hand.edited(parted, edits.Merge(route=1, other=2)).routes == state.routes


def test_vehicles_are_swapped_and_changed_and_those_that_are_out_are_refused() -> None:
    """The lorry costs 9,000 and 2,000 a kilometre: km 6 with it 33,000 instead of 17,000."""
    hand, state = opened(line(to(1), to(6)), (1,), (6,))
    changed = hand.edited(state, edits.ChangeVehicle(route=2, vehicle_type="lorry"))
    assert hand.judgement(changed).cost_milli - hand.judgement(state).cost_milli == 16_000
    with pytest.raises(Refused) as told:
        hand.edited(changed, edits.ChangeVehicle(route=1, vehicle_type="lorry"))
    assert told.value.code == "fleet_exhausted"
    swapped = hand.edited(changed, edits.SwapVehicles(route=1, other=2))
    assert [hand.ground.name_of(route.type_) for route in swapped.routes] == ["lorry", "van"]
    _, plan = hand.plan(swapped)
    assert [(route.vehicle_type, route.vehicle) for route in plan.routes] == [("lorry", 1), ("van", 1)]


def test_vehicles_keep_their_numbers_when_others_stay_at_home() -> None:
    hand, state = opened(line(to(1), to(6)), (1,), (6,))
    problem, plan = hand.plan(hand.edited(state, edits.Unplan(orders=("to1",))))
    assert [(route.vehicle_type, route.vehicle) for route in plan.routes] == [("van", 2)]
    assert [entry.order for entry in plan.unplanned] == ["to1"]
    assert check(problem, plan) == []


def test_a_cancelled_order_is_asked_for_no_more() -> None:
    hand, state = opened(line(to(1), to(6)), (1, 6))
    after = hand.edited(state, edits.Cancel(orders=("to6",)))
    assert (hand.judgement(after).cost_milli, hand.judgement(after).unplanned) == (7_000, ())
    problem, plan = hand.plan(after)
    assert [order.id for order in problem.orders] == ["to1"]
    assert plan.cost_milli == 7_000
    with pytest.raises(Refused, match="cancelled"):
        hand.edited(after, edits.Add(orders=("to6",)))


def test_what_is_locked_is_refused_to_every_edit_that_would_change_it() -> None:
    hand, state = opened(line(to(1), to(2), to(3), to(6)), (1, 2, 3), (6,))
    route = hand.edited(state, edits.Pin(what="route", route=2))
    first = hand.edited(state, edits.Pin(what="sequence", route=1, visits=2))
    bound = hand.edited(state, edits.Pin(what="assignment", order="to2"))
    for held, edit in [
        (route, edits.Reverse(route=2)),
        (route, edits.Move(orders=("to1",), route=2)),
        (route, edits.Move(orders=("to6",), route=1)),
        (route, edits.Merge(route=1, other=2)),
        (route, edits.ChangeVehicle(route=2, vehicle_type="lorry")),
        (first, edits.Move(orders=("to6",), route=1, position=1)),
        (first, edits.Move(orders=("to2",), route=2)),
        (first, edits.Cancel(orders=("to1",))),
        (first, edits.Split(route=1, position=1)),
        (bound, edits.Move(orders=("to2",), route=2)),
        (bound, edits.Unplan(orders=("to2",))),
        (bound, edits.Split(route=1, position=1)),
        (bound, edits.SwapVehicles(route=1, other=2)),
    ]:
        with pytest.raises(Refused) as told:
            hand.edited(held, edit)
        assert told.value.code == "locked"
    free = hand.edited(bound, edits.Unpin(what="assignment", order="to2"))
    assert free == state
    assert kms(hand, hand.edited(bound, edits.Move(orders=("to2",), route=1, position=0)))[1] == ["to2", "to1", "to3"]


def test_a_locked_time_is_kept_and_being_late_for_it_is_told() -> None:
    """Leaving at 0 the van is at km 2 at 200 s; by way of km 3 at 400 s, 200 s late for the time that is locked."""
    hand, state = opened(line(to(2), to(3)), (2,))
    held = hand.edited(state, edits.Pin(what="time", order="to2"))
    late = hand.edited(held, edits.Add(orders=("to3",), route=1, position=0))
    [(_, breach)] = hand.judgement(late).breaches
    assert (breach.order, breach.excess) == ("to2", 200)
    after = hand.edited(held, edits.Add(orders=("to3",), route=1, position=1))
    assert hand.plan(after)[1].routes[0].stops[0].arrival_s == 200


def test_transports_are_picked_up_before_they_are_delivered_whatever_is_done() -> None:
    goods = Order(id="goods", owner="member", pickup=Visit(place="km4"), delivery=Visit(place="km1"))
    hand, state = opened(line(goods, to(2)), (2,))
    after = hand.edited(state, edits.Add(orders=("goods",), route=1, position=0))
    assert hand.judgement(after).cost_milli == 5_000 + 8_000
    assert [stop.place for stop in hand.route(after, 1).stops] == ["km4", "km2", "km1"]
    for edit in (
        edits.Reverse(route=1),
        edits.MoveVisit(order="goods", action="delivery", position=0),
        edits.Split(route=1, position=1),
    ):
        with pytest.raises(Refused) as told:
            hand.edited(after, edit)
        assert told.value.code in ("delivered_before_pickup", "order_cut")
    moved = hand.edited(after, edits.MoveVisit(order="goods", action="delivery", position=1))
    assert [stop.place for stop in hand.route(moved, 1).stops] == ["km4", "km1", "km2"]


def test_a_late_order_is_offered_each_way_and_planned_where_it_is_cheapest() -> None:
    """To km 5 with the van to km 3: 4 km more; with a van of its own 15,000; with the lorry 29,000; not at all 9,999."""
    late = Order(id="late", owner="member", delivery=Visit(place="km5"), outside_milli=9_999)
    hand, state = opened(line(to(3), late), (3,))
    ways = hand.alternatives(state, "late")
    assert [(way.vehicle_type, way.route, way.added_milli) for way in ways] == [
        ("van", 1, 4_000),
        (None, None, 9_999),
        ("van", None, 15_000),
        ("lorry", None, 29_000),
    ]
    after = hand.edited(state, edits.Add(orders=("late",)))
    assert hand.judgement(after).cost_milli == hand.judgement(state).cost_milli - 9_999 + 4_000
    assert hand.alternatives(after, "late") == ways


def test_searching_around_locks_keeps_them_and_mends_the_rest() -> None:
    """Route 1 is locked to drive to km 2 and then km 1; route 2 has km 6 and km 5 in an order that costs nothing more."""
    hand, state = opened(line(to(1), to(2), to(5), to(6)), (2, 1), (6, 5))
    held = hand.edited(state, edits.Pin(what="route", route=1))
    held = hand.edited(held, edits.Pin(what="time", order="to6"))
    problem, start = hand.asked(held, change_milli=100)
    plan = solve(problem, BUDGET, start=start).plan
    told = {route.vehicle: [visit.order for stop in route.stops for visit in stop.visits] for route in plan.routes}
    assert told[1] == ["to2", "to1"]
    assert sorted(told[2]) == ["to5", "to6"]
    assert problem.locks == (
        Lock(
            vehicle_type="van",
            vehicle=1,
            visits=(
                LockedVisit(order="to2", action=Action.DELIVERY),
                LockedVisit(order="to1", action=Action.DELIVERY),
            ),
            closed=True,
        ),
    )


def test_a_plan_of_yesterday_is_taken_in_hand_with_what_it_breaks_today() -> None:
    """To km 1 has been cancelled, to km 6 must be there by 100 s now, to km 3 is new."""
    before = line(to(1), to(6))
    plan = assemble(Compiled(before), [(0, (1, 3))])
    hand = Hand(line(to(6, windows=(Window(0, 100),)), to(3)))
    state = hand.start(plan)
    assert kms(hand, state) == {1: ["to6"]}
    judgement = hand.judgement(state)
    assert judgement.unplanned == ("to3",)
    assert [breach.excess for _, breach in judgement.breaches] == [500]


def test_edits_and_states_travel_as_json() -> None:
    hand, state = opened(line(to(1), to(2)), (1, 2))
    state = hand.edited(state, edits.Pin(what="sequence", route=1, visits=1))
    assert msgspec.json.decode(msgspec.json.encode(state), type=State) == state
    edit = edits.Move(orders=("to1",), route=1, position=1)
    assert msgspec.json.decode(msgspec.json.encode(edit), type=edits.Edit) == edit


@st.composite
def any_edit(draw: st.DrawFn, problem: Problem) -> edits.Edit:
    """Sensible or not."""
    order = draw(st.sampled_from([entry.id for entry in problem.orders]))
    name = draw(st.sampled_from([entry.id for entry in problem.vehicle_types]))
    number, other = draw(st.integers(1, ROUTES)), draw(st.integers(1, ROUTES))
    position = draw(st.one_of(st.none(), st.integers(0, 5)))
    action = draw(st.sampled_from(Action))
    what = draw(st.sampled_from(edits.Lockable))
    route = draw(st.sampled_from([None, number]))
    return draw(
        st.sampled_from(
            [
                edits.Move(orders=(order,), route=route, vehicle_type=name, position=position),
                edits.Add(orders=(order,), route=route, position=position),
                edits.Add(orders=(order,)),
                edits.MoveVisit(order=order, action=action, position=position or 0),
                edits.Unplan(orders=(order,)),
                edits.Cancel(orders=(order,)),
                edits.Reverse(route=number),
                edits.Split(route=number, position=position or 1),
                edits.Merge(route=number, other=other),
                edits.SwapVehicles(route=number, other=other),
                edits.ChangeVehicle(route=number, vehicle_type=name),
                edits.Pin(what=what, route=number, visits=1, order=order, action=action),
                edits.Unpin(what=what, route=number, order=order, action=action),
            ]
        )
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_done_by_hand_a_state_without_breaches_is_a_checked_plan_at_the_cost_told(
    data: st.DataObject,
) -> None:
    """And every state before is what it was, judged anew by another hand."""
    problem = data.draw(st.one_of(problems(), days(), living_days()))
    hand = Hand(problem)
    states = [hand.start(carry_over(problem, Plan(currency=problem.currency, routes=(), unplanned=(), cost_milli=0)))]
    for _ in range(6):
        try:
            states.append(hand.edited(states[-1], data.draw(any_edit(problem))))
        except Refused:
            continue
    fresh = Hand(problem_from_json(problem_to_json(problem)))
    for state in states:
        judgement = hand.judgement(state)
        assert fresh.judgement(state) == judgement
        if judgement.breaches:
            continue
        asked, plan = hand.plan(state)
        assert check(asked, plan) == []
        assert plan.cost_milli == judgement.cost_milli
        assert hand.start(plan).routes == hand.start(hand.plan(hand.start(plan))[1]).routes or state.cancelled


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_route_is_judged_without_breach_exactly_when_it_can_be_driven(data: st.DataObject) -> None:
    problem = data.draw(st.one_of(problems(), days(), living_days()))
    compiled = Compiled(problem)
    for type_ in range(len(compiled.vehicle_types)):
        for visits in list(sequences(compiled, frozenset(range(len(problem.orders)))))[:6]:
            known, found = timetable(compiled, type_, visits), judge(compiled, type_, visits)
            if isinstance(known, Blocked):
                assert isinstance(found, Impossible) or found.breaches
            else:
                assert isinstance(found, Judged)
                assert (found.times, found.breaches) == (known, ())


def test_a_break_is_kept_however_late_it_makes_the_rest() -> None:
    """Km 1 by 150 s: the break of 300 s from 100 s on is due. Km 6 is reached at 900 s, its window closed at 700 s."""
    pause = Break(window=Window(100, 200), duration_s=300)
    problem = line(to(1, windows=(Window(0, 150),)), to(6, windows=(Window(0, 700),)), breaks=(pause,))
    found = judge(Compiled(problem), 0, (1, 3))
    assert isinstance(found, Judged)
    assert [(breach.reason, breach.excess) for breach in found.breaches] == [(Reason.TIME_WINDOW, 200)]
    assert found.times.breaks == ((100, 400),)
