"""
Use cases of amendments: carriers are asked to agree to a change of a tour that they were awarded, and answer.

Whoever changes amendments holds the pool window and tours before them, if it holds those at all. So of an answer, a
withdrawal, a deadline and a plan that is published at the same moment one comes first; the others find what it left.
"""

from uuid import UUID

import msgspec
from msgspec import structs

from cluster.base import ids
from cluster.base.audit import record
from cluster.base.db import Connection, Database, Role, Scope, system_scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.base.pages import Page, page
from cluster.dispatch import agreeing
from cluster.dispatch.agreeing import Change
from cluster.dispatch.agreeing_models import NewAmendment
from cluster.insights import prices
from cluster.members.platform import platform
from cluster.planning import service as plans
from cluster.planning.models import PlanStatus
from cluster.shipments import pools
from cluster.tenders import amendment_queries as queries
from cluster.tenders.amendment_models import (
    AcceptAmendment,
    AmendedTour,
    Amendment,
    Amendments,
    AmendmentStatus,
    AskAmendments,
    CarrierAmendment,
    DeclineAmendment,
    ImposeAmendments,
)
from cluster.tenders.amendment_queries import Held, Wanted
from cluster.tenders.calling import stop_shown

FIRST = UUID(int=0)
ALL = 10_000
AT_ONCE = 200
FOLLOWABLE = (PlanStatus.SOLVED, PlanStatus.SUPERSEDED, PlanStatus.PUBLISHED)
Said = AcceptAmendment | DeclineAmendment


async def ask(db: Connection, scope: Scope, plan_id: UUID, body: AskAmendments) -> Amendments:
    """
    Asks the carrier of every awarded tour that a plan would change, once; what is asked or agreed already stays.

    Raises
    ------
    Conflict
        ``plan_not_solved`` for a plan that no tour can follow.
    Invalid
        When a price is named for a tour that would not change.
    """
    changes = await _changes(db, scope, plan_id)
    known = {ids.show("tor", change.tour.tour_id) for change in changes}
    if faults := [
        FieldFault(
            pointer=f"/prices/{index}/tour_id",
            code="no_such_tour",
            cause="not an awarded tour that this plan changes",
            cure="name one of those, or leave prices out to see them",
        )
        for index, entry in enumerate(body.prices)
        if entry.tour_id not in known
    ]:
        raise Invalid(faults)
    await _open(db, scope, plan_id, changes, body)
    return await of_plan(db, scope, plan_id)


async def impose(db: Connection, scope: Scope, plan_id: UUID, body: ImposeAmendments) -> Amendments:
    """
    Lets a plan change awarded tours without their carriers' consent; why is written down, and each carrier told.

    Raises
    ------
    Conflict
        ``plan_not_solved`` for a plan that no tour can follow.
    """
    changes = await _changes(db, scope, plan_id)
    await _open(db, scope, plan_id, changes, AskAmendments())
    for entry in await agreeing.impose(db, scope, plan_id, body.reason):
        detail = {"tour": ids.show("tor", entry.tour_id), "reason": body.reason}
        await record(db, scope, "amendment.imposed", "amd", entry.amendment_id, detail)
    return await of_plan(db, scope, plan_id)


async def _changes(db: Connection, scope: Scope, plan_id: UUID) -> list[Change]:
    found = await plans.plan(db, scope, plan_id)
    if found.status not in FOLLOWABLE:
        raise Conflict("plan_not_solved", f"This plan is {found.status}; no tour can follow it.")
    window = ids.parse("win", found.pool_window_id)
    await pools.hold(db, scope, window)
    return await agreeing.changes(db, scope, window, plan_id)


async def _open(db: Connection, scope: Scope, plan_id: UUID, changes: list[Change], body: AskAmendments) -> None:
    asked = await queries.held_tours(db, scope, plan_id)
    wanted = [change for change in changes if change.tour.tour_id not in asked]
    if not wanted:
        return
    named = {entry.tour_id: entry.price_minor for entry in body.prices}
    billed = {plan: await _billed(db, scope, plan) for plan in {plan_id, *(change.tour.plan_id for change in wanted)}}
    new = [await _new(db, scope, change, named, billed[change.tour.plan_id], billed[plan_id]) for change in wanted]
    for entry in await agreeing.ask(db, scope, plan_id, new, body.note, body.respond_s):
        detail = {"tour": ids.show("tor", entry.tour_id)}
        await record(db, scope, "amendment.opened", "amd", entry.amendment_id, detail)


async def _billed(db: Connection, scope: Scope, plan_id: UUID) -> dict[int, int]:
    """What each route of a plan costs by its tariff."""
    return {route.route_no: route.billed_minor for route in (await prices.prices(db, scope, plan_id)).routes}


async def _new(
    db: Connection, scope: Scope, change: Change, named: dict[str, int], was: dict[int, int], will_be: dict[int, int]
) -> NewAmendment:
    """An amendment: as it was at the agreed price, and as it would be, dearer or cheaper by what the tariff says."""
    tour, route = change.tour, change.route
    price_minor = tour.agreed_minor
    if route is not None:
        price_minor = max(0, price_minor + will_be[route.route_no] - was.get(tour.route_no, 0))
    before = AmendedTour(
        starts_at=tour.starts_at,
        ends_at=tour.ends_at,
        distance_m=tour.distance_m,
        price_minor=tour.agreed_minor,
        stops=[stop_shown(row) for row in await queries.stops(db, scope, change.before)],
    )
    after = AmendedTour(
        starts_at=tour.starts_at if route is None else route.starts_at,
        ends_at=tour.ends_at if route is None else route.ends_at,
        distance_m=tour.distance_m if route is None else route.distance_m,
        price_minor=named.get(ids.show("tor", tour.tour_id), price_minor),
        stops=[stop_shown(row) for row in await queries.stops(db, scope, change.after)],
    )
    return NewAmendment(
        amendment_id=ids.new(),
        tour_id=tour.tour_id,
        carrier_id=tour.carrier_id,
        before=msgspec.json.encode(before),
        after=msgspec.json.encode(after),
        price_before_minor=before.price_minor,
        price_after_minor=after.price_minor,
    )


