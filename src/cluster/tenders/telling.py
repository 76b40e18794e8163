"""What carriers are told of offers to them: that they are asked, and what came of it; nothing of anybody else's."""

from collections.abc import Mapping, Sequence

from cluster.base import outbox
from cluster.base.db import Connection, Scope
from cluster.base.outbox import NewEvent
from cluster.tenders.models import OfferStatus
from cluster.tenders.queries import Moved

TOPICS = {
    OfferStatus.OPEN: "offer.opened",
    OfferStatus.AWARDED: "offer.awarded",
    OfferStatus.LOST: "offer.lost",
    OfferStatus.EXPIRED: "offer.expired",
    OfferStatus.WITHDRAWN: "offer.withdrawn",
}


async def tell(
    db: Connection, scope: Scope, status: OfferStatus, offers: Sequence[Moved], more: Mapping[str, object] | None = None
) -> None:
    """Tells each carrier where its offer stands now; whoever was never asked hears nothing. Their rows must be held."""
    told = []
    for offer in offers:
        if not offer.asked:
            continue
        payload = dict(more or {})
        if status is OfferStatus.OPEN and offer.deadline_at is not None:
            payload |= {"price_minor": offer.price_minor, "deadline_at": offer.deadline_at.isoformat()}
        told.append(
            (TOPICS[status], NewEvent(resource_id=offer.offer_id, payload=payload, carrier_id=offer.carrier_id))
        )
    await outbox.emit_each(db, scope, told)
