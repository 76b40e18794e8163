"""A routing instance with three-dimensional loads as a problem: the least distance on which every load fits."""

import numpy as np
from msgspec.structs import replace

from solver.formats import conventions
from solver.formats.instance import Instance, Vehicle, reading_of
from solver.formats.loads_3l import Loads3L, read_3l
from solver.formats.reading import Reading
from solver.formats.text import refuse


def read_3l_routing(raw: bytes) -> Reading:
    """
    The problem of an instance, with distances to a ten-thousandth; node numbers are those of the file.

    A vehicle carries the weight that it may, and every unit has its place in its hold. Raises ProblemError.
    """
    return routing_of(read_3l(raw))


def routing_of(instance: Loads3L) -> Reading:
    """The problem of an instance that was read. Raises ProblemError where its nodes are not numbered from 0 on."""
    nodes = sorted(instance.places)
    if nodes != list(range(len(nodes))):
        cause = f"{len(nodes)} nodes are numbered from {nodes[0] if nodes else 'nothing'} on"
        refuse("row_number", "Nodes", cause, "number the nodes from 0, each once; node 0 is the depot")
    reading = reading_of(
        Instance(
            name=instance.name,
            format="3l",
            convention=conventions.REAL,
            coords=np.array([instance.places[node] for node in nodes], dtype=np.float64),
            demands=np.array([[instance.demand_g[node]] for node in nodes], dtype=np.int64),
            fleet=(Vehicle(capacity=(instance.hold.weight_max_g or 0,)),),
            count=instance.vehicles,
        )
    )
    problem = reading.problem
    held = problem.replace(
        vehicle_types=tuple(replace(vehicle, hold=instance.hold) for vehicle in problem.vehicle_types),
        orders=tuple(replace(order, units=instance.units[int(order.id)]) for order in problem.orders),
    )
    return replace(reading, problem=held)
