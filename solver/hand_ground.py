"""What edits of one problem stand on: routes judged once, vehicles that are free, the best place for an order."""

from collections import OrderedDict
from collections.abc import Iterator
from copy import copy
from heapq import nsmallest
from typing import NamedTuple

from solver.assemble import route_of
from solver.breaches import Impossible, Judged, judge
from solver.check_facts import Facts
from solver.check_route import check_route
from solver.compiled import Compiled
from solver.hand_state import Driven, Refused, State, Visits
from solver.parts import Window
from solver.plan import Route
from solver.problem import Problem
from solver.routing.insertion import NEVER, Line, best_insertion
from solver.solve import UncheckedPlan
from solver.ways import least_milli, ways

JUDGED_MAX = 20_000
"""Routes whose judgement is kept."""
TRIES = 24
"""Places of an order that are judged in full, where none of them is without a breach."""
Times = tuple[tuple[int, int], ...]


class Place(NamedTuple):
    """A route with an order added, and how it is judged."""

    visits: Visits
    judged: Judged

    @property
    def rank(self) -> tuple[bool, int]:
        """The best first: without a breach, then cheap."""
        return bool(self.judged.breaches), self.judged.cost.total_milli


class Ground:
    """
    A problem with what was found out about routes of it.

    Attributes
    ----------
    compiled
        The problem as searches read it.
    judgements
        How many routes were timed so far.
    """

    def __init__(self, problem: Problem) -> None:
        self.compiled = Compiled(problem)
        # Copies with locked times share what is there by now.
        self.compiled.distance_rows, self.compiled.duration_rows, self.compiled.dock_windows  # noqa: B018
        self.judgements = 0
        self._facts = Facts(problem)
        self._judged: OrderedDict[tuple[int, int, Visits, Times], Judged | Impossible] = OrderedDict()
        self._pinned: tuple[Times, Compiled] = (), self.compiled

    def pinned(self, times: Times) -> Compiled:
        """The problem with the windows of some visits narrowed to the second that is locked."""
        if not times:
            return self.compiled
        if self._pinned[0] != times:
            view = copy(self.compiled)
            view.windows_of = list(view.windows_of)
            for visit, begin_s in times:
                view.windows_of[visit] = (Window(begin_s, begin_s),)
            self._pinned = times, view
        return self._pinned[1]

    def judged(self, state: State, route: Driven) -> Judged | Impossible:
        """
        Times, cost and breaches of a route, from memory where it was judged before.

        Raises
        ------
        UncheckedPlan
            When the checker finds something wrong with a route that breaks nothing: an error in what times routes.
        """
        times = state.pins.times
        visits = frozenset(route.visits) if times else frozenset[int]()
        key = route.type_, route.vehicle, route.visits, tuple(entry for entry in times if entry[0] in visits)
        found = self._judged.get(key)
        if found is None:
            found = self._judge(self.pinned(times), route)
            self._judged[key] = found
            if len(self._judged) > JUDGED_MAX:
                self._judged.popitem(last=False)
        else:
            self._judged.move_to_end(key)
        return found

    def _judge(self, compiled: Compiled, route: Driven) -> Judged | Impossible:
        self.judgements += 1
        found = judge(compiled, route.type_, route.visits)
        if isinstance(found, Judged) and not found.breaches:
            told = route_of(compiled, route.type_, route.vehicle, route.visits, found.times)
            wrong = check_route(self._facts, told, f"route {route.number}")
            if wrong:
                raise UncheckedPlan(wrong)
        return found

    def possible(self, state: State, route: Driven) -> Judged:
        """
        As ``judged``.

        Raises
        ------
        Refused
            Where the route not even has times.
        """
        found = self.judged(state, route)
        if isinstance(found, Impossible):
            raise Refused(f"impossible_{found.reason.value}", f"on route {route.number}: {found.detail}")
        return found

    def told(self, state: State, route: Driven) -> Route:
        """A route as a plan tells it, with stops, load and price."""
        found = self.possible(state, route)
        return route_of(self.pinned(state.pins.times), route.type_, route.vehicle, route.visits, found.times)

    def type_named(self, name: str) -> int:
        """
        Index of one of the problem's vehicle types.

        Raises
        ------
        Refused
            When there is none of that name.
        """
        if name not in self.compiled.type_index:
            raise Refused("vehicle_type_unknown", f"there is no vehicle type {name!r}")
        return self.compiled.type_index[name]

    def type_of(self, base: int, vehicle: int) -> int:
        """Index of the compiled type of a vehicle: its own where it is singled out."""
        return self.compiled.type_of.get((self.compiled.identity[base][0], vehicle), base)

    def name_of(self, type_: int) -> str:
        """Id of the problem's vehicle type."""
        return self.compiled.identity[type_][0]

    def count(self, name: str) -> int | None:
        """How many vehicles of a type there are; None: as many as one likes."""
        return self.compiled.problem.vehicle_types[self.compiled.type_index[name]].count

    def free_vehicle(self, state: State, base: int) -> int | None:
        """The smallest number of a type's vehicle that drives no route; None where all do."""
        name = self.name_of(base)
        taken = {route.vehicle for route in state.routes if self.name_of(route.type_) == name}
        count = self.count(name)
        number = 1
        while number in taken or self.compiled.closed[self.type_of(base, number)]:
            number += 1
        return None if count is not None and number > count else number

    def new_route(self, state: State, name: str, visits: Visits) -> Driven:
        """
        A route that the state does not have yet, on a vehicle that is free.

        Raises
        ------
        Refused
            When none of the type is.
        """
        base = self.type_named(name)
        vehicle = self.free_vehicle(state, base)
        if vehicle is None:
            raise Refused("fleet_exhausted", f"all {self.count(name)} vehicles of type {name!r} are on the road")
        return Driven(state.last + 1, self.type_of(base, vehicle), vehicle, visits)

    def best_place(self, state: State, route: Driven, order: int) -> Place | None:
        """The cheapest place for an order that breaks nothing, else the cheapest; None where there is none."""
        found = self.place_without_breach(state, route, order)
        if found is not None:
            return Place(found, self.possible(state, Driven(route.number, route.type_, route.vehicle, found)))
        held = state.held(route.number)
        compiled = self.pinned(state.pins.times)
        offers = (
            (least_milli(compiled, route.type_, way), way)
            for way in ways(compiled, route.type_, route.visits, order)
            if way[:held] == route.visits[:held]
        )
        promising = nsmallest(TRIES, offers)
        return min(
            self._places(state, route, (way for _, way in promising)), key=lambda place: place.rank, default=None
        )

    def place_without_breach(self, state: State, route: Driven, order: int) -> Visits | None:
        """
        The route with an order added where it is cheapest, found the search's own way, which is fast.

        None where it finds no place, the route breaks something already, or the place is among locked first visits.
        """
        now = self.judged(state, route) if route.visits else None
        if not isinstance(now, Judged) or now.breaches:
            return None
        compiled = self.pinned(state.pins.times)
        line = Line(compiled, (route.type_, route.visits), now.cost.total_milli)
        found = best_insertion(compiled, [(0, line)], order, [0] * len(compiled.vehicle_types), NEVER)
        held = state.held(route.number)
        if found is None or found.route[1][:held] != route.visits[:held]:
            return None
        return found.route[1]

    def _places(self, state: State, route: Driven, found: Iterator[Visits]) -> Iterator[Place]:
        for visits in found:
            judged = self.judged(state, Driven(route.number, route.type_, route.vehicle, visits))
            if isinstance(judged, Judged):
                yield Place(visits, judged)

    def best_delivery(self, state: State, route: Driven, order: int, position: int) -> Visits | None:
        """A transport picked up at a position, delivered where that is best; None where that is nowhere."""
        pickup, delivery = self.compiled.visits_of(order)
        head, rest = (*route.visits[:position], pickup), route.visits[position:]
        found = ((*head, *rest[:k], delivery, *rest[k:]) for k in range(len(rest) + 1))
        best = min(self._places(state, route, found), key=lambda place: place.rank, default=None)
        return None if best is None else best.visits
