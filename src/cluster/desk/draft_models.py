"""Words of drafts: plans that are edited by hand."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import PublicId
from cluster.planning.models import Route

Number = Annotated[int, Meta(ge=1, le=1_000_000)]
Position = Annotated[int, Meta(ge=0, le=100_000)]


class EditKind(StrEnum):
    """What can be done to a draft."""

    MOVE = "move"
    MOVE_VISIT = "move_visit"
    PLAN = "plan"
    UNPLAN = "unplan"
    REORDER = "reorder"
    REVERSE = "reverse"
    SPLIT = "split"
    MERGE = "merge"
    SWAP_VEHICLES = "swap_vehicles"
    CHANGE_VEHICLE = "change_vehicle"
    CANCEL = "cancel"
    LOCK = "lock"
    UNLOCK = "unlock"


class Lockable(StrEnum):
    """What can be locked: a route, its first visits, who serves a shipment, when a visit begins."""

    ROUTE = "route"
    SEQUENCE = "sequence"
    ASSIGNMENT = "assignment"
    TIME = "time"


class StopAction(StrEnum):
    """What is done with a shipment at a stop."""

    PICKUP = "pickup"
    DELIVERY = "delivery"


class VisitRef(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One shipment's business on a route."""

    shipment_id: PublicId
    action: StopAction


NEEDED: dict[EditKind, tuple[str, ...]] = {
    EditKind.MOVE: ("shipment_ids",),
    EditKind.MOVE_VISIT: ("shipment_id", "action", "position"),
    EditKind.PLAN: (),
    EditKind.UNPLAN: ("shipment_ids",),
    EditKind.REORDER: ("route_no", "visits"),
    EditKind.REVERSE: ("route_no",),
    EditKind.SPLIT: ("route_no", "position"),
    EditKind.MERGE: ("route_no", "other_route_no"),
    EditKind.SWAP_VEHICLES: ("route_no", "other_route_no"),
    EditKind.CHANGE_VEHICLE: ("route_no", "vehicle_type_id"),
    EditKind.CANCEL: ("shipment_ids",),
    EditKind.LOCK: ("what",),
    EditKind.UNLOCK: ("what",),
}
ALLOWED: dict[EditKind, tuple[str, ...]] = {
    EditKind.MOVE: ("route_no", "vehicle_type_id", "position"),
    EditKind.PLAN: ("shipment_id", "shipment_ids", "route_no", "vehicle_type_id", "position"),
    EditKind.SPLIT: ("vehicle_type_id",),
    EditKind.CHANGE_VEHICLE: ("vehicle_no",),
    EditKind.LOCK: ("route_no", "count", "shipment_id", "action"),
    EditKind.UNLOCK: ("route_no", "shipment_id", "action"),
}
LOCKED_BY: dict[Lockable, tuple[str, ...]] = {
    Lockable.ROUTE: ("route_no",),
    Lockable.SEQUENCE: ("route_no",),
    Lockable.ASSIGNMENT: ("shipment_id",),
    Lockable.TIME: ("shipment_id",),
}


class EditPlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    One edit of a draft.

    Routes go by their number in the draft, which they keep as long as they live. ``position`` counts the visits of the
    route that come before (of those that stay: what is moved does not count); left out, the best place is found.
    ``move`` takes shipments from routes and from none, ``plan`` those that no route carries (``shipment_ids``, or one
    ``shipment_id``). Both without ``route_no`` open a new route, of ``vehicle_type_id`` or the cheapest type; ``plan``
    with neither puts each wherever it costs least. All of them find a place, or none is moved. ``lock`` with ``what``
    ``sequence`` holds the first ``count`` visits; ``time`` needs ``action`` where the shipment has two visits.
    """

    kind: EditKind
    shipment_id: PublicId | None = None
    shipment_ids: Annotated[list[PublicId], Meta(min_length=1, max_length=500)] | None = None
    route_no: Number | None = None
    other_route_no: Number | None = None
    vehicle_type_id: PublicId | None = None
    vehicle_no: Number | None = None
    position: Position | None = None
    visits: Annotated[list[VisitRef], Meta(min_length=1, max_length=5_000)] | None = None
    action: StopAction | None = None
    what: Lockable | None = None
    count: Number | None = None

    def faults(self) -> Iterator[FieldFault]:
        """Each kind has its own fields: those it needs are there, others are not."""
        needed = NEEDED[self.kind] + (() if self.what is None else LOCKED_BY[self.what])
        if self.kind is EditKind.LOCK and self.what is Lockable.SEQUENCE:
            needed += ("count",)
        allowed = {*needed, *ALLOWED.get(self.kind, ())}
        if self.kind is EditKind.PLAN and (self.shipment_id is None) == (self.shipment_ids is None):
            cause, cure = "plan needs shipments, named in one way", "give either shipment_ids or shipment_id"
            yield FieldFault(pointer="/shipment_ids", code="missing", cause=cause, cure=cure)
        for name in self.__struct_fields__[1:]:
            given = getattr(self, name) is not None
            if name in needed and not given:
                cause, cure = f"{self.kind.value} needs it", "say which"
                yield FieldFault(pointer=f"/{name}", code="missing", cause=cause, cure=cure)
            if given and name not in allowed:
                cause, cure = f"{self.kind.value} has no such field", "leave it out"
                yield FieldFault(pointer=f"/{name}", code="unknown_field", cause=cause, cure=cure)


class Reoptimise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A search around what the draft locks; ``change_minor`` is the price of each shipment that changes its vehicle."""

    seconds: Annotated[int, Meta(ge=1, le=3600)] = 20
    change_minor: Annotated[int, Meta(ge=0, le=10**12)] = 0


