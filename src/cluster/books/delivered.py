"""
The door to the solver's true-up: what was confirmed to members, what was billed, and what did not happen.

A tour's bill is compared with what its plan counted. What a carrier bills less is credited first to those whose goods
were called off or not carried, by the part of their share that these stood for; the rest is common.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from solver.sharing.apportion import apportioned
from solver.sharing.delivered import Account, BillLine, Cause, CausedBy, Confirmed, Entry
from solver.sharing.true_up import true_up

__all__ = ["Account", "Entry", "Miss", "Missed", "TourCost", "apportioned", "trued_up"]


class TourCost(Struct, frozen=True, kw_only=True):
    """A tour that is over: who drove it, what its plan counted for it, what is accepted for it."""

    tour: str
    carrier: str
    planned_minor: int
    accepted_minor: int


class Miss(StrEnum):
    """Why a shipment was not carried: called off before or after the cut-off, or the carrier's doing."""

    IN_TIME = "in_time"
    LATE = "late"
    CARRIER = "carrier"


class Missed(Struct, frozen=True, kw_only=True):
    """A planned shipment that was not carried; ``tour`` is the one that it was to go with, None where there is none."""

    shipment: str
    member: str
    tour: str | None
    why: Miss


CAUSES = {
    Miss.IN_TIME: (Cause.CANCELLED_IN_TIME, CausedBy.MEMBER),
    Miss.LATE: (Cause.CANCELLED_LATE, CausedBy.MEMBER),
    Miss.CARRIER: (Cause.FAILED_DELIVERY, CausedBy.CARRIER),
}


def trued_up(
    shares: Mapping[str, int],
    weights_g: Mapping[str, Mapping[str, int]],
    tours: Sequence[TourCost],
    missed: Sequence[Missed],
) -> tuple[Entry, ...]:
    """
    What is to be posted beside confirmed shares; nobody pays above its share by what others did.

    Parameters
    ----------
    shares
        Confirmed shares by member.
    weights_g
        For each member its planned shipments with their weights.
    tours
        Those that are over.
    missed
        Planned shipments that were not carried.

    Returns
    -------
    tuple of Entry
        They sum to what is accepted less the shares.
    """
    parts = _parts(shares, weights_g)
    known = [entry for entry in missed if entry.shipment in parts]
    confirmed = [Confirmed(member=member, share_minor=share) for member, share in sorted(shares.items())]
    return true_up(confirmed, list(_bill(tours, known, parts))).entries


def _parts(shares: Mapping[str, int], weights_g: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """How much of its member's share each shipment stands for, by weight."""
    found: dict[str, int] = {}
    for member, share in shares.items():
        own = sorted(weights_g.get(member, {}).items())
        if own:
            names, weights = [name for name, _ in own], [max(1, weight) for _, weight in own]
            found |= dict(zip(names, apportioned(names, weights, share), strict=True))
    return found


def _bill(tours: Sequence[TourCost], missed: Sequence[Missed], parts: Mapping[str, int]) -> Iterator[BillLine]:
    for tour in tours:
        yield BillLine(
            id=f"{tour.tour} planned", carrier=tour.carrier, amount_minor=tour.planned_minor, cause=Cause.AS_PLANNED
        )
        variance = tour.accepted_minor - tour.planned_minor
        own = sorted((entry for entry in missed if entry.tour == tour.tour), key=lambda entry: entry.shipment)
        weights = [parts[entry.shipment] for entry in own]
        saved = min(max(0, -variance), sum(weights))
        names = [entry.shipment for entry in own]
        credits_ = apportioned(names, weights, saved) if saved else [0] * len(own)
        for entry, credit in zip(own, credits_, strict=True):
            yield _line(entry, tour.carrier, -credit, parts)
        yield BillLine(id=f"{tour.tour} rest", carrier=tour.carrier, amount_minor=variance + saved, cause=Cause.OTHER)
    driven = {tour.tour for tour in tours}
    for entry in missed:
        if entry.tour not in driven:
            yield _line(entry, "nobody", 0, parts)


def _line(entry: Missed, carrier: str, amount_minor: int, parts: Mapping[str, int]) -> BillLine:
    cause, caused_by = CAUSES[entry.why]
    return BillLine(
        id=entry.shipment,
        carrier=carrier,
        amount_minor=amount_minor,
        cause=cause,
        caused_by=caused_by,
        member=entry.member,
        part_minor=parts[entry.shipment],
    )
