"""
What has really happened on a plan's day, as the solver keeps it: a door to the solver for replans.

Vehicles that have left keep what they have done with the times, the stop that they are at or drive to, and the goods on
board. Nothing that is still ahead happens before now. The planner counts seconds from the service day's midnight.
"""

from collections.abc import Iterable
from uuid import UUID

from msgspec import Struct, structs

from cluster.base import ids
from cluster.planning.translate import Problem, Unsolvable
from solver.compiled import Compiled
from solver.faults import ProblemError
from solver.locks import faults as lock_faults
from solver.plan import Action
from solver.problem import DEFAULT_HORIZON_S, Lock, LockedVisit, Order, VehicleType, Visit, Window


class SettledVisit(Struct, frozen=True, kw_only=True):
    """A visit that stays where it is: done between two times, or next without."""

    shipment_id: UUID
    action: str
    start_s: int | None = None
    end_s: int | None = None


class Settled(Struct, frozen=True, kw_only=True):
    """
    What is settled about one vehicle: it left at ``start_s``, begins with ``visits``, and ``aboard`` rides on it.

    ``vehicle_type`` is its public identifier. ``closed``: nothing comes after the visits, for its tour is over or it
    cannot go on.
    """

    vehicle_type: str
    vehicle: int
    start_s: int
    visits: tuple[SettledVisit, ...]
    aboard: tuple[UUID, ...]
    closed: bool


class Road(Struct, frozen=True, kw_only=True):
    """
    A day as it stands at ``now_s``.

    ``shipment_ids`` are planned beside what is pooled, in whatever state they are. ``held_up`` are on board vehicles
    that cannot go on, or nobody knows where: no plan can have them.
    """

    now_s: int
    vehicles: tuple[Settled, ...] = ()
    shipment_ids: tuple[UUID, ...] = ()
    held_up: tuple[UUID, ...] = ()


def held(problem: Problem, road: Road) -> Problem:
    """
    The question as it can still be asked.

    Where a vehicle can no longer reach in time what it has on board or drives to, it comes late: the windows of these
    goods stay open.

    Raises
    ------
    Unsolvable
        When the vehicle types no longer hold a vehicle that is on the road.
    """
    known = {order.id for order in problem.orders}
    locks = tuple(_lock(entry, known) for entry in road.vehicles)
    done = {(visit.order, visit.action) for lock in locks for visit in lock.visits if visit.start_s is not None}
    on_road = set(_on_road(locks))
    late: set[str] = set()
    try:
        asked = _at(problem, road.now_s, locks, done, on_road, late)
        for fault in lock_faults(Compiled(asked)):
            late |= set(_on_road([locks[int(fault.where.removeprefix("locks[").partition("]")[0])]]))
        return _at(problem, road.now_s, locks, done, on_road, late) if late else asked
    except ProblemError as error:
        causes = "; ".join(fault.cause for fault in error.faults[:3])
        raise Unsolvable(f"What is on the road no longer fits the vehicle types: {causes}.") from error


def _on_road(locks: Iterable[Lock]) -> Iterable[str]:
    for lock in locks:
        yield from lock.orders
        yield from (visit.order for visit in lock.visits if visit.order is not None)


def _lock(entry: Settled, known: set[str]) -> Lock:
    """Without shipments that are no longer part of the day."""
    named = [(ids.show("shp", visit.shipment_id), visit) for visit in entry.visits]
    aboard = (ids.show("shp", shipment_id) for shipment_id in entry.aboard)
    return Lock(
        vehicle_type=entry.vehicle_type,
        vehicle=entry.vehicle,
        visits=tuple(
            LockedVisit(order=order, action=Action(visit.action), start_s=visit.start_s, end_s=visit.end_s)
            for order, visit in named
            if order in known
        ),
        orders=tuple(order for order in aboard if order in known),
        closed=entry.closed,
        start_s=entry.start_s,
    )


def _at(
    problem: Problem,
    now_s: int,
    locks: tuple[Lock, ...],
    done: set[tuple[str | None, Action | None]],
    on_road: set[str],
    late: set[str],
) -> Problem:
    def visit_of(order: Order, action: Action) -> Visit | None:
        visit = order.pickup if action is Action.PICKUP else order.delivery
        if visit is None or (order.id, action) in done:
            return visit
        return structs.replace(visit, windows=_still(visit.windows, now_s, order.id in on_road, order.id in late))

    orders = (
        structs.replace(order, pickup=visit_of(order, Action.PICKUP), delivery=visit_of(order, Action.DELIVERY))
        for order in problem.orders
    )
    vehicle_types = tuple(_from_now(entry, now_s) for entry in problem.vehicle_types)
    return problem.replace(orders=tuple(orders), locks=locks, vehicle_types=vehicle_types)


def _still(windows: tuple[Window, ...], now_s: int, on_road: bool, late: bool) -> tuple[Window, ...]:
    """When a service may still begin; what is on the road and late by now comes whenever it comes."""
    never = max(now_s, DEFAULT_HORIZON_S)
    left = tuple(Window(max(entry.open_s, now_s), entry.close_s) for entry in windows if entry.close_s >= now_s)
    if not windows or (on_road and not left):
        return (Window(now_s, never),)
    if late:
        return (Window(left[0].open_s, never),)
    return left or windows


def _from_now(vehicle: VehicleType, now_s: int) -> VehicleType:
    """Nobody leaves before now; who has left did so when it did."""
    shift = vehicle.shift
    open_s = max(shift.open_s, now_s)
    return structs.replace(vehicle, shift=Window(open_s, max(open_s, shift.close_s)))
