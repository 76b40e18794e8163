"""
Hands on a plan: edits of it one by one, each judged at once, however wrong; a state that breaks nothing is a plan.

Only routes that an edit touches are timed again, and the checker looks at each that claims to break nothing. What an
edit may be stands in ``solver.hand_edits``, what it does in ``solver.hand_changes``.
"""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from solver.assemble import assemble, vehicle_numbers
from solver.breaches import Breach, Impossible, Judged
from solver.check import check
from solver.compiled import ACTIONS
from solver.cost import plan_terms_milli
from solver.hand_changes import changed
from solver.hand_edits import Edit
from solver.hand_ground import Ground
from solver.hand_state import Driven, Pins, Refused, State, Visits
from solver.living import Alternative, published_of
from solver.plan import Plan, Reason, Route
from solver.problem import Lock, LockedVisit, Order, Problem, Visit, Window
from solver.routing.start import routes_of
from solver.solve import UncheckedPlan

__all__ = ["Edit", "Hand", "Infeasible", "Judgement", "Refused", "State"]


class Judgement(Struct, frozen=True, kw_only=True):
    """
    What a state comes to.

    ``cost_milli`` is what ``solver.plan.Plan`` says of the same routes; ``unplanned`` are the orders that no route
    serves, cancelled ones not among them, of which ``mandatory_unplanned`` have no outside option. ``breaches`` go by
    route number.
    """

    cost_milli: int
    distance_m: int
    duration_s: int
    vehicles: int
    unplanned: tuple[str, ...]
    mandatory_unplanned: int
    breaches: tuple[tuple[int, Breach], ...]


class Infeasible(Exception):
    """A state that breaks something is no plan."""

    def __init__(self, breaches: tuple[tuple[int, Breach], ...]) -> None:
        super().__init__("; ".join(f"route {number}: {breach.detail}" for number, breach in breaches))
        self.breaches = breaches


