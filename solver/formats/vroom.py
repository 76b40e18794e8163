"""VROOM JSON in: jobs, shipments, vehicles and matrices become a problem (docs/formats.md says how)."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from msgspec import structs

from solver.assemble import assemble
from solver.codec import value_from_json
from solver.compiled import Compiled
from solver.formats.instance import NO_CURRENCY
from solver.formats.reading import Convention, Reading
from solver.formats.text import PLACES_MAX, Faults
from solver.formats.vroom_parts import Job, Shipment, Task, TimeWindow, VroomProblem, VroomVehicle
from solver.formats.vroom_travel import Locations, Profiles, bases, money_scale
from solver.parts import Break, Order, VehicleType, Visit, Window
from solver.plan import MILLI, Plan
from solver.problem import Problem
from solver.schedule import Blocked, timetable

TIME_MAX_S = 10**9
OWNER = "vroom"


class VroomReading(Reading, frozen=True, kw_only=True):
    """
    A problem from VROOM JSON.

    Attributes
    ----------
    source
        What was read.
    vehicle_ids
        By vehicle type: VROOM's ids of the vehicles, in the order of their numbers within the type.
    offset_s
        Second zero of the problem in VROOM's time.
    start
        The plan that the vehicles' steps describe; None where there are none.
    """

    source: VroomProblem
    vehicle_ids: dict[str, tuple[int, ...]]
    offset_s: int
    start: Plan | None = None

    def aside_milli(self, plan: Plan) -> int:
        """What stands for the priorities of tasks left out."""
        return sum(entry.outside_milli or 0 for entry in plan.unplanned)

    def objective(self, cost_milli: int) -> int | float:
        """Cost in VROOM's unit."""
        whole = round(cost_milli / (MILLI * self.convention.unit), 2)
        return int(whole) if whole == int(whole) else whole

    def objective_bound(self, bound_milli: int) -> int | float:
        """A lower bound in that unit, rounded down."""
        return bound_milli // (MILLI * self.convention.unit)


def read_vroom(raw: bytes) -> VroomReading:
    """
    The problem of a VROOM file.

    Raises
    ------
    ProblemError
        With every unknown field, wrong type and contradiction, and everything that cannot be posed here.
    """
    source = value_from_json(raw, VroomProblem)
    faults = Faults()
    _check_ids(source, faults)
    for where, cause in _unsupported(source):
        faults.add("vroom_unsupported", where, cause, "leave it out, or pose it in the solver's own JSON")
    offset_s = _offset(source)
    locations = Locations(source, faults)
    orders, numbers = _orders(source, locations, offset_s)
    ends = [_ends(source, locations, number) for number in range(len(source.vehicles))]
    if len(locations.places) > PLACES_MAX:
        cause = f"{len(locations.places):,} places are more than a full matrix may have here"
        faults.add("instance_too_large", "jobs", cause, f"give at most {PLACES_MAX:,}")
    faults.stop_if_any()
    found = bases(source, locations, faults)
    faults.stop_if_any()
    scale = money_scale(source)
    profiles = Profiles(found, locations, scale)
    types, vehicle_ids = _types(source, profiles, ends, offset_s, scale, faults)
    faults.stop_if_any()
    problem = Problem(
        currency=NO_CURRENCY,
        places=tuple(locations.places),
        profiles=tuple(profiles.profiles),
        vehicle_types=types,
        orders=_by_priority(source, orders, types, profiles.longest),
    )
    reading = VroomReading(
        problem=problem,
        format="vroom",
        name="",
        convention=Convention(name="VROOM's units of cost", unit=scale),
        numbers=numbers,
        source=source,
        vehicle_ids=vehicle_ids,
        offset_s=offset_s,
    )
    return structs.replace(reading, start=_start(reading))


