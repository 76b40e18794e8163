"""
VRPLIB files: the format of CVRPLIB and its dialects for depots, fleets, prizes, releases and trips.

The field names are those of TSPLIB 95 (Reinelt 1991), CVRPLIB (Uchoa et al. 2017) and the dialect of PyVRP's instances.
"""

import numpy as np
from numpy.typing import NDArray

from solver.formats import conventions
from solver.formats.instance import Instance, reading_of
from solver.formats.reading import Convention, Reading
from solver.formats.text import PLACES_MAX, Faults, bounded, by_number, lines_of, number_of, quoted, table, text_of
from solver.formats.vrplib_fleet import fleet_of, section_or_value
from solver.formats.vrplib_sections import NODE_SECTIONS, Skeleton, skeleton_of
from solver.formats.vrplib_weights import weights_of

TYPES = {
    "CVRP": conventions.NEAREST,
    "ACVRP": conventions.NEAREST,
    "PCVRP": conventions.NEAREST,
    "VRPTW": conventions.DIMACS,
    "MDVRP": conventions.THOUSANDTHS,
    "MDVRPTW": conventions.THOUSANDTHS,
    "SDVRPTW": conventions.THOUSANDTHS,
    "HFVRP": conventions.HUNDREDFOLD,
    "PCVRPTW": conventions.TENTHS,
    "MTVRPTW": conventions.TENTHS,
    "MTVRPTWR": conventions.TENTHS,
}
WEIGHT_TYPES = ("EUC_2D", "EXPLICIT")


def read_vrplib(raw: bytes) -> Reading:
    """
    The problem of a VRPLIB file; node numbers in it and in solution files are those of the file less one.

    Raises
    ------
    ProblemError
        With every fault: unknown names, missing or malformed lines, numbers out of bounds.
    """
    return reading_of(vrplib_instance(raw))


def vrplib_instance(raw: bytes) -> Instance:
    """The numbers of a VRPLIB file. Raises ProblemError like ``read_vrplib``."""
    faults = Faults()
    skeleton = skeleton_of(lines_of(text_of(raw)), faults)
    size = _size(skeleton, faults)
    _check_words(skeleton, faults)
    faults.stop_if_any()
    nodes = _node_sections(skeleton, size, faults)
    weights = weights_of(skeleton, size, faults)
    depots = _depots(skeleton, size, faults)
    service = section_or_value(skeleton, "SERVICE_TIME", nodes, size, faults)
    releases = section_or_value(skeleton, "RELEASE_TIME", nodes, size, faults)
    _check_nodes(skeleton, nodes, depots, faults)
    demands = nodes.get("DEMAND", np.zeros((size, 1))).astype(np.int64)
    fleet, alike, count = fleet_of(skeleton, depots, size, demands.shape[1], faults)
    if demands.any() and "CAPACITY" not in (*skeleton.specifications, *skeleton.sections):
        cause = "there are demands, and vehicles have no capacity"
        faults.add("specification_missing", "CAPACITY", cause, "give CAPACITY : q, or CAPACITY_SECTION")
    faults.stop_if_any()
    for values in (service, releases):
        if values is not None:
            values[list(depots)] = 0.0
    return Instance(
        name=skeleton.specifications.get("NAME", (0, ""))[1],
        format="vrplib",
        convention=_convention(skeleton, weights),
        coords=nodes.get("NODE_COORD"),
        weights=weights,
        demands=demands,
        depots=depots,
        service=service,
        windows=nodes.get("TIME_WINDOW"),
        releases=releases,
        prizes=nodes["PRIZE"][:, 0] if "PRIZE" in nodes else None,
        fleet=fleet,
        alike=alike,
        count=count,
    )


def _size(skeleton: Skeleton, faults: Faults) -> int:
    """DIMENSION."""
    number, text = skeleton.specifications.get("DIMENSION", (1, ""))
    value = number_of(text)
    if not text:
        faults.add("specification_missing", "DIMENSION", "the number of nodes is not given", "give DIMENSION : n")
    elif value is None or value != int(value) or value < 1:
        cause = f"DIMENSION {quoted(text)} is no number of nodes"
        faults.add("number_malformed", f"line {number}", cause, "give a whole number from 1")
    elif value > PLACES_MAX:
        cause = f"{int(value):,} nodes are more than a full matrix may have here ({PLACES_MAX:,})"
        faults.add("instance_too_large", f"line {number}", cause, "divide the instance")
    else:
        return int(value)
    return 1


