"""
What one more shipment adds to the cost of a day: the door to the solver for prices told before booking.

Runs in a helper process, which keeps the search's memory and time away from the one that answers HTTP. Both functions
take and return plain data, so that they can be sent there.
"""

import msgspec
from msgspec import Struct

from cluster.planning.translate import Day, Plan, Unsolvable, minor, problem_of
from cluster.shipments.models import Pooling, Shipment
from solver.living import alternatives
from solver.plan import Budget
from solver.solve import solve

ITERATIONS = 400
SHIPMENTS_MAX = 2_000


class Snapshot(Struct, frozen=True, kw_only=True):
    """A day and a quick plan of it; None for a day without shipments, or one that cannot be planned."""

    day: Day
    plan: Plan | None


def snapshot(day: Day) -> Snapshot:
    """A day with a quick plan: the same for the same day."""
    must = msgspec.structs.replace(day, shipments=[_to_carry(entry) for entry in day.shipments[:SHIPMENTS_MAX]])
    if not must.shipments:
        return Snapshot(day=must, plan=None)
    try:
        problem = problem_of(must)
    except Unsolvable:
        return Snapshot(day=must, plan=None)
    return Snapshot(day=must, plan=solve(problem, Budget(seconds=None, iterations=ITERATIONS, bound=False)).plan)


def added_minor(taken: Snapshot, shipment: Shipment) -> int | None:
    """
    What a shipment adds to the cost of a day whose other shipments keep their vehicles and sequence, in minor units.

    None where no vehicle can carry it. For an empty day, what it costs by itself.
    """
    day = msgspec.structs.replace(taken.day, shipments=[*taken.day.shipments, _to_carry(shipment)])
    try:
        problem = problem_of(day)
    except Unsolvable:
        return None
    if taken.plan is None:
        plan = solve(problem, Budget(seconds=None, iterations=ITERATIONS, bound=False)).plan
        carried = shipment.id not in {entry.order for entry in plan.unplanned}
        return minor(plan.cost_milli) if carried and len(day.shipments) == 1 else None
    ways = [way for way in alternatives(problem, taken.plan, shipment.id) if way.vehicle_type is not None]
    return max(0, minor(ways[0].added_milli)) if ways else None


def _to_carry(shipment: Shipment) -> Shipment:
    """The shipment without its outside option: what is asked is what carrying it costs."""
    return msgspec.structs.replace(shipment, outside_minor=None, pooling=Pooling.POOL)