class DraftFigures(Struct, frozen=True, kw_only=True):
    """What a draft comes to; what is not planned costs its outside option, ``mandatory_unplanned`` have none."""

    currency: str
    cost_minor: int
    distance_m: int
    duration_s: int
    vehicles: int
    planned: int
    unplanned: int
    mandatory_unplanned: int
    violations: int


class DraftViolation(Struct, frozen=True, kw_only=True):
    """
    One thing that a route breaks.

    ``position`` and ``shipment_id`` say at which of its visits, null where it is the route as a whole. ``excess`` is by
    how much, in ``unit`` (``s``, ``m``, ``g``, ``cm3``, ``pallet_places``, ``stops``, ``vehicles``); null where it
    cannot be counted.
    """

    code: str
    route_no: int
    position: int | None
    shipment_id: str | None
    excess: int | None
    unit: str | None
    detail: str


class ChangedShipment(Struct, frozen=True, kw_only=True):
    """A shipment that another vehicle serves than in the base plan; null where none does or did."""

    shipment_id: str
    from_vehicle: str | None
    to_vehicle: str | None


class DraftDifference(Struct, frozen=True, kw_only=True):
    """What the draft is more than the plan it was made of (less: negative)."""

    cost_minor: int
    distance_m: int
    duration_s: int
    vehicles: int
    changed: list[ChangedShipment]


class SequenceLock(Struct, frozen=True, kw_only=True):
    """The first visits of a route stay as they are."""

    route_no: int
    count: int


class TimeLock(Struct, frozen=True, kw_only=True):
    """When a visit begins."""

    shipment_id: str
    action: StopAction
    begins_at: datetime


class DraftLocks(Struct, frozen=True, kw_only=True):
    """What is locked."""

    route_nos: list[int]
    sequences: list[SequenceLock]
    shipment_ids: list[str]
    times: list[TimeLock]


class DraftEdit(Struct, frozen=True, kw_only=True):
    """One edit: ``undone`` where the draft does not stand on it."""

    id: str
    edit_no: int
    kind: EditKind
    body: dict[str, Any]
    cost_minor: int
    violations: int
    undone: bool
    by: str | None
    at: datetime


class DraftState(Struct, frozen=True, kw_only=True):
    """
    A draft as it stands.

    ``routes`` are those that the last step touched (looked up: that differ from the base plan), ``gone_route_nos``
    those it removed. ``edits`` are the latest 100, oldest first.
    """

    plan_id: str
    base_plan_id: str | None
    version: int
    figures: DraftFigures
    violations: list[DraftViolation]
    difference: DraftDifference
    routes: list[Route]
    gone_route_nos: list[int]
    unplanned_shipment_ids: list[str]
    cancelled_shipment_ids: list[str]
    locks: DraftLocks
    can_undo: bool
    can_redo: bool
    edits: list[DraftEdit]


class DraftAlternative(Struct, frozen=True, kw_only=True):
    """
    One way to serve a shipment, or to leave it to its outside option (``vehicle_type_id`` null).

    ``route_no`` is null for a new route. ``position`` goes into an edit (of a transport: where it is picked up).
    ``delay_s`` is by how much any other service of the route would begin later at most.
    """

    route_no: int | None
    vehicle_type_id: str | None
    vehicle: str | None
    position: int | None
    added_minor: int
    begins_at: list[datetime]
    delay_s: int


class DraftAlternatives(Struct, frozen=True, kw_only=True):
    """Every way to serve a shipment that breaks nothing, the cheapest first."""

    plan_id: str
    shipment_id: str
    alternatives: list[DraftAlternative]
