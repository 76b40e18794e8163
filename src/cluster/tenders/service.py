"""Use cases of tenders, for the coordinator and the worker."""

from uuid import UUID

from cluster.base import ids, outbox
from cluster.base.audit import record
from cluster.base.db import Connection, Database, Scope, system_scope
from cluster.base.errors import Conflict, NotFound
from cluster.base.pages import Page, page
from cluster.tenders import calling, queries, telling, turns
from cluster.tenders.models import (
    UNDER_WAY,
    CloseReason,
    OfferStatus,
    Tender,
    TenderMode,
    TenderStatus,
    TenderTour,
)
from cluster.tenders.queries import Wanted

FIRST = UUID(int=0)
AT_ONCE = 200


async def tender_tour(db: Connection, scope: Scope, tour_id: UUID, body: TenderTour) -> Tender:
    """
    Puts a planned tour out to tender.

    Raises
    ------
    NotFound
        When there is no such tour.
    Conflict
        ``tour_given``, ``tour_over``; ``tender_open`` when it is tendered already.
    Invalid
        For carriers that cannot be asked.
    """
    tour = await calling.tour_to_tender(db, scope, tour_id)
    await turns.hold_tour(db, scope, tour_id, tour["pool_window_id"])
    tour = await calling.tour_to_tender(db, scope, tour_id)  # again: it may have changed before the lock
    content = await calling.content_of(db, scope, tour)
    carriers = await calling.carriers_of(db, scope, tour, content, body)
    new = await calling.new_tender(db, scope, tour, content, body)
    if not await queries.insert(db, scope, new):
        raise Conflict("tender_open", "This tour is tendered already; withdraw that tender to make another.")
    together = body.mode is TenderMode.BROADCAST
    asked = await queries.insert_offers(db, scope, new.tender_id, carriers, together=together)
    detail = {"mode": body.mode, "carriers": len(carriers), "tour": ids.show("tor", tour_id)}
    await record(db, scope, "tender.opened", "tnd", new.tender_id, detail)
    await outbox.emit(db, scope, new.tender_id, "tender.opened", {}, fresh=True)
    await telling.tell(db, scope, OfferStatus.OPEN, asked)
    return await tender(db, scope, new.tender_id)


async def tender(db: Connection, scope: Scope, tender_id: UUID) -> Tender:
    """One tender with its offers."""
    found = await queries.tenders(db, scope, FIRST, 1, Wanted(tender_id=tender_id))
    if not found:
        raise NotFound("tnd")
    return found[0]


async def list_tenders(db: Connection, scope: Scope, after: UUID, limit: int, wanted: Wanted) -> Page[Tender]:
    """Tenders, oldest first."""
    return page(await queries.tenders(db, scope, after, limit + 1, wanted), limit)


async def withdraw(db: Connection, scope: Scope, tender_id: UUID) -> Tender:
    """
    Takes a tender back; twice is the same as once.

    Raises
    ------
    Conflict
        ``tender_over`` when it was awarded, or nobody took it.
    """
    held = await turns.hold(db, scope, tender_id)
    if held.status not in (*UNDER_WAY, TenderStatus.WITHDRAWN):
        raise _over(held.status)
    if held.status is not TenderStatus.WITHDRAWN:
        await turns.close(db, scope, held, TenderStatus.WITHDRAWN, CloseReason.COORDINATOR)
        await record(db, scope, "tender.withdrawn", "tnd", tender_id)
    return await tender(db, scope, tender_id)


def _over(status: TenderStatus) -> Conflict:
    return Conflict("tender_over", f"This tender is {status}.")


async def award(db: Connection, scope: Scope, tender_id: UUID, offer_id: UUID) -> Tender:
    """
    Takes one carrier's answer; twice is the same as once.

    Raises
    ------
    NotFound
        When it is no offer of the tender.
    Conflict
        ``tender_over``, ``offer_not_answered``; ``tour_changed`` when it is not the tour that was tendered any more.
    """
    held = await turns.hold(db, scope, tender_id)
    every = await queries.standings(db, scope, tender_id)
    chosen = next((offer for offer in every if offer.offer_id == offer_id), None)
    if chosen is None:
        raise NotFound("ofr")
    if chosen.status is not OfferStatus.AWARDED:
        if held.status not in UNDER_WAY:
            raise _over(held.status)
        if chosen.status not in turns.ANSWERED:
            raise Conflict("offer_not_answered", f"This offer is {chosen.status}; only an answered one can be taken.")
        if await turns.stale(db, scope, held) is not None:
            detail = "The tour is not as it was tendered any more; withdraw this tender and tender the tour anew."
            raise Conflict("tour_changed", detail)
        await turns.give(db, scope, held, chosen)
    return await tender(db, scope, tender_id)


async def tend(database: Database) -> int:
    """
    Goes on with tenders whose deadline has passed, each in a transaction of its own; returns how many there were.

    A deadline is a row: one that passed while no worker ran is seen to by the next.
    """
    async with database.unit(system_scope()) as db:
        due = await queries.due(db, AT_ONCE)
    for row in due:
        scope = system_scope(row["cluster_id"])
        async with database.unit(scope) as db:
            held = await turns.hold(db, scope, row["tender_id"])
            if held.status is TenderStatus.OPEN and held.deadline_at is not None and held.now >= held.deadline_at:
                await turns.go_on(db, scope, held)
    return len(due)
