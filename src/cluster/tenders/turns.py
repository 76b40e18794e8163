"""
How a tender goes on: an award, the next carrier's turn, an end.

Whoever changes a tender or an offer holds the pool window, then the tour, then the tender, in this order: so of an
answer, a withdrawal, an award and a deadline at the same moment one comes first, and the others find what it left.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from cluster.base import ids, outbox
from cluster.base.audit import record
from cluster.base.db import Connection, Scope
from cluster.base.errors import NotFound
from cluster.dispatch import tours
from cluster.dispatch.models import Agreed, TourStatus
from cluster.planning import service as plans
from cluster.planning.models import PlanStatus
from cluster.shipments import pools
from cluster.tenders import queries, telling
from cluster.tenders.awarding import Standing, is_taken, winner
from cluster.tenders.models import ANSWERABLE, AwardRule, CloseReason, OfferStatus, TenderMode, TenderStatus
from cluster.tenders.queries import Held

ANSWERED = (OfferStatus.ACCEPTED, OfferStatus.COUNTERED)
LEFT = (OfferStatus.WAITING, *ANSWERABLE)


async def hold_tour(db: Connection, scope: Scope, tour_id: UUID, pool_window_id: UUID) -> None:
    """A pool window and a tour of it, which nobody else changes until the transaction ends."""
    await pools.hold(db, scope, pool_window_id)
    await tours.hold(db, scope, tour_id)


async def hold(db: Connection, scope: Scope, tender_id: UUID) -> Held:
    """A tender with its tour and pool window, which nobody else changes until the transaction ends."""
    where = await queries.where(db, scope, tender_id)
    if where is None:
        raise NotFound("tnd")
    await hold_tour(db, scope, where["tour_id"], where["pool_window_id"])
    return await queries.hold(db, scope, tender_id)


async def close(db: Connection, scope: Scope, held: Held, status: TenderStatus, reason: CloseReason) -> None:
    """A tender ends without an award: whoever was still asked is told that it is over."""
    await _settle(db, scope, held, LEFT, OfferStatus.WITHDRAWN)
    await queries.move(db, scope, held.tender_id, status, reason)
    await outbox.emit(db, scope, held.tender_id, f"tender.{status}", {"reason": reason})


async def _settle(db: Connection, scope: Scope, held: Held, was: Sequence[OfferStatus], status: OfferStatus) -> None:
    """Offers that stand at one of ``was`` are over, and their carriers hear it."""
    await telling.tell(db, scope, status, await queries.settle(db, scope, held.tender_id, was, status))


async def stale(db: Connection, scope: Scope, held: Held) -> CloseReason | None:
    """Why a tour is not the one that was tendered; None where it is."""
    tour = await tours.tour(db, scope, held.tour_id)
    if tour.status is not TourStatus.PLANNED:
        return CloseReason.TOUR_GIVEN
    plan = await plans.plan(db, scope, ids.parse("plan", tour.plan_id))
    same = tour.version == held.tour_version and plan.status is PlanStatus.PUBLISHED
    return None if same else CloseReason.TOUR_CHANGED


async def give(db: Connection, scope: Scope, held: Held, chosen: Standing) -> None:
    """One offer wins, the others lose; the tour is its carrier's, at its price."""
    won = await queries.award(db, scope, chosen.offer_id)
    await _settle(db, scope, held, LEFT, OfferStatus.LOST)
    await queries.move(db, scope, held.tender_id, TenderStatus.AWARDED)
    agreed = Agreed(
        carrier_id=chosen.carrier_id,
        agreed_minor=held.price_minor if chosen.answer_minor is None else chosen.answer_minor,
        tender_offer_id=chosen.offer_id,
    )
    await tours.give_to_carrier(db, scope, held.tour_id, agreed)
    detail = {"carrier": ids.show("car", chosen.carrier_id), "price_minor": agreed.agreed_minor}
    await record(db, scope, "tender.awarded", "tnd", held.tender_id, detail)
    await outbox.emit(db, scope, held.tender_id, "tender.awarded", {"carrier_id": detail["carrier"]})
    terms = {"price_minor": agreed.agreed_minor, "tour_id": ids.show("tor", held.tour_id)}
    await telling.tell(db, scope, OfferStatus.AWARDED, won, terms)
    if held.dispatches:
        await tours.release(db, scope, held.tour_id)


async def go_on(db: Connection, scope: Scope, held: Held) -> None:
    """What follows from where a tender stands now: an award, the next carrier's turn, an end, or nothing yet."""
    every = await queries.standings(db, scope, held.tender_id)
    over = held.deadline_at is not None and held.now >= held.deadline_at
    why = await stale(db, scope, held)
    if why is not None:
        await close(db, scope, held, TenderStatus.WITHDRAWN, why)
    elif held.mode is TenderMode.BROADCAST:
        if over or all(offer.status is not OfferStatus.OPEN for offer in every):
            await _conclude(db, scope, held, every)
    else:
        await _step(db, scope, held, every, over=over)


async def _conclude(db: Connection, scope: Scope, held: Held, every: Sequence[Standing]) -> None:
    """A broadcast is over: the rule decides, or the coordinator must."""
    await _settle(db, scope, held, [OfferStatus.OPEN], OfferStatus.EXPIRED)
    records = await queries.records(db, scope) if held.award_rule is AwardRule.SCORE else {}
    best = winner(held.award_rule, every, held.ceiling_minor, records)
    chosen = next((offer for offer in every if offer.offer_id == best), None)
    if chosen is not None:
        await give(db, scope, held, chosen)
    elif any(offer.status in ANSWERED for offer in every):
        await queries.move(db, scope, held.tender_id, TenderStatus.DECIDING)
        await outbox.emit(db, scope, held.tender_id, "tender.deciding", {})
    else:
        await close(db, scope, held, TenderStatus.EXHAUSTED, CloseReason.NOBODY)


async def _step(db: Connection, scope: Scope, held: Held, every: Sequence[Standing], *, over: bool) -> None:
    """The carrier whose turn it is gets the tour, keeps its turn, or loses it to the next."""
    turn = next((offer for offer in every if offer.status in ANSWERABLE and not offer.suspended), None)
    if turn is not None and is_taken(turn, held.ceiling_minor):
        await give(db, scope, held, turn)
        return
    if turn is not None and not over:
        return
    await _settle(db, scope, held, [OfferStatus.OPEN, OfferStatus.COUNTERED], OfferStatus.EXPIRED)
    following = next((offer for offer in every if offer.status is OfferStatus.WAITING and not offer.suspended), None)
    if following is None:
        await close(db, scope, held, TenderStatus.EXHAUSTED, CloseReason.NOBODY)
        return
    until = held.now + timedelta(seconds=held.respond_s)
    asked = await queries.ask(db, scope, held.tender_id, following.offer_id, until)
    await telling.tell(db, scope, OfferStatus.OPEN, asked)
