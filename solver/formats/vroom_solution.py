"""A plan in the form in which VROOM answers."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from solver.formats.vroom import VroomReading, priorities_of
from solver.formats.vroom_parts import Job, Task, VroomVehicle
from solver.plan import Action, Plan, PlannedVisit, Route, Stop


def write_vroom(reading: VroomReading, plan: Plan) -> bytes:
    """
    VROOM's answer for a plan: ``code``, ``summary``, ``unassigned``, ``routes`` with their steps.

    ``duration`` counts driving, ``distance`` the metres of the matrices (left out where these have none); costs are
    those of the routes, without what priorities stand for.
    """
    answer = Answer(reading, plan)
    routes = [answer.route(route) for route in plan.routes]
    keys = ("cost", "setup", "service", "duration", "waiting_time", "priority")
    summary: dict[str, Any] = {"routes": len(routes), "unassigned": len(answer.unassigned())}
    summary |= {key: sum(route[key] for route in routes) for key in keys}
    summary |= {key: _sum(route[key] for route in routes) for key in ("delivery", "amount", "pickup")}
    if answer.measured:
        summary["distance"] = sum(route["distance"] for route in routes)
    summary["violations"] = []
    document = {"code": 0, "summary": summary, "unassigned": answer.unassigned(), "routes": routes}
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


class Answer:
    """A plan with what VROOM says of it."""

    def __init__(self, reading: VroomReading, plan: Plan) -> None:
        self.reading, self.plan = reading, plan
        problem, source = reading.problem, reading.source
        self.priorities = priorities_of(source)
        self.vehicles = {vehicle.id: vehicle for vehicle in source.vehicles}
        self.orders = {order.id: index for index, order in enumerate(problem.orders)}
        self.place_index = {place.id: index for index, place in enumerate(problem.places)}
        self.places = {place.id: place for place in problem.places}
        self.types = {type_.id: type_ for type_ in problem.vehicle_types}
        self.profiles = {profile.id: profile for profile in problem.profiles}
        widths = [*(len(v.capacity) for v in source.vehicles), *(len(order.load) for order in problem.orders)]
        self.width = max(widths, default=0)
        self.measured = bool(source.matrices) and all(t.distances is not None for t in source.matrices.values())

    def unassigned(self) -> list[dict[str, Any]]:
        """Tasks that no route serves."""
        found = []
        for entry in self.plan.unplanned:
            order = self.orders[entry.order]
            for action in Action:
                if self.reading.numbers[2 * order + (action is Action.DELIVERY)] >= 0:
                    found.append(self._named(order, action))
        return found

    def route(self, route: Route) -> dict[str, Any]:
        """One route with its steps; ``duration`` and ``distance`` of a step count from the start."""
        vehicle = self.vehicles[self.reading.vehicle_ids[route.vehicle_type][route.vehicle - 1]]
        steps, driven = self._steps(route, vehicle)
        orders = [self.orders[visit.order] for stop in route.stops for visit in stop.visits]
        found: dict[str, Any] = {
            "vehicle": vehicle.id,
            "cost": round(self.reading.objective(route.cost.total_milli)),
            "description": vehicle.description,
            "delivery": self._total(route, Action.DELIVERY),
            "amount": self._total(route, Action.DELIVERY),
            "pickup": self._total(route, Action.PICKUP),
            "setup": 0,
            "service": sum(step["service"] for step in steps),
            "duration": driven[0],
            "waiting_time": sum(step["waiting_time"] for step in steps),
            "priority": sum(self.priorities[order] for order in set(orders)),
            "distance": driven[1],
            "steps": steps,
            "violations": [],
        }
        if not self.measured:
            del found["distance"]
        return found

    def _steps(self, route: Route, vehicle: VroomVehicle) -> tuple[list[dict[str, Any]], tuple[int, int]]:
        """Steps from start to end, and seconds and metres driven."""
        type_ = self.types[route.vehicle_type]
        here, seconds, metres, load = type_.start, 0, 0, self._vector(route.load_start)
        steps: list[dict[str, Any]] = []
        pauses = list(zip(route.breaks, self._breaks_of(route, vehicle), strict=True))
        if type_.start != "anywhere":
            steps.append(self._step({"type": "start"}, route.start_s, 0, 0, load, (0, 0), place=here))
        for stop in route.stops:
            leg = self._leg(vehicle, type_.profile, here, stop.place)
            here, seconds, metres = stop.place, seconds + leg[0], metres + leg[1]
            for visit in stop.visits:
                while pauses and pauses[0][0].start_s <= visit.start_s:
                    steps.append(self._pause(*pauses.pop(0), load, (seconds, metres)))
                load = self._loaded(load, visit)
                steps.append(self._served(stop, visit, steps, load, (seconds, metres)))
        leg = self._leg(vehicle, type_.profile, here, type_.end or here)
        seconds, metres = seconds + leg[0], metres + leg[1]
        steps += [self._pause(pause, id_, load, (seconds, metres)) for pause, id_ in pauses]
        if type_.end not in (None, "anywhere"):
            steps.append(self._step({"type": "end"}, route.end_s, 0, 0, load, (seconds, metres), place=type_.end))
        return steps, (seconds, metres)

    def _breaks_of(self, route: Route, vehicle: VroomVehicle) -> list[int]:
        """VROOM's ids of a route's breaks: each is one whose window and length it has, the earliest first."""
        left = sorted(vehicle.breaks, key=lambda pause: pause.time_windows)
        ids = []
        for taken in route.breaks:
            begin = taken.start_s + self.reading.offset_s
            fits = [
                pause
                for pause in left
                if pause.service == taken.end_s - taken.start_s
                and pause.time_windows[0][0] <= begin <= pause.time_windows[0][1]
            ]
            left.remove(fits[0])
            ids.append(fits[0].id)
        return ids

    def _served(
        self, stop: Stop, visit: PlannedVisit, before: list[dict[str, Any]], load: list[int], driven: tuple[int, int]
    ) -> dict[str, Any]:
        """The step of one visit; a second one at the same stop arrives when the first is done."""
        first = visit is stop.visits[0]
        arrival_s = stop.arrival_s if first else stop.visits[stop.visits.index(visit) - 1].end_s
        paused = sum(
            step["service"]
            for step in before
            if step["type"] == "break" and arrival_s <= step["arrival"] - self.reading.offset_s < visit.start_s
        )
        named = self._named(self.orders[visit.order], visit.action)
        waiting_s = visit.start_s - arrival_s - paused
        return self._step(named, arrival_s, waiting_s, visit.end_s - visit.start_s, load, driven)

    def _pause(self, pause: Any, id_: int, load: list[int], driven: tuple[int, int]) -> dict[str, Any]:
        return self._step({"type": "break", "id": id_}, pause.start_s, 0, pause.end_s - pause.start_s, load, driven)

    def _step(
        self,
        named: dict[str, Any],
        arrival_s: int,
        waiting_s: int,
        service_s: int,
        load: list[int],
        driven: tuple[int, int],
        place: str | None = None,
    ) -> dict[str, Any]:
        found = dict(named)
        if place is not None and self.places[place].lon is not None:
            found["location"] = [self.places[place].lon, self.places[place].lat]
        if place is not None and self.reading.source.matrices:
            found["location_index"] = int(place.removeprefix("depot "))
        found |= {
            "arrival": arrival_s + self.reading.offset_s,
            "duration": driven[0],
            "setup": 0,
            "service": service_s,
            "waiting_time": waiting_s,
            "load": load,
            "violations": [],
        }
        if self.measured:
            found["distance"] = driven[1]
        return found

    def _named(self, order: int, action: Action) -> dict[str, Any]:
        """Type, id and location of a task."""
        task = self._task(order, action)
        kind = "job" if order < len(self.reading.source.jobs) else str(action)
        found: dict[str, Any] = {"type": kind, "id": task.id}
        if task.description:
            found["description"] = task.description
        if task.location is not None:
            found["location"] = list(task.location)
        if task.location_index is not None:
            found["location_index"] = task.location_index
        return found

    def _task(self, order: int, action: Action) -> Job | Task:
        source = self.reading.source
        if order < len(source.jobs):
            return source.jobs[order]
        shipment = source.shipments[order - len(source.jobs)]
        return shipment.pickup if action is Action.PICKUP else shipment.delivery

    def _leg(self, vehicle: VroomVehicle, profile: str, here: str, there: str) -> tuple[int, int]:
        """Seconds and metres of a leg; metres 0 where the matrices have none."""
        if here == there or "anywhere" in (here, there):
            return 0, 0
        durations = self.profiles[profile].duration_s
        assert durations is not None
        row, column = self.place_index[here], self.place_index[there]
        seconds = int(durations.values[row, column])
        tables = self.reading.source.matrices.get(vehicle.profile)
        if not self.measured or tables is None or tables.distances is None:
            return seconds, 0
        return seconds, int(tables.distances.values[self._index_of(here), self._index_of(there)])

    def _index_of(self, place: str) -> int:
        """Row of VROOM's matrices that a place stands for."""
        kind, _, name = place.partition(" ")
        if kind == "depot":
            return int(name)
        source = self.reading.source
        tasks: dict[str, Iterable[Job | Task]] = {
            "job": source.jobs,
            "pickup": (shipment.pickup for shipment in source.shipments),
            "delivery": (shipment.delivery for shipment in source.shipments),
        }
        return next(task.location_index or 0 for task in tasks[kind] if task.id == int(name))

    def _vector(self, load: dict[str, int]) -> list[int]:
        return [load.get(f"amount{k + 1}", 0) for k in range(self.width)]

    def _loaded(self, load: list[int], visit: PlannedVisit) -> list[int]:
        """The load after a visit."""
        sign = 1 if visit.action is Action.PICKUP else -1
        amounts = self._vector(self.reading.problem.orders[self.orders[visit.order]].load)
        return [before + sign * amount for before, amount in zip(load, amounts, strict=True)]

    def _total(self, route: Route, action: Action) -> list[int]:
        """What a route delivers, or picks up, in all."""
        total: Counter[str] = Counter()
        for stop in route.stops:
            for visit in stop.visits:
                if visit.action is action:
                    total.update(self.reading.problem.orders[self.orders[visit.order]].load)
        return self._vector(total)


def _sum(vectors: Iterable[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*vectors, strict=True)]
