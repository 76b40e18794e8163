"""
The answer: routes with times, loads and costs, and what is not planned, with the reason.

Units as in ``solver.problem``. Costs are thousandths of the currency's minor unit (``_milli``); ``minor`` rounds a
total once, half up.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from solver.goods import Placement

MILLI = 1000
"""Thousandths in one minor unit of the currency."""


def minor(milli: int) -> int:
    """Thousandths of a minor unit rounded half up to whole minor units."""
    return (milli + MILLI // 2) // MILLI


class Action(StrEnum):
    """What is done with an order at a stop."""

    PICKUP = "pickup"
    DELIVERY = "delivery"


class Reason(StrEnum):
    """Why an order is not planned (the words of the HERE/pragmatic family of planners where they have one)."""

    OUTSIDE_OPTION = "outside_option_cheaper"
    CAPACITY = "capacity_constraint"
    TIME_WINDOW = "time_window_constraint"
    SKILL = "skill_constraint"
    REACHABLE = "reachable_constraint"
    HUB = "hub_constraint"
    MAX_DISTANCE = "max_distance_constraint"
    MAX_DURATION = "max_duration_constraint"
    MAX_STOPS = "max_stops_constraint"
    LOAD = "load_constraint"
    RELEASE = "release_constraint"
    BREAK = "break_constraint"
    APART = "apart_constraint"
    LOCK = "lock_constraint"
    SHIFT = "shift_constraint"
    FLEET = "fleet_exhausted"
    NOT_FOUND = "no_reason_found"


class PlannedVisit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One order served at a stop: service from ``start_s`` to ``end_s``."""

    order: str
    action: Action
    start_s: int
    end_s: int


class Stop(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Everything done at one place without leaving it; ``load_after`` by dimension on departure.

    A reload is a stop of its own without visits, also where the vehicle is at that place already; its service is the
    last ``reload_s`` before its departure, and its ``load_after`` counts what the next trip carries. ``waiting_s`` is
    the time at the stop that is neither service nor break. A stop that has happened is arrived at when its first visit
    began.
    """

    place: str
    arrival_s: int
    departure_s: int
    waiting_s: int
    visits: tuple[PlannedVisit, ...]
    load_after: dict[str, int]
    reload: bool = False


class PlannedBreak(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A pause from ``start_s`` to ``end_s``.

    It lies between two services (the start and the end of the route count as such, a reload is one): begun between a
    departure and the next arrival it delays that arrival by its length, and is over by then; begun at or after an
    arrival it is taken at the stop, before a service.
    """

    start_s: int
    end_s: int


class RouteCost(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What one route costs, by component, in thousandths of a minor unit.

    ``change_milli`` is the price of published orders that this route serves with another vehicle than published.
    """

    fixed_milli: int
    distance_milli: int
    time_milli: int
    stop_milli: int
    trip_milli: int = 0
    overtime_milli: int = 0
    change_milli: int = 0

    @property
    def total_milli(self) -> int:
        """Sum of the components."""
        own = self.fixed_milli + self.distance_milli + self.time_milli + self.stop_milli
        return own + self.trip_milli + self.overtime_milli + self.change_milli


class Route(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    One vehicle's work.

    ``vehicle`` numbers the vehicles of one type from 1. ``start_s`` is when it leaves its start, ``end_s`` when it is
    back at its end, or done with its last service where the end is open. ``load_start`` is what it carries when it
    leaves. ``placements`` says where the units stand in the vehicle's hold, in the order of loading (none: no hold).
    """

    vehicle_type: str
    vehicle: int
    start_s: int
    end_s: int
    distance_m: int
    load_start: dict[str, int]
    stops: tuple[Stop, ...]
    cost: RouteCost
    breaks: tuple[PlannedBreak, ...] = ()
    placements: tuple[Placement, ...] = ()


class Unplanned(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    An order that no route serves.

    ``outside_milli`` is what its outside option costs, None when it has none. ``detail`` says in words what stands in
    the way, ``cure`` what would admit it. ``change_milli`` is the price of leaving out an order that was published.
    """

    order: str
    reason: Reason
    detail: str
    cure: str
    outside_milli: int | None
    change_milli: int = 0


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Routes and unplanned orders; ``cost_milli`` is all routes plus the outside options of what is unplanned, plus
    ``longest_milli`` (price of the longest route's hours, for balance) and ``unused_milli`` (vehicles not used that are
    paid for), plus the changes of what was published.

    An unplanned mandatory order adds nothing to the cost: compare plans first by ``mandatory_unplanned``.
    """

    currency: str
    routes: tuple[Route, ...]
    unplanned: tuple[Unplanned, ...]
    cost_milli: int
    longest_milli: int = 0
    unused_milli: int = 0

    @property
    def mandatory_unplanned(self) -> int:
        """How many orders without an outside option no route serves."""
        return sum(entry.outside_milli is None for entry in self.unplanned)


class Violation(Struct, frozen=True, kw_only=True):
    """One thing that the checker found wrong with a plan."""

    code: str
    where: str
    detail: str


class Budget(Struct, frozen=True, kw_only=True):
    """
    How long to search.

    ``seconds`` of wall time for the whole solve, ``iterations`` of each engine instead (reproducible on any machine),
    or both (whichever ends first). ``cores`` runs that many searches side by side; the answer for a given seed and
    ``iterations`` does not depend on it. Without ``bound`` no time goes into the lower bound; with ``iterations``
    alone, plans of up to twenty one-sided orders then take a few milliseconds.
    """

    seconds: Annotated[float, Meta(gt=0, le=86_400)] | None = 10.0
    iterations: Annotated[int, Meta(gt=0)] | None = None
    cores: Annotated[int, Meta(ge=1, le=256)] = 1
    bound: bool = True


class Progress(Struct, frozen=True, kw_only=True):
    """
    Where a solve stands.

    ``phase`` is one word (``construct``, ``search``, ``partition``, ``check``); costs in thousandths of a minor unit;
    ``cost_milli`` None until there is a plan.
    """

    phase: str
    seconds: float
    cost_milli: int | None
    bound_milli: int
    routes: int
    unplanned: int


class Leg(Struct, frozen=True, kw_only=True):
    """What one engine did: for the trace of a result."""

    engine: str
    seconds: float
    cost_milli: int | None
    routes_found: int
    note: str = ""


class Result(Struct, frozen=True, kw_only=True):
    """
    A plan and what is known about it.

    ``bound_milli`` is proven: no plan that serves the same mandatory orders costs less. ``gap`` is
    ``(cost - bound) / cost``, 0.0 for a cost of zero. A result has passed ``solver.check``.
    """

    plan: Plan
    bound_milli: int
    gap: float
    seconds: float
    seed: int
    budget: Budget
    trace: tuple[Leg, ...]
