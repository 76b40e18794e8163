"""What carriers see of tenders, and say to them."""

from datetime import timedelta
from uuid import UUID

from msgspec import structs

from cluster.base import ids, outbox
from cluster.base.audit import record
from cluster.base.db import Connection, Database, Role, Scope
from cluster.base.errors import Conflict, NotFound
from cluster.base.pages import Page, page
from cluster.tenders import offer_queries, queries, turns
from cluster.tenders.awarding import Standing
from cluster.tenders.models import (
    ANSWERABLE,
    AcceptOffer,
    CounterOffer,
    DeclineOffer,
    Offer,
    OfferAnswer,
    OfferStatus,
    TenderMode,
    TenderStatus,
)
from cluster.tenders.queries import Held

FIRST = UUID(int=0)
Said = AcceptOffer | CounterOffer | DeclineOffer


async def offers(db: Connection, scope: Scope, after: UUID, limit: int, status: OfferStatus | None) -> Page[Offer]:
    """Offers that the carrier was asked, oldest first."""
    carrier_id = _carrier(scope)
    return page(await offer_queries.offers(db, scope, carrier_id, after, limit + 1, status=status), limit)


async def offer(db: Connection, scope: Scope, offer_id: UUID) -> Offer:
    """One offer to the carrier."""
    found = await offer_queries.offers(db, scope, _carrier(scope), FIRST, 1, only=offer_id)
    if not found:
        raise NotFound("ofr")
    return found[0]


def _carrier(scope: Scope) -> UUID:
    if scope.carrier_id is None:
        raise NotFound("car")
    return scope.carrier_id


async def answer(database: Database, scope: Scope, offer_id: UUID, body: Said) -> Offer:
    """
    What a carrier says to an offer; the same twice is the same as once. Until it is decided it may say something else.

    Raises
    ------
    NotFound
        When it was not asked.
    Conflict
        ``offer_over`` when the time is over or it is decided.
    """
    async with database.unit(scope) as db:
        await offer(db, scope, offer_id)  # row-level security says whether it is this carrier's
    # What follows from an answer is the platform's to do: the tour, its shipments, the other offers.
    acting = structs.replace(scope, role=Role.SYSTEM)
    async with database.unit(acting) as db:
        tender_id = await offer_queries.tender_of(db, acting, _carrier(scope), offer_id)
        if tender_id is None:
            raise NotFound("ofr")
        await _answered(db, acting, tender_id, offer_id, body)
        return await offer(db, acting, offer_id)


async def _answered(db: Connection, scope: Scope, tender_id: UUID, offer_id: UUID, body: Said) -> None:
    held = await turns.hold(db, scope, tender_id)
    every = await queries.standings(db, scope, tender_id)
    asked = next(offer for offer in every if offer.offer_id == offer_id)
    if _said_already(asked, held, body):
        return
    late = held.deadline_at is None or held.now >= held.deadline_at
    if asked.status not in ANSWERABLE or held.status is not TenderStatus.OPEN or late:
        raise Conflict("offer_over", "This offer cannot be answered any more.")
    status, said = _answer(held, body)
    counters = status is OfferStatus.COUNTERED and held.mode is not TenderMode.BROADCAST
    # A counter to a direct offer gives the coordinator as long as the carrier had.
    until = held.now + timedelta(seconds=held.respond_s) if counters else None
    await queries.answer(db, scope, offer_id, status, said, until)
    if until is not None:
        await queries.wait_until(db, scope, tender_id, until)
    await record(db, scope, f"offer.{status}", "ofr", offer_id)
    await outbox.emit(
        db, scope, tender_id, "tender.answered", {"offer_id": ids.show("ofr", offer_id), "answer": status}
    )
    await turns.go_on(db, scope, structs.replace(held, deadline_at=until or held.deadline_at))


def _said_already(asked: Standing, held: Held, body: Said) -> bool:
    """Whether this is the answer that was given before, sent again."""
    if isinstance(body, DeclineOffer):
        return asked.status is OfferStatus.DECLINED
    if isinstance(body, AcceptOffer):
        given = asked.answer_minor == held.price_minor and asked.answer_starts_at is None
        return asked.status is OfferStatus.ACCEPTED or (asked.status is OfferStatus.AWARDED and given)
    given = (asked.answer_minor, asked.answer_starts_at) == (body.price_minor, body.starts_at)
    return given and asked.status in (OfferStatus.COUNTERED, OfferStatus.AWARDED)


def _answer(held: Held, body: Said) -> tuple[OfferStatus, OfferAnswer]:
    price_minor, starts_at, reason = None, None, None
    status = OfferStatus.DECLINED
    if isinstance(body, AcceptOffer):
        status, price_minor = OfferStatus.ACCEPTED, held.price_minor
    elif isinstance(body, CounterOffer):
        status, price_minor, starts_at = OfferStatus.COUNTERED, body.price_minor, body.starts_at
    else:
        reason = body.reason
    said = OfferAnswer(
        price_minor=price_minor, starts_at=starts_at, reason=reason, note=body.note, answered_at=held.now
    )
    return status, said