async def of_plan(db: Connection, scope: Scope, plan_id: UUID) -> Amendments:
    """All amendments that were ever asked for a plan."""
    return Amendments(data=await queries.amendments(db, scope, FIRST, ALL, Wanted(plan_id=plan_id)))


async def list_amendments(db: Connection, scope: Scope, after: UUID, limit: int, wanted: Wanted) -> Page[Amendment]:
    """Amendments, oldest first."""
    return page(await queries.amendments(db, scope, after, limit + 1, wanted), limit)


async def amendment(db: Connection, scope: Scope, amendment_id: UUID, carrier_id: UUID | None = None) -> Amendment:
    """One amendment; with ``carrier_id`` only if it is this carrier's."""
    wanted = Wanted(amendment_ids=[amendment_id], carrier_id=carrier_id)
    found = await queries.amendments(db, scope, FIRST, 1, wanted)
    if not found:
        raise NotFound("amd")
    return found[0]


async def withdraw(db: Connection, scope: Scope, amendment_id: UUID) -> Amendment:
    """
    Takes an amendment back that is not in force; twice is the same as once.

    Raises
    ------
    Conflict
        ``amendment_over`` when it was declined, has expired, or is in force.
    """
    held = await _held(db, scope, amendment_id)
    if held.status is not AmendmentStatus.WITHDRAWN:
        if held.applied or held.status in (AmendmentStatus.DECLINED, AmendmentStatus.EXPIRED):
            raise Conflict("amendment_over", f"This amendment is {'in force' if held.applied else held.status}.")
        await agreeing.move(db, scope, amendment_id, AmendmentStatus.WITHDRAWN)
        await record(db, scope, "amendment.withdrawn", "amd", amendment_id)
    return await amendment(db, scope, amendment_id)


async def _held(db: Connection, scope: Scope, amendment_id: UUID) -> Held:
    held = await queries.hold(db, scope, amendment_id)
    if held is None:
        raise NotFound("amd")
    return held


async def tend(database: Database) -> int:
    """Ends amendments whose time has passed, each in a transaction of its own; returns how many there were."""
    async with database.unit(system_scope()) as db:
        due = await queries.due(db, AT_ONCE)
    for row in due:
        scope = system_scope(row["cluster_id"])
        async with database.unit(scope) as db:
            held = await _held(db, scope, row["amendment_id"])
            if held.status is AmendmentStatus.OPEN and held.over:
                await agreeing.move(db, scope, held.amendment_id, AmendmentStatus.EXPIRED)
    return len(due)


async def own_page(
    db: Connection, scope: Scope, after: UUID, limit: int, status: AmendmentStatus | None
) -> Page[CarrierAmendment]:
    """Amendments of the calling carrier's tours, oldest first."""
    return page(await _own(db, scope, await queries.own(db, scope, after, limit + 1, status)), limit)


async def own(db: Connection, scope: Scope, amendment_id: UUID) -> CarrierAmendment:
    """One amendment of the calling carrier's."""
    found = await _own(db, scope, await queries.own(db, scope, FIRST, 1, None, amendment_id))
    if not found:
        raise NotFound("amd")
    return found[0]


async def _own(db: Connection, scope: Scope, proven: list[UUID]) -> list[CarrierAmendment]:
    """Amendments that were proven to be the caller's, read by the platform: a carrier sees no tour that is planned."""
    if not proven:
        return []
    wanted = Wanted(amendment_ids=proven, carrier_id=scope.carrier_id)
    async with platform(db, scope) as acting:
        found = await queries.amendments(db, acting, FIRST, len(proven), wanted)
    return [queries.for_carrier(entry) for entry in found]


async def answer(database: Database, scope: Scope, amendment_id: UUID, body: Said) -> CarrierAmendment:
    """
    What a carrier says to an amendment; the same twice is the same as once.

    Raises
    ------
    NotFound
        When it is none of its.
    Conflict
        ``amendment_over`` when its time is over, or it is decided, or its tour or plan is gone.
    """
    async with database.unit(scope) as db:
        await own(db, scope, amendment_id)  # row-level security says whether it is this carrier's
    acting = structs.replace(scope, role=Role.SYSTEM)
    async with database.unit(acting) as db:
        held = await _held(db, acting, amendment_id)
        status, reason = AmendmentStatus.ACCEPTED, None
        if isinstance(body, DeclineAmendment):
            status, reason = AmendmentStatus.DECLINED, body.reason
        if (held.status, held.answer_reason) != (status, reason):
            if held.status is not AmendmentStatus.OPEN or held.over or held.moot:
                raise Conflict("amendment_over", "This amendment cannot be answered any more.")
            await agreeing.answer(db, acting, amendment_id, status, reason, body.note)
            await record(db, acting, f"amendment.{status}", "amd", amendment_id)
        return queries.for_carrier(await amendment(db, acting, amendment_id, scope.carrier_id))
