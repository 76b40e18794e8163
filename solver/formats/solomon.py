"""Solomon's (1987) and Gehring and Homberger's (1999) text: a name, the fleet, then a line a customer."""

import numpy as np

from solver.formats import conventions
from solver.formats.instance import Instance, Vehicle, reading_of
from solver.formats.reading import Reading
from solver.formats.text import PLACES_MAX, Faults, Line, bounded, by_number, lines_of, quoted, refuse, table, text_of

HEAD = ("VEHICLE", "NUMBER CAPACITY")
BODY = ("CUSTOMER", "CUST NO. XCOORD. YCOORD. DEMAND READY TIME DUE DATE SERVICE TIME")
COLUMNS = 7
DEMAND, OPENS, CLOSES, SERVICE = 2, 3, 4, 5


def read_solomon(raw: bytes) -> Reading:
    """The problem of a Solomon file under the DIMACS rules. Raises ProblemError with every fault."""
    return reading_of(solomon_instance(raw))


def solomon_instance(raw: bytes) -> Instance:
    """The numbers of a Solomon file. Raises ProblemError like ``read_solomon``."""
    lines = lines_of(text_of(raw))
    if len(lines) < 6:
        cause = f"it has {len(lines)} lines"
        refuse("file_cut_off", f"line {lines[-1][0]}", cause, "give name, VEHICLE, its two lines, CUSTOMER, its lines")
    faults = Faults()
    for line, words in zip((*lines[1:3], *lines[4:6]), (*HEAD, *BODY), strict=True):
        if " ".join(line[1].upper().split()) != words:
            cause = f"{quoted(line[1])} stands where {quoted(words)} should"
            faults.add("text_misplaced", f"line {line[0]}", cause, f"write {words}")
    fleet = table(lines[3:4], 2, "VEHICLE", faults)
    if len(fleet):
        bounded(fleet, lines[3:4], "VEHICLE", faults, whole=True)
    rows = lines[6:]
    if len(rows) > PLACES_MAX:
        refuse("instance_too_large", "CUSTOMER", f"{len(rows):,} customers", f"give at most {PLACES_MAX:,}")
    values = _customers(rows, faults)
    faults.stop_if_any()
    return Instance(
        name=lines[0][1],
        format="solomon",
        convention=conventions.DIMACS,
        coords=values[:, :2],
        demands=values[:, DEMAND : DEMAND + 1].astype(np.int64),
        service=values[:, SERVICE],
        windows=values[:, OPENS : CLOSES + 1],
        fleet=(Vehicle(capacity=(int(fleet[0, 1]),)),),
        count=int(fleet[0, 0]),
    )


def _customers(rows: list[Line], faults: Faults) -> np.ndarray:
    """Numbers by customer, the depot first; empty where there were faults."""
    if not rows:
        faults.add("row_count", "CUSTOMER", "there is not even a depot", "give a line for the depot, numbered 0")
        return np.zeros((0, COLUMNS - 1))
    before = len(faults.found)
    values = table(rows, COLUMNS, "CUSTOMER", faults)
    if len(faults.found) > before:
        return np.zeros((0, COLUMNS - 1))
    bounded(values[:, 3:], rows, "CUSTOMER", faults)
    bounded(values[:, 3:4], rows, "CUSTOMER", faults, whole=True)
    found = by_number(values, rows, len(rows), 0, "CUSTOMER", faults)
    if found is None:
        return np.zeros((0, COLUMNS - 1))
    say_windows(found[:, OPENS : CLOSES + 1], "CUSTOMER", faults)
    if found[0, DEMAND]:
        faults.add("depot_demand", "CUSTOMER", "the depot, number 0, has a demand", "give 0 there")
    return found


def say_windows(windows: np.ndarray, where: str, faults: Faults) -> None:
    """Faults of windows that close before they open."""
    for node in np.flatnonzero(windows[:, 1] < windows[:, 0])[:20]:
        cause = f"number {int(node)} closes at {windows[node, 1]:g}, before it opens at {windows[node, 0]:g}"
        faults.add("window_reversed", where, cause, "give the opening time first")


def write_solomon(instance: Instance) -> bytes:
    """
    Solomon's text of an instance with one depot, windows and vehicles that are alike.

    Raises
    ------
    ProblemError
        Where the instance has anything that the text has no column for.
    """
    refuse_beyond(instance, "Solomon", pairs=False)
    size = len(instance.demands)
    service = np.zeros(size) if instance.service is None else instance.service
    assert instance.coords is not None
    assert instance.windows is not None
    columns = (instance.coords, instance.demands, instance.windows, service[:, None])
    rows = np.column_stack([np.arange(size), *columns])
    head = [instance.name or "instance", "", HEAD[0], "NUMBER     CAPACITY"]
    fleet = f"{size if instance.count is None else instance.count} {instance.fleet[0].capacity[0]}"
    body = ["", BODY[0], BODY[1], "", *("  ".join(f"{value:.15g}" for value in row) for row in rows)]
    return "\n".join([*head, fleet, *body, ""]).encode()


def refuse_beyond(instance: Instance, name: str, *, pairs: bool) -> None:
    """ProblemError where an instance has what Solomon's and Li and Lim's texts have no column for."""
    faults, vehicle = Faults(), instance.fleet[0]
    for where, wrong in (
        ("coordinates", instance.coords is None or instance.weights is not None),
        ("windows", instance.windows is None),
        ("depots", instance.depots != (0,)),
        ("vehicles", not instance.alike or vehicle != Vehicle(capacity=vehicle.capacity)),
        ("capacity", len(vehicle.capacity) != 1 or instance.demands.shape[1] != 1),
        ("releases", instance.releases is not None),
        ("prizes", instance.prizes is not None),
        ("pairs", bool(instance.pairs) != pairs),
        ("tasks", pairs and 2 * len(instance.pairs) + 1 != len(instance.demands)),
    ):
        if wrong:
            cause = f"{name}'s text holds one depot, windows, coordinates and one kind of vehicle, and nothing else"
            faults.add("text_unsupported", where, cause, "write it as VRPLIB or in the solver's own JSON")
    faults.stop_if_any()
