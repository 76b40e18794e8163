"""The skeleton of a VRPLIB file: its specifications and sections, each known by name."""

import re
from dataclasses import dataclass

from solver.formats.text import Faults, Line, join, quoted

SPECIFICATIONS = frozenset({
    "NAME", "COMMENT", "TYPE", "DIMENSION", "VEHICLES", "CAPACITY", "DISTANCE", "SERVICE_TIME", "EDGE_WEIGHT_TYPE",
    "EDGE_WEIGHT_FORMAT", "NODE_COORD_TYPE", "DISPLAY_DATA_TYPE", "RELEASE_TIME", "VEHICLES_MAX_DURATION",
    "VEHICLES_MAX_DISTANCE", "VEHICLES_MAX_RELOADS", "VEHICLES_FIXED_COST", "VEHICLES_UNIT_DISTANCE_COST",
})  # fmt: skip
NODE_SECTIONS = {"NODE_COORD": 2, "DEMAND": None, "SERVICE_TIME": 1, "TIME_WINDOW": 2, "RELEASE_TIME": 1, "PRIZE": 1}
"""Sections with a line a node, and how many numbers follow the node's (None: the same in each line)."""
VEHICLE_SECTIONS = {
    "CAPACITY": None,
    "VEHICLES_FIXED_COST": 1,
    "VEHICLES_UNIT_DISTANCE_COST": 1,
    "VEHICLES_DEPOT": 1,
    "VEHICLES_MAX_DURATION": 1,
    "VEHICLES_MAX_DISTANCE": 1,
    "VEHICLES_MAX_RELOADS": 1,
}
LIST_SECTIONS = frozenset({"VEHICLES_RELOAD_DEPOT", "VEHICLES_ALLOWED_CLIENTS"})
"""Sections with a line a vehicle that lists nodes, as many as it likes."""
OTHER_SECTIONS = frozenset({"EDGE_WEIGHT", "DEPOT"})
NOT_POSED = {
    "LINEHAUL": "deliveries before collections",
    "BACKHAUL": "deliveries before collections",
    "MUTUALLY_EXCLUSIVE_GROUP": "one customer of a group",
    "PICKUP_AND_DELIVERY": "pairs (give the Li & Lim text instead)",
    "STANDTIME": "times at customers by vehicle",
    "VEHICLES_TIME_WINDOW": "shifts by vehicle",
}
"""Sections of other dialects, and what they ask for that is not read."""
_SPECIFICATION = re.compile(r"([A-Za-z_]+)\s*:\s*(.*)")
_SECTION = re.compile(r"([A-Z_]+)_SECTION\s*:?")


@dataclass(frozen=True)
class Skeleton:
    """
    Specifications with their lines, and the lines of each section.

    ``begins`` is the line at which a section's name stands.
    """

    specifications: dict[str, Line]
    sections: dict[str, list[Line]]
    begins: dict[str, int]


def skeleton_of(lines: list[Line], faults: Faults) -> Skeleton:
    """Everything by its name; unknown names, names twice, and text at no place are faults."""
    found = Skeleton({}, {}, {})
    current: list[Line] | None = None
    for place, (number, line) in enumerate(lines):
        if line == "EOF":
            _say_what_follows(lines[place + 1 :], faults)
            break
        section = _SECTION.fullmatch(line)
        if section is not None:
            current = _enter(found, section.group(1), number, faults)
        elif current is not None and not line[0].isalpha():
            current.append((number, line))
        else:
            current = None
            _specify(found, number, line, faults)
    return found


def _say_what_follows(rest: list[Line], faults: Faults) -> None:
    if rest:
        number, line = rest[0]
        faults.add("text_misplaced", f"line {number}", f"{quoted(line)} stands after EOF", "end the file with EOF")


def _enter(found: Skeleton, name: str, number: int, faults: Faults) -> list[Line]:
    """The list that takes the lines of a section which begins."""
    known = {*NODE_SECTIONS, *VEHICLE_SECTIONS, *LIST_SECTIONS, *OTHER_SECTIONS}
    if name in NOT_POSED:
        cause = f"{name}_SECTION asks for something that is not read: {NOT_POSED[name]}"
        faults.add("section_unsupported", f"line {number}", cause, "pose it without, or in the solver's own JSON")
    elif name not in known:
        cause = f"there is no section {quoted(name + '_SECTION')}"
        cure = f"leave it out; the sections are {join(f'{entry}_SECTION' for entry in known)}"
        faults.add("section_unknown", f"line {number}", cause, cure)
    elif name in found.sections:
        cause = f"{name}_SECTION stands at line {found.begins[name]} already"
        faults.add("given_twice", f"line {number}", cause, "give every section once")
    else:
        found.begins[name] = number
        found.sections[name] = []
        return found.sections[name]
    return []


def _specify(found: Skeleton, number: int, line: str, faults: Faults) -> None:
    """Take a line of the form ``KEY : VALUE``."""
    match = _SPECIFICATION.fullmatch(line)
    where = f"line {number}"
    if match is None:
        cause = f"{quoted(line)} is neither 'KEY : VALUE' nor the name of a section"
        faults.add("text_misplaced", where, cause, "give specifications, then sections, then EOF")
        return
    key = match.group(1).upper()
    if key not in SPECIFICATIONS:
        cure = f"leave it out; the specifications are {join(SPECIFICATIONS)}"
        faults.add("specification_unknown", where, f"there is no specification {quoted(key)}", cure)
    elif key in found.specifications and key != "COMMENT":
        cause = f"{key} stands at line {found.specifications[key][0]} already"
        faults.add("given_twice", where, cause, "give every specification once")
    else:
        found.specifications[key] = (number, match.group(2).strip())
