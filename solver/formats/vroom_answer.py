"""VROOM's answers in: the routes are taken, everything that follows from them is derived anew."""

from msgspec import Struct

from solver.codec import value_from_json
from solver.formats.solution import RouteKey, plan_of_keys
from solver.formats.text import Faults
from solver.formats.vroom import VroomReading, visits_by_step
from solver.plan import Plan, Violation


class AnswerStep(Struct, frozen=True, kw_only=True):
    """What is done; times and loads are derived."""

    type: str
    id: int | None = None


class AnswerRoute(Struct, frozen=True, kw_only=True):
    """A vehicle's steps."""

    vehicle: int
    steps: tuple[AnswerStep, ...]


class AnswerSummary(Struct, frozen=True, kw_only=True):
    """The cost as it is stated."""

    cost: int | None = None


class VroomAnswer(Struct, frozen=True, kw_only=True):
    """The part of an answer that is not derived."""

    routes: tuple[AnswerRoute, ...]
    summary: AnswerSummary = AnswerSummary()


def plan_of_answer(reading: VroomReading, raw: bytes) -> tuple[Plan | None, list[Violation]]:
    """
    The plan that drives the routes of a VROOM answer, or what stands against it.

    Raises
    ------
    ProblemError
        For a file that is no such answer, or names vehicles or tasks that the problem does not have.
    """
    answer = value_from_json(raw, VroomAnswer)
    type_of = {id_: k for k, ids in enumerate(reading.vehicle_ids.values()) for id_ in ids}
    known, faults, keys = visits_by_step(reading), Faults(), list[RouteKey]()
    for number, route in enumerate(answer.routes):
        where, visits = f"routes[{number}]", []
        if route.vehicle not in type_of:
            cause = f"there is no vehicle {route.vehicle}"
            faults.add("step_unknown", f"{where}.vehicle", cause, "name a vehicle of the problem")
            continue
        for place, step in enumerate(route.steps):
            if (step.type, step.id) in known:
                visits.append(known[step.type, step.id])
            elif step.type not in ("start", "end", "break"):
                cause = f"there is no {step.type!r} with id {step.id}"
                faults.add("step_unknown", f"{where}.steps[{place}]", cause, "name a task of the problem")
        if visits:
            keys.append((type_of[route.vehicle], tuple(visits)))
    faults.stop_if_any()
    plan, found = plan_of_keys(reading, keys, [])
    stated = answer.summary.cost
    if plan is not None and stated is not None and abs(reading.objective_of(plan) - stated) > len(keys):
        detail = f"stated as {stated}, is {reading.objective_of(plan)}"
        found.append(Violation(code="plan_cost_wrong", where="summary.cost", detail=detail))
    return plan, found
