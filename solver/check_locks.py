"""The checker's rules for what is settled: prefixes, closed routes, assignments, vehicles that have left."""

from collections.abc import Iterator

from solver.check_facts import Facts, Reading, work_of
from solver.plan import Plan, Route, Violation
from solver.problem import Lock


def locks(facts: Facts, plan: Plan) -> Iterator[Violation]:
    """Every lock against the whole plan."""
    for number, lock in enumerate(facts.problem.locks):
        where = f"locks[{number}]"
        own = [route for route in plan.routes if _is_of(route, lock)]
        if lock.visits and not own:
            detail = f"vehicle {lock.vehicle} of {lock.vehicle_type!r} has no route"
            yield Violation(code="lock_missing", where=where, detail=detail)
        named = {visit.order for visit in lock.visits if visit.order is not None}.union(lock.orders)
        for index, route in enumerate(plan.routes):
            strangers = sorted(named.intersection(name for name, _ in work_of(route)))
            if strangers and not _is_of(route, lock):
                detail = f"{strangers} are locked to vehicle {lock.vehicle} of {lock.vehicle_type!r}"
                yield Violation(code="lock_vehicle", where=f"routes[{index}]", detail=detail)


def _is_of(route: Route, lock: Lock) -> bool:
    return (route.vehicle_type, route.vehicle) == (lock.vehicle_type, lock.vehicle)


def prefix(reading: Reading) -> Iterator[Violation]:
    """A route begins with what is locked, ends there where that is closed, and loads nothing once it has left."""
    lock = reading.lock
    if lock is None:
        return
    done = [
        (reading.route.stops[step.stop].place, None, None)
        if step.visit is None
        else (None, step.visit.order, step.visit.action)
        for step in reading.steps
    ]
    asked = [(visit.place, visit.order, visit.action) for visit in lock.visits]
    if done[: len(asked)] != asked:
        detail = f"it does not begin with the {len(asked)} visits that are locked"
        yield Violation(code="lock_prefix", where=reading.where, detail=detail)
    if lock.closed and len(done) > len(asked):
        detail = f"{len(done) - len(asked)} visits after the {len(asked)} that it is closed with"
        yield Violation(code="lock_closed", where=reading.where, detail=detail)
    if lock.start_s is not None:
        named = {visit.order for visit in lock.visits}.union(lock.orders)
        for visit in reading.trips()[0].visits:
            if reading.facts.orders[visit.order].pickup is None and visit.order not in named:
                detail = f"{visit.order!r} was not on board when it left"
                yield Violation(code="lock_loaded", where=reading.where, detail=detail)
