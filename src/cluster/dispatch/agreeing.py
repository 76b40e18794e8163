"""
What a carrier that was awarded a tour must agree to before it changes.

A tour that a carrier was awarded follows another plan once the carrier has accepted that, or the coordinator has said
why it cannot wait. Nothing else is sent to its driver. Who asks, and what carriers answer, is in ``cluster.tenders``.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from cluster.base import ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict
from cluster.base.outbox import NewEvent
from cluster.dispatch import agreeing_queries as queries
from cluster.dispatch.agreeing_models import Ahead, Awarded, Moved, NewAmendment, Route
from cluster.dispatch.models import TourStatus
from cluster.dispatch.reasons import MEANINGS, Reason
from cluster.dispatch.road_queries import finished

SHIFT = timedelta(minutes=15)
"""A tour that has not left may begin, and reach its stops, so much earlier or later without being asked for."""


class Change(Struct, frozen=True, kw_only=True):
    """A tour that would be another one; without a ``route`` it would end with what it has done."""

    tour: Awarded
    route: Route | None
    before: Sequence[Ahead]
    after: Sequence[Ahead]


async def changes(db: Connection, scope: Scope, pool_window_id: UUID, plan_id: UUID) -> list[Change]:
    """
    Awarded tours of a window that would change by following a plan.

    Not those that are called off before they leave, nor those that are stuck: that is no change to agree on.
    """
    tours = [tour for tour in await queries.awarded(db, scope, pool_window_id, plan_id) if not _is_stuck(tour)]
    if not tours:
        return []
    over = await finished(db, scope, pool_window_id)
    routes = await queries.routes(db, scope, plan_id)
    following = [(tour.tour_id, routes[tour.vehicle].route_no) for tour in tours if tour.vehicle in routes]
    before = await queries.ahead_of_tours(db, scope, [tour.tour_id for tour in tours])
    after = await queries.ahead_of_routes(db, scope, plan_id, following)
    found = []
    for tour in tours:
        change = Change(
            tour=tour,
            route=routes.get(tour.vehicle),
            before=before.get(tour.tour_id, []),
            after=after.get(tour.tour_id, []),
        )
        if tour.vehicle not in over and _matters(change):
            found.append(change)
    return found


def _is_stuck(tour: Awarded) -> bool:
    return tour.exception is not None and MEANINGS[Reason(tour.exception)].holds


def _matters(change: Change) -> bool:
    """Whether a tour would visit others, in another sequence, or, if it has not left, at quite another time."""
    left = change.tour.status == TourStatus.UNDER_WAY
    if change.route is None:
        return left and bool(change.before)
    if [(visit.shipment_id, visit.action) for visit in change.before] != [
        (visit.shipment_id, visit.action) for visit in change.after
    ]:
        return True
    if left:  # what is late is late, whoever plans
        return False
    times = [(change.tour.starts_at, change.route.starts_at)]
    times += [(old.arrives_at, new.arrives_at) for old, new in zip(change.before, change.after, strict=True)]
    return any(_apart(old, new) > SHIFT for old, new in times)


def _apart(one: datetime, other: datetime) -> timedelta:
    return abs(one - other)


async def require(db: Connection, scope: Scope, pool_window_id: UUID, plan_id: UUID) -> None:
    """
    Sees to it that carriers agree to what would change; the window's tours must be held.

    Raises
    ------
    Conflict
        ``amendments_needed``, with the tours.
    """
    needed = await changes(db, scope, pool_window_id, plan_id)
    agreed = await queries.agreed(db, scope, plan_id) if needed else set()
    missing = [change.tour.code for change in needed if change.tour.tour_id not in agreed]
    if missing:
        detail = f"Carriers have not agreed to changes of their tours: {', '.join(missing)}. Ask them with"
        detail += " POST /v1/plans/{id}/amendments, or say why it cannot wait."
        raise Conflict("amendments_needed", detail)


async def settle(db: Connection, scope: Scope, plan_id: UUID, tour_ids: Sequence[UUID]) -> None:
    """Tours follow the plan: prices agreed for it hold, and what was asked about other plans is taken back."""
    await queries.apply(db, scope, plan_id)
    await drop(db, scope, tour_ids)


async def ask(
    db: Connection, scope: Scope, plan_id: UUID, new: Sequence[NewAmendment], note: str | None, respond_s: int
) -> list[Moved]:
    """Asks carriers, each for so many seconds; returns what was asked, which leaves out what is asked already."""
    return await _told(db, scope, await queries.insert(db, scope, plan_id, new, note, respond_s))


async def impose(db: Connection, scope: Scope, plan_id: UUID, reason: str) -> list[Moved]:
    """What is asked for a plan holds without an answer; returns it."""
    return await _told(db, scope, await queries.impose(db, scope, plan_id, reason))


async def answer(
    db: Connection, scope: Scope, amendment_id: UUID, status: str, reason: str | None, note: str | None
) -> None:
    """What a carrier says; its amendment must be held."""
    moved = await queries.answer(db, scope, amendment_id, status, reason, note)
    await tell(db, scope, moved, {} if reason is None else {"reason": reason})


async def move(db: Connection, scope: Scope, amendment_id: UUID, status: str) -> None:
    """An amendment is taken back, or its time is over; it must be held."""
    await _told(db, scope, await queries.move(db, scope, amendment_id, status))


async def _told(db: Connection, scope: Scope, moved: list[Moved]) -> list[Moved]:
    await tell(db, scope, moved)
    return moved


async def drop(db: Connection, scope: Scope, tour_ids: Sequence[UUID]) -> None:
    """Takes back what was asked about tours, and tells it."""
    await tell(db, scope, await queries.drop(db, scope, tour_ids))


async def tell(db: Connection, scope: Scope, moved: Sequence[Moved], more: Mapping[str, object] | None = None) -> None:
    """Tells the coordinator, and each carrier in an event of its own, where amendments stand; their rows are held."""
    told = []
    for entry in moved:
        topic = TOPICS[entry.status]
        payload = {"tour_id": ids.show("tor", entry.tour_id)} | dict(more or {})
        own = {"id": ids.show("amd", entry.amendment_id)} | payload
        resource_id = outbox.part_of(entry.amendment_id, entry.carrier_id)
        told.append((topic, NewEvent(resource_id=entry.amendment_id, payload=payload)))
        told.append((topic, NewEvent(resource_id=resource_id, payload=own, carrier_id=entry.carrier_id)))
    await outbox.emit_each(db, scope, told)


TOPICS = {
    status: f"amendment.{status if status != 'open' else 'opened'}"
    for status in ("open", "accepted", "declined", "expired", "withdrawn", "imposed")
}
