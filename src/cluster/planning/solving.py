"""
What a worker does with a plan: gather the day, note progress, apply the answer.

No transaction is open while the solver works. The answer applies in one transaction, on condition that the worker still
holds the job and that nothing the plan was made from has changed.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from cluster.base import ids, jobs, outbox
from cluster.base.db import Connection, Scope, system_scope
from cluster.base.jobs import Job
from cluster.base.money import money
from cluster.carriers import service as carriers
from cluster.members import service as members
from cluster.places import roads, travel
from cluster.places import service as places
from cluster.places.models import SiteRef, e6
from cluster.places.roads_straight import Calibration
from cluster.planning import queries, result_queries, service
from cluster.planning.models import PlanStatus
from cluster.planning.result_queries import NewResult, NewRoute, NewUnplanned, NewVisit
from cluster.planning.translate import Answer, Day, Plan, Problem, minor, packed, placements_of
from cluster.shipments import pools
from cluster.shipments import service as shipments
from cluster.shipments.models import Shipment

OnSolved = Callable[[Connection, Scope, UUID, msgspec.Raw], Awaitable[None]]
"""Takes a plan's split (raw JSON) in the transaction that applies the plan; settlement provides it."""

AMOUNT = re.compile(r"(-?\d+(?:\.\d+)?) minor units of ([A-Z]{3})")
UNDER_WAY = [PlanStatus.QUEUED, PlanStatus.SOLVING]


class Work(Struct, frozen=True, kw_only=True):
    """A plan to be solved, with everything it depends on."""

    plan_id: UUID
    day: Day
    seconds: int
    seed: int
    rule: str
    players_max: int


class Stale(Exception):
    """What the plan was made from has changed meanwhile; it must be made again."""


async def begin(db: Connection, job: Job) -> Work:
    """
    Marks a plan as being solved and gathers its day.

    Raises
    ------
    LeaseLost
        When the plan is over, or the job somebody else's.
    """
    scope = system_scope(job.cluster_id)
    plan_id = job.subject_id
    await jobs.renew(db, job)
    if not await queries.move(db, scope, plan_id, PlanStatus.SOLVING, UNDER_WAY):
        raise jobs.LeaseLost
    await queries.reset_run(db, scope, plan_id)
    plan = await service.plan(db, scope, plan_id)
    day = await gather(db, scope, ids.parse("win", plan.pool_window_id))
    return Work(
        plan_id=plan_id,
        day=day,
        seconds=plan.seconds or 1,
        seed=plan.seed or 0,
        rule=plan.rule or "nucleolus",
        players_max=await queries.players_max(db, scope, plan_id),
    )


async def gather(db: Connection, scope: Scope, pool_window_id: UUID, also: Sequence[Shipment] = ()) -> Day:
    """Everything that a window's plan depends on; with the places of shipments that are not in it, but might be."""
    cluster = await members.cluster_of(db, scope)
    pool = await pools.pool(db, scope, pool_window_id)
    pooled = await shipments.pooled(db, scope, pool_window_id)
    vehicle_types = await carriers.every(db, scope)
    site_ids = {entry.start_site_id for entry in vehicle_types}
    site_ids |= {entry.end_site_id for entry in vehicle_types if entry.end_site_id is not None}
    for shipment in (*pooled, *also):
        ends = (shipment.pickup, shipment.delivery)
        site_ids |= {stop.site_id for stop in ends if stop is not None and stop.site_id is not None}
        site_ids |= {shipment.hub_site_id} - {None}  # type: ignore[arg-type]
    sites = await places.site_refs(db, scope, sorted(ids.parse("sit", entry) for entry in site_ids))
    legs = await travel.legs_among(db, scope, _points(sites, [*pooled, *also]))
    return Day(
        currency=cluster.currency,
        time_zone=cluster.time_zone,
        pool=pool,
        shipments=pooled,
        vehicle_types=vehicle_types,
        sites=sites,
        legs=legs,
    )


def _points(sites: dict[UUID, SiteRef], pooled: list[Shipment]) -> list[tuple[int, int]]:
    points = {e6(site.lat, site.lon) for site in sites.values()}
    points |= {e6(s.lat, s.lon) for entry in pooled for s in (entry.pickup, entry.delivery) if s is not None}
    return sorted(points)


async def on_roads(db: Connection, scope: Scope, work: Work, calibration: Calibration | None) -> Work:
    """The same work with the legs that are known by now, and with what was measured for those that are not."""
    day = work.day
    profiles = {entry.profile for entry in day.vehicle_types}
    ways = await roads.ways(db, scope, profiles)
    legs = await travel.legs_among(db, scope, _points(day.sites, day.shipments))
    modes = {profile: way.mode for profile, way in ways.items()}
    return structs.replace(work, day=structs.replace(day, legs=legs, calibration=calibration, modes=modes))


