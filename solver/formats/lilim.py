"""Li and Lim's (2001) text: a line for the fleet, then a line a task with the number of its partner."""

import numpy as np

from solver.formats import conventions
from solver.formats.instance import Instance, Vehicle, reading_of
from solver.formats.reading import Reading
from solver.formats.solomon import refuse_beyond, say_windows
from solver.formats.text import PLACES_MAX, SAID_MAX, Faults, bounded, by_number, lines_of, refuse, table, text_of

COLUMNS = 9
DEMAND, OPENS, CLOSES, SERVICE, PICKUP, DELIVERY = 2, 3, 4, 5, 6, 7


def read_lilim(raw: bytes) -> Reading:
    """
    The problem of a Li & Lim file, with distances to a ten-thousandth and travel times rounded up to one.

    Raises ProblemError with every fault.
    """
    return reading_of(lilim_instance(raw))


def lilim_instance(raw: bytes) -> Instance:
    """The numbers of a Li & Lim file. Raises ProblemError like ``read_lilim``."""
    lines = lines_of(text_of(raw))
    if len(lines) < 2:
        refuse("file_cut_off", "line 1", "it has one line", "give a line for the fleet, then a line a task")
    if len(lines) > PLACES_MAX:
        refuse("instance_too_large", "tasks", f"{len(lines) - 1:,} tasks", f"give at most {PLACES_MAX:,}")
    faults = Faults()
    fleet = table(lines[:1], 3, "fleet", faults)
    if len(fleet):
        bounded(fleet, lines[:1], "fleet", faults, whole=True)
        if fleet[0, 2] != 1:
            cause = f"the speed is {fleet[0, 2]:g}"
            faults.add("speed_unsupported", f"fleet, line {lines[0][0]}", cause, "give 1: times are distances")
    rows = lines[1:]
    values = table(rows, COLUMNS, "tasks", faults)
    found = by_number(values, rows, len(rows), 0, "tasks", faults) if not faults.found else None
    if found is not None:
        bounded(values[:, 4:], rows, "tasks", faults)
        bounded(np.abs(values[:, [3, 7, 8]]), rows, "tasks", faults, whole=True)
        say_windows(found[:, OPENS : CLOSES + 1], "tasks", faults)
    faults.stop_if_any()
    assert found is not None
    pairs = _pairs(found, faults)
    faults.stop_if_any()
    return Instance(
        name="",
        format="lilim",
        convention=conventions.REAL,
        coords=found[:, :2],
        demands=found[:, DEMAND : DEMAND + 1].astype(np.int64),
        service=found[:, SERVICE],
        windows=found[:, OPENS : CLOSES + 1],
        pairs=pairs,
        fleet=(Vehicle(capacity=(int(fleet[0, 1]),)),),
        count=int(fleet[0, 0]),
    )


def _pairs(rows: np.ndarray, faults: Faults) -> tuple[tuple[int, int], ...]:
    """Pickups with their deliveries: each names the other, and the amounts cancel."""
    found: list[tuple[int, int]] = []
    size, wrong = len(rows), 0
    for node in range(1, size):
        origin, goal = int(rows[node, PICKUP]), int(rows[node, DELIVERY])
        partner = goal or origin
        right = (origin == 0) != (goal == 0) and 1 <= partner < size and partner != node
        right = right and rows[partner, PICKUP if goal else DELIVERY] == node
        right = right and rows[partner, DELIVERY if goal else PICKUP] == 0
        right = right and rows[partner, DEMAND] == -rows[node, DEMAND] and (rows[node, DEMAND] >= 0) == (goal != 0)
        if not right:
            wrong += 1
            if wrong <= SAID_MAX:
                cause = f"number {node} has pickup {origin}, delivery {goal}, demand {rows[node, DEMAND]:g}"
                cure = (
                    "let a pickup (positive demand) and a delivery (as much, negative) name each other, the rest be 0"
                )
                faults.add("pair_broken", "tasks", cause, cure)
        elif goal:
            found.append((node, goal))
    if rows[0, [DEMAND, PICKUP, DELIVERY]].any():
        faults.add("depot_demand", "tasks", "the depot, number 0, has a demand or a partner", "give 0 there")
    return tuple(found)


def write_lilim(instance: Instance) -> bytes:
    """
    Li and Lim's text of an instance of pairs alone.

    Raises
    ------
    ProblemError
        Where the instance has anything that the text has no column for.
    """
    refuse_beyond(instance, "Li and Lim", pairs=True)
    size = len(instance.demands)
    service = np.zeros(size) if instance.service is None else instance.service
    origin, goal = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    for pickup, delivery in instance.pairs:
        origin[delivery], goal[pickup] = pickup, delivery
    assert instance.coords is not None
    assert instance.windows is not None
    columns = (instance.coords, instance.demands, instance.windows, service[:, None], origin, goal)
    rows = np.column_stack([np.arange(size), *columns])
    count = size if instance.count is None else instance.count
    head = f"{count}\t{instance.fleet[0].capacity[0]}\t1"
    return "\n".join([head, *("\t".join(f"{value:.15g}" for value in row) for row in rows), ""]).encode()
