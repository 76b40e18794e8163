"""
Questions of loading and their answers: does this fit, and into what does it go.

``Load`` asks of one hold, ``PackProblem`` of a choice of containers. Goods and holds stand in ``solver.goods``.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from solver.goods import Hold, Identifier, Placement, Unit


class Cargo(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Units of one order that are on board together: loaded at stop ``from_stop``, unloaded at ``to_stop``."""

    order: Identifier
    unit: Unit
    from_stop: int = 0
    to_stop: int = 1


class Load(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Does all of ``cargo`` fit into ``hold``?

    ``fixed`` says where some of it stands already (a partly loaded hold): they keep their places and come first in the
    order of loading among those of their stop.
    """

    hold: Hold
    cargo: tuple[Cargo, ...]
    fixed: tuple[Placement, ...] = ()


class Verdict(StrEnum):
    """Never merged: there are placements; there can be none (proof); none were found (no proof)."""

    FITS = "fits"
    PROVED_NOT = "proved_not"
    NOT_FOUND = "not_found"


class Fit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    An answer to a ``Load``.

    ``placements`` of all cargo, in the order of loading, where it fits; empty otherwise. ``tier`` is what decided
    (``weight``, ``volume``, ``length``, ``construction``, ``exact``, ...). ``detail`` says in words why not.
    """

    verdict: Verdict
    placements: tuple[Placement, ...] = ()
    tier: str = ""
    detail: str = ""


class Container(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of vehicle, container or carton: ``count`` of them (None: any number), each at ``cost_milli``."""

    id: Identifier
    hold: Hold
    cost_milli: int = 0
    count: int | None = None


class Consignment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What one order has to be packed.

    ``groupage_milli``: what sending all of it as groupage costs instead; None: it is to be packed. Without ``whole`` it
    may be divided between containers, unit by unit.
    """

    id: Identifier
    units: tuple[Unit, ...]
    to_stop: int = 1
    groupage_milli: int | None = None
    whole: bool = False


class PackProblem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Which containers hold these consignments at least cost?

    The least volume left out of what is to be packed comes first, then the least sum of container costs and groupage.
    With one container this is the question of loading it as full as possible.

    ``apart``: pairs of names of groups, units of one never share a container with units of the other (a group paired
    with itself: at most one of its units a container). ``together``: all units of such a group share one container.
    """

    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "VND"
    containers: tuple[Container, ...]
    consignments: tuple[Consignment, ...]
    apart: tuple[tuple[Identifier, Identifier], ...] = ()
    together: tuple[Identifier, ...] = ()
    version: int = 1


class Packed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One container that is used: ``number`` counts those of its kind from 1. Placements in the order of loading."""

    container: str
    number: int
    placements: tuple[Placement, ...]


class NotPlaced(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Units that are in no container: ``quantity`` of ``unit`` of a consignment.

    ``reason`` is a code (docs/faults.md), ``detail`` says it in words, ``cure`` what would help. ``groupage``: they are
    sent that way, at their consignment's rate.
    """

    consignment: str
    unit: str
    quantity: int
    reason: str
    detail: str
    cure: str
    groupage: bool = False


class Packing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    An answer to a ``PackProblem``.

    ``cost_milli`` is that of the containers used and of groupage. ``bound_milli`` is proven: nothing that leaves out no
    more costs less. ``proved``: nothing is better.
    """

    currency: str
    bins: tuple[Packed, ...]
    not_placed: tuple[NotPlaced, ...]
    cost_milli: int
    bound_milli: int = 0
    proved: bool = False
