"""Words of plans."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct, field

from cluster.base.errors import FieldFault
from cluster.base.fields import PublicId
from cluster.carriers.models import Hold
from cluster.members.models import RuleTerms, SharingRule
from cluster.places.roads_models import Access
from cluster.planning.scenario_models import Scenario
from cluster.shipments.models import OnTop, UnitKind


class PlanStatus(StrEnum):
    """
    Life of a plan.

    ``draft`` is edited by hand. ``solved`` has an answer and applies to nothing; ``published`` is the one that the
    window's shipments follow, at most one; it becomes ``superseded`` when another takes its place.
    """

    DRAFT = "draft"
    QUEUED = "queued"
    SOLVING = "solving"
    SOLVED = "solved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    FAILED = "failed"
    ABORTED = "aborted"
    DISCARDED = "discarded"


ANSWERED = (PlanStatus.SOLVED, PlanStatus.PUBLISHED, PlanStatus.SUPERSEDED)
"""These have routes, a cost and shares."""
OVER = (*ANSWERED, PlanStatus.FAILED, PlanStatus.ABORTED, PlanStatus.DISCARDED)
"""Nothing is being done to these."""


class Origin(StrEnum):
    """Where a plan comes from: a search, a draft edited by hand, the day as it became, or what has really happened."""

    SOLVE = "solve"
    EDIT = "edit"
    REVISE = "revise"
    REPLAN = "replan"


class Rejected(Exception):
    """A plan or its split was found wrong when checked: nothing may be stored."""


Label = Annotated[str, Meta(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]


class StartPlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A plan to be made: search for ``seconds``, then split the cost by ``rule``. What is left out is as the cluster has
    settled it for the window's service day; so are a price of CO2 and a buffer that its scenario does not name.

    The same ``seed`` repeats a search as far as time limits allow. The cost game has at most ``players_max`` players;
    with more members than that, those with the least to pay alone are united (more players take longer).

    With ``publish`` the plan publishes itself as soon as it is solved, unless the cluster wants four eyes. Without, it
    is a candidate that nobody but the coordinator knows of. It starts from the routes of ``base_plan_id``, and pays
    ``change_minor`` in the search, never in its cost, for each shipment that changes its vehicle against them.
    ``terms`` are what the rule needs beside the day; left out, with the settled rule they are the settled ones.
    """

    seconds: Annotated[int, Meta(ge=1, le=3600)] | None = None
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None
    rule: SharingRule | None = None
    terms: RuleTerms | None = None
    players_max: Annotated[int, Meta(ge=1, le=12)] | None = None
    publish: bool | None = None
    label: Label = ""
    scenario: Scenario = field(default_factory=Scenario)
    base_plan_id: PublicId | None = None
    change_minor: Annotated[int, Meta(ge=0, le=10**12)] | None = None

    def faults(self) -> Iterator[FieldFault]:
        """A price of changes needs what they are changes of."""
        if self.change_minor is not None and self.base_plan_id is None:
            cause, cure = "a price of changes without a plan to change", "name base_plan_id, or leave it out"
            yield FieldFault(pointer="/change_minor", code="base_plan_missing", cause=cause, cure=cure)


class ProgressPoint(Struct, frozen=True, kw_only=True):
    """
    Where a solve stood at one moment.

    ``phase``: ``construct``, ``search``, ``partition``, ``bound`` or ``check`` while the plan is made; then for its
    split ``explore`` (good plans for groups of members), ``prove`` (what they cost at least), ``price`` and ``close``.
    """

    phase: str
    seconds: float
    cost_minor: int | None
    bound_minor: int
    routes: int
    unplanned: int


class PlanResult(Struct, frozen=True, kw_only=True):
    """
    What a plan comes to; the coordinator's eyes only.

    ``bound_minor`` is proven: no plan that serves the same mandatory shipments costs less. ``gap`` is how far above it
    the plan is, as a part of its cost.

    ``emissions_g`` is CO2 from fuel by distance driven. ``fill_weight`` and ``fill_volume`` are the parts of what the
    vehicles on the road could carry that is loaded, each at its fullest. Of ``services_windowed`` services with a time
    window, ``services_early`` begin at least 15 minutes before it closes; ``slack_median_s`` is how long before, at
    the median. These are null for plans made before they were told; the median also where nothing has a window.
    """

    currency: str
    cost_minor: int
    bound_minor: int
    gap: float
    distance_m: int
    duration_s: int
    routes: int
    planned: int
    unplanned: int
    seconds: float
    emissions_g: int | None
    fill_weight: float | None
    fill_volume: float | None
    services_windowed: int | None
    services_early: int | None
    slack_median_s: int | None


class Approval(Struct, frozen=True, kw_only=True):
    """Somebody agreed to a plan: a key's or a person's identifier, when, and what they said."""

    by: str
    at: datetime
    note: str


