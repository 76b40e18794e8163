"""What each edit does to a state; what it may not do is refused."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from solver import hand_edits as edits
from solver.breaches import Judged
from solver.compiled import ACTIONS, DELIVERY, PICKUP, Compiled
from solver.hand_edits import Lockable
from solver.hand_ground import Ground, Place
from solver.hand_state import Driven, Pins, Refused, State, Visits
from solver.plan import Action
from solver.trips import tidied


def changed(ground: Ground, state: State, edit: edits.Edit) -> State:
    """
    The state after an edit; the routes of it all have times.

    Raises
    ------
    Refused
        When the edit cannot be made, or a lock forbids it.
    """
    after = _CHANGES[type(edit)](ground, state, edit)
    before = set(state.routes)
    for route in after.routes:
        if route not in before:
            ground.possible(after, route)
    return after


def _move(ground: Ground, state: State, edit: edits.Move) -> State:
    orders = _orders(ground, state, edit.orders)
    for order in orders:
        source = state.carrier(order)
        if source is not None and source.number != edit.route:
            _free_order(ground, state, order)
    rest = _taken_out(ground, state, frozenset(orders))
    return _put(ground, state, rest, orders, edit)


def _add(ground: Ground, state: State, edit: edits.Add) -> State:
    orders = _orders(ground, state, edit.orders)
    for order, name in zip(orders, edit.orders, strict=True):
        if state.carrier(order) is not None:
            raise Refused("order_planned", f"order {name!r} is on a route already")
    if edit.route is None and edit.vehicle_type is None and edit.position is None:
        for order in orders:
            state = _put_anywhere(ground, state, order)
        return state
    target = edits.Move(orders=edit.orders, route=edit.route, vehicle_type=edit.vehicle_type, position=edit.position)
    return _put(ground, state, state, orders, target)


def _put(ground: Ground, before: State, state: State, orders: tuple[int, ...], edit: edits.Move) -> State:
    """Orders on a route; ``before`` is the state in which the route may still be what they leave empty."""
    if edit.route is None:
        return state.with_routes(_fresh(ground, state, orders, edit.vehicle_type))
    old = before.route(edit.route)
    _free_route(before, edit.route)
    target = next((route for route in state.routes if route.number == edit.route), replace(old, visits=()))
    if edit.position is None:
        for order in orders:
            place = ground.best_place(state, target, order)
            if place is None:
                raise Refused("no_place", f"there is no place for the order on route {edit.route}")
            target = replace(target, visits=place.visits)
        return _on(state, before, target)
    _inside(edit.position, target.visits)
    if edit.position < before.held(edit.route):
        raise Refused("locked", f"the first {before.held(edit.route)} visits of route {edit.route} are locked")
    visits = _in_sequence(ground, state, target, orders, edit.position)
    return _on(state, before, replace(target, visits=visits))


def _on(state: State, before: State, target: Driven) -> State:
    """A route back in its state, with the locks that it had."""
    return replace(state.with_routes(target), pins=_kept_pins(before.pins, state.with_routes(target)))


def _kept_pins(pins: Pins, state: State) -> Pins:
    alive = {route.number for route in state.routes}
    return replace(
        pins,
        routes=tuple(number for number in pins.routes if number in alive),
        sequences=tuple(entry for entry in pins.sequences if entry[0] in alive),
    )


def _in_sequence(ground: Ground, state: State, target: Driven, orders: tuple[int, ...], position: int) -> Visits:
    """One order after another from a position on."""
    if len(orders) == 1 and len(ground.compiled.visits_of(orders[0])) == 2:
        found = ground.best_delivery(state, target, orders[0], position)
        if found is None:
            raise Refused("no_place", "there is no place for the delivery after the pickup")
        return found
    new = tuple(visit for order in orders for visit in ground.compiled.visits_of(order))
    return (*target.visits[:position], *new, *target.visits[position:])


def _fresh(ground: Ground, state: State, orders: tuple[int, ...], name: str | None) -> Driven:
    """A new route with some orders, on a vehicle of a type, or the cheapest that breaks nothing."""
    visits = tuple(visit for order in orders for visit in ground.compiled.visits_of(order))
    if name is not None:
        return ground.new_route(state, name, visits)
    offers = []
    for vehicle in ground.compiled.problem.vehicle_types:
        try:
            route = ground.new_route(state, vehicle.id, visits)
        except Refused:
            continue
        judged = ground.judged(state, route)
        if isinstance(judged, Judged):
            offers.append((Place(visits, judged).rank, vehicle.id, route))
    if not offers:
        raise Refused("fleet_exhausted", "no vehicle is left that could drive it")
    return min(offers)[2]


def _put_anywhere(ground: Ground, state: State, order: int) -> State:
    """Where an order adds least."""
    offers: list[tuple[tuple[bool, int], Driven]] = []
    for route in state.routes:
        now = ground.judged(state, route)
        if route.number in state.pins.routes or not isinstance(now, Judged):
            continue
        place = ground.best_place(state, route, order)
        if place is not None:
            worse = len(place.judged.breaches) > len(now.breaches)
            added = place.judged.cost.total_milli - now.cost.total_milli
            offers.append(((worse, added), replace(route, visits=place.visits)))
    try:
        route = _fresh(ground, state, (order,), None)
    except Refused:
        pass
    else:
        judged = ground.possible(state, route)
        offers.append(((bool(judged.breaches), judged.cost.total_milli), route))
    if not offers:
        raise Refused("no_place", "no vehicle could serve it")
    return state.with_routes(min(offers, key=lambda offer: offer[0])[1])


def _move_visit(ground: Ground, state: State, edit: edits.MoveVisit) -> State:
    [order] = _orders(ground, state, (edit.order,))
    route = _carrier(ground, state, order)
    _free_route(state, route.number)
    visit = _visit(ground.compiled, order, edit.action)
    rest = tuple(entry for entry in route.visits if entry != visit)
    _inside(edit.position, rest)
    return _resequenced(ground, state, route, (*rest[: edit.position], visit, *rest[edit.position :]))


def _unplan(ground: Ground, state: State, edit: edits.Unplan) -> State:
    orders = _orders(ground, state, edit.orders)
    for order in orders:
        _carrier(ground, state, order)
        _free_order(ground, state, order)
    return _taken_out(ground, state, frozenset(orders)).without_pins_of(frozenset(orders))


def _cancel(ground: Ground, state: State, edit: edits.Cancel) -> State:
    orders = frozenset(_orders(ground, state, edit.orders))
    for order in orders:
        if state.carrier(order) is not None:
            _free_order(ground, state, order)
    rest = _taken_out(ground, state, orders).without_pins_of(orders)
    return replace(rest, cancelled=tuple(sorted({*state.cancelled, *orders})))


def _reorder(ground: Ground, state: State, edit: edits.Reorder) -> State:
    route = state.route(edit.route)
    _free_route(state, edit.route)
    return _resequenced(ground, state, route, tuple(_entry(ground, entry) for entry in edit.visits))


def _reverse(ground: Ground, state: State, edit: edits.Reverse) -> State:
    route = state.route(edit.route)
    _free_route(state, edit.route)
    held = max(state.held(edit.route), len(ground.compiled.prefix[route.type_]))
    return _resequenced(ground, state, route, (*route.visits[:held], *reversed(route.visits[held:])))


def _resequenced(ground: Ground, state: State, route: Driven, visits: Visits) -> State:
    """A route with the same visits in another sequence."""
    if sorted(visit for visit in visits if visit >= 0) != sorted(visit for visit in route.visits if visit >= 0):
        raise Refused("visits_differ", f"route {route.number} must keep its visits, each once")
    held = state.held(route.number)
    if visits[:held] != route.visits[:held]:
        raise Refused("locked", f"the first {held} visits of route {route.number} are locked")
    _in_turn(ground.compiled, visits)
    return state.with_routes(replace(route, visits=visits))


def _split(ground: Ground, state: State, edit: edits.Split) -> State:
    route = state.route(edit.route)
    _free_route(state, edit.route)
    if not 0 < edit.position < len(route.visits):
        raise Refused("position_unknown", f"route {edit.route} can be split after visit 1 to {len(route.visits) - 1}")
    if edit.position < state.held(edit.route):
        raise Refused("locked", f"the first {state.held(edit.route)} visits of route {edit.route} are locked")
    first, second = route.visits[: edit.position], route.visits[edit.position :]
    if ground.compiled.orders_of(first) & ground.compiled.orders_of(second):
        raise Refused("order_cut", "an order would be picked up by one vehicle and delivered by another")
    for order in ground.compiled.orders_of(second):
        _free_order(ground, state, order)
    new = ground.new_route(state, edit.vehicle_type or ground.name_of(route.type_), ())
    return state.with_routes(
        replace(route, visits=tidied(first, ground.compiled, route.type_)),
        replace(new, visits=tidied(second, ground.compiled, new.type_)),
    )


def _merge(ground: Ground, state: State, edit: edits.Merge) -> State:
    route, other = _two(state, edit.route, edit.other)
    for order in ground.compiled.orders_of(other.visits):
        _free_order(ground, state, order)
    visits = (*route.visits, *other.visits)
    return state.with_routes(
        replace(route, visits=tidied(visits, ground.compiled, route.type_)), replace(other, visits=())
    )


def _swap_vehicles(ground: Ground, state: State, edit: edits.SwapVehicles) -> State:
    route, other = _two(state, edit.route, edit.other)
    for order in ground.compiled.orders_of((*route.visits, *other.visits)):
        _free_order(ground, state, order)
    return state.with_routes(
        replace(route, type_=other.type_, vehicle=other.vehicle),
        replace(other, type_=route.type_, vehicle=route.vehicle),
    )


def _change_vehicle(ground: Ground, state: State, edit: edits.ChangeVehicle) -> State:
    route = state.route(edit.route)
    _free_route(state, edit.route)
    base = ground.type_named(edit.vehicle_type)
    if ground.name_of(route.type_) == edit.vehicle_type and edit.vehicle in (None, route.vehicle):
        return state
    for order in ground.compiled.orders_of(route.visits):
        _free_order(ground, state, order)
    vehicle = edit.vehicle or ground.free_vehicle(state, base)
    count = ground.count(edit.vehicle_type)
    taken = any((ground.name_of(r.type_), r.vehicle) == (edit.vehicle_type, vehicle) for r in state.routes)
    if vehicle is None or taken or (count is not None and vehicle > count):
        raise Refused("fleet_exhausted", f"no such vehicle of type {edit.vehicle_type!r} is free")
    return state.with_routes(replace(route, type_=ground.type_of(base, vehicle), vehicle=vehicle))


def _pin(ground: Ground, state: State, edit: edits.Pin) -> State:
    pins = state.pins
    if edit.what == Lockable.ROUTE:
        number = state.route(edit.route or 0).number
        return replace(state, pins=replace(pins, routes=tuple(sorted({*pins.routes, number}))))
    if edit.what == Lockable.SEQUENCE:
        route = state.route(edit.route or 0)
        if edit.visits is None or edit.visits > len(route.visits):
            raise Refused("position_unknown", f"route {route.number} has {len(route.visits)} visits")
        sequences = {**dict(pins.sequences), route.number: edit.visits}
        return replace(state, pins=replace(pins, sequences=tuple(sorted(sequences.items()))))
    [order] = _orders(ground, state, (edit.order or "",))
    route = _carrier(ground, state, order)
    if edit.what == Lockable.ASSIGNMENT:
        return replace(state, pins=replace(pins, orders=tuple(sorted({*pins.orders, order}))))
    visit = _visit(ground.compiled, order, edit.action)
    judged = ground.possible(state, route)
    position = route.visits.index(visit)
    if any(breach.position == position for breach in judged.breaches):
        raise Refused("late", "a service that comes too late cannot be locked to its time; mend the route first")
    times = {**dict(pins.times), visit: judged.times.begin_s[position]}
    return replace(state, pins=replace(pins, times=tuple(sorted(times.items()))))


def _unpin(ground: Ground, state: State, edit: edits.Unpin) -> State:
    pins = state.pins
    if edit.what == Lockable.ROUTE:
        return replace(state, pins=replace(pins, routes=tuple(entry for entry in pins.routes if entry != edit.route)))
    if edit.what == Lockable.SEQUENCE:
        kept = tuple(entry for entry in pins.sequences if entry[0] != edit.route)
        return replace(state, pins=replace(pins, sequences=kept))
    [order] = _orders(ground, state, (edit.order or "",))
    if edit.what == Lockable.ASSIGNMENT:
        return replace(state, pins=replace(pins, orders=tuple(entry for entry in pins.orders if entry != order)))
    visit = _visit(ground.compiled, order, edit.action)
    return replace(state, pins=replace(pins, times=tuple(entry for entry in pins.times if entry[0] != visit)))


def _orders(ground: Ground, state: State, names: Sequence[str]) -> tuple[int, ...]:
    """Indices of orders that are asked for."""
    known = ground.compiled.order_index
    for name in names:
        if name not in known:
            raise Refused("order_unknown", f"there is no order {name!r}")
        if known[name] in state.cancelled:
            raise Refused("order_cancelled", f"order {name!r} is cancelled in this draft")
    if len(set(names)) < len(names):
        raise Refused("order_repeated", "an order is named twice")
    return tuple(known[name] for name in names)


def _carrier(ground: Ground, state: State, order: int) -> Driven:
    found = state.carrier(order)
    if found is None:
        raise Refused("order_unplanned", f"no route serves order {ground.compiled.problem.orders[order].id!r}")
    return found


def _visit(compiled: Compiled, order: int, action: Action | None) -> int:
    """One of an order's visits; the only one where none is named."""
    own = compiled.visits_of(order)
    if action is None and len(own) == 1:
        return own[0]
    visit = 2 * order + (PICKUP if action is None else ACTIONS.index(action))
    if action is None or visit not in own:
        raise Refused("visit_unknown", "say which visit of the order: pickup or delivery, one that it has")
    return visit


