"""
Where a shipment stands, and which way it may go: one table, which the database keeps too.

Before its goods move, a shipment's state is the platform's: pooled, planned, back to the pool. Once they move, it
follows what is reported from the road, in any order and with gaps: ``rank`` says what is further along, and no report
takes a shipment back. What was reported wrongly is put right by a correction, which says so and why.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class ShipmentStatus(StrEnum):
    """Where a shipment stands."""

    DRAFT = "draft"
    QUOTED = "quoted"
    BOOKED = "booked"
    POOLED = "pooled"
    PLANNED = "planned"
    TENDERED = "tendered"
    DISPATCHED = "dispatched"
    PICKED_UP = "picked_up"
    AT_HUB = "at_hub"
    IN_TRANSIT = "in_transit"
    AT_CUSTOMS = "at_customs"
    OUT_FOR_DELIVERY = "out_for_delivery"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"
    PARTIALLY_DELIVERED = "partially_delivered"
    DELIVERY_FAILED = "delivery_failed"
    ON_HOLD = "on_hold"
    RETURN_TO_SENDER = "return_to_sender"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    LOST = "lost"


_S = ShipmentStatus
UNDER_WAY = frozenset(
    {
        _S.AT_HUB,
        _S.IN_TRANSIT,
        _S.AT_CUSTOMS,
        _S.OUT_FOR_DELIVERY,
        _S.READY_FOR_PICKUP,
        _S.DELIVERY_FAILED,
        _S.ON_HOLD,
    }
)
"""Between pick-up and the end. Goods go to and fro among these: the latest report holds."""
SETTLED = frozenset({_S.DELIVERED, _S.RETURNED, _S.LOST})
"""Ends of goods that were moved."""
_ARRIVING = UNDER_WAY | {_S.PARTIALLY_DELIVERED, _S.DELIVERED}
_HANDED_OVER = UNDER_WAY | {_S.PARTIALLY_DELIVERED, _S.RETURN_TO_SENDER} | SETTLED

MOVES: dict[ShipmentStatus, frozenset[ShipmentStatus]] = {
    _S.DRAFT: frozenset({_S.QUOTED, _S.BOOKED, _S.POOLED, _S.CANCELLED}),
    _S.QUOTED: frozenset({_S.DRAFT, _S.BOOKED, _S.POOLED, _S.CANCELLED}),
    _S.BOOKED: _ARRIVING | {_S.POOLED, _S.DISPATCHED, _S.PICKED_UP, _S.CANCELLED},
    _S.POOLED: frozenset({_S.BOOKED, _S.PLANNED, _S.CANCELLED}),
    _S.PLANNED: frozenset({_S.BOOKED, _S.POOLED, _S.TENDERED, _S.DISPATCHED, _S.CANCELLED}),
    _S.TENDERED: frozenset({_S.POOLED, _S.PLANNED, _S.DISPATCHED, _S.CANCELLED}),
    _S.DISPATCHED: _ARRIVING | {_S.PICKED_UP, _S.CANCELLED},
    _S.PICKED_UP: _HANDED_OVER,
    **{status: _HANDED_OVER - {status} for status in sorted(UNDER_WAY)},
    _S.PARTIALLY_DELIVERED: SETTLED | {_S.RETURN_TO_SENDER},
    _S.RETURN_TO_SENDER: frozenset({_S.RETURNED, _S.LOST}),
    **{status: frozenset() for status in (*sorted(SETTLED), _S.CANCELLED)},
}
"""Every legal move. A scan that is missing is no reason to refuse the next one, so goods may skip states."""

REPORTABLE = _HANDED_OVER | {_S.DISPATCHED, _S.PICKED_UP}
"""What can be reported from the road, and be corrected."""
POOLED_ONES = frozenset({_S.POOLED, _S.PLANNED})
"""What a plan of the window may carry."""
EDITABLE = frozenset({_S.DRAFT, _S.QUOTED, _S.BOOKED, _S.POOLED, _S.PLANNED})
"""Before a carrier is asked."""

_RANKS = [
    (_S.DRAFT,),
    (_S.QUOTED,),
    (_S.BOOKED,),
    (_S.POOLED,),
    (_S.PLANNED,),
    (_S.TENDERED,),
    (_S.DISPATCHED,),
    (_S.PICKED_UP,),
    tuple(sorted(UNDER_WAY)),
    (_S.PARTIALLY_DELIVERED,),
    (_S.RETURN_TO_SENDER,),
    (*sorted(SETTLED), _S.CANCELLED),
]
_RANK = {status: rank for rank, statuses in enumerate(_RANKS) for status in statuses}


def rank(status: ShipmentStatus) -> int:
    """How far along a shipment is; no move from ``dispatched`` on lowers it."""
    return _RANK[status]


class Landing(StrEnum):
    """What becomes of a report."""

    APPLIED = "applied"
    LATE = "late"
    """Kept in the timeline; the state is further along already."""
    ILLEGAL = "illegal"


class Standing(Struct, frozen=True):
    """A state, and since when."""

    status: ShipmentStatus
    at: datetime


def landing(now: Standing, report: Standing) -> Landing:
    """
    What becomes of a report of ``report.status`` at ``report.at``.

    Among states of one rank the latest report holds; a higher rank holds whenever it was reported.
    """
    if report.status is now.status:
        return Landing.LATE
    behind = rank(report.status) - rank(now.status)
    if behind < 0 or (behind == 0 and report.at < now.at):
        return Landing.LATE
    return Landing.APPLIED if report.status in MOVES[now.status] else Landing.ILLEGAL


def correctable(now: ShipmentStatus, right: ShipmentStatus) -> bool:
    """Whether the neutral side may say that goods stood in ``right`` all along."""
    return now is not right and now in REPORTABLE and right in REPORTABLE