def _check_ids(source: VroomProblem, faults: Faults) -> None:
    """Ids differ within their kind; there is at least one vehicle."""
    kinds: dict[str, list[int]] = {
        "vehicles": [vehicle.id for vehicle in source.vehicles],
        "jobs": [job.id for job in source.jobs],
        "shipments.pickup": [shipment.pickup.id for shipment in source.shipments],
        "shipments.delivery": [shipment.delivery.id for shipment in source.shipments],
    }
    for where, ids in kinds.items():
        for id_, times in Counter(ids).items():
            if times > 1:
                faults.add("id_duplicate", where, f"{id_} is given {times} times", "give every entry its own id")
    if not source.vehicles:
        faults.add("no_vehicle_types", "vehicles", "there are no vehicles", "give at least one")
    width = {len(v.capacity) for v in source.vehicles if v.capacity} | {
        len(amount)
        for amount in (*(j.delivery for j in source.jobs), *(j.pickup for j in source.jobs),
                       *(s.amount for s in source.shipments))
        if amount
    }  # fmt: skip
    if len(width) > 1:
        cause = f"amounts and capacities have {', '.join(map(str, sorted(width)))} dimensions"
        faults.add("row_length", "capacity", cause, "give the same number everywhere")
    for where, windows in _all_windows(source):
        for window in windows:
            if len(window) != 2 or window[1] < window[0]:
                cause = f"{list(window)} is no window"
                faults.add("window_reversed", where, cause, "give [opens, closes], the earlier first")


def _all_windows(source: VroomProblem) -> Iterator[tuple[str, tuple[TimeWindow, ...]]]:
    for number, job in enumerate(source.jobs):
        yield f"jobs[{number}].time_windows", job.time_windows
    for number, shipment in enumerate(source.shipments):
        yield f"shipments[{number}].pickup.time_windows", shipment.pickup.time_windows
        yield f"shipments[{number}].delivery.time_windows", shipment.delivery.time_windows
    for number, vehicle in enumerate(source.vehicles):
        if vehicle.time_window is not None:
            yield f"vehicles[{number}].time_window", (vehicle.time_window,)
        for place, pause in enumerate(vehicle.breaks):
            yield f"vehicles[{number}].breaks[{place}].time_windows", pause.time_windows


def _unsupported(source: VroomProblem) -> Iterator[tuple[str, str]]:
    """What VROOM knows and the solver does not."""
    for where, task in _tasks(source):
        if task.setup or task.setup_per_type:
            yield f"{where}.setup", "time that is spent only where the vehicle was elsewhere before"
        if task.service_per_type:
            yield f"{where}.service_per_type", "service that depends on the vehicle"
    for k, job in enumerate(source.jobs):
        if any(job.delivery) and any(job.pickup):
            yield f"jobs[{k}]", "a delivery and a pickup in one job"
    for number, vehicle in enumerate(source.vehicles):
        yield from _unsupported_of(vehicle, f"vehicles[{number}]")


def _tasks(source: VroomProblem) -> Iterator[tuple[str, Job | Task]]:
    for k, job in enumerate(source.jobs):
        yield f"jobs[{k}]", job
    for k, shipment in enumerate(source.shipments):
        yield f"shipments[{k}].pickup", shipment.pickup
        yield f"shipments[{k}].delivery", shipment.delivery


def _unsupported_of(vehicle: VroomVehicle, where: str) -> Iterator[tuple[str, str]]:
    if vehicle.costs.per_task_hour:
        yield f"{where}.costs.per_task_hour", "a price of service alone"
    for place, pause in enumerate(vehicle.breaks):
        at = f"{where}.breaks[{place}]"
        if len(pause.time_windows) != 1:
            yield f"{at}.time_windows", f"a break with {len(pause.time_windows)} windows instead of one"
        if pause.max_load is not None:
            yield f"{at}.max_load", "a limit of load during a break"
    for place, step in enumerate(vehicle.steps):
        if (step.service_at, step.service_after, step.service_before) != (None, None, None):
            yield f"{where}.steps[{place}]", "a time of service that is laid down in a step"


def _offset(source: VroomProblem) -> int:
    """Earliest opening of any window where times are calendar seconds; else 0."""
    windows = [window for _, windows in _all_windows(source) for window in windows if len(window) == 2]
    if not any(window[0] > TIME_MAX_S for window in windows):
        return 0
    return min(window[0] for window in windows if window[0] > TIME_MAX_S)


def _windows(windows: tuple[TimeWindow, ...], offset_s: int) -> tuple[Window, ...]:
    """Windows of the problem; what lies after a billion seconds is as good as never."""
    return tuple(
        Window(max(0, opens - offset_s), min(max(0, closes - offset_s), TIME_MAX_S))
        for opens, closes in (window for window in windows)
    )


