"""
The door to the solver for drafts: edits and states as plain data, so that a helper process can work on them.

A helper keeps the problems that it was asked about lately, compiled, by their SHA-256; one that does not know a problem
says so and is asked again with it.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from cluster.base import ids
from cluster.carriers.models import VehicleType
from cluster.desk.draft_models import EditKind, EditPlan
from cluster.members.models import RuleTerms
from cluster.planning.models import Route as RouteView
from cluster.planning.models import Stop as StopView
from cluster.planning.models import Visit as VisitView
from cluster.planning.translate import breaks_of, placements_of, problem_of, rule_terms, unpacked
from cluster.shipments.models import Shipment
from solver.breaches import Breach
from solver.codec import problem_to_json
from solver.compiled import ACTIONS
from solver.hand_state import Refused, State
from solver.hands import Edit, Hand, Infeasible
from solver.living import Alternative
from solver.plan import MILLI, Budget, Plan, Reason, Route, minor
from solver.problem import Problem
from solver.shares import Rule

__all__ = ["Plan", "Problem", "problem_of", "unpacked"]

KEPT_MAX = 6
UNITS = {
    Reason.TIME_WINDOW: "s",
    Reason.SHIFT: "s",
    Reason.MAX_DURATION: "s",
    Reason.MAX_DISTANCE: "m",
    Reason.MAX_STOPS: "stops",
    Reason.FLEET: "vehicles",
}
DIMENSIONS = {"weight_g": "g", "volume_cm3": "cm3"}
LOCKED = {"locked", "settled", "locked_infeasible"}
UNKNOWN = {
    "route_unknown",
    "order_unknown",
    "order_cancelled",
    "vehicle_type_unknown",
    "position_unknown",
    "place_unknown",
    "visit_unknown",
}

_kept: OrderedDict[bytes, Hand] = OrderedDict()


class Asked(Struct, frozen=True, kw_only=True):
    """A problem by its digest, and packed where the helper may not have it."""

    digest: bytes
    packed: bytes | None = None


class Missing(Struct, frozen=True):
    """The helper does not have the problem."""


class No(Struct, frozen=True):
    """An edit that is refused."""

    code: str
    detail: str


class Broken(Struct, frozen=True, kw_only=True):
    """One thing that a draft breaks."""

    code: str
    route_no: int
    position: int | None
    shipment_id: str | None
    excess: int | None
    unit: str | None
    detail: str


class Touched(Struct, frozen=True, kw_only=True):
    """A route as it is now, with where it starts and ends."""

    route_no: int
    route: Route
    start: tuple[float | None, float | None]
    end: tuple[float | None, float | None] | None


class Drawn(Struct, frozen=True, kw_only=True):
    """A state with everything that people are told of it; amounts in minor units, times in seconds of the day."""

    state: bytes
    currency: str
    cost_minor: int
    distance_m: int
    duration_s: int
    vehicles: int
    planned: int
    mandatory_unplanned: int
    unplanned: tuple[str, ...]
    cancelled: tuple[str, ...]
    violations: tuple[Broken, ...]
    base: tuple[int, int, int, int]
    """Cost in minor units, metres, seconds and vehicles of the draft's beginning."""
    changed: tuple[tuple[str, tuple[str, int] | None, tuple[str, int] | None], ...]
    touched: tuple[Touched, ...]
    gone: tuple[int, ...]
    locked_routes: tuple[int, ...]
    locked_sequences: tuple[tuple[int, int], ...]
    locked_orders: tuple[str, ...]
    locked_times: tuple[tuple[str, str, int], ...]


class Way(Struct, frozen=True, kw_only=True):
    """One way to serve a shipment."""

    route_no: int | None
    vehicle_type: str | None
    vehicle: int | None
    position: int | None
    added_minor: int
    start_s: tuple[int, ...]
    delay_s: int


class _Result(Struct):
    plan: Plan


class _Answer(Struct):
    result: _Result


def opened(asked: Asked, answer: bytes) -> Drawn | Missing:
    """The draft of a plan, from the solver's answer for it or for a day before."""
    hand = hand_of(asked)
    if hand is None:
        return Missing()
    state = hand.start(plan_of(answer))
    return _drawn(hand, state, state, State(routes=()))


