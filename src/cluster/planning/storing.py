"""
A checked answer into the database: result, routes, visits, what is left out, and the split.

What is stored applies to nothing yet; ``publishing`` makes it the window's plan.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.money import money
from cluster.planning import figures, queries, result_queries
from cluster.planning.result_queries import NewResult, NewRoute, NewUnplanned, NewVisit
from cluster.planning.translate import Answer, Day, Plan, Problem, breaks_of, minor, packed, placements_of
from cluster.shipments.models import Shipment

OnSolved = Callable[[Connection, Scope, UUID, msgspec.Raw], Awaitable[None]]
"""Takes a plan's split (raw JSON) in the transaction that stores the plan; settlement provides it."""

LEFT_OUT = "left_out"
"""Why a shipment is unplanned that its plan's scenario did not ask about."""
HELD_UP = "held_up"
"""Why a shipment is unplanned that is on board a vehicle which cannot go on."""
NOT_ASKED = {
    LEFT_OUT: ("This plan's scenario leaves it out.", "Plan it with another scenario."),
    HELD_UP: (
        "It is on board a vehicle that cannot go on, or nobody has said where it is.",
        "Report it at the hub once it is back there, or the vehicle as going on; then replan.",
    ),
}
AMOUNT = re.compile(r"(-?\d+(?:\.\d+)?) minor units of ([A-Z]{3})")


async def store(
    db: Connection,
    scope: Scope,
    plan_id: UUID,
    day: Day,
    problem: Problem,
    answer: Answer,
    raw: bytes,
    on_solved: OnSolved,
) -> None:
    """Stores a checked answer and its split for a plan that has none; the plan's status is the caller's to move."""
    plan = answer.result.plan
    by_id = {shipment.id: shipment for shipment in day.shipments}
    stored, digest = packed(problem)
    await queries.keep_problem(db, scope, digest, stored)
    await queries.note_question(db, scope, plan_id, digest, day.pool.day_version)
    known = await asyncio.to_thread(figures.of, day, problem, plan)
    await _store(db, scope, plan_id, day, answer, raw, known)
    await result_queries.insert_unplanned(db, scope, plan_id, _unplanned(plan, by_id, day))
    await on_solved(db, scope, plan_id, answer.split)


async def _store(
    db: Connection, scope: Scope, plan_id: UUID, day: Day, answer: Answer, raw: bytes, known: figures.Figures
) -> None:
    plan, start = answer.result.plan, day.pool.day_start
    by_id = {shipment.id: shipment for shipment in day.shipments}
    cost_minor = minor(plan.cost_milli)
    visits = _visits(plan, by_id, start)
    result = NewResult(
        currency=plan.currency,
        cost_minor=cost_minor,
        bound_minor=min(minor(answer.result.bound_milli), cost_minor),
        gap=min(max(answer.result.gap, 0.0), 1.0),
        distance_m=sum(route.distance_m for route in plan.routes),
        duration_s=sum(route.end_s - route.start_s for route in plan.routes),
        route_count=len(plan.routes),
        planned_count=len({visit.shipment_id for visit in visits}),
        seconds=answer.result.seconds,
        trace=[msgspec.to_builtins(leg) for leg in answer.result.trace],
        answer=raw,
        emissions_g=known.emissions_g,
        emissions_by_member=known.emissions_by_member,
        fill_weight=known.fill_weight,
        fill_volume=known.fill_volume,
        services_windowed=known.services_windowed,
        services_early=known.services_early,
        slack_median_s=known.slack_median_s,
    )
    await result_queries.insert_result(db, scope, plan_id, result)
    await result_queries.insert_routes(db, scope, plan_id, _routes(plan, by_id, start))
    await result_queries.insert_visits(db, scope, plan_id, visits)


def _routes(plan: Plan, by_id: dict[str, Shipment], start: datetime) -> list[NewRoute]:
    found = []
    for number, route in enumerate(plan.routes, start=1):
        loads = [route.load_start, *(stop.load_after for stop in route.stops)]
        found.append(
            NewRoute(
                route_no=number,
                vehicle_type_id=ids.parse("vht", route.vehicle_type),
                vehicle_no=route.vehicle,
                starts_at=start + timedelta(seconds=route.start_s),
                ends_at=start + timedelta(seconds=route.end_s),
                distance_m=route.distance_m,
                cost_minor=minor(route.cost.total_milli),
                weight_g=max(load.get("weight_g", 0) for load in loads),
                volume_cm3=max(load.get("volume_cm3", 0) for load in loads),
                pallet_places=max(load.get("pallet_places", 0) for load in loads),
                placements=msgspec.to_builtins(placements_of(route, by_id)),
                breaks=msgspec.to_builtins(breaks_of(route, start)),
            )
        )
    return found


def _visits(plan: Plan, by_id: dict[str, Shipment], start: datetime) -> list[NewVisit]:
    return [
        NewVisit(
            route_no=route_no,
            stop_no=stop_no,
            visit_no=visit_no,
            shipment_id=ids.parse("shp", visit.order),
            member_id=ids.parse("mem", by_id[visit.order].member_id),
            action=visit.action.value,
            arrives_at=start + timedelta(seconds=stop.arrival_s),
            begins_at=start + timedelta(seconds=visit.start_s),
            ends_at=start + timedelta(seconds=visit.end_s),
        )
        for route_no, route in enumerate(plan.routes, start=1)
        for stop_no, stop in enumerate(route.stops, start=1)
        for visit_no, visit in enumerate(stop.visits, start=1)
    ]


def _unplanned(plan: Plan, by_id: dict[str, Shipment], day: Day) -> list[NewUnplanned]:
    return [
        NewUnplanned(
            shipment_id=ids.parse("shp", entry.order),
            member_id=ids.parse("mem", by_id[entry.order].member_id),
            reason=entry.reason.value,
            detail=_in_words(entry.detail, day),
            cure=_in_words(entry.cure, day),
            outside_minor=by_id[entry.order].outside_minor,
        )
        for entry in plan.unplanned
    ] + [
        _not_asked(entry, reason)
        for reason, left in ((LEFT_OUT, day.left_out), (HELD_UP, day.held_up))
        for entry in left
    ]


def _not_asked(entry: Shipment, reason: str) -> NewUnplanned:
    detail, cure = NOT_ASKED[reason]
    return NewUnplanned(
        shipment_id=ids.parse("shp", entry.id),
        member_id=ids.parse("mem", entry.member_id),
        reason=reason,
        detail=detail,
        cure=cure,
        outside_minor=entry.outside_minor,
    )


def _in_words(text: str, day: Day) -> str:
    """The solver's words with names where it has identifiers, and money as people write it."""
    for vehicle_type in day.vehicle_types:
        text = text.replace(vehicle_type.id, vehicle_type.name)
    return AMOUNT.sub(_amount, text)


def _amount(found: re.Match[str]) -> str:
    shown = money(round(float(found[1])), found[2])
    return f"{shown.amount} {shown.currency}"