def _orders(source: VroomProblem, locations: Locations, offset_s: int) -> tuple[list[Order], tuple[int, ...]]:
    """Orders without priorities, and VROOM's id of the task by visit. Each task is a place of its own."""
    orders: list[Order] = []
    numbers: list[int] = []

    def visit(task: Job | Task, kind: str, where: str) -> Visit:
        place = locations.add(f"{kind} {task.id}", where, task.location, task.location_index)
        return Visit(place=place, windows=_windows(task.time_windows, offset_s), service_s=task.service)

    for number, job in enumerate(source.jobs):
        collected = any(job.pickup) or (bool(job.pickup) and not job.delivery)
        side = visit(job, "job", f"jobs[{number}]")
        numbers += (job.id, -1) if collected else (-1, job.id)
        orders.append(
            Order(
                id=f"job {job.id}",
                owner=OWNER,
                pickup=side if collected else None,
                delivery=None if collected else side,
                load=_load(job.pickup if collected else job.delivery),
                skills=_skills(job.skills),
            )
        )
    for number, shipment in enumerate(source.shipments):
        origin = visit(shipment.pickup, "pickup", f"shipments[{number}].pickup")
        goal = visit(shipment.delivery, "delivery", f"shipments[{number}].delivery")
        numbers += (shipment.pickup.id, shipment.delivery.id)
        orders.append(_transport(shipment, origin, goal))
    return orders, tuple(numbers)


def _transport(shipment: Shipment, origin: Visit, goal: Visit) -> Order:
    return Order(
        id=f"shipment {shipment.pickup.id}>{shipment.delivery.id}",
        owner=OWNER,
        pickup=origin,
        delivery=goal,
        load=_load(shipment.amount),
        skills=_skills(shipment.skills),
    )


def _load(amounts: tuple[int, ...]) -> dict[str, int]:
    return {f"amount{k + 1}": amount for k, amount in enumerate(amounts)}