def drawn(asked: Asked, base: bytes, state: bytes, since: bytes | None = None) -> Drawn | Missing:
    """A state as people see it; the touched routes are those that differ from ``since``, or the base."""
    hand = hand_of(asked)
    if hand is None:
        return Missing()
    begun = state_of(base)
    return _drawn(hand, begun, state_of(state), begun if since is None else state_of(since))


def all_routes(asked: Asked, state: bytes) -> tuple[Touched, ...] | Missing:
    """Every route of a state."""
    hand = hand_of(asked)
    if hand is None:
        return Missing()
    return _touched(hand, state_of(state), State(routes=()))


def edited(asked: Asked, base: bytes, state: bytes, edit: dict[str, Any]) -> Drawn | Missing | No:
    """A state after an edit."""
    hand = hand_of(asked)
    if hand is None:
        return Missing()
    before = state_of(state)
    try:
        after = hand.edited(before, msgspec.convert(edit, Edit))
    except Refused as refused:
        return _no(refused)
    return _drawn(hand, state_of(base), after, before)


def alternatives(asked: Asked, state: bytes, shipment_id: str) -> tuple[Way, ...] | Missing | No:
    """Every way to serve a shipment that breaks nothing."""
    hand = hand_of(asked)
    if hand is None:
        return Missing()
    try:
        found = hand.alternatives(state_of(state), shipment_id)
    except Refused as refused:
        return _no(refused)
    return tuple(_way(way, hand) for way in found)


def fixed_line(
    packed: bytes, state: bytes, *, seconds: int, seed: int, rule: str, players_max: int, cores: int, terms: RuleTerms
) -> tuple[bytes, Problem] | No:
    """
    What the solver's child reads to split the cost of a draft as it is, and the problem that it is a plan of.

    Compiles the problem: for a worker, beside its event loop.
    """
    hand = Hand(unpacked(packed))
    try:
        problem, plan = hand.plan(state_of(state))
    except Infeasible as infeasible:
        return No("draft_infeasible", f"The draft breaks something: {infeasible}.")
    request = {
        "problem": msgspec.Raw(problem_to_json(problem)),
        "fixed": plan,
        "budget": Budget(seconds=float(seconds), cores=cores),
        "seed": seed,
        "rule": Rule(rule),
        "players_max": players_max,
        **rule_terms(terms),
    }
    return msgspec.json.encode(request) + b"\n", problem


def around_locks_line(
    packed: bytes,
    task: dict[str, Any],
    *,
    seconds: int,
    seed: int,
    rule: str,
    players_max: int,
    cores: int,
    terms: RuleTerms,
) -> tuple[bytes, Problem] | No:
    """What the child reads to search around what a draft locks, and the problem that its answer is a plan of."""
    hand = Hand(unpacked(packed))
    state = msgspec.convert(task["state"], State)
    try:
        searched, start = hand.asked(state, int(task["change_minor"]) * MILLI)
    except Refused as refused:
        return _no(refused)
    problem = hand.problem.of_orders({order.id for order in searched.orders})
    request = {
        "problem": msgspec.Raw(problem_to_json(problem)),
        "searched": msgspec.Raw(problem_to_json(searched)),
        "start": start,
        "budget": Budget(seconds=float(seconds), cores=cores),
        "seed": seed,
        "rule": Rule(rule),
        "players_max": players_max,
        **rule_terms(terms),
    }
    return msgspec.json.encode(request) + b"\n", problem


def as_task(state: bytes) -> Any:
    """A state as JSON values."""
    return msgspec.to_builtins(state_of(state))


def plan_of(answer: bytes) -> Plan:
    """The plan in a solver's answer."""
    return msgspec.json.decode(answer, type=_Answer).result.plan