def _entry(ground: Ground, entry: edits.Entry) -> int:
    compiled = ground.compiled
    if entry.place is not None and entry.order is None:
        if entry.place not in compiled.place_index:
            raise Refused("place_unknown", f"there is no place {entry.place!r}")
        return ~compiled.place_index[entry.place]
    if entry.order not in compiled.order_index:
        raise Refused("order_unknown", f"there is no order {entry.order!r}")
    return _visit(compiled, compiled.order_index[entry.order], entry.action)


def _two(state: State, number: int, other: int) -> tuple[Driven, Driven]:
    if number == other:
        raise Refused("route_repeated", "that takes two routes")
    _free_route(state, number)
    _free_route(state, other)
    return state.route(number), state.route(other)


def _free_route(state: State, number: int) -> None:
    if number in state.pins.routes:
        raise Refused("locked", f"route {number} is locked")


def _free_order(ground: Ground, state: State, order: int) -> None:
    """An order may leave its route."""
    route = _carrier(ground, state, order)
    name = ground.compiled.problem.orders[order].id
    _free_route(state, route.number)
    if order in state.pins.orders:
        raise Refused("locked", f"order {name!r} is locked to its vehicle")
    if order in ground.compiled.orders_of(ground.compiled.prefix[route.type_]):
        raise Refused("settled", f"order {name!r} is settled to be served by its vehicle")
    if order in ground.compiled.orders_of(route.visits[: state.held(route.number)]):
        raise Refused("locked", f"order {name!r} is among the locked first visits of route {route.number}")


