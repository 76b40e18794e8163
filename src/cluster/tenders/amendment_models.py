"""Words of amendments: how a tour that was awarded would change, and what its carrier says to that."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import PublicId, Text
from cluster.shipments.parties import Note
from cluster.tenders.models import RESPOND_S_MAX, RESPOND_S_MIN, DeclineReason, Minor, TenderStop

TOURS_MAX = 2000


class AmendmentStatus(StrEnum):
    """
    Where an amendment stands.

    ``imposed``: the coordinator has said why it cannot wait for an answer; ``withdrawn``: it is no longer asked,
    because the coordinator took it back, or the tour was called off or follows another plan.
    """

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    IMPOSED = "imposed"


class AmendedPrice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a tour would cost, where it is not what its tariff says."""

    tour_id: PublicId
    price_minor: Minor


class AskAmendments(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Asks carriers to agree to a plan that changes tours that they were awarded.

    Each has ``respond_s`` seconds. A tour costs what was agreed, and what its new route costs more or less by the
    tariff, unless ``prices`` says otherwise.
    """

    respond_s: Annotated[int, Meta(ge=RESPOND_S_MIN, le=RESPOND_S_MAX)] = 1800
    prices: Annotated[list[AmendedPrice], Meta(max_length=TOURS_MAX)] = []
    note: Note | None = None

    def faults(self) -> Iterator[FieldFault]:
        """A tour has one price."""
        seen = set()
        for index, entry in enumerate(self.prices):
            if entry.tour_id in seen:
                pointer, cure = f"/prices/{index}/tour_id", "name each tour once"
                yield FieldFault(pointer=pointer, code="twice", cause="a tour stands there twice", cure=cure)
            seen.add(entry.tour_id)


class ImposeAmendments(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why changes of tours cannot wait until their carriers agree; it is kept, and each carrier is told."""

    reason: Text


class AmendedTour(Struct, frozen=True, kw_only=True):
    """
    A tour as it was, or as it would be: the whole way and price, and the stops that are still ahead.

    ``stops`` is empty where the tour would end with what it has done.
    """

    starts_at: datetime
    ends_at: datetime
    distance_m: int
    price_minor: int
    stops: list[TenderStop]


class AmendmentAnswer(Struct, frozen=True, kw_only=True):
    """What the carrier said; ``reason`` where it declined."""

    reason: DeclineReason | None
    note: str | None
    answered_at: datetime


class CarrierAmendment(Struct, frozen=True, kw_only=True):
    """An amendment as its carrier sees it. ``applied_at`` is when the tour began to be the new one."""

    id: str
    tour_id: str
    tour_code: str
    status: AmendmentStatus
    version: int
    currency: str
    before: AmendedTour
    after: AmendedTour
    note: str | None
    deadline_at: datetime
    answer: AmendmentAnswer | None
    urgent_reason: str | None
    decided_at: datetime | None
    applied_at: datetime | None
    created_at: datetime


class Amendment(CarrierAmendment, frozen=True, kw_only=True):
    """An amendment as the coordinator sees it: with its carrier, and the plan that the tour would follow."""

    carrier_id: str
    carrier_name: str
    plan_id: str


class Amendments(Struct, frozen=True, kw_only=True):
    """All amendments that a plan needs, as they stand."""

    data: list[Amendment]


class AcceptAmendment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Agrees to the change, at its price."""

    note: Note | None = None


class DeclineAmendment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Does not agree, and why."""

    reason: DeclineReason
    note: Note | None = None