def edit_of(body: EditPlan) -> dict[str, Any]:
    """An edit in the solver's words."""
    given: dict[str, Any] = {
        "kind": body.kind.value,
        "order": body.shipment_id,
        "orders": body.shipment_ids,
        "route": body.route_no,
        "other": body.other_route_no,
        "vehicle_type": body.vehicle_type_id,
        "vehicle": body.vehicle_no,
        "position": body.position,
        "action": None if body.action is None else body.action.value,
        "what": None if body.what is None else body.what.value,
    }
    if body.visits is not None:
        given["visits"] = [{"order": entry.shipment_id, "action": entry.action.value} for entry in body.visits]
    if body.kind is EditKind.LOCK:
        given["visits"] = body.count
    if body.kind is EditKind.PLAN and body.shipment_id is not None:
        given |= {"order": None, "orders": [body.shipment_id]}
    return {name: value for name, value in given.items() if value is not None}


def route_view(
    found: Touched, shipments: dict[str, Shipment], kinds: dict[str, VehicleType], day_start: datetime
) -> RouteView:
    """A route as plans show it."""
    route, kind = found.route, kinds[found.route.vehicle_type]
    loads = [route.load_start, *(stop.load_after for stop in route.stops)]

    def at(seconds: int) -> datetime:
        return day_start + timedelta(seconds=seconds)

    return RouteView(
        route_no=found.route_no,
        vehicle_type_id=kind.id,
        vehicle=f"{kind.name} {route.vehicle}",
        starts_at=at(route.start_s),
        ends_at=at(route.end_s),
        start_lat=found.start[0],
        start_lon=found.start[1],
        end_lat=None if found.end is None else found.end[0],
        end_lon=None if found.end is None else found.end[1],
        distance_m=route.distance_m,
        cost_minor=minor(route.cost.total_milli),
        weight_g=max(load.get("weight_g", 0) for load in loads),
        weight_capacity_g=kind.capacity.weight_g,
        volume_cm3=max(load.get("volume_cm3", 0) for load in loads),
        volume_capacity_cm3=kind.capacity.volume_cm3,
        hold=kind.hold,
        placements=placements_of(route, shipments),
        stops=_stops(route, shipments, day_start),
        breaks=breaks_of(route, day_start),
    )


def _stops(route: Route, shipments: dict[str, Shipment], day_start: datetime) -> list[StopView]:
    found = []
    for number, stop in enumerate(route.stops, start=1):
        if not stop.visits:
            continue
        first = stop.visits[0]
        shipment = shipments[first.order]
        place = shipment.pickup if first.action is ACTIONS[0] else shipment.delivery
        if place is None:
            continue
        found.append(
            StopView(
                stop_no=number,
                name=place.name,
                address_line1=place.address_line1,
                lat=place.lat,
                lon=place.lon,
                arrives_at=day_start + timedelta(seconds=stop.arrival_s),
                departs_at=day_start + timedelta(seconds=stop.visits[-1].end_s),
                visits=[
                    VisitView(
                        shipment_id=visit.order,
                        client_ref=shipments[visit.order].client_ref,
                        member_id=shipments[visit.order].member_id,
                        action=visit.action.value,
                        begins_at=day_start + timedelta(seconds=visit.start_s),
                        ends_at=day_start + timedelta(seconds=visit.end_s),
                    )
                    for visit in stop.visits
                ],
            )
        )
    return found


def shipments_of(touched: tuple[Touched, ...]) -> list[str]:
    """Whose shipments some routes carry."""
    return sorted({visit.order for entry in touched for stop in entry.route.stops for visit in stop.visits})


def uuids(shipment_ids: list[str]) -> list[Any]:
    """Identifiers as the database has them."""
    return [ids.parse("shp", entry) for entry in shipment_ids]


def hand_of(asked: Asked) -> Hand | None:
    """Hands on a problem that is kept, or was given; None where it was neither."""
    found = _kept.get(asked.digest)
    if found is None:
        if asked.packed is None:
            return None
        found = _kept[asked.digest] = Hand(unpacked(asked.packed))
        while len(_kept) > KEPT_MAX:
            _kept.popitem(last=False)
    _kept.move_to_end(asked.digest)
    return found


def state_of(raw: bytes) -> State:
    """A state as stored."""
    return msgspec.json.decode(raw, type=State)