def _taken_out(ground: Ground, state: State, orders: frozenset[int]) -> State:
    """Routes without some orders; reloads that they leave without a purpose go too."""
    touched = []
    for route in state.routes:
        if not any(visit >= 0 and visit >> 1 in orders for visit in route.visits):
            continue
        held = route.visits[: state.held(route.number)]
        if ground.compiled.orders_of(held) & orders:
            raise Refused("locked", f"the first {len(held)} visits of route {route.number} are locked")
        _free_route(state, route.number)
        rest = tuple(visit for visit in route.visits if visit < 0 or visit >> 1 not in orders)
        touched.append(replace(route, visits=tidied(rest, ground.compiled, route.type_)))
    return state.with_routes(*touched)


def _inside(position: int, visits: Visits) -> None:
    if position > len(visits):
        raise Refused("position_unknown", f"the route has {len(visits)} other visits")


def _in_turn(compiled: Compiled, visits: Visits) -> None:
    """Nothing is delivered before it is picked up."""
    seen: set[int] = set()
    for visit in visits:
        if visit >= 0 and visit & 1 == DELIVERY and compiled.place_of[visit ^ 1] >= 0 and visit ^ 1 not in seen:
            name = compiled.problem.orders[visit >> 1].id
            raise Refused("delivered_before_pickup", f"order {name!r} would be delivered before it is picked up")
        seen.add(visit)


_CHANGES: dict[type, Callable[[Ground, State, Any], State]] = {
    edits.Move: _move,
    edits.MoveVisit: _move_visit,
    edits.Add: _add,
    edits.Unplan: _unplan,
    edits.Reorder: _reorder,
    edits.Reverse: _reverse,
    edits.Split: _split,
    edits.Merge: _merge,
    edits.SwapVehicles: _swap_vehicles,
    edits.ChangeVehicle: _change_vehicle,
    edits.Cancel: _cancel,
    edits.Pin: _pin,
    edits.Unpin: _unpin,
}
