"""
The question: which orders, which vehicles, which travel times. Its parts and their units stand in ``solver.parts``.
"""

from typing import Any

import msgspec

from solver.faults import ProblemError
from solver.goods import Identifier
from solver.parts import (
    DEFAULT_HORIZON_S,
    SCHEMA_VERSION,
    Break,
    Draft,
    Lock,
    LockedVisit,
    Order,
    Place,
    Published,
    TravelProfile,
    VehicleType,
    Visit,
    Window,
)
from solver.validate import faults_of

__all__ = [
    "DEFAULT_HORIZON_S",
    "SCHEMA_VERSION",
    "Break",
    "Identifier",
    "Lock",
    "LockedVisit",
    "Order",
    "Place",
    "Problem",
    "Published",
    "TravelProfile",
    "VehicleType",
    "Visit",
    "Window",
]


class Problem(Draft, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A whole question, valid by construction.

    Raises
    ------
    ProblemError
        On construction, with every fault found (codes in docs/faults.md).
    """

    def __post_init__(self) -> None:
        faults = faults_of(self)
        if faults:
            raise ProblemError(faults)

    def replace(self, **changes: Any) -> "Problem":
        """A copy with some fields changed, validated again."""
        return msgspec.structs.replace(self, **changes)

    @property
    def owners(self) -> tuple[str, ...]:
        """Owners of at least one order, sorted: the players of the cost game."""
        return tuple(sorted({order.owner for order in self.orders}))

    def restricted_to(self, owners: frozenset[str]) -> "Problem":
        """The same day with these owners' orders alone: same vehicles, same tariffs, their part of what is settled."""
        return self.of_orders({order.id for order in self.orders if order.owner in owners})

    def of_orders(self, kept: set[str]) -> "Problem":
        """The same day with some of its orders alone, and what is settled about them."""
        orders = tuple(order for order in self.orders if order.id in kept)
        groups = {group for order in orders for group in order.groups}
        return self.replace(
            orders=orders,
            apart=tuple(pair for pair in self.apart if groups.issuperset(pair)),
            locks=tuple(_narrowed(lock, kept) for lock in self.locks),
            published=tuple(entry for entry in self.published if entry.order in kept),
        )


def _narrowed(lock: Lock, kept: set[str]) -> Lock:
    """A lock without the orders that are not kept."""
    return msgspec.structs.replace(
        lock,
        visits=tuple(visit for visit in lock.visits if visit.order is None or visit.order in kept),
        orders=tuple(order for order in lock.orders if order in kept),
    )