def _skills(skills: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(f"skill {skill}" for skill in sorted(set(skills)))


def _ends(source: VroomProblem, locations: Locations, number: int) -> tuple[str, str]:
    """Places where a vehicle starts and ends; one without either may do so anywhere."""
    vehicle, where = source.vehicles[number], f"vehicles[{number}]"
    return (
        locations.shared(f"{where}.start", vehicle.start, vehicle.start_index),
        locations.shared(f"{where}.end", vehicle.end, vehicle.end_index),
    )


def _types(
    source: VroomProblem,
    profiles: Profiles,
    ends: list[tuple[str, str]],
    offset_s: int,
    scale: int,
    faults: Faults,
) -> tuple[tuple[VehicleType, ...], dict[str, tuple[int, ...]]]:
    """Vehicles that are alike become one type, named for the first of them."""
    alike: dict[str, VehicleType] = {}
    members: dict[str, list[int]] = defaultdict(list)
    for number, vehicle in enumerate(source.vehicles):
        type_ = _type(vehicle, number, profiles, ends[number], offset_s, scale, faults)
        alike.setdefault(repr(type_), type_)
        members[repr(type_)].append(vehicle.id)
    types = [
        structs.replace(type_, id=f"vehicle {members[key][0]}", count=len(members[key])) for key, type_ in alike.items()
    ]
    ids = {type_.id: tuple(members[key]) for type_, key in zip(types, alike, strict=True)}
    return tuple(types), ids


def _type(
    vehicle: VroomVehicle,
    number: int,
    profiles: Profiles,
    ends: tuple[str, str],
    offset_s: int,
    scale: int,
    faults: Faults,
) -> VehicleType:
    """One vehicle, not yet named."""
    travel = profiles.travel(vehicle, f"vehicles[{number}]", faults)
    shift = Window(0, TIME_MAX_S)
    if vehicle.time_window is not None:
        (shift,) = _windows((vehicle.time_window,), offset_s)
    pauses = sorted(vehicle.breaks, key=lambda pause: pause.time_windows)
    return VehicleType(
        id="alike",
        start=ends[0],
        end=ends[1],
        profile=travel.profile,
        capacity=_load(vehicle.capacity),
        shift=shift,
        fixed_milli=vehicle.costs.fixed * scale * MILLI,
        km_milli=travel.km_milli,
        distance_max_m=travel.limit,
        skills=_skills(vehicle.skills),
        stops_max=None if vehicle.max_tasks is None else min(vehicle.max_tasks, TIME_MAX_S),
        breaks=tuple(
            Break(window=_windows(pause.time_windows, offset_s)[0], duration_s=pause.service)
            for pause in pauses
            if len(pause.time_windows) == 1
        ),
    )


def _by_priority(
    source: VroomProblem, orders: list[Order], types: tuple[VehicleType, ...], longest_milli: int
) -> tuple[Order, ...]:
    """
    Orders with what VROOM loses by leaving them out: first by the sum of priorities, then by number, then by cost.

    Where all priorities are equal, all orders are mandatory, which says the same.
    """
    priorities = priorities_of(source)
    if len(set(priorities)) <= 1:
        return tuple(orders)
    tasks = 2 * len(orders)
    dearest = sum(type_.fixed_milli * (type_.count or 0) for type_ in types)
    dearest += (tasks + len(source.vehicles)) * (longest_milli // MILLI + 1)
    return tuple(
        structs.replace(order, outside_milli=(dearest + MILLI) * (priority * (len(orders) + 1) + 1))
        for order, priority in zip(orders, priorities, strict=True)
    )


def priorities_of(source: VroomProblem) -> list[int]:
    """Priorities by order."""
    return [*(job.priority for job in source.jobs), *(shipment.priority for shipment in source.shipments)]


def _start(reading: VroomReading) -> Plan | None:
    """The plan that the vehicles' steps describe."""
    vehicles = reading.source.vehicles
    if not any(vehicle.steps for vehicle in vehicles):
        return None
    type_of = {id_: k for k, ids in enumerate(reading.vehicle_ids.values()) for id_ in ids}
    known = visits_by_step(reading)
    faults, keys = Faults(), list[tuple[int, tuple[int, ...]]]()
    compiled = Compiled(reading.problem)
    for number, vehicle in enumerate(vehicles):
        visits: list[int] = []
        for place, step in enumerate(vehicle.steps):
            if (step.type, step.id) in known:
                visits.append(known[step.type, step.id])
            elif not (step.type in ("start", "end") or _is_break(vehicle, step.type, step.id)):
                cause = f"there is no {step.type!r} with id {step.id}"
                faults.add("step_unknown", f"vehicles[{number}].steps[{place}]", cause, "name a task of the file")
        if visits:
            keys.append((type_of[vehicle.id], tuple(visits)))
            _check_steps(compiled, keys, f"vehicles[{number}].steps", faults)
    faults.stop_if_any()
    return assemble(compiled, keys) if keys else None


def _is_break(vehicle: VroomVehicle, kind: str, id_: int | None) -> bool:
    return kind == "break" and any(pause.id == id_ for pause in vehicle.breaks)


def visits_by_step(reading: VroomReading) -> dict[tuple[str, int | None], int]:
    """Visits by what a step calls them."""
    found: dict[tuple[str, int | None], int] = {}
    jobs = len(reading.source.jobs)
    for visit, id_ in enumerate(reading.numbers):
        if id_ >= 0:
            kind = "job" if visit >> 1 < jobs else ("pickup", "delivery")[visit & 1]
            found[kind, id_] = visit
    return found


def _check_steps(compiled: Compiled, keys: list[tuple[int, tuple[int, ...]]], where: str, faults: Faults) -> None:
    """Whether the last of some routes can be driven beside those before it."""
    type_, visits = keys[-1]
    orders = compiled.orders_of(visits)
    before = {order for _, others in keys[:-1] for order in compiled.orders_of(others)}
    whole = sorted(visit for order in orders for visit in compiled.visits_of(order)) == sorted(visits)
    whole = whole and not any(v & 1 and v ^ 1 in visits[k:] for k, v in enumerate(visits))
    cause = "tasks are named twice, or a pair is torn apart or reversed" if not whole or orders & before else ""
    if not cause:
        times = timetable(compiled, type_, visits)
        cause = f"they break a constraint: {times.reason}" if isinstance(times, Blocked) else ""
    if cause:
        faults.add("steps_infeasible", where, cause, "give steps that can be driven, or leave them out")
