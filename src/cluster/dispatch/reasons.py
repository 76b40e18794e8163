"""
Why something did not go as planned: codes, what they do to a shipment, and whose fault it is.

The words follow Open Trip Model 5 and X12 element 1651 where these have one; the state that a code leads to is ours.
Who is at fault decides who bears the cost of a second trip: the member answers for its side, its consignee included.
"""

from enum import StrEnum

from msgspec import Struct

from cluster.shipments.states import ShipmentStatus


class Fault(StrEnum):
    """Whose fault it is: the member's (its consignee's included), the carrier's, or nobody's."""

    MEMBER = "member"
    CARRIER = "carrier"
    NOBODY = "nobody"


class Reason(StrEnum):
    """Why a visit failed, was done in part, or a tour is held up."""

    ADDRESS_NOT_FOUND = "address_not_found"
    CONSIGNEE_ABSENT = "consignee_absent"
    CLOSED = "closed"
    REFUSED = "refused"
    DAMAGED = "damaged"
    INCOMPLETE = "incomplete"
    WRONG_GOODS = "wrong_goods"
    NOT_READY = "not_ready"
    NOT_AS_BOOKED = "not_as_booked"
    NOT_PAID = "not_paid"
    DOCUMENTS_MISSING = "documents_missing"
    RESCHEDULED = "rescheduled"
    ACCESS_BLOCKED = "access_blocked"
    OUT_OF_TIME = "out_of_time"
    VEHICLE_BREAKDOWN = "vehicle_breakdown"
    ACCIDENT = "accident"
    THEFT = "theft"
    TRAFFIC = "traffic"
    WEATHER = "weather"
    TOUR_CANCELLED = "tour_cancelled"
    OTHER = "other"


class Meaning(Struct, frozen=True, kw_only=True):
    """
    What a reason stands for.

    ``pickup`` and ``delivery`` are the states that a failed visit leads to; None: the reason is not one for such a
    visit. ``on_tour`` says whether a whole tour can be held up by it, ``holds`` whether that puts what is on board on
    hold, ``partly`` whether part of a visit can fail for it.
    """

    fault: Fault
    pickup: ShipmentStatus | None = None
    delivery: ShipmentStatus | None = None
    on_tour: bool = False
    holds: bool = False
    partly: bool = False


_S = ShipmentStatus
_HOLD, _FAILED, _BACK = _S.ON_HOLD, _S.DELIVERY_FAILED, _S.RETURN_TO_SENDER

MEANINGS: dict[Reason, Meaning] = {
    Reason.ADDRESS_NOT_FOUND: Meaning(fault=Fault.MEMBER, pickup=_HOLD, delivery=_FAILED),
    Reason.CONSIGNEE_ABSENT: Meaning(fault=Fault.MEMBER, pickup=_HOLD, delivery=_FAILED),
    Reason.CLOSED: Meaning(fault=Fault.MEMBER, pickup=_HOLD, delivery=_FAILED),
    Reason.REFUSED: Meaning(fault=Fault.MEMBER, delivery=_BACK, partly=True),
    Reason.DAMAGED: Meaning(fault=Fault.CARRIER, pickup=_HOLD, delivery=_HOLD, partly=True),
    Reason.INCOMPLETE: Meaning(fault=Fault.MEMBER, pickup=_HOLD, delivery=_HOLD, partly=True),
    Reason.WRONG_GOODS: Meaning(fault=Fault.MEMBER, pickup=_HOLD, delivery=_BACK, partly=True),
    Reason.NOT_READY: Meaning(fault=Fault.MEMBER, pickup=_HOLD, partly=True),
    Reason.NOT_AS_BOOKED: Meaning(fault=Fault.MEMBER, pickup=_HOLD, partly=True),
    Reason.NOT_PAID: Meaning(fault=Fault.MEMBER, delivery=_FAILED),
    Reason.DOCUMENTS_MISSING: Meaning(fault=Fault.MEMBER, pickup=_HOLD, delivery=_HOLD),
    Reason.RESCHEDULED: Meaning(fault=Fault.MEMBER, pickup=_HOLD, delivery=_HOLD),
    Reason.ACCESS_BLOCKED: Meaning(fault=Fault.NOBODY, pickup=_HOLD, delivery=_FAILED, on_tour=True),
    Reason.OUT_OF_TIME: Meaning(fault=Fault.CARRIER, pickup=_HOLD, delivery=_FAILED),
    Reason.VEHICLE_BREAKDOWN: Meaning(fault=Fault.CARRIER, pickup=_HOLD, delivery=_HOLD, on_tour=True, holds=True),
    Reason.ACCIDENT: Meaning(fault=Fault.CARRIER, pickup=_HOLD, delivery=_HOLD, on_tour=True, holds=True),
    Reason.THEFT: Meaning(fault=Fault.CARRIER, pickup=_HOLD, delivery=_HOLD, on_tour=True, holds=True, partly=True),
    Reason.TRAFFIC: Meaning(fault=Fault.NOBODY, on_tour=True),
    Reason.WEATHER: Meaning(fault=Fault.NOBODY, pickup=_HOLD, delivery=_FAILED, on_tour=True),
    Reason.TOUR_CANCELLED: Meaning(fault=Fault.CARRIER, pickup=_HOLD, delivery=_HOLD),
    Reason.OTHER: Meaning(fault=Fault.NOBODY, pickup=_HOLD, delivery=_FAILED, on_tour=True, partly=True),
}
"""Every reason; ``tour_cancelled`` is the platform's own and not for a driver to give."""

BY_PLATFORM = frozenset({Reason.TOUR_CANCELLED})


def fits(reason: Reason, action: str | None, *, partly: bool = False) -> bool:
    """Whether a driver may give ``reason`` for a visit of this ``action``, or for the tour (None)."""
    meaning = MEANINGS[reason]
    if reason in BY_PLATFORM:
        return False
    if action is None:
        return meaning.on_tour
    if partly:
        return meaning.partly
    return (meaning.pickup if action == "pickup" else meaning.delivery) is not None


def leads_to(reason: Reason, action: str) -> ShipmentStatus:
    """
    The state of a shipment whose visit failed for ``reason``.

    Raises
    ------
    LookupError
        When it is not a reason for such a visit.
    """
    meaning = MEANINGS[reason]
    found = meaning.pickup if action == "pickup" else meaning.delivery
    if found is None:
        raise LookupError(f"{reason} is no reason for a {action}")
    return found