class Hand:
    """
    Edits of plans of one problem. Keeps what it learned about routes: one a problem, for as long as people edit.

    Attributes
    ----------
    problem
        The question; it does not change.
    ground
        What is known of its routes.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.ground = Ground(problem)

    def start(self, plan: Plan) -> State:
        """
        A plan of this problem, or of one before it, in hand: every route that there still is, feasible or not.

        Orders that are gone have left their routes, orders that are new are unplanned; so is what stood on a vehicle
        type that is gone. Where the problem has locks, routes that break them are dissolved.
        """
        compiled = self.ground.compiled
        if any(compiled.prefix):
            keys = routes_of(compiled, plan)
            numbers = vehicle_numbers(compiled, keys)
            driven = [Driven(k, key[0], numbers[k - 1], key[1]) for k, key in enumerate(keys, start=1)]
            return State(routes=()).with_routes(*driven)
        served: set[int] = set()
        found = [self._driven(route, number, served) for number, route in enumerate(plan.routes, start=1)]
        state = State(routes=()).with_routes(*(route for route in found if route is not None))
        return replace(state, last=len(plan.routes))

    def _driven(self, route: Route, number: int, served: set[int]) -> Driven | None:
        compiled = self.ground.compiled
        if route.vehicle_type not in compiled.type_index:
            return None
        type_ = self.ground.type_of(compiled.type_index[route.vehicle_type], route.vehicle)
        visits = tuple(self._entries(route))
        whole = {
            visit >> 1
            for visit in visits
            if visit >= 0
            and visit >> 1 not in served
            and sorted(entry for entry in visits if entry >> 1 == visit >> 1) == [*compiled.visits_of(visit >> 1)]
        }
        served |= whole
        driven = Driven(number, type_, route.vehicle, tuple(v for v in visits if v < 0 or v >> 1 in whole))
        if not driven.visits or isinstance(self.ground.judged(State(routes=()), driven), Impossible):
            return None
        return driven

    def _entries(self, route: Route) -> Iterator[int]:
        compiled = self.ground.compiled
        for stop in route.stops:
            if stop.reload and stop.place in compiled.place_index:
                yield ~compiled.place_index[stop.place]
            for visit in stop.visits:
                if visit.order in compiled.order_index:
                    yield 2 * compiled.order_index[visit.order] + ACTIONS.index(visit.action)

    def edited(self, state: State, edit: Edit) -> State:
        """
        The state after an edit; the one before stays what it was, so that undoing is keeping it.

        Raises
        ------
        Refused
            When the edit cannot be made, a lock forbids it, or a route that comes of it has no times at all.
        """
        return changed(self.ground, state, edit)

    def judgement(self, state: State) -> Judgement:
        """Cost, way, time, what is unplanned, and everything that the state breaks."""
        judged = [(route, self.ground.possible(state, route)) for route in state.routes]
        served = self.ground.compiled.orders_of(visit for route in state.routes for visit in route.visits)
        left = served.union(state.cancelled)
        orders = self.problem.orders
        unplanned = tuple(order for index, order in enumerate(orders) if index not in left)
        durations = ((route.type_, found.times.duration_s) for route, found in judged)
        return Judgement(
            cost_milli=sum(found.cost.total_milli for _, found in judged)
            + sum(plan_terms_milli(self.ground.compiled, durations))
            + self._left_out_milli(unplanned),
            distance_m=sum(found.times.distance_m for _, found in judged),
            duration_s=sum(found.times.duration_s for _, found in judged),
            vehicles=len(judged),
            unplanned=tuple(order.id for order in unplanned),
            mandatory_unplanned=sum(order.outside_milli is None for order in unplanned),
            breaches=tuple(self._breaches(judged)),
        )

    def _left_out_milli(self, unplanned: tuple[Order, ...]) -> int:
        changes = {entry.order for entry in self.problem.published}
        outside = sum(order.outside_milli or 0 for order in unplanned)
        return outside + self.problem.change_milli * sum(order.id in changes for order in unplanned)

    def _breaches(self, judged: list[tuple[Driven, Judged]]) -> Iterator[tuple[int, Breach]]:
        for route, found in judged:
            name = self.ground.name_of(route.type_)
            count = self.ground.count(name)
            if count is not None and route.vehicle > count:
                detail = f"there is no vehicle {route.vehicle} of its type, only {count}"
                yield (
                    route.number,
                    Breach(
                        reason=Reason.FLEET,
                        position=None,
                        order=None,
                        excess=route.vehicle - count,
                        dimension=None,
                        detail=detail,
                    ),
                )
            yield from ((route.number, breach) for breach in found.breaches)

    def route(self, state: State, number: int) -> Route:
        """A route with stops and times as plans tell it."""
        return self.ground.told(state, state.route(number))

    def alternatives(self, state: State, order: str) -> tuple[Alternative, ...]:
        """
        Every way to serve an order that breaks nothing, the cheapest first: on each route, on a new one, not at all.

        An order that a route serves is taken off it first. ``Alternative.route`` is a route's number. Locked routes
        take nothing on, nor do those that break something already.

        Raises
        ------
        Refused
            When there is no such order, or it is cancelled.
        """
        compiled = self.ground.compiled
        if order not in compiled.order_index or compiled.order_index[order] in state.cancelled:
            raise Refused("order_unknown", f"no order {order!r} is asked for")
        index = compiled.order_index[order]
        carrier = state.carrier(index)
        if carrier is not None:
            rest = tuple(visit for visit in carrier.visits if visit < 0 or visit >> 1 != index)
            state = state.with_routes(replace(carrier, visits=rest))
        found = [*self._on_routes(state, index), *self._on_new_routes(state, index)]
        if self.problem.orders[index].outside_milli is not None:
            found.append(_nobody(order, compiled.outside_milli[index] or 0))
        return tuple(sorted(found, key=lambda way: (way.added_milli, way.vehicle_type or "", way.vehicle or 0)))

    def _on_routes(self, state: State, order: int) -> Iterator[Alternative]:
        for route in state.routes:
            if route.number in state.pins.routes:
                continue
            before = self.ground.judged(state, route)
            visits = self.ground.place_without_breach(state, route, order)
            if visits is None or isinstance(before, Impossible):
                continue
            after = replace(route, visits=visits)
            judged = self.ground.possible(state, after)
            began = dict(zip(route.visits, before.times.begin_s, strict=True))
            added = judged.cost.total_milli - before.cost.total_milli
            yield self._way(after, judged, order, added, began, route.number)

    def _on_new_routes(self, state: State, order: int) -> Iterator[Alternative]:
        for vehicle in self.problem.vehicle_types:
            try:
                empty = self.ground.new_route(state, vehicle.id, ())
            except Refused:
                continue
            place = self.ground.best_place(state, empty, order)
            if place is not None and not place.judged.breaches:
                route = replace(empty, visits=place.visits)
                yield self._way(route, place.judged, order, place.judged.cost.total_milli, {}, None)

    def _way(
        self, route: Driven, judged: Judged, order: int, added: int, began: dict[int, int], number: int | None
    ) -> Alternative:
        now = dict(zip(route.visits, judged.times.begin_s, strict=True))
        return Alternative(
            order=self.problem.orders[order].id,
            vehicle_type=self.ground.name_of(route.type_),
            vehicle=route.vehicle,
            route=number,
            added_milli=added,
            start_s=tuple(now[visit] for visit in self.ground.compiled.visits_of(order)),
            delay_s=max((now[visit] - began[visit] for visit in began if visit in now), default=0),
            visits=route.visits,
        )

    def plan(self, state: State) -> tuple[Problem, Plan]:
        """
        The problem without what was cancelled, and the state as a checked plan of it.

        Routes stand by number and keep their vehicles; times that are locked are kept.

        Raises
        ------
        Infeasible
            When the state breaks anything.
        UncheckedPlan
            When the checker finds what nobody else did.
        """
        breaches = self.judgement(state).breaches
        if breaches:
            raise Infeasible(breaches)
        if state.cancelled:
            return self._without_cancelled(state)
        compiled = self.ground.pinned(state.pins.times)
        plan = assemble(compiled, [(route.type_, route.visits) for route in state.routes])
        numbered = zip(plan.routes, state.routes, strict=True)
        plan = replace(plan, routes=tuple(replace(told, vehicle=route.vehicle) for told, route in numbered))
        wrong = check(self.problem, plan)
        if wrong:
            raise UncheckedPlan(wrong)
        return self.problem, plan

    def _without_cancelled(self, state: State) -> tuple[Problem, Plan]:
        orders = self.problem.orders
        kept = [index for index in range(len(orders)) if index not in state.cancelled]
        hand = Hand(self.problem.of_orders({orders[index].id for index in kept}))
        index_of = {old: new for new, old in enumerate(kept)}

        def moved(visit: int) -> int:
            return visit if visit < 0 else 2 * index_of[visit >> 1] + (visit & 1)

        # Locks on vehicles are judged by the problem alone: the types keep their indices.
        routes = tuple(replace(route, visits=tuple(map(moved, route.visits))) for route in state.routes)
        times = tuple((moved(visit), begin_s) for visit, begin_s in state.pins.times)
        return hand.plan(State(routes=routes, pins=Pins(times=times), last=state.last))

    def asked(self, state: State, change_milli: int = 0) -> tuple[Problem, Plan]:
        """
        The problem to search around what is locked, and the plan to start from.

        Parameters
        ----------
        state
            Routes that break something are left out of the start, which is then no complete plan.
        change_milli
            Price of every order that changes its vehicle against the state.

        Raises
        ------
        Refused
            When a route that is locked, or some of it, breaks something.
        """
        known = self._start_of(state)
        locks = {(lock.vehicle_type, lock.vehicle): lock for lock in self.problem.locks}
        for route in state.routes:
            lock = self._lock(state, route, locks.get((self.ground.name_of(route.type_), route.vehicle)))
            if lock is not None:
                locks[lock.vehicle_type, lock.vehicle] = lock
        times = dict(state.pins.times)
        orders = tuple(
            _timed(order, times.get(2 * index), times.get(2 * index + 1))
            for index, order in enumerate(self.problem.orders)
        )
        gone = {self.problem.orders[index].id for index in state.cancelled}
        problem = self.problem.replace(
            orders=orders,
            locks=tuple(locks.values()),
            published=published_of(known) if change_milli else self.problem.published,
            change_milli=change_milli or self.problem.change_milli,
        )
        return problem.of_orders({order.id for order in orders} - gone) if gone else problem, known

    def _start_of(self, state: State) -> Plan:
        """The routes that break nothing, as far as a plan can be told without the rest."""
        told = []
        for route in state.routes:
            judged = self.ground.possible(state, route)
            if not judged.breaches:
                told.append(self.ground.told(state, route))
            elif route.number in state.pins.routes or state.held(route.number):
                raise Refused("locked_infeasible", f"route {route.number} is locked, and {judged.breaches[0].detail}")
        return Plan(currency=self.problem.currency, routes=tuple(told), unplanned=(), cost_milli=0)

    def _lock(self, state: State, route: Driven, lock: Lock | None) -> Lock | None:
        """What is locked of a route, on top of what the problem has settled about its vehicle."""
        orders, pins = self.problem.orders, state.pins
        own = self.ground.compiled.orders_of(route.visits)
        bound = tuple(orders[order].id for order in pins.orders if order in own)
        whole = route.number in pins.routes
        count = len(route.visits) if whole else state.held(route.number)
        if not bound and not count:
            return lock
        lock = lock or Lock(vehicle_type=self.ground.name_of(route.type_), vehicle=route.vehicle)
        settled = len(lock.visits)
        visits = (*lock.visits, *self._locked(route.visits[settled:count]))
        named = {visit.order for visit in visits}
        also = tuple(dict.fromkeys(entry for entry in (*lock.orders, *bound) if entry not in named))
        return replace(lock, visits=visits, orders=also, closed=lock.closed or whole)

    def _locked(self, visits: Visits) -> Iterator[LockedVisit]:
        for visit in visits:
            if visit < 0:
                yield LockedVisit(place=self.problem.places[~visit].id)
            else:
                yield LockedVisit(order=self.problem.orders[visit >> 1].id, action=ACTIONS[visit & 1])


def _nobody(order: str, outside_milli: int) -> Alternative:
    return Alternative(
        order=order,
        vehicle_type=None,
        vehicle=None,
        route=None,
        added_milli=outside_milli,
        start_s=(),
        delay_s=0,
        visits=(),
    )


def _timed(order: Order, pickup_s: int | None, delivery_s: int | None) -> Order:
    """An order whose services begin at seconds that are locked."""
    return replace(order, pickup=_at(order.pickup, pickup_s), delivery=_at(order.delivery, delivery_s))


def _at(visit: Visit | None, begin_s: int | None) -> Visit | None:
    return visit if visit is None or begin_s is None else replace(visit, windows=(Window(begin_s, begin_s),))