def _check_words(skeleton: Skeleton, faults: Faults) -> None:
    """TYPE, EDGE_WEIGHT_TYPE and what they need."""
    number, kind = skeleton.specifications.get("TYPE", (1, ""))
    if kind.upper() not in TYPES:
        cause = f"problems of type {quoted(kind)} are not read" if kind else "TYPE is not given"
        faults.add("type_unknown", f"line {number}", cause, f"give one of {', '.join(TYPES)}")
    number, weight_type = skeleton.specifications.get("EDGE_WEIGHT_TYPE", (1, ""))
    if weight_type not in WEIGHT_TYPES:
        cause = (
            f"EDGE_WEIGHT_TYPE {quoted(weight_type)} is not read" if weight_type else "EDGE_WEIGHT_TYPE is not given"
        )
        faults.add("weight_type_unknown", f"line {number}", cause, f"give one of {', '.join(WEIGHT_TYPES)}")
    needed = {"EUC_2D": "NODE_COORD", "EXPLICIT": "EDGE_WEIGHT"}.get(weight_type)
    for name in (needed, "DEPOT"):
        if name is not None and name not in skeleton.sections:
            cause = f"{name}_SECTION is missing"
            faults.add("section_missing", f"{name}_SECTION", cause, "give it; is the file cut off?")
    if "EDGE_WEIGHT" in skeleton.sections and weight_type == "EUC_2D":
        cause = "weights are given, and EDGE_WEIGHT_TYPE says that they follow from the coordinates"
        faults.add("given_twice", f"line {skeleton.begins['EDGE_WEIGHT']}", cause, "give one of the two")
    _check_display(skeleton, faults)


def _check_display(skeleton: Skeleton, faults: Faults) -> None:
    """Words about drawing say nothing of the problem, but they must be the known ones."""
    for key, known in (
        ("NODE_COORD_TYPE", {"TWOD_COORDS", "NO_COORDS"}),
        ("DISPLAY_DATA_TYPE", {"COORD_DISPLAY", "TWOD_DISPLAY", "NO_DISPLAY"}),
    ):
        number, word = skeleton.specifications.get(key, (1, ""))
        if word and word not in known:
            cause = f"{key} {quoted(word)} is not read"
            faults.add("specification_unknown", f"line {number}", cause, f"give one of {', '.join(sorted(known))}")


def _node_sections(skeleton: Skeleton, size: int, faults: Faults) -> dict[str, NDArray[np.float64]]:
    """Numbers by section and node."""
    found: dict[str, NDArray[np.float64]] = {}
    for name, width in NODE_SECTIONS.items():
        lines = skeleton.sections.get(name)
        if lines is None:
            continue
        where, before = f"{name}_SECTION", len(faults.found)
        rows = table(lines, None if width is None else width + 1, where, faults)
        if len(faults.found) == before:
            values = by_number(rows, lines, size, 1, where, faults)
            if values is not None:
                found[name] = values
                if name != "NODE_COORD":
                    bounded(rows[:, 1:], lines, where, faults, whole=name == "DEMAND")
    return found


def _depots(skeleton: Skeleton, size: int, faults: Faults) -> tuple[int, ...]:
    """Nodes of DEPOT_SECTION, which a -1 ends."""
    found: list[int] = []
    ended = False
    for number, line in skeleton.sections["DEPOT"]:
        for token in line.split():
            value, where = number_of(token), f"DEPOT_SECTION, line {number}"
            if ended:
                faults.add("text_misplaced", where, f"{quoted(token)} stands after the -1", "end the section with -1")
            elif value == -1:
                ended = True
            elif value is None or value != int(value) or not 1 <= value <= size or int(value) - 1 in found:
                cause = f"{quoted(token)} is no node, or named before"
                faults.add("node_unknown", where, cause, f"give numbers from 1 to {size}, each once")
            else:
                found.append(int(value) - 1)
    if not found:
        faults.add("depot_missing", "DEPOT_SECTION", "no depot is named", "name at least one node")
    return tuple(found) or (0,)


def _check_nodes(
    skeleton: Skeleton, nodes: dict[str, NDArray[np.float64]], depots: tuple[int, ...], faults: Faults
) -> None:
    """Depots ask for nothing; windows close after they open."""
    for depot in depots:
        for name in ("DEMAND", "PRIZE"):
            if name in nodes and nodes[name][depot].any():
                cause = f"node {depot + 1} is a depot and has a {name.lower()}"
                faults.add("depot_demand", f"{name}_SECTION", cause, "give 0 there")
    windows = nodes.get("TIME_WINDOW")
    if windows is not None:
        for node in np.flatnonzero(windows[:, 1] < windows[:, 0])[:20]:
            opens, closes = windows[node]
            cause = f"node {int(node) + 1} closes at {closes:g}, before it opens at {opens:g}"
            faults.add("window_reversed", "TIME_WINDOW_SECTION", cause, "give the opening time first")


def _convention(skeleton: Skeleton, weights: NDArray[np.float64] | None) -> Convention:
    if weights is None:
        return TYPES[skeleton.specifications["TYPE"][1].upper()]
    return conventions.WHOLE if np.array_equal(weights, np.floor(weights)) else conventions.DECIMALS
