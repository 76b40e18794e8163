"""What a person does to a plan: each edit as a struct that travels as JSON, told apart by ``kind``."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from solver.plan import Action

Number = Annotated[int, Meta(ge=1, le=1_000_000)]
Position = Annotated[int, Meta(ge=0, le=100_000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Names = Annotated[tuple[Name, ...], Meta(min_length=1, max_length=500)]


class _Edit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """Routes go by number, orders and vehicle types by id; a position counts the visits that come before."""


class Move(_Edit, frozen=True, kw_only=True, tag="move"):
    """
    Orders, on a route or on none, go to a place of their route or another one, in this sequence, one after another.

    ``route`` None: a new route of ``vehicle_type`` (None: the cheapest that has a vehicle left). ``position`` counts
    the visits of the route without what is moved; None: the best place. A transport is picked up at the position, and
    delivered where that is best.
    """

    orders: Names
    route: Number | None = None
    vehicle_type: Name | None = None
    position: Position | None = None


class MoveVisit(_Edit, frozen=True, kw_only=True, tag="move_visit"):
    """One visit of an order goes to another position of its own route."""

    order: Name
    action: Action
    position: Position


class Add(_Edit, frozen=True, kw_only=True, tag="plan"):
    """Orders that no route serves are put on one, as by ``move``; with no route named, each where it is cheapest."""

    orders: Names
    route: Number | None = None
    vehicle_type: Name | None = None
    position: Position | None = None


class Unplan(_Edit, frozen=True, kw_only=True, tag="unplan"):
    """Orders leave their routes, and stay asked for."""

    orders: Names


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A visit (``order`` and ``action``) or a reload (``place``) of a route."""

    order: Name | None = None
    action: Action | None = None
    place: Name | None = None


class Reorder(_Edit, frozen=True, kw_only=True, tag="reorder"):
    """A route drives its visits in another sequence, all of them; reloads may come and go."""

    route: Number
    visits: Annotated[tuple[Entry, ...], Meta(min_length=1, max_length=5_000)]


class Reverse(_Edit, frozen=True, kw_only=True, tag="reverse"):
    """A route drives its visits backwards, from the end of what is locked."""

    route: Number


class Split(_Edit, frozen=True, kw_only=True, tag="split"):
    """What a route does from ``position`` on goes to a new route; ``vehicle_type`` None: a vehicle like the old one."""

    route: Number
    position: Position
    vehicle_type: Name | None = None


class Merge(_Edit, frozen=True, kw_only=True, tag="merge"):
    """A route does what ``other`` did, after its own visits; the other is gone."""

    route: Number
    other: Number


class SwapVehicles(_Edit, frozen=True, kw_only=True, tag="swap_vehicles"):
    """Two routes change vehicles."""

    route: Number
    other: Number


class ChangeVehicle(_Edit, frozen=True, kw_only=True, tag="change_vehicle"):
    """A route is driven by another vehicle; ``vehicle`` None: the first of the type that is free."""

    route: Number
    vehicle_type: Name
    vehicle: Number | None = None


class Cancel(_Edit, frozen=True, kw_only=True, tag="cancel"):
    """Orders are asked for no more: they leave their routes, and cost nothing."""

    orders: Names


class Lockable(StrEnum):
    """What can be locked: a route, its first visits, who serves an order, when a service begins."""

    ROUTE = "route"
    SEQUENCE = "sequence"
    ASSIGNMENT = "assignment"
    TIME = "time"


class Pin(_Edit, frozen=True, kw_only=True, tag="lock"):
    """
    Something stays as it is: a ``route``, its first ``visits``, the vehicle of an ``order``, or the time of its visit.

    A time wants ``action`` where the order has two visits.
    """

    what: Lockable
    route: Number | None = None
    visits: Number | None = None
    order: Name | None = None
    action: Action | None = None


class Unpin(_Edit, frozen=True, kw_only=True, tag="unlock"):
    """What ``lock`` locked is free again."""

    what: Lockable
    route: Number | None = None
    order: Name | None = None
    action: Action | None = None


Edit = (
    Move
    | MoveVisit
    | Add
    | Unplan
    | Reorder
    | Reverse
    | Split
    | Merge
    | SwapVehicles
    | ChangeVehicle
    | Cancel
    | Pin
    | Unpin
)
