"""Who gets a tour: a pure choice among answers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from cluster.tenders.models import AwardRule, OfferStatus

PERMILLE = 1000
VISITS_MIN = 20
"""A record of fewer visits says nothing yet; the cluster's own stands in for it."""


class Standing(Struct, frozen=True, kw_only=True):
    """An offer as far as an award depends on it."""

    offer_id: UUID
    carrier_id: UUID
    status: OfferStatus
    answer_minor: int | None
    answer_starts_at: datetime | None
    answered_at: datetime | None
    suspended: bool = False
    """Whether its carrier is suspended by now: it is asked nothing more, and wins nothing by itself."""


class Record(Struct, frozen=True, kw_only=True):
    """Visits of a carrier's tours lately, and how many of them failed or came after their window."""

    visits: int
    missed: int


def is_taken(offer: Standing, ceiling_minor: int | None) -> bool:
    """Whether an answer can win by itself: at the price, or no dearer than the ceiling and at the same time of day."""
    if offer.suspended:
        return False
    if offer.status is OfferStatus.ACCEPTED:
        return True
    if offer.status is not OfferStatus.COUNTERED or offer.answer_starts_at is not None or ceiling_minor is None:
        return False
    return offer.answer_minor is not None and offer.answer_minor <= ceiling_minor


def scores(offers: Iterable[Standing], records: Mapping[UUID, Record]) -> dict[UUID, int]:
    """
    What each answer comes to by the rule ``score``: its price, and of it the share of visits that the carrier missed.

    A price of 1,000 of a carrier that misses 50 visits of 1,000 counts as 1,050. Carriers with fewer than
    ``VISITS_MIN`` visits count as all carriers together do.
    """
    visits = sum(record.visits for record in records.values())
    missed = sum(record.missed for record in records.values())
    everybody = Record(visits=max(visits, 1), missed=missed)
    found = {}
    for offer in offers:
        if offer.answer_minor is None:
            continue
        own = records.get(offer.carrier_id)
        record = own if own is not None and own.visits >= VISITS_MIN else everybody
        found[offer.offer_id] = offer.answer_minor + offer.answer_minor * record.missed // record.visits
    return found


def winner(
    rule: AwardRule, offers: Iterable[Standing], ceiling_minor: int | None, records: Mapping[UUID, Record]
) -> UUID | None:
    """
    The offer that wins by a rule; of equal ones that which was answered first. None where nobody can win by itself.
    """
    taken = [offer for offer in offers if is_taken(offer, ceiling_minor)]
    if rule is AwardRule.CHOICE or not taken:
        return None
    by_score = scores(taken, records)

    def rank(offer: Standing) -> tuple[int, datetime | None, UUID]:
        price = offer.answer_minor or 0
        return (by_score[offer.offer_id] if rule is AwardRule.SCORE else price, offer.answered_at, offer.offer_id)

    return min(taken, key=rank).offer_id
