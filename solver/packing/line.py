"""
Loads on a line: units of which no two stand side by side or on one another in any container.

Then where a unit stands says nothing, and bin packing of lengths and weights decides exactly what the question asks.
"""

from collections.abc import Sequence

import numpy as np

from solver.goods import Placement, Rotation, Side, Unit
from solver.loads import Consignment, Container, Packed, Packing, PackProblem
from solver.packing.vector import pack_vector

Ticket = tuple[Consignment, Unit, int]
"""One unit: its consignment, its kind, its number from 1."""


def lies_on_a_line(problem: PackProblem) -> bool:
    """
    Whether ``packed_on_a_line`` answers a question.

    So it does where every unit stands one way, wider than half of every hold that it goes into and higher too; all are
    unloaded at one stop through a rear door, or doors are not asked for; and neither axles, groups, nor groupage, nor
    consignments that stay whole play a part.
    """
    holds = [container.hold for container in problem.containers]
    units = [unit for consignment in problem.consignments for unit in consignment.units]
    stops = {consignment.to_stop for consignment in problem.consignments}
    plain = not any(unit.groups for unit in units) and not any(
        consignment.whole or consignment.groupage_milli is not None for consignment in problem.consignments
    )
    open_ = all(not hold.doors or any(door.side is Side.REAR for door in hold.doors) for hold in holds)
    return (
        plain
        and open_
        and len(stops) == 1
        and all(hold.chassis is None for hold in holds)
        and all(unit.rotations == (Rotation.LWH,) for unit in units)
        and all(
            hold.width_mm < 2 * unit.width_mm
            and hold.height_mm < 2 * unit.height_mm
            and hold.width_mm >= unit.width_mm
            and hold.height_mm >= unit.height_mm
            for hold in holds
            for unit in units
        )
    )


def packed_on_a_line(problem: PackProblem, *, seconds: float | None = None, seed: int = 0) -> Packing | None:
    """
    The answer to a question that lies on a line.

    Returns
    -------
    Packing or None
        None where something would be left out: which units, is for ``solver.packing.choose.pack`` to say.
    """
    tickets: list[Ticket] = [
        (consignment, unit, number)
        for consignment in problem.consignments
        for unit in consignment.units
        for number in range(1, unit.quantity + 1)
    ]
    total_g = sum(unit.weight_g for _, unit, _ in tickets)
    limits = [
        (container.hold.length_mm, total_g if container.hold.weight_max_g is None else container.hold.weight_max_g)
        for container in problem.containers
    ]
    most = [len(tickets) if container.count is None else container.count for container in problem.containers]
    answer = pack_vector(
        np.array([(unit.length_mm, unit.weight_g) for _, unit, _ in tickets], dtype=np.int64).reshape(-1, 2),
        np.array(limits, dtype=np.int64),
        np.array([container.cost_milli for container in problem.containers], dtype=np.int64),
        np.array(most, dtype=np.int64),
        seconds=seconds,
        seed=seed,
    )
    if (answer.assignment < 0).any():
        return None
    loads: list[list[Ticket]] = [[] for _ in answer.types]
    for ticket, number in zip(tickets, answer.assignment.tolist(), strict=True):
        loads[number].append(ticket)
    return Packing(
        currency=problem.currency,
        bins=_bins(problem.containers, answer.types.tolist(), loads),
        not_placed=(),
        cost_milli=answer.cost,
        bound_milli=answer.bound,
        proved=answer.proved,
    )


def _bins(
    containers: Sequence[Container], types: Sequence[int], loads: Sequence[Sequence[Ticket]]
) -> tuple[Packed, ...]:
    """Units one behind another from the front wall."""
    used = [0] * len(containers)
    bins = []
    for type_, load in zip(types, loads, strict=True):
        used[type_] += 1
        x_mm, places = 0, []
        for consignment, unit, number in load:
            places.append(
                Placement(
                    order=consignment.id,
                    unit=unit.id,
                    number=number,
                    x_mm=x_mm,
                    y_mm=0,
                    z_mm=0,
                    rotation=Rotation.LWH,
                )
            )
            x_mm += unit.length_mm
        bins.append(Packed(container=containers[type_].id, number=used[type_], placements=tuple(places)))
    return tuple(bins)