async def note_progress(db: Connection, job: Job, points: list[dict[str, object]]) -> bool:
    """
    Heartbeat with what is new; tells whether the plan is to be aborted.

    Raises
    ------
    LeaseLost
        When the job is somebody else's now.
    """
    await jobs.renew(db, job)
    return await queries.add_progress(db, system_scope(job.cluster_id), job.subject_id, points)


async def apply(
    db: Connection, job: Job, work: Work, problem: Problem, answer: Answer, raw: bytes, on_solved: OnSolved
) -> None:
    """
    Stores a checked answer and makes it the window's plan.

    Raises
    ------
    Stale
        When a shipment in it was changed meanwhile.
    LeaseLost
        When the job is somebody else's now.
    """
    scope = system_scope(job.cluster_id)
    pool = work.day.pool
    await jobs.finish(db, job, "done")
    if not await pools.advance(db, scope, pool.pool_window_id, pool.version):
        raise Stale
    await queries.supersede(db, scope, pool.pool_window_id)
    plan = answer.result.plan
    by_id = {shipment.id: shipment for shipment in work.day.shipments}
    await _store(db, scope, work, answer, packed(problem), raw)
    left_out = [ids.parse("shp", entry.order) for entry in plan.unplanned]
    planned = {ids.parse("shp", v.order) for route in plan.routes for stop in route.stops for v in stop.visits}
    if await shipments.mark_planned(db, scope, sorted(planned), left_out):
        raise Stale
    await result_queries.insert_unplanned(db, scope, work.plan_id, _unplanned(plan, by_id, work.day))
    await on_solved(db, scope, work.plan_id, answer.split)
    if not await queries.move(db, scope, work.plan_id, PlanStatus.SOLVED, [PlanStatus.SOLVING]):
        raise jobs.LeaseLost
    await _tell(db, scope, work, by_id, {ids.show("shp", entry) for entry in planned})


async def _tell(db: Connection, scope: Scope, work: Work, by_id: dict[str, Shipment], planned: set[str]) -> None:
    """The coordinator hears of the plan, each member of its own part in it and of nobody else's."""
    pool_window_id = ids.show("win", work.day.pool.pool_window_id)
    whole: dict[str, object] = {"id": ids.show("plan", work.plan_id), "pool_window_id": pool_window_id}
    await outbox.emit(db, scope, work.plan_id, "plan.solved", whole)
    for member in sorted({shipment.member_id for shipment in by_id.values()}):
        own = [shipment.id for shipment in by_id.values() if shipment.member_id == member]
        count = len(planned.intersection(own))
        figures = {"planned": count, "unplanned": len(own) - count}
        member_id = ids.parse("mem", member)
        part = outbox.part_of(work.plan_id, member_id)
        await outbox.emit(db, scope, part, "plan.solved", whole | figures, member_id=member_id)
        await outbox.emit(db, scope, part, "cost_allocation.finalised", whole, member_id=member_id)


async def _store(
    db: Connection, scope: Scope, work: Work, answer: Answer, packed_problem: tuple[bytes, bytes], raw: bytes
) -> None:
    plan, start = answer.result.plan, work.day.pool.day_start
    by_id = {shipment.id: shipment for shipment in work.day.shipments}
    stored, digest = packed_problem
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
        problem_sha256=digest,
        problem=stored,
        answer=raw,
    )
    await result_queries.insert_result(db, scope, work.plan_id, result)
    await result_queries.insert_routes(db, scope, work.plan_id, _routes(plan, by_id, start))
    await result_queries.insert_visits(db, scope, work.plan_id, visits)


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
    ]


def _in_words(text: str, day: Day) -> str:
    """The solver's words with names where it has identifiers, and money as people write it."""
    for vehicle_type in day.vehicle_types:
        text = text.replace(vehicle_type.id, vehicle_type.name)
    return AMOUNT.sub(_amount, text)


def _amount(found: re.Match[str]) -> str:
    shown = money(round(float(found[1])), found[2])
    return f"{shown.amount} {shown.currency}"


async def give_up(db: Connection, job: Job, status: PlanStatus, code: str, detail: str) -> None:
    """Ends a plan without an answer: failed or aborted; the job ends with it."""
    scope = system_scope(job.cluster_id)
    await jobs.finish(db, job, "failed" if status is PlanStatus.FAILED else "cancelled", detail)
    await queries.note_error(db, scope, job.subject_id, code, detail)
    await queries.move(db, scope, job.subject_id, status, UNDER_WAY)
    await outbox.emit(db, scope, job.subject_id, f"plan.{status}", {"plan": ids.show("plan", job.subject_id)})


async def put_back(db: Connection, job: Job, delay_s: int, why: str) -> None:
    """Lets the job be taken again later; the plan waits."""
    await jobs.give_back(db, job, delay_s, why)
    await queries.move(db, system_scope(job.cluster_id), job.subject_id, PlanStatus.QUEUED, UNDER_WAY)