class Plan(Struct, frozen=True, kw_only=True):
    """
    A plan of a pool window. Members see the published one and their own part of it.

    ``version`` counts the window's plans; for a member, those that were published. ``approval_required`` says that it
    cannot be published before somebody else than who made it agrees; ``day_changed`` that shipments of the window have
    changed since it was asked; ``late_shipments`` counts those of the pool that came too late for it (null for plans
    that cannot apply). For members ``result``, errors, what was asked and what it started from are null, and
    ``progress`` and ``approvals`` empty.
    """

    id: str
    pool_window_id: str
    version: int
    status: PlanStatus
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    seconds: int | None
    seed: int | None
    rule: SharingRule | None
    terms: RuleTerms | None
    result: PlanResult | None
    progress: list[ProgressPoint]
    error_code: str | None
    error_detail: str | None
    label: str | None
    origin: Origin | None
    base_plan_id: str | None
    scenario: Scenario | None
    change_minor: int | None
    publish: bool | None
    approvals: list[Approval]
    approval_required: bool | None
    day_changed: bool | None
    late_shipments: int | None
    published_at: datetime | None


class Visit(Struct, frozen=True, kw_only=True):
    """One shipment's business at a stop."""

    shipment_id: str
    client_ref: str
    member_id: str
    action: str
    begins_at: datetime
    ends_at: datetime


class Stop(Struct, frozen=True, kw_only=True):
    """Where a vehicle stops and for whom; a member sees only its own visits, and only stops that have one."""

    stop_no: int
    name: str
    address_line1: str
    lat: float
    lon: float
    arrives_at: datetime
    departs_at: datetime
    visits: list[Visit]


class Placement(Struct, frozen=True, kw_only=True):
    """
    Where one unit of a shipment stands in its vehicle's hold: its lowest corner, and its extent as it stands there.

    x and ``along_mm`` run from the front wall to the rear door, y and ``across_mm`` from the left wall, z and ``up_mm``
    upwards. ``unit_no`` counts the shipment's units from 1, line by line. It is on board from ``from_stop`` (0: where
    the route starts) to ``to_stop`` (one more than there are stops: where it ends).
    """

    shipment_id: str
    client_ref: str
    member_id: str
    kind: UnitKind
    unit_no: int
    x_mm: int
    y_mm: int
    z_mm: int
    along_mm: int
    across_mm: int
    up_mm: int
    weight_g: int
    on_top: OnTop
    from_stop: int
    to_stop: int


class RouteBreak(Struct, frozen=True, kw_only=True):
    """When a driver rests: on the way, or at a stop before somebody is served there."""

    begins_at: datetime
    ends_at: datetime


class Route(Struct, frozen=True, kw_only=True):
    """
    One vehicle's work.

    ``hold`` is null where the vehicle type has none; ``placements`` says where units stand in it, in the order of
    loading. For a member everything that would tell of others is null or empty: vehicle, ends, distance, cost, load,
    hold, placements, breaks; its arrival times are rounded to the quarter of an hour.
    """

    route_no: int
    vehicle_type_id: str | None
    vehicle: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    start_lat: float | None
    start_lon: float | None
    end_lat: float | None
    end_lon: float | None
    distance_m: int | None
    cost_minor: int | None
    weight_g: int | None
    weight_capacity_g: int | None
    volume_cm3: int | None
    volume_capacity_cm3: int | None
    hold: Hold | None
    placements: list[Placement]
    stops: list[Stop]
    breaks: list[RouteBreak]


class Routes(Struct, frozen=True, kw_only=True):
    """All routes of a plan."""

    plan_id: str
    routes: list[Route]


class UnplannedShipment(Struct, frozen=True, kw_only=True):
    """
    A shipment that no route carries: a reason code, what stands in the way, and what would admit it.

    ``outside_minor`` is what its member pays outside the pool; null where it named no outside option. Members get the
    reason code alone: what stands in the way and what would help tell of vehicles and of others.
    """

    shipment_id: str
    client_ref: str
    member_id: str
    name: str
    lat: float
    lon: float
    reason: str
    detail: str | None
    cure: str | None
    outside_minor: int | None


class UnplannedShipments(Struct, frozen=True, kw_only=True):
    """All unplanned shipments of a plan."""

    plan_id: str
    unplanned: list[UnplannedShipment]


class UnreachableStop(Struct, frozen=True, kw_only=True):
    """A stop that no vehicle gets to by road, and what each travel profile finds there."""

    shipment_id: str
    member_id: str
    action: str
    lat: float
    lon: float
    access: Access


class UnreachableStops(Struct, frozen=True, kw_only=True):
    """
    Stops of a pool window that no vehicle gets to, at most 500 of the ``total``.

    ``not_checked`` of all ``stops`` were not looked at yet: there is no road network, or they were booked a moment ago.
    """

    data: list[UnreachableStop]
    total: int
    not_checked: int
    stops: int
