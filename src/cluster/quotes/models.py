"""Words of quotes."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cluster.base.money import Money


class Basis(StrEnum):
    """
    What a bracket of prices comes from.

    ``alone``: what the shipment adds to the cost of your other shipments of that day, planned without anybody else's.
    ``pool``: what it adds to the cost of the day as the cluster has booked it by now. ``history``: what you paid of
    your stand-alone cost in the last weeks. ``outside``: your outside option is cheaper than the bracket's upper end.
    """

    ALONE = "alone"
    POOL = "pool"
    HISTORY = "history"
    OUTSIDE = "outside"


class Quote(Struct, frozen=True, kw_only=True):
    """
    What a shipment would cost if it were booked now: a bracket, no promise.

    ``alone`` is what it would add to the cost of your own shipments of the day, without the pool; your share of a day
    is never above the stand-alone cost of all your shipments. ``low`` and ``high`` are null where neither the pool nor
    your history says anything yet, all three where no vehicle of the cluster can carry it. The pool speaks only where
    enough others have booked, for the neighbourhood and not for the address, and in steps, so that no price tells of
    anybody's shipments.
    """

    id: str
    pool_window_id: str
    alone: Money | None
    low: Money | None
    high: Money | None
    outside: Money | None
    basis: list[Basis]
    valid_until: datetime


class Bracket(Struct, frozen=True, kw_only=True):
    """A price between two ends, in minor units, and where it comes from."""

    low_minor: int | None
    high_minor: int | None
    basis: tuple[Basis, ...]