def _no(refused: Refused) -> No:
    code = "edit_impossible"
    if refused.code in LOCKED:
        code = "edit_locked"
    elif refused.code in UNKNOWN:
        code = "edit_unknown"
    return No(code, f"{refused.detail[0].upper()}{refused.detail[1:]}.")


def _drawn(hand: Hand, base: State, state: State, since: State) -> Drawn:
    told, begun = hand.judgement(state), hand.judgement(base)
    orders = hand.problem.orders
    pins = state.pins
    return Drawn(
        state=msgspec.json.encode(state),
        currency=hand.problem.currency,
        cost_minor=minor(told.cost_milli),
        distance_m=told.distance_m,
        duration_s=told.duration_s,
        vehicles=told.vehicles,
        planned=len(orders) - len(told.unplanned) - len(state.cancelled),
        mandatory_unplanned=told.mandatory_unplanned,
        unplanned=told.unplanned,
        cancelled=tuple(orders[order].id for order in state.cancelled),
        violations=tuple(_broken(number, breach) for number, breach in told.breaches),
        base=(minor(begun.cost_milli), begun.distance_m, begun.duration_s, begun.vehicles),
        changed=tuple(_changed(hand, base, state)),
        touched=_touched(hand, state, since),
        gone=tuple(sorted({route.number for route in since.routes} - {route.number for route in state.routes})),
        locked_routes=pins.routes,
        locked_sequences=pins.sequences,
        locked_orders=tuple(orders[order].id for order in pins.orders),
        locked_times=tuple((orders[v >> 1].id, ACTIONS[v & 1].value, begin_s) for v, begin_s in pins.times),
    )


def _touched(hand: Hand, state: State, since: State) -> tuple[Touched, ...]:
    known = set(since.routes)
    moved = {visit for visit, _ in set(state.pins.times) ^ set(since.pins.times)}
    return tuple(
        _told(hand, state, route.number)
        for route in state.routes
        if route not in known or (moved and not moved.isdisjoint(route.visits))
    )


def _told(hand: Hand, state: State, number: int) -> Touched:
    route = hand.route(state, number)
    compiled = hand.ground.compiled
    type_ = state.route(number).type_
    places, end = hand.problem.places, compiled.end_of[type_]
    start = places[compiled.start_of[type_]]
    return Touched(
        route_no=number,
        route=route,
        start=(start.lat, start.lon),
        end=None if end is None else (places[end].lat, places[end].lon),
    )


def _changed(hand: Hand, base: State, state: State) -> list[tuple[str, tuple[str, int] | None, tuple[str, int] | None]]:
    """Shipments whose vehicle is another one than it was."""
    was, now = _carriers(hand, base), _carriers(hand, state)
    orders = hand.problem.orders
    return [
        (orders[order].id, was.get(order), now.get(order))
        for order in sorted({*was, *now})
        if was.get(order) != now.get(order)
    ]


def _carriers(hand: Hand, state: State) -> dict[int, tuple[str, int]]:
    return {
        visit >> 1: (hand.ground.name_of(route.type_), route.vehicle)
        for route in state.routes
        for visit in route.visits
        if visit >= 0
    }


def _broken(number: int, breach: Breach) -> Broken:
    unit = DIMENSIONS.get(breach.dimension, breach.dimension) if breach.dimension else UNITS.get(breach.reason)
    return Broken(
        code=breach.reason.value,
        route_no=number,
        position=breach.position,
        shipment_id=breach.order,
        excess=breach.excess if unit is not None else None,
        unit=unit,
        detail=breach.detail,
    )


def _way(way: Alternative, hand: Hand) -> Way:
    index = hand.ground.compiled.order_index[way.order]
    own = [position for position, visit in enumerate(way.visits) if visit >= 0 and visit >> 1 == index]
    return Way(
        route_no=way.route,
        vehicle_type=way.vehicle_type,
        vehicle=way.vehicle,
        position=own[0] if own else None,
        added_minor=minor(way.added_milli),
        start_s=way.start_s,
        delay_s=way.delay_s,
    )
