"""
The question: which orders, which vehicles, which travel times. Its parts and their units stand in ``solver.parts``.
"""

from typing import Any

import msgspec

from solver.faults import ProblemError
from solver.parts import (
    DEFAULT_HORIZON_S,
    SCHEMA_VERSION,
    Break,
    Draft,
    Identifier,
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
        """The same day with these owners' orders alone: same vehicles, same tariffs."""
        return self.replace(orders=tuple(order for order in self.orders if order.owner in owners))
